"""Foreign JSON, receipts without secrets, pictures that are pictures, and pace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import FixedClock
from console.domain.platforms import Act, Result
from console.errors import AccessLostError, EnvironmentProblemError, OfflineError, RateLimitedError
from console.platforms.http.manners import Answer
from console.platforms.http.media import LARGEST, picture
from console.platforms.http.pace import Pace
from console.platforms.http.receipts import LONGEST, excerpt, receipt
from console.platforms.http.shape import Record, clean, instant, record
from console.platforms.http.tokens import renewed
from console.platforms.http.wire import Wire
from console.services.platform_ports import Budget, Tokens
from tests.platforms.connecting import Kept
from tests.platforms.http.answering import LOST, answering, json_answer

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("a"), inside, max_size=3)
    ),
    max_leaves=10,
)


@given(value=ANY)
def test_any_value_is_read_or_refused(value: object) -> None:
    given_record = Record({"a": value})
    for read in (
        Record.text,
        Record.word,
        Record.number,
        Record.truth,
        Record.record,
        Record.strings,
        Record.time,
    ):
        read(given_record, "a")
    for strict in (Record.id, Record.records, Record.needed):
        try:
            strict(given_record, "a")
        except EnvironmentProblemError as error:
            assert error.code == "platform.answer"  # noqa: PT017  an answer may also be good
    excerpt(value).encode()
    assert isinstance(instant(value), datetime | None)


def test_values_as_platforms_write_them() -> None:
    given_record = Record(
        {"n": 17, "t": "true", "b": False, "ms": 1_800_000_000_000, "s": "1800000000", "l": ["a", 1]}
    )
    assert given_record.id("n") == "17"
    assert (given_record.truth("t"), given_record.truth("b"), given_record.truth("n")) == (True, False, None)
    assert given_record.time("ms") == given_record.time("s") == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
    assert given_record.strings("l") == ("a",)
    assert instant("2020-02-19T23:05:53+0000") == datetime(2020, 2, 19, 23, 5, 53, tzinfo=UTC)
    assert clean("a\x00b\ud800") == "ab?"
    with pytest.raises(EnvironmentProblemError):
        record([])


def test_a_receipt_holds_neither_secrets_nor_words() -> None:
    body = {
        "id": "5",
        "text": "mot",
        "message": "mot",
        "access_token": "s3cret",
        "paging": {"next": "https://x/?access_token=s3cret"},
        "error": {"message": "Malformed s3cret", "code": 1},
        "long": "x" * 2_000,
    }
    answer = Answer(200, {}, body, "", "r" * 300, "c" * 300)
    made = receipt(Act.REPLY, Result.DONE, answer, NOW, external_id="5", secrets=("s3cret", ""))
    assert "s3cret" not in made.answer
    assert "mot" not in made.answer
    assert "Malformed …" in made.answer
    assert (len(made.answer), len(made.request_id), len(made.code)) == (LONGEST, 200, 100)
    assert excerpt({"code": 40002, "message": "param"}) == '{"code":40002,"message":"param"}'


PNG = (200, {"Content-Type": "image/png"}, b"\x89PNG")


def test_a_picture_comes_without_the_token_and_over_redirects() -> None:
    with answering((302, {"Location": "/b"}, b""), PNG) as server, Wire(server.base_url) as wire:
        assert picture(wire, server.base_url + "/a?x=1") == b"\x89PNG"
    assert [each.path for each in server.asked] == ["/a?x=1", "/b"]
    assert all("authorization" not in each.headers for each in server.asked)


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"Content-Type": "text/html"}, b"<html>"),
        (404, {"Content-Type": "image/png"}, b"x"),
        (200, {"Content-Type": "image/png"}, b""),
        (200, {"Content-Type": "image/png"}, b"x" * (LARGEST + 1)),
        (302, {"Location": "/again"}, b""),
        (302, {"Location": "http://192.0.2.1/"}, b""),
        LOST,
    ],
    ids=["page", "missing", "empty", "large", "circle", "elsewhere", "lost"],
)
def test_what_is_no_picture(answer: tuple[int, dict[str, str], bytes]) -> None:
    with (
        answering(answer) as server,
        Wire(server.base_url) as wire,
        pytest.raises(EnvironmentProblemError) as caught,
    ):
        picture(wire, server.base_url + "/a")
    assert caught.value.code == "platform.media"


@pytest.mark.parametrize(
    "address",
    ["", "file:///etc/passwd", "http://127.0.0.1:1/", "http://exemple.org/a.png", "https://", "http://["],
)
def test_addresses_that_are_not_asked(address: str) -> None:
    with Wire("https://graph.example") as wire, pytest.raises(EnvironmentProblemError) as caught:
        picture(wire, address)
    assert caught.value.code == "platform.media"


def test_never_more_calls_than_allowed_in_a_window() -> None:
    clock = FixedClock(NOW)
    pace = Pace(clock)
    pace.allow("list", 3, timedelta(minutes=1))
    for _ in range(3):
        pace.ask("list")
        clock.advance(timedelta(seconds=10))
    with pytest.raises(RateLimitedError) as caught:
        pace.ask("list")
    assert caught.value.facts["until"] == NOW + timedelta(minutes=1)
    pace.ask("other")
    clock.at = NOW + timedelta(minutes=1)
    pace.ask("list")
    pace.close(NOW + timedelta(hours=1))
    pace.close(NOW + timedelta(minutes=30))
    with pytest.raises(RateLimitedError) as caught:
        pace.ask("other")
    assert caught.value.facts["until"] == NOW + timedelta(hours=1)


def test_the_most_used_allowance_of_each_name_is_shown_until_it_is_filled_up() -> None:
    clock = FixedClock(NOW)
    pace = Pace(clock)
    pace.note(Budget("percent", 10, 100, NOW + timedelta(hours=1)), "a")
    pace.note(Budget("percent", 30, 100, NOW + timedelta(minutes=1)), "b")
    pace.note(Budget("cost", 3, None))
    assert [(each.name, each.used) for each in pace.budgets()] == [("cost", 3), ("percent", 30)]
    clock.advance(timedelta(minutes=1))
    assert [(each.name, each.used) for each in pace.budgets()] == [("cost", 3), ("percent", 10)]
    assert pace.budget("percent", "b") is None
    assert pace.budget("percent", "a") is not None


def test_a_renewed_token_is_kept_before_it_is_used() -> None:
    store = Kept(Tokens("old", "refresh-1", NOW, "secret"))
    body = '{"access_token":"new","refresh_token":"refresh-2","expires_in":7200}'
    with answering(json_answer(body)) as server, Wire(server.base_url) as wire:
        found = renewed(wire, server.base_url + "/token", store, "client", FixedClock(NOW))
    assert store.written == [found]
    assert (found.access, found.refresh, found.client_secret) == ("new", "refresh-2", "secret")
    assert found.expires_at == NOW + timedelta(hours=2)
    assert b"refresh_token=refresh-1" in server.asked[0].body


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (json_answer('{"error":"invalid_grant"}', 400), AccessLostError),
        (json_answer("<html>", 401), AccessLostError),
        (json_answer("", 500), OfflineError),
        (json_answer("{}"), OfflineError),
        (LOST, OfflineError),
    ],
)
def test_a_token_that_is_not_renewed(
    answer: tuple[int, dict[str, str], bytes], error: type[Exception]
) -> None:
    store = Kept(Tokens("old", "refresh-1"))
    with answering(answer) as server, Wire(server.base_url) as wire, pytest.raises(error):
        renewed(wire, "/token", store, "client", FixedClock(NOW))
    assert store.written == []
    with Wire("http://127.0.0.1:1") as wire, pytest.raises(AccessLostError):
        renewed(wire, "/token", Kept(Tokens("old")), "client", FixedClock(NOW))
