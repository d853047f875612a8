"""Whatever JSON comes for an answer, the connectors say a clear error or give clean messages: never a bug."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.clock import FixedClock
from console.domain.ids import account_id
from console.domain.messages import FACEBOOK, INSTAGRAM, Channel, Kind, Platform
from console.domain.platforms import Act, Receipt, Target
from console.errors import VigieError
from console.platforms.facebook import Facebook
from console.platforms.instagram import Instagram
from console.platforms.meta_connector import MetaConnector
from console.services.platform_ports import Connection, ConnectionState, Tokens
from tests.platforms.connecting import Kept, no_wait
from tests.platforms.http.answering import Answering, answering, json_answer

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
BOTH = pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM])
# fmt: off
NAMES = [
    "data", "id", "paging", "cursors", "after", "next", "from", "name", "username", "message", "text",
    "caption", "created_time", "timestamp", "updated_time", "parent", "parent_id", "object", "media",
    "attachment", "attachments", "type", "image", "src", "url", "messages", "to", "is_hidden", "hidden",
    "success", "replies", "comments", "summary", "total_count", "comments_count", "permalink_url", "error",
    "code", "error_subcode", "fbtrace_id", "is_transient", "message_id", "scopes", "is_valid",
    "expires_at", "100", "1_2",
]
# fmt: on
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["1", "1_2", "2026-10-14T15:00:00+0000", "2026-10-14", "\x00", "true", "99999999999999999999"]
    )
)
ANY = st.recursive(
    VALUES,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inside, max_size=6),
    max_leaves=25,
)
ROW = st.fixed_dictionaries(
    {"id": st.sampled_from(["1", "1_2", "m_3"])}, optional=dict.fromkeys(NAMES[4:], ANY)
)
LISTED = st.fixed_dictionaries({"data": st.lists(ROW, max_size=3)}, optional=dict.fromkeys(NAMES[2:], ANY))
HEADERS = st.dictionaries(
    st.sampled_from(["x-business-use-case-usage", "x-app-usage", "retry-after"]),
    st.sampled_from(
        ["", "[]", "{", "{}", '{"1":[{"call_count":"x"}]}', '{"1":[3]}', '{"call_count":1e400}', "NaN", "-1"]
    )
    | ANY.map(json.dumps).filter(lambda text: text.isascii() and text.isprintable()),
    max_size=2,
)
ALL = list(range(35))
WHICH = st.lists(st.sampled_from(ALL), min_size=1, max_size=3) | st.just([1])
TARGETS = [
    Target(FACEBOOK, "1_2", channel, Kind.COMMENT, "100", "Ada", NOW, post_external_id="3_1")
    for channel in Channel
]


@pytest.fixture(scope="module")
def server() -> Iterator[Answering]:
    with answering(json_answer("{}")) as state:
        yield state


def connector(server: Answering, platform: Platform) -> MetaConnector:
    known = Connection(
        account_id(platform, "Ville"),
        platform,
        "Ville",
        "100",
        ConnectionState.CONNECTED,
        base_url=server.base_url,
    )
    kind = Facebook if platform == FACEBOOK else Instagram
    return kind(known, Kept(Tokens("jeton")), FixedClock(NOW), wait=no_wait)


def some(api: MetaConnector, platform: Platform, which: list[int]) -> list[Any]:
    """What a connector gives when it is asked for some of all, without what it says as an error."""
    asked = [
        api.check,
        lambda: list(zip(range(20), api.fetch(""), strict=False)),
        lambda: dict(api.look(["1_2", "5"])),
    ]
    for given_target in TARGETS:
        target = replace(given_target, platform=platform)
        for act in Act:
            asked.append(lambda act=act, target=target: api.carry_out(act, target, "texte"))
            asked.append(lambda act=act, target=target: api.read_back(act, target, "texte", NOW))
    found: list[Any] = [api.budgets()]
    codes: list[str] = []
    for ask in [asked[each % len(asked)] for each in which]:
        try:
            found.append(ask())
        except VigieError as error:
            codes.append(error.code)
    assert all(code.startswith("platform.") for code in codes), codes
    return found


@BOTH
@settings(max_examples=15)
@given(
    body=ANY | LISTED,
    status=st.sampled_from([200, 200, 200, 201, 400, 403, 404, 500]),
    headers=HEADERS,
    which=WHICH,
)
@example(body={"data": [{"id": "1", "message": "\ud800 \x00"}]}, status=200, headers={}, which=ALL)
@example(body={"error": {"code": 100, "error_subcode": 33}}, status=400, headers={}, which=ALL)
@example(body={"error": {"code": 10**400}}, status=400, headers={}, which=ALL)
@example(
    body={"data": [{"id": "1", "created_time": "9999-12-31T23:59:59-2359"}]},
    status=200,
    headers={},
    which=ALL,
)
def test_any_json(
    server: Answering, platform: Platform, body: Any, status: int, headers: dict[str, str], which: list[int]
) -> None:
    server.answers = [(status, {"Content-Type": "application/json", **headers}, json.dumps(body).encode())]
    api = connector(server, platform)
    try:
        for each in some(api, platform, which):
            repr(each).encode()
            assert "jeton" not in repr(each)
            if isinstance(each, Receipt):
                assert len(each.answer) <= 500
    finally:
        api.close()
