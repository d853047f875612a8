"""Whatever is asked of YouTube, X, LinkedIn and TikTok, the answer is one of theirs and never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from console.clock import FixedClock
from console.domain.messages import LINKEDIN, TIKTOK, YOUTUBE, Platform, X
from console.platforms.simulator.running import Simulator, running

PLATFORMS = (YOUTUBE, X, LINKEDIN, TIKTOK)
NAMES = [
    "part",
    "id",
    "parentId",
    "maxResults",
    "pageToken",
    "order",
    "textFormat",
    "moderationStatus",
    "banAuthor",
    "mine",
    "allThreadsRelatedToChannelId",
    "token",
    "grant_type",
    "code",
    "refresh_token",
    "client_id",
    "redirect_uri",
    "scope",
    "ids",
    "query",
    "since_id",
    "start_time",
    "max_results",
    "next_token",
    "pagination_token",
    "tweet.fields",
    "expansions",
    "hidden",
    "text",
    "reply",
    "target_user_id",
    "q",
    "author",
    "start",
    "count",
    "actor",
    "object",
    "message",
    "parentComment",
    "business_id",
    "video_id",
    "comment_id",
    "comment_ids",
    "status",
    "cursor",
    "max_count",
    "fields",
    "action",
    "snippet",
    "response_type",
    "sort_field",
    "sort_order",
    "access_token",
]
VALUES = st.one_of(
    st.sampled_from(["", "0", "1", "-1", "100", "true", "snippet", "[]", '["a"]', "List(1)", "1e9"]),
    st.text(max_size=12),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    with running(FixedClock(datetime(2026, 11, 20, 17, tzinfo=UTC))) as simulator:
        for platform in PLATFORMS:
            post = simulator.world.publish(platform, "Avis")
            top = simulator.world.comment(post, simulator.world.person(platform, "Ana"), "un")
            simulator.world.comment(post, simulator.world.person(platform, "Luc"), "deux", parent=top)
        yield simulator


@pytest.fixture(scope="module")
def known(sim: Simulator) -> dict[Platform, list[str]]:
    """Identifiers that are worth asking for."""
    return {
        platform: [
            sim.connection(platform).external_id,
            *(post.id for post in sim.world.posts(platform)),
            *(one.id for one in sim.world.comments(platform)),
            *(f"urn:li:comment:({one.post.id},{one.id})" for one in sim.world.comments(platform)),
        ]
        for platform in PLATFORMS
    }


@pytest.mark.parametrize("platform", PLATFORMS)
@settings(max_examples=25)
@given(data=st.data())
def test_any_request_is_answered(
    sim: Simulator, known: dict[Platform, list[str]], platform: Platform, data: Any
) -> None:
    api = sim.api(platform)
    sim.quota(platform, left=1_000)
    route = data.draw(st.sampled_from(list(api.routes())))
    some = st.one_of(VALUES, st.sampled_from(known[platform]))
    path = "/".join(
        quote(data.draw(some) or "x", safe="") if part.startswith("<") else part
        for part in route.rule.split("/")
    )
    token = sim.tokens(platform).access
    headers = {"Authorization": f"Bearer {token}", "Access-Token": token}
    headers |= {"Linkedin-Version": "202611", "X-Restli-Protocol-Version": "2.0.0"}
    body = data.draw(st.one_of(ANYTHING, st.dictionaries(st.sampled_from(NAMES), some, max_size=6)))
    query = data.draw(st.dictionaries(st.sampled_from(NAMES), some, max_size=6))
    as_form = data.draw(st.booleans()) and isinstance(body, dict)
    answer = Client(sim.application).open(
        api.prefix + path,
        method=route.method,
        query_string=query,
        headers=headers,
        **({"data": {k: str(v) for k, v in body.items()}} if as_form else {"json": body}),
    )
    assert answer.status_code < 500
