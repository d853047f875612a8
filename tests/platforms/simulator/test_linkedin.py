"""The simulated LinkedIn over real HTTP: each trap of the documentation is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from console.clock import FixedClock
from console.domain.messages import LINKEDIN
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.linkedin import LinkedinApi
from console.platforms.simulator.running import Simulator, running
from console.platforms.simulator.things import SimComment
from tests.platforms.simulator.clients import plain

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with running(FixedClock(NOON)) as simulator:
        yield simulator


@pytest.fixture
def api(sim: Simulator) -> Iterator[httpx.Client]:
    with plain(sim.base_url(LINKEDIN)) as client:
        client.headers["Authorization"] = f"Bearer {sim.tokens(LINKEDIN).access}"
        client.headers["Linkedin-Version"] = "202611"
        client.headers["X-Restli-Protocol-Version"] = "2.0.0"
        yield client


@pytest.fixture
def switches(sim: Simulator) -> LinkedinApi:
    found = sim.api(LINKEDIN)
    assert isinstance(found, LinkedinApi)
    return found


@pytest.fixture
def org(sim: Simulator) -> str:
    return sim.connection(LINKEDIN).external_id


def say(sim: Simulator, number: int) -> list[SimComment]:
    """`number` comments under one post, a minute apart, the oldest first."""
    post = sim.world.publish(LINKEDIN, "Nous recrutons", at=NOON - timedelta(days=2))
    start = NOON - timedelta(days=1)
    return [
        sim.world.comment(
            post, sim.world.person(LINKEDIN, f"P{n}"), f"texte {n}", at=start + timedelta(minutes=n)
        )
        for n in range(number)
    ]


def urn_of(one: SimComment) -> str:
    return f"urn:li:comment:({one.post.id},{one.id})"


def social(under: str, number: str = "") -> str:
    tail = f"/{number}" if number else ""
    return f"/socialActions/{quote(under, safe='')}/comments{tail}"


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [element["id"] for element in answer.json()["elements"]]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["status"] == answer.status_code
    assert answer.headers["x-li-uuid"]
    return answer.status_code, body["code"]


def reply(
    api: httpx.Client, org: str, one: SimComment, under: str, text: str = "Bonjour", **more: Any
) -> httpx.Response:
    body = {"actor": org, "object": one.post.id, "message": {"text": text}}
    return api.post(social(under), json=body | {"parentComment": urn_of(one)} | more)


def test_both_headers_are_needed(sim: Simulator, api: httpx.Client, org: str, switches: LinkedinApi) -> None:
    params = {"q": "author", "author": org}
    assert api.get("/posts", params=params).status_code == 200
    for name, value, expected in (
        ("Linkedin-Version", "", (400, "VERSION_MISSING")),
        ("Linkedin-Version", "202510", (426, "NONEXISTENT_VERSION")),
        ("Linkedin-Version", "202612", (426, "NONEXISTENT_VERSION")),
        ("Linkedin-Version", "2026-11", (426, "NONEXISTENT_VERSION")),
        ("X-Restli-Protocol-Version", "1.0.0", (400, "ILLEGAL_ARGUMENT")),
    ):
        assert refusal(api.get("/posts", params=params, headers={name: value})) == expected
    assert api.get("/posts", params=params, headers={"Linkedin-Version": "202511"}).status_code == 200
    assert sim.connection(LINKEDIN).settings["version"] == "202611"
    switches.oldest_version = "202612"
    assert refusal(api.get("/posts", params=params)) == (426, "NONEXISTENT_VERSION")


def test_a_urn_in_a_path_is_percent_encoded(sim: Simulator, api: httpx.Client) -> None:
    (one,) = say(sim, 1)
    for under in (one.post.id, urn_of(one)):
        assert refusal(api.get(f"/socialActions/{under}/comments")) == (400, "ILLEGAL_ARGUMENT")
        assert api.get(social(under)).status_code == 200


def test_posts_of_the_page_come_by_offset(sim: Simulator, api: httpx.Client, org: str) -> None:
    made = [sim.world.publish(LINKEDIN, f"p{n}", at=NOON - timedelta(hours=9 - n)) for n in range(5)]
    params = {"q": "author", "author": org, "count": 2, "start": 2}
    answer = api.get("/posts", params=params)
    assert ids(answer) == [made[2].id, made[1].id]
    assert answer.json()["paging"] == {"start": 2, "count": 2, "total": 5, "links": []}
    element = answer.json()["elements"][0]
    assert (element["author"], element["commentary"]) == (org, "p2")
    assert element["createdAt"] == int(made[2].at.timestamp() * 1000)
    assert refusal(api.get("/posts", params=params | {"count": 101})) == (400, "ILLEGAL_ARGUMENT")
    assert refusal(api.get("/posts", params={"author": org})) == (400, "ILLEGAL_ARGUMENT")
    assert ids(api.get("/posts", params=params | {"author": "urn:li:organization:1"})) == []
    assert api.get(f"/posts/{quote(made[0].id, safe='')}").json()["commentary"] == "p0"


def test_comments_bear_no_name(sim: Simulator, api: httpx.Client) -> None:
    (one,) = say(sim, 1)
    answer = api.get(social(one.post.id))
    (element,) = answer.json()["elements"]
    at = int(one.at.timestamp() * 1000)
    assert element == {
        "actor": one.person.id,
        "commentUrn": urn_of(one),
        "created": {"actor": one.person.id, "time": at},
        "id": one.id,
        "lastModified": {"actor": one.person.id, "time": at},
        "message": {"attributes": [], "text": "texte 0"},
        "object": one.post.id,
    }
    assert one.person.name not in answer.text
    sim.world.edit(one, "autre")
    (element,) = api.get(social(one.post.id)).json()["elements"]
    assert element["lastModified"]["time"] == int(NOON.timestamp() * 1000)
    assert api.get(social(one.post.id, one.id)).json()["message"]["text"] == "autre"


def test_a_list_holds_one_level_and_pages_shift(
    sim: Simulator, api: httpx.Client, switches: LinkedinApi
) -> None:
    made = say(sim, 4)
    under = sim.world.comment(made[0].post, made[1].person, "réponse", parent=made[0])
    post = made[0].post.id
    assert ids(api.get(social(post), params={"count": 2})) == [made[3].id, made[2].id]
    sim.world.comment(made[0].post, made[0].person, "arrivé")
    assert ids(api.get(social(post), params={"count": 2, "start": 2})) == [made[2].id, made[1].id]
    top = api.get(social(post), params={"start": 4}).json()["elements"][0]
    assert top["commentsSummary"]["totalFirstLevelComments"] == 1
    (element,) = api.get(social(urn_of(made[0]))).json()["elements"]
    assert (element["id"], element["parentComment"]) == (under.id, urn_of(made[0]))
    switches.newest_first = False
    assert ids(api.get(social(post), params={"count": 2})) == [made[0].id, made[1].id]


def test_the_id_of_a_reply_is_in_a_header(sim: Simulator, api: httpx.Client, org: str) -> None:
    (one,) = say(sim, 1)
    answer = reply(api, org, one, urn_of(one))
    assert (answer.status_code, answer.content) == (201, b"")
    (made,) = sim.world.replies(one)
    assert answer.headers["x-restli-id"] == made.id
    again = reply(api, org, one, one.post.id, "x" * 1_250)
    assert again.status_code == 201
    assert len(sim.world.replies(one)) == 2
    assert refusal(reply(api, org, one, urn_of(one), "x" * 1_251)) == (400, "ILLEGAL_ARGUMENT")
    assert refusal(reply(api, org, one, urn_of(one), " ")) == (400, "ILLEGAL_ARGUMENT")
    assert refusal(reply(api, "urn:li:person:x", one, urn_of(one))) == (403, "ACCESS_DENIED")
    wrong_object = reply(api, org, one, urn_of(one), object="urn:li:activity:1")
    assert refusal(wrong_object) == (400, "ILLEGAL_ARGUMENT")
    no_parent = reply(api, org, one, urn_of(one), parentComment=None)
    assert refusal(no_parent) == (400, "ILLEGAL_ARGUMENT")
    sim.world.remove(one)
    assert refusal(reply(api, org, one, urn_of(one))) == (404, "NOT_FOUND")


def test_deleting_is_allowed_or_not(
    sim: Simulator, api: httpx.Client, org: str, switches: LinkedinApi
) -> None:
    first, second = say(sim, 2)
    path = social(first.post.id, first.id)
    assert refusal(api.delete(path)) == (403, "ACCESS_DENIED")
    answer = api.delete(path, params={"actor": org})
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(api.delete(path, params={"actor": org})) == (404, "NOT_FOUND")
    switches.may_delete = False
    other = api.delete(social(first.post.id, second.id), params={"actor": org})
    assert refusal(other) == (403, "ACCESS_DENIED")
    own = reply(api, org, second, urn_of(second)).headers["x-restli-id"]
    assert api.delete(social(urn_of(second), own), params={"actor": org}).status_code == 204
    assert [one.id for one in sim.world.comments(LINKEDIN)] == [second.id]


def test_a_role_that_was_lost_is_an_empty_list(
    sim: Simulator, api: httpx.Client, org: str, switches: LinkedinApi
) -> None:
    (one,) = say(sim, 1)
    roles = {"q": "roleAssignee", "role": "ADMINISTRATOR", "state": "APPROVED"}
    (role,) = api.get("/organizationAcls", params=roles).json()["elements"]
    assert role == {"role": "ADMINISTRATOR", "organization": org, "state": "APPROVED"}
    number = org.rpartition(":")[2]
    assert api.get(f"/organizations/{number}").json()["localizedName"] == "Ville d'essai"
    switches.role_lost = True
    assert ids(api.get("/posts", params={"q": "author", "author": org})) == []
    assert ids(api.get(social(one.post.id))) == []
    assert api.get("/organizationAcls", params=roles).json()["elements"] == []
    assert refusal(reply(api, org, one, urn_of(one))) == (403, "ACCESS_DENIED")


def test_calls_are_counted_by_the_day(sim: Simulator, api: httpx.Client, org: str) -> None:
    (one,) = say(sim, 1)
    sim.quota(LINKEDIN, left=1)
    assert api.get(social(one.post.id)).status_code == 200
    assert refusal(api.get(social(one.post.id))) == (429, "TOO_MANY_REQUESTS")
    assert reply(api, org, one, urn_of(one)).status_code == 201
    assert refusal(reply(api, org, one, urn_of(one))) == (429, "TOO_MANY_REQUESTS")
    sim.clock.set(datetime(2026, 11, 21, tzinfo=UTC))
    assert api.get(social(one.post.id)).status_code == 200


def test_tokens_and_scopes_are_looked_at(sim: Simulator, api: httpx.Client, org: str) -> None:
    (one,) = say(sim, 1)
    grant = sim.world.grants[sim.tokens(LINKEDIN).access]
    assert grant.expires_at == NOON + timedelta(days=60)
    grant.scopes.discard("w_organization_social")
    assert refusal(reply(api, org, one, urn_of(one))) == (403, "ACCESS_DENIED")
    assert api.get(social(one.post.id)).status_code == 200
    grant.revoked = True
    assert refusal(api.get(social(one.post.id))) == (401, "EXPIRED_ACCESS_TOKEN")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.TRANSIENT, (503, "SERVICE_UNAVAILABLE")),
        (Fault.RATE_LIMITED, (429, "TOO_MANY_REQUESTS")),
        (Fault.TOKEN_EXPIRED, (401, "EXPIRED_ACCESS_TOKEN")),
        (Fault.PERMISSION, (403, "ACCESS_DENIED")),
        (Fault.BLOCKED, (403, "MEMBER_RESTRICTED")),
        (Fault.GONE, (404, "NOT_FOUND")),
    ],
)
def test_faults_have_their_documented_form(
    sim: Simulator, api: httpx.Client, fault: Fault, expected: tuple[int, str]
) -> None:
    (one,) = say(sim, 1)
    sim.faults.next(LINKEDIN, "GET", "/socialActions/*/comments", fault)
    assert refusal(api.get(social(one.post.id))) == expected
    assert ids(api.get(social(one.post.id))) == [one.id]
