"""What is repeated and what never is, and how each way of failing is told."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.clock import FixedClock
from console.errors import (
    AccessLostError,
    EnvironmentProblemError,
    OfflineError,
    RateLimitedError,
    UncertainError,
)
from console.platforms.http.client import RETRIES, Api
from console.platforms.http.manners import Manners
from console.platforms.http.wire import MAX_ANSWER, Wire
from tests.platforms.http.answering import LOST, Answering, answering, json_answer

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
YES = json_answer('{"ok":true}')


@contextmanager
def calls(server: Answering, **wire: object) -> Iterator[tuple[Api, list[float], FixedClock]]:
    clock, pauses = FixedClock(NOW), list[float]()
    with Wire(server.base_url, read_seconds=5) as line:
        yield Api(line, Manners(clock), pauses.append), pauses, clock


def test_a_look_is_repeated_with_longer_pauses() -> None:
    with (
        answering(LOST, json_answer("", 502), json_answer("<html>"), YES) as server,
        calls(server) as (api, pauses, _),
    ):
        assert api.get("/x", {"a": None, "b": True, "c": 3}).body == {"ok": True}
    assert len(server.asked) == 4
    assert server.asked[0].path == "/x?b=true&c=3"
    assert len(pauses) == 3
    assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1.0 <= pauses[2] <= 2.0


@pytest.mark.parametrize(
    "answer",
    [
        LOST,
        json_answer("", 500),
        json_answer('{"cut":'),
        json_answer("<html>"),
        json_answer("", 302, Location="/y"),
    ],
    ids=["lost", "500", "cut", "html", "redirect"],
)
def test_a_write_that_must_not_be_repeated_goes_out_once(answer: tuple[int, dict[str, str], bytes]) -> None:
    with (
        answering(answer) as server,
        calls(server) as (api, pauses, _),
        pytest.raises(UncertainError) as caught,
    ):
        api.send("POST", "/x", json={"text": "oui"})
    assert caught.value.code == "platform.uncertain"
    assert len(server.asked) == 1
    assert pauses == []


def test_a_repeatable_write_is_repeated_and_stays_in_doubt() -> None:
    with answering(LOST, YES) as server, calls(server) as (api, _, _):
        assert api.send("POST", "/x", form={"hide": True}, repeatable=True).ok
    assert server.asked[0].body == b"hide=true"
    with answering(LOST) as server, calls(server) as (api, _, _), pytest.raises(UncertainError):
        api.send("POST", "/x", repeatable=True)
    assert len(server.asked) == 1 + RETRIES


def test_nothing_was_sent_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = Answering(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with calls(server) as (api, pauses, _):
            for repeatable in (False, True):
                with pytest.raises(OfflineError) as caught:
                    api.send("POST", "/x", repeatable=repeatable)
                assert type(caught.value) is OfflineError
                assert caught.value.code == "platform.unreachable"
    assert len(pauses) == RETRIES


@pytest.mark.parametrize("address", ["http://", "ftp://example.org", "http://[::1", "nowhere"])
def test_an_address_that_is_none_is_unreachable(address: str) -> None:
    with calls(Answering(base_url=address)) as (api, _, _), pytest.raises(OfflineError):
        api.send("POST", "/x")


def test_a_broken_look_is_an_answer_that_is_not_of_the_form() -> None:
    for broken in (json_answer('{"cut":'), json_answer("[" * 100_000), json_answer("", 302, Location="/")):
        with (
            answering(broken) as server,
            calls(server) as (api, _, _),
            pytest.raises(EnvironmentProblemError) as caught,
        ):
            api.get("/x")
        assert caught.value.code == "platform.answer"


def test_a_definite_no_comes_back() -> None:
    with (
        answering(json_answer('{"why":"no"}', 404, x_request_id="r-1")) as server,
        calls(server) as (api, _, _),
    ):
        answer = api.send("POST", "/x")
    assert not answer.ok
    assert (answer.code, answer.request_id, answer.body) == ("404", "r-1", {"why": "no"})


def test_an_empty_yes_is_a_yes() -> None:
    with answering((204, {}, b"")) as server, calls(server) as (api, _, _):
        assert api.send("DELETE", "/x").ok


def test_a_token_that_is_not_taken() -> None:
    with (
        answering(json_answer("{}", 401)) as server,
        calls(server) as (api, _, _),
        pytest.raises(AccessLostError) as caught,
    ):
        api.send("POST", "/x")
    assert caught.value.code == "platform.token"


def test_after_too_many_calls_nothing_is_sent_until_then() -> None:
    with answering(json_answer("{}", 429, Retry_After="120")) as server, calls(server) as (api, _, clock):
        for _ in range(3):
            with pytest.raises(RateLimitedError) as caught:
                api.send("POST", "/x")
            assert caught.value.facts["until"] == NOW + timedelta(seconds=120)
        assert len(server.asked) == 1
        clock.advance(timedelta(seconds=120))
        with pytest.raises(RateLimitedError):
            api.get("/x")
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("Wed, 14 Oct 2026 15:05:00 GMT", 300),
        ("", 60),
        ("soon", 60),
        ("-5", 60),
        ("0", 1),
        ("99999999999999999999", 60),
        ("999999", 86_400),
    ],
)
def test_retry_after_in_every_form(given: str, seconds: int) -> None:
    with (
        answering(json_answer("{}", 429, Retry_After=given)) as server,
        calls(server) as (api, _, _),
        pytest.raises(RateLimitedError) as caught,
    ):
        api.get("/x")
    assert caught.value.facts["until"] == NOW + timedelta(seconds=seconds)


def test_after_five_failures_nobody_calls_for_a_while() -> None:
    with answering(json_answer("", 500)) as server, calls(server) as (api, _, clock):
        for _ in range(5):
            with pytest.raises(UncertainError):
                api.send("POST", "/x")
        rests = []
        for _ in range(6):
            asked = len(server.asked)
            with pytest.raises(OfflineError) as caught:
                api.send("POST", "/x")
            assert type(caught.value) is OfflineError
            assert len(server.asked) == asked
            until = caught.value.facts["until"]
            rests.append((until - clock.now()) / timedelta(minutes=1))
            clock.at = until
            with pytest.raises(UncertainError):
                api.send("POST", "/x")
        assert rests == [1, 2, 4, 8, 15, 15]
        server.answers = [YES]
        clock.advance(timedelta(minutes=15))
        assert api.get("/x").ok
        server.answers = [json_answer("", 500), YES]
        with pytest.raises(UncertainError):
            api.send("POST", "/x")
        assert api.send("POST", "/x").ok


def test_an_answer_without_end_is_given_up() -> None:
    def endless(_: object) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "application/json"}, b" " * (MAX_ANSWER + 1)

    with answering(endless) as server, calls(server) as (api, _, _), pytest.raises(UncertainError):
        api.send("POST", "/x")


def test_an_answer_shorter_than_it_says_is_lost() -> None:
    cut = (200, {"Content-Length": "500"}, b'{"id":1}')
    with answering(cut) as server, calls(server) as (api, _, _), pytest.raises(UncertainError):
        api.send("POST", "/x")


def test_the_log_holds_neither_tokens_nor_words(caplog: pytest.LogCaptureFixture) -> None:
    class Proving(Manners):
        def authorise(self, call):
            from dataclasses import replace

            return replace(
                call, headers={"Authorization": "Bearer SECRET"}, params={"access_token": "SECRET"}
            )

    caplog.set_level(logging.DEBUG)
    with answering(YES, json_answer('{"t":"SECRET"}', 400)) as server, Wire(server.base_url) as wire:
        api = Api(wire, Proving(FixedClock(NOW)), lambda _: None)
        api.get("/a")
        answer = api.send("POST", "/b", json={"message": "SECRET"})
    assert server.asked[0].headers["authorization"] == "Bearer SECRET"
    ours = [each for each in caplog.records if each.name.startswith(("console", "httpx", "httpcore"))]
    assert [each.getMessage() for each in ours if each.name.startswith("console")] == [
        "GET /a: 200",
        "POST /b: 400",
    ]
    assert "SECRET" not in " ".join(each.getMessage() for each in ours)
    assert answer.code == "400"


def test_calls_go_through_the_proxy_that_the_system_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(YES) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with calls(Answering(base_url="http://plateforme.invalid")) as (api, _, _):
            assert api.get("/x").ok
        assert proxy.asked[0].path == "http://plateforme.invalid/x"
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with answering(YES) as server, calls(server) as (api, _, _):
            assert api.get("/x").ok
    assert len(proxy.asked) == 1


def test_a_proxy_that_does_not_let_through_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering((403, {}, b"non")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with (
            calls(Answering(base_url="https://plateforme.invalid")) as (api, _, _),
            pytest.raises(OfflineError) as caught,
        ):
            api.send("POST", "/x")
    assert caught.value.code == "platform.unreachable"
    assert type(caught.value) is OfflineError
    assert proxy.asked[0].method == "CONNECT"


def test_files_of_authorities_that_are_none(tmp_path: Path) -> None:
    from console.errors import ConfigurationError

    (tmp_path / "ca.pem").write_text("non")
    for name in ("ca.pem", "missing.pem"):
        with pytest.raises(ConfigurationError) as caught:
            Wire("https://x.invalid", str(tmp_path / name))
        assert caught.value.code == "platform.ca_file"
