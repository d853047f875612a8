"""The simulated TikTok over real HTTP: each trap of the documentation is there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from console.clock import FixedClock
from console.domain.messages import TIKTOK
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator, running
from console.platforms.simulator.things import SimComment
from console.platforms.simulator.tiktok import SCOPES, TiktokApi
from tests.platforms.simulator.clients import plain

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with running(FixedClock(NOON)) as simulator:
        yield simulator


@pytest.fixture
def api(sim: Simulator) -> Iterator[httpx.Client]:
    with plain(sim.base_url(TIKTOK)) as client:
        client.headers["Access-Token"] = sim.tokens(TIKTOK).access
        yield client


@pytest.fixture
def switches(sim: Simulator) -> TiktokApi:
    found = sim.api(TIKTOK)
    assert isinstance(found, TiktokApi)
    return found


def say(sim: Simulator, number: int) -> list[SimComment]:
    """`number` comments under one film, a minute apart, the oldest first."""
    film = sim.world.publish(TIKTOK, "Patinoire", at=NOON - timedelta(days=2))
    start = NOON - timedelta(days=1)
    return [
        sim.world.comment(
            film, sim.world.person(TIKTOK, f"Élo {n}"), f"texte {n}", at=start + timedelta(minutes=n)
        )
        for n in range(number)
    ]


def code(answer: httpx.Response) -> int:
    assert answer.status_code == 200
    body = answer.json()
    assert body["request_id"] == answer.headers["x-tt-logid"]
    assert (body["code"] == 0) == (body["message"] == "OK")
    return int(body["code"])


def comments(sim: Simulator, api: httpx.Client, film: str, **more: Any) -> httpx.Response:
    params = {"business_id": sim.connection(TIKTOK).external_id, "video_id": film, "status": "ALL"}
    params |= {"include_replies": "true", "sort_field": "create_time", "sort_order": "desc"}
    return api.get("/business/comment/list/", params=params | {"max_count": 30} | more)


def rows(answer: httpx.Response) -> list[str]:
    assert code(answer) == 0, answer.text
    return [row["comment_id"] for row in answer.json()["data"]["comments"]]


def act(sim: Simulator, api: httpx.Client, path: str, one: SimComment, **more: Any) -> httpx.Response:
    body = {"business_id": sim.connection(TIKTOK).external_id, "video_id": one.post.id}
    return api.post(path, json=body | {"comment_id": one.id} | more)


def test_a_page_can_be_shorter_than_asked_for_without_being_the_last(
    sim: Simulator, api: httpx.Client
) -> None:
    made = say(sim, 40)
    film = made[0].post.id
    first = comments(sim, api, film).json()["data"]
    assert (len(first["comments"]), first["cursor"], first["has_more"]) == (20, 20, True)
    second = comments(sim, api, film, cursor=20).json()["data"]
    assert (len(second["comments"]), second["has_more"]) == (20, False)
    seen = [row["comment_id"] for row in first["comments"] + second["comments"]]
    assert seen == [one.id for one in reversed(made)]
    assert all(isinstance(one, str) and len(one) == 19 for one in seen)


def test_the_cursor_is_an_offset_that_shifts(sim: Simulator, api: httpx.Client) -> None:
    made = say(sim, 6)
    film = made[0].post.id
    first = comments(sim, api, film, max_count=3)
    assert rows(first) == [made[5].id, made[4].id]
    late = sim.world.comment(made[0].post, made[0].person, "arrivé")
    assert rows(comments(sim, api, film, max_count=3, cursor=2)) == [made[4].id, made[3].id, made[2].id]
    sim.world.remove(late)
    sim.world.remove(made[5])
    # What stood at the offset has moved up: a comment is passed over.
    assert rows(comments(sim, api, film, max_count=3, cursor=2)) == [made[2].id, made[1].id, made[0].id]


def test_hidden_ones_are_cut_out_of_a_page_that_is_already_measured(
    sim: Simulator, api: httpx.Client, switches: TiktokApi
) -> None:
    switches.short_pages = False
    made = say(sim, 4)
    made[3].hidden = made[2].hidden = True
    first = comments(sim, api, made[0].post.id, max_count=2, status="PUBLIC").json()["data"]
    assert (first["comments"], first["cursor"], first["has_more"]) == ([], 2, True)
    every = comments(sim, api, made[0].post.id, max_count=2).json()["data"]["comments"]
    assert [row["status"] for row in every] == ["HIDDEN", "HIDDEN"]


def test_replies_are_rows_of_their_own_when_asked_for(sim: Simulator, api: httpx.Client) -> None:
    (top,) = say(sim, 1)
    under = sim.world.comment(top.post, top.person, "réponse", parent=top)
    film = top.post.id
    reply, comment = comments(sim, api, film).json()["data"]["comments"]
    assert (reply["comment_id"], reply["parent_comment_id"]) == (under.id, top.id)
    assert comment | {"text": ""} == {
        "comment_id": top.id,
        "video_id": film,
        "unique_identifier": top.person.id,
        "username": "elo.0",
        "display_name": "Élo 0",
        "create_time": str(int(top.at.timestamp())),
        "text": "",
        "likes": 0,
        "replies": 1,
        "owner": False,
        "status": "PUBLIC",
    }
    assert rows(comments(sim, api, film, include_replies="false")) == [top.id]
    listed = act_get(sim, api, "/business/comment/reply/list/", video_id=film, comment_id=top.id)
    assert rows(listed) == [under.id]
    named = comments(sim, api, film, comment_ids=json.dumps([under.id, "7" * 19]))
    assert rows(named) == [under.id]


def act_get(sim: Simulator, api: httpx.Client, path: str, **params: Any) -> httpx.Response:
    return api.get(path, params={"business_id": sim.connection(TIKTOK).external_id} | params)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_count": 31},
        {"max_count": 0},
        {"cursor": -1},
        {"status": "HIDDEN"},
        {"sort_order": "DESC"},
        {"sort_field": "date"},
        {"comment_ids": "7300"},
        {"video_id": ""},
        {"business_id": ""},
    ],
)
def test_parameters_out_of_range_are_refused(
    sim: Simulator, api: httpx.Client, wrong: dict[str, Any]
) -> None:
    film = say(sim, 1)[0].post.id
    assert code(comments(sim, api, film, **wrong)) == 40002


def test_films_bear_the_fields_asked_for(sim: Simulator, api: httpx.Client) -> None:
    old = sim.world.publish(TIKTOK, "Un", at=NOON - timedelta(days=1))
    new = sim.world.publish(TIKTOK, "Deux")
    bare = act_get(sim, api, "/business/video/list/").json()["data"]
    assert bare["videos"] == [{"item_id": new.id}, {"item_id": old.id}]
    fields = json.dumps(["item_id", "caption", "create_time", "share_url"])
    whole = act_get(sim, api, "/business/video/list/", fields=fields, max_count=20, cursor=1).json()["data"]
    assert whole["videos"] == [
        {
            "item_id": old.id,
            "caption": "Un",
            "create_time": str(int(old.at.timestamp())),
            "share_url": old.permalink,
        }
    ]
    assert code(act_get(sim, api, "/business/video/list/", max_count=21)) == 40002
    assert code(act_get(sim, api, "/business/video/list/", fields="caption")) == 40002


def test_hide_and_unhide(sim: Simulator, api: httpx.Client, switches: TiktokApi) -> None:
    one, other = say(sim, 2)
    path = "/business/comment/hide/"
    for _ in range(2):
        answer = act(sim, api, path, one, action="HIDE")
        assert (code(answer), answer.json()["data"]) == (0, {})
    assert one.hidden
    assert code(act(sim, api, path, one, action="UNHIDE")) == 0
    assert [call.did for call in sim.changes(TIKTOK)] == [f"hide {one.id}", f"unhide {one.id}"]
    assert code(act(sim, api, path, one, action="DELETE")) == 40002
    assert code(act(sim, api, path, one, action="HIDE", comment_id=int(one.id))) == 40002
    # The platform keeps some comments hidden, and says nothing.
    switches.stuck.add(other.id)
    act(sim, api, path, other, action="HIDE")
    assert code(act(sim, api, path, other, action="UNHIDE")) == 0
    assert other.hidden


def test_replies_are_of_150_characters(sim: Simulator, api: httpx.Client) -> None:
    (top,) = say(sim, 1)
    path = "/business/comment/reply/create/"
    answer = act(sim, api, path, top, text="é" * 150)
    assert code(answer) == 0
    made = answer.json()["data"]
    assert (made["owner"], made["parent_comment_id"]) == (True, top.id)
    assert [one.id for one in sim.world.replies(top)] == [made["comment_id"]]
    assert code(act(sim, api, path, top, text="é" * 151)) == 40002
    assert code(act(sim, api, path, top, text=" ")) == 40002
    assert len(sim.world.replies(top)) == 1


def test_what_is_gone_is_40007(sim: Simulator, api: httpx.Client) -> None:
    one, _ = say(sim, 2)
    sim.world.remove(one)
    assert code(act(sim, api, "/business/comment/hide/", one, action="HIDE")) == 40007
    assert code(act(sim, api, "/business/comment/reply/create/", one, text="Bonjour")) == 40007
    assert one.id not in rows(comments(sim, api, one.post.id))
    sim.world.remove(one.post)
    assert code(comments(sim, api, one.post.id)) == 40007


def test_tokens_scopes_and_accounts_are_looked_at(sim: Simulator, api: httpx.Client) -> None:
    (one,) = say(sim, 1)
    film = one.post.id
    assert code(comments(sim, api, film, business_id="autre")) == 40001
    token = sim.tokens(TIKTOK).access
    app = {"app_id": sim.app(TIKTOK).client_id, "access_token": token}
    info = api.post("/tt_user/token_info/get/", json=app).json()["data"]
    assert (info["creator_id"], info["scope"]) == (sim.connection(TIKTOK).external_id, ",".join(SCOPES))
    sim.world.grants[token].scopes.discard("comment.list.manage")
    assert code(act(sim, api, "/business/comment/hide/", one, action="HIDE")) == 40001
    assert code(comments(sim, api, film)) == 0
    with plain(sim.base_url(TIKTOK)) as bare:
        assert code(comments(sim, bare, film)) == 40105
        bare.headers["Authorization"] = f"Bearer {token}"
        assert code(comments(sim, bare, film)) == 40105
    assert code(api.post("/tt_user/oauth2/revoke/", json=app)) == 0
    assert code(comments(sim, api, film)) == 40105
    api.headers["Access-Token"] = sim.tokens(TIKTOK).access
    assert code(comments(sim, api, film)) == 0
    sim.clock.advance(timedelta(days=1))
    assert code(comments(sim, api, film)) == 40105


def test_forty_calls_a_minute_at_each_endpoint(sim: Simulator, api: httpx.Client) -> None:
    film = say(sim, 1)[0].post.id
    for _ in range(40):
        assert code(comments(sim, api, film)) == 0
    assert code(comments(sim, api, film)) == 40100
    assert code(act_get(sim, api, "/business/video/list/")) == 0
    sim.clock.advance(timedelta(minutes=1))
    assert code(comments(sim, api, film)) == 0
    sim.quota(TIKTOK, left=0)
    assert code(act_get(sim, api, "/business/video/list/")) == 40100


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.TRANSIENT, 50000),
        (Fault.RATE_LIMITED, 40100),
        (Fault.TOKEN_EXPIRED, 40105),
        (Fault.PERMISSION, 40001),
        (Fault.GONE, 40007),
    ],
)
def test_faults_are_answers_of_status_200(
    sim: Simulator, api: httpx.Client, fault: Fault, expected: int
) -> None:
    (one,) = say(sim, 1)
    sim.faults.next(TIKTOK, "POST", "/business/comment/hide/", fault)
    assert code(act(sim, api, "/business/comment/hide/", one, action="HIDE")) == expected
    assert not one.hidden
