"""Whatever is sent to the simulated Graph API, the answer is one of the documented forms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from console.clock import FixedClock
from console.domain.messages import FACEBOOK, INSTAGRAM, Platform
from console.platforms.simulator.running import Simulator
from tests.platforms.simulator.conftest import START

EDGES = (
    *("comments", "replies", "media", "published_posts", "feed", "visitor_posts", "blocked", "accounts"),
    *("permissions", "conversations", "messages", "moderate_conversations", "rien"),
)
NAMES = (
    *("message", "is_hidden", "hide", "user", "recipient", "user_ids", "actions", "fields", "limit", "after"),
    *("since", "order", "filter", "platform", "user_id", "ids", "input_token", "tag", "messaging_type"),
)
TEXTS = st.sampled_from(
    [
        "",
        "0",
        "1",
        "true",
        "oui",
        "{",
        "{}",
        "[]",
        '{"id":1}',
        "MQ==",
        "YXwxfGI=",
        "²",
        "9" * 20,
        "id,from{id}",
        "a.b(",
        "\x00",
        "é" * 3,
    ]
) | st.text(max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "text"]), inner),
    max_leaves=4,
)


def _world(platform: Platform) -> tuple[Simulator, list[str]]:
    sim = Simulator(FixedClock(START))
    post = sim.world.publish(platform, "Bonjour")
    person = sim.world.person(platform, "Ana Roy")
    comment = sim.world.comment(post, person, "Encore!")
    message = sim.world.message(platform, person, "Bonjour?")
    page = "100200300400500"
    things = [page, "me", post.id, comment.id, message.id, message.conversation.id, person.id]
    return sim, [*things, sim.connection(platform).external_id, "0", "a_b", "é"]


@pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM])
@pytest.mark.parametrize("kind", ["page", "user"])
@settings(max_examples=25)
@given(data=st.data())
def test_any_call_has_an_answer(platform: Platform, kind: str, data: st.DataObject) -> None:
    sim, things = _world(platform)
    path = f"/{platform}/" + data.draw(st.sampled_from(["", "debug_token", "oauth/access_token", *things]))
    edge = data.draw(st.sampled_from(["", *EDGES]))
    params: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5))
    plain = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
    how = data.draw(st.sampled_from(["query_string", "data", "json"]))
    token = sim.tokens(platform).access if kind == "page" else sim.api(platform).pasted()
    answer = Client(sim.application).open(
        f"{path}/{edge}" if edge else path,
        method=data.draw(st.sampled_from(["GET", "POST", "DELETE"])),
        headers={"Authorization": f"Bearer {token}"},
        **{how: params if how == "json" else plain},
    )
    body = json.loads(answer.get_data())
    assert answer.headers["x-fb-trace-id"]
    if answer.status_code == 200:
        assert "error" not in body
    else:
        assert answer.status_code in (400, 403)
        assert {"message", "type", "code", "fbtrace_id"} <= set(body["error"])
