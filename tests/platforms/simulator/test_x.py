"""The simulated X over real HTTP: each trap of the documentation is there."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from console.clock import FixedClock
from console.domain.messages import X
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator, running
from console.platforms.simulator.things import SimComment
from console.platforms.simulator.x import CALLBACK, SCOPES
from tests.platforms.simulator.clients import plain

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
FIELDS = {"tweet.fields": "author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets"}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with running(FixedClock(NOON)) as simulator:
        yield simulator


@pytest.fixture
def api(sim: Simulator) -> Iterator[httpx.Client]:
    with plain(sim.base_url(X)) as client:
        client.headers["Authorization"] = f"Bearer {sim.tokens(X).access}"
        yield client


@pytest.fixture
def me(sim: Simulator) -> str:
    return sim.connection(X).external_id


def say(
    sim: Simulator, *texts: str, at: datetime = NOON - timedelta(days=1), by: str = ""
) -> list[SimComment]:
    """Replies to a post of the city (or of `by`), a minute apart."""
    author = sim.world.person(X, by) if by else None
    post = sim.world.publish(X, "Travaux rue Principale", at=at - timedelta(hours=1), by=author)
    return [
        sim.world.comment(post, sim.world.person(X, f"P{n}"), text, at=at + timedelta(minutes=n))
        for n, text in enumerate(texts)
    ]


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json().get("data", [])]


def problem(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    return answer.status_code, body["title"]


def mentions(api: httpx.Client, me: str, **more: Any) -> httpx.Response:
    return api.get(f"/2/users/{me}/mentions", params={"max_results": 100} | more)


def test_mentions_are_what_names_the_city_after_since_id(sim: Simulator, api: httpx.Client, me: str) -> None:
    made = say(sim, "@villeessai un nid-de-poule", "sans mention", "merci @VilleEssai!", "@villeessaix")
    elsewhere = sim.world.publish(X, "Que fait @villeessai?", by=sim.world.person(X, "Ana"))
    assert ids(mentions(api, me)) == [elsewhere.id, made[2].id, made[0].id]
    assert ids(mentions(api, me, since_id=made[0].id)) == [elsewhere.id, made[2].id]
    empty = mentions(api, me, since_id=elsewhere.id).json()
    assert empty == {"meta": {"result_count": 0}}


def test_pages_of_mentions_stand_while_new_ones_arrive(sim: Simulator, api: httpx.Client, me: str) -> None:
    made = say(sim, *(f"@villeessai {n}" for n in range(12)))
    first = mentions(api, me, max_results=5)
    assert first.json()["meta"]["newest_id"] == made[-1].id
    sim.world.comment(made[0].post, made[0].person, "@villeessai entre deux pages")
    seen = ids(first)
    token = first.json()["meta"]["next_token"]
    while token:
        answer = mentions(api, me, max_results=5, pagination_token=token)
        seen += ids(answer)
        token = answer.json()["meta"].get("next_token", "")
    assert seen == [one.id for one in reversed(made)]
    sim.faults.forget_pages(X)
    stale = mentions(api, me, pagination_token=first.json()["meta"]["next_token"])
    assert problem(stale) == (400, "Invalid Request")


@pytest.mark.parametrize(
    "wrong", [{"max_results": 4}, {"max_results": 101}, {"since_id": "hier"}, {"start_time": "2026-11-20"}]
)
def test_parameters_out_of_range_are_refused(api: httpx.Client, me: str, wrong: dict[str, Any]) -> None:
    answer = mentions(api, me, **wrong)
    assert problem(answer) == (400, "Invalid Request")
    assert answer.json()["errors"][0]["parameters"] == {n: [str(v)] for n, v in wrong.items()}


def test_only_what_is_asked_for_comes(sim: Simulator, api: httpx.Client, me: str) -> None:
    (top,) = say(sim, "@villeessai l'eau & le <gaz>")
    (bare,) = mentions(api, me).json()["data"]
    assert bare == {
        "id": top.id,
        "text": "@villeessai l'eau &amp; le &lt;gaz&gt;",
        "edit_history_tweet_ids": [top.id],
    }
    answer = mentions(api, me, expansions="author_id", **FIELDS).json()
    (whole,) = answer["data"]
    assert whole["author_id"] == top.person.id
    assert whole["conversation_id"] == top.post.id
    assert whole["in_reply_to_user_id"] == me
    assert whole["referenced_tweets"] == [{"type": "replied_to", "id": top.post.id}]
    assert whole["created_at"] == "2026-11-19T17:00:00.000Z"
    (author,) = answer["includes"]["users"]
    assert (author["id"], author["name"]) == (top.person.id, "P0")
    assert problem(mentions(api, me, **{"tweet.fields": "tout"})) == (400, "Invalid Request")


def test_a_picture_comes_by_its_expansion(sim: Simulator, api: httpx.Client, me: str) -> None:
    (top,) = say(sim, "rien")
    sim.world.comment(top.post, top.person, "@villeessai voyez", picture="nid")
    asked = {"tweet.fields": "attachments", "expansions": "attachments.media_keys", "media.fields": "url"}
    answer = mentions(api, me, **asked).json()
    (medium,) = answer["includes"]["media"]
    assert answer["data"][0]["attachments"]["media_keys"] == [medium["media_key"]]
    assert api.get(medium["url"]).headers["content-type"] == "image/png"


def test_a_conversation_is_found_by_search_seven_days_long(sim: Simulator, api: httpx.Client) -> None:
    old = say(sim, "ancien", at=NOON - timedelta(days=8))
    new = say(sim, "un", "deux")
    under = sim.world.comment(new[0].post, new[1].person, "trois", parent=new[0])

    def search(query: str, **more: Any) -> httpx.Response:
        return api.get("/2/tweets/search/recent", params={"query": query, "max_results": 10} | more)

    both = f"conversation_id:{new[0].post.id} OR conversation_id:{old[0].post.id}"
    assert ids(search(both)) == [under.id, new[1].id, new[0].id, new[0].post.id]
    assert ids(search(f"conversation_id:{new[0].post.id} -from:villeessai", since_id=new[0].id)) == [
        under.id,
        new[1].id,
    ]
    assert problem(search(both, since_id=old[0].id)) == (400, "Invalid Request")
    assert problem(search(both, max_results=9)) == (400, "Invalid Request")
    assert problem(search("lang:fr")) == (400, "Invalid Request")
    assert problem(search("conversation_id:1 OR " * 30)) == (400, "Invalid Request")


def test_what_is_gone_stands_in_errors_beside_the_data_of_a_200(sim: Simulator, api: httpx.Client) -> None:
    kept, gone = say(sim, "un", "deux")
    under = sim.world.comment(gone.post, kept.person, "trois", parent=gone)
    sim.world.remove(gone)
    answer = api.get("/2/tweets", params={"ids": f"{kept.id},{gone.id},{under.id}"})
    assert ids(answer) == [kept.id, under.id]
    (error,) = answer.json()["errors"]
    assert error["resource_id"] == gone.id
    assert error["type"].endswith("/resource-not-found")
    alone = api.get("/2/tweets", params={"ids": gone.id})
    assert alone.status_code == 200
    assert alone.json().keys() == {"errors"}
    assert api.get(f"/2/tweets/{gone.id}").json().keys() == {"errors"}
    assert problem(api.get("/2/tweets", params={"ids": "abc"})) == (400, "Invalid Request")


def test_hiding_is_for_threads_that_the_city_started(sim: Simulator, api: httpx.Client) -> None:
    (own,) = say(sim, "un")
    (other,) = say(sim, "@villeessai deux", by="Ana")

    def hide(tweet: str, hidden: object = True) -> httpx.Response:
        return api.put(f"/2/tweets/{tweet}/hidden", json={"hidden": hidden})

    assert hide(own.id).json() == {"data": {"hidden": True}}
    assert hide(own.id).json() == {"data": {"hidden": True}}
    assert own.hidden
    assert hide(own.id, False).json() == {"data": {"hidden": False}}
    assert problem(hide(other.id)) == (403, "Forbidden")
    assert problem(hide(other.post.id)) == (403, "Forbidden")
    assert problem(hide(own.post.id)) == (403, "Forbidden")
    assert problem(hide("1")) == (404, "Not Found Error")
    assert problem(hide(own.id, "true")) == (400, "Invalid Request")
    assert not other.hidden
    assert [call.did for call in sim.changes(X)] == [f"hide {own.id}", f"unhide {own.id}"]


def test_a_reply_is_for_who_summoned_the_city(sim: Simulator, api: httpx.Client) -> None:
    summoned, silent = say(sim, "@villeessai un", "deux")

    def reply(to: str, text: str = "Bonjour") -> httpx.Response:
        return api.post("/2/tweets", json={"text": text, "reply": {"in_reply_to_tweet_id": to}})

    answer = reply(summoned.id)
    assert answer.status_code == 201
    assert [one.id for one in sim.world.replies(summoned)] == [answer.json()["data"]["id"]]
    refused = reply(silent.id)
    assert problem(refused) == (403, "Forbidden")
    assert "have not been mentioned" in refused.json()["detail"]
    assert sim.world.replies(silent) == []
    sim.world.remove(summoned)
    assert "deleted or not visible" in reply(summoned.id).json()["detail"]
    assert problem(reply(silent.id, "x" * 281)) == (400, "Invalid Request")


def test_only_its_own_posts_can_be_deleted(sim: Simulator, api: httpx.Client) -> None:
    (one,) = say(sim, "un")
    assert problem(api.delete(f"/2/tweets/{one.id}")) == (403, "Forbidden")
    made = api.post("/2/tweets", json={"text": "Avis"}).json()["data"]["id"]
    assert api.delete(f"/2/tweets/{made}").json() == {"data": {"deleted": True}}
    assert problem(api.delete(f"/2/tweets/{made}")) == (404, "Not Found Error")


def test_private_messages_go_both_ways_for_thirty_days(sim: Simulator, api: httpx.Client, me: str) -> None:
    person = sim.world.person(X, "Léa")
    sim.world.message(X, person, "vieux", at=NOON - timedelta(days=31))
    inbound = sim.world.message(X, person, "Bonjour", at=NOON - timedelta(minutes=1))
    sent = api.post(f"/2/dm_conversations/with/{person.id}/messages", json={"text": "Bonjour Léa"})
    assert sent.status_code == 201
    made = sent.json()["data"]
    fields = {"dm_event.fields": "id,text,sender_id,created_at,dm_conversation_id"}
    answer = api.get("/2/dm_events", params=fields | {"event_types": "MessageCreate", "max_results": 100})
    outbound, first = answer.json()["data"]
    assert outbound["id"] == made["dm_event_id"]
    assert (outbound["sender_id"], first["sender_id"]) == (me, person.id)
    assert (first["id"], first["dm_conversation_id"]) == (inbound.id, made["dm_conversation_id"])
    bare = api.get(f"/2/dm_conversations/with/{person.id}/dm_events").json()["data"][0]
    assert bare.keys() == {"id", "event_type", "text"}
    person.unavailable = True
    again = api.post(f"/2/dm_conversations/with/{person.id}/messages", json={"text": "Rebonjour"})
    assert problem(again) == (403, "Forbidden")
    assert len(sim.world.sent(person)) == 1


def test_muting_and_blocking_of_messages(sim: Simulator, api: httpx.Client, me: str) -> None:
    person = sim.world.person(X, "Léa")
    muted = api.post(f"/2/users/{me}/muting", json={"target_user_id": person.id})
    assert muted.json() == {"data": {"muting": True}}
    assert api.delete(f"/2/users/{me}/muting/{person.id}").json() == {"data": {"muting": False}}
    assert api.post(f"/2/users/{person.id}/dm/block").json() == {"data": {"blocked": True}}
    assert sim.world.muted(X) == {person.id}
    assert api.post(f"/2/users/{person.id}/dm/unblock").json() == {"data": {"blocked": False}}
    assert problem(api.post(f"/2/users/{me}/muting", json={"target_user_id": "9"}))[0] == 404
    assert problem(api.post(f"/2/users/{person.id}/muting", json={"target_user_id": "9"}))[0] == 403


def test_each_endpoint_has_its_calls_in_fifteen_minutes(sim: Simulator, api: httpx.Client, me: str) -> None:
    for left in range(14, -1, -1):
        answer = api.get("/2/dm_events")
        assert (answer.status_code, answer.headers["x-rate-limit-remaining"]) == (200, str(left))
    refused = api.get("/2/dm_events")
    assert problem(refused) == (429, "Too Many Requests")
    assert refused.headers["x-rate-limit-limit"] == "15"
    ends = datetime.fromtimestamp(int(refused.headers["x-rate-limit-reset"]), UTC)
    assert ends == NOON + timedelta(minutes=15)
    assert mentions(api, me).headers["x-rate-limit-remaining"] == "299"
    sim.clock.set(ends)
    assert api.get("/2/dm_events").status_code == 200
    sim.quota(X, hide=0)
    assert problem(api.put("/2/tweets/1/hidden", json={"hidden": True}))[0] == 429


def test_calls_cost_credits(sim: Simulator, api: httpx.Client, me: str) -> None:
    sim.quota(X, left=1)
    assert mentions(api, me).status_code == 200
    assert problem(mentions(api, me)) == (402, "CreditsDepleted")
    sim.quota(X, left=None)
    assert mentions(api, me).status_code == 200


def consent(sim: Simulator, api: httpx.Client, **more: str) -> httpx.Response:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).rstrip(b"=").decode()
    params = {
        "client_id": sim.app(X).client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": " ".join(SCOPES),
        "state": "s1",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return api.get("/i/oauth2/authorize", params=params | more)


def exchange(sim: Simulator, api: httpx.Client, code: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": sim.app(X).client_id,
        "code_verifier": "v" * 43,
    }
    return api.post("/2/oauth2/token", data=form)


def test_a_code_lives_thirty_seconds_and_the_callback_is_matched_exactly(
    sim: Simulator, api: httpx.Client, me: str
) -> None:
    assert consent(sim, api, redirect_uri="http://127.0.0.1:1/").status_code == 400
    assert consent(sim, api, redirect_uri=CALLBACK + "x").status_code == 400

    def code() -> str:
        answer = consent(sim, api)
        assert answer.status_code == 302
        assert answer.headers["location"].startswith(CALLBACK + "?")
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        assert query["state"] == ["s1"]
        return query["code"][0]

    late = code()
    sim.clock.advance(timedelta(seconds=30))
    assert exchange(sim, api, late).json()["error"] == "invalid_grant"
    given = exchange(sim, api, code()).json()
    assert (given["expires_in"], set(given["scope"].split())) == (7200, set(SCOPES))
    api.headers["Authorization"] = f"Bearer {given['access_token']}"
    user = api.get("/2/users/me").json()["data"]
    assert user == {"id": me, "name": "Ville d'essai", "username": "villeessai"}


def test_a_refresh_gives_a_new_refresh_token_and_ends_the_old_one(
    sim: Simulator, api: httpx.Client, me: str
) -> None:
    first = sim.tokens(X)

    def refresh(token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return api.post("/2/oauth2/token", data=form | {"client_id": sim.app(X).client_id})

    sim.clock.advance(timedelta(hours=2))
    assert problem(mentions(api, me)) == (401, "Unauthorized")
    second = refresh(first.refresh).json()
    assert second["refresh_token"] != first.refresh
    assert refresh(first.refresh).json()["error"] == "invalid_grant"
    api.headers["Authorization"] = f"Bearer {second['access_token']}"
    assert mentions(api, me).status_code == 200
    assert sim.tokens(X).refresh == second["refresh_token"]
    assert refresh(second["refresh_token"]).status_code == 200
    api.post("/2/oauth2/revoke", data={"token": second["access_token"]})
    assert problem(mentions(api, me)) == (401, "Unauthorized")


def test_a_scope_that_is_not_there_is_missed(sim: Simulator, api: httpx.Client, me: str) -> None:
    sim.world.grants[sim.tokens(X).access].scopes.discard("dm.read")
    assert problem(api.get("/2/dm_events")) == (403, "Forbidden")
    assert mentions(api, me).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.TRANSIENT, 503),
        (Fault.RATE_LIMITED, 429),
        (Fault.TOKEN_EXPIRED, 401),
        (Fault.PERMISSION, 403),
        (Fault.BLOCKED, 403),
        (Fault.GONE, 404),
    ],
)
def test_faults_have_their_documented_form(
    sim: Simulator, api: httpx.Client, me: str, fault: Fault, status: int
) -> None:
    sim.faults.next(X, "GET", "*/mentions", fault)
    answer = mentions(api, me)
    assert problem(answer)[0] == status
    assert ("x-rate-limit-reset" in answer.headers) == (fault is Fault.RATE_LIMITED)
    assert answer.headers["x-transaction-id"]
