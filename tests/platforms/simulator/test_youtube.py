"""The simulated YouTube over real HTTP: each trap of the documentation is there."""

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
from console.domain.messages import YOUTUBE
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator, running
from tests.platforms.simulator.clients import plain

NOON = datetime(2026, 11, 20, 20, tzinfo=UTC)
SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with running(FixedClock(NOON)) as simulator:
        yield simulator


@pytest.fixture
def api(sim: Simulator) -> Iterator[httpx.Client]:
    with plain(sim.base_url(YOUTUBE)) as client:
        client.headers["Authorization"] = f"Bearer {sim.tokens(YOUTUBE).access}"
        yield client


def threads(sim: Simulator, api: httpx.Client, **more: Any) -> httpx.Response:
    params = {"part": "snippet,replies", "order": "time", "textFormat": "plainText", "maxResults": 100}
    params["allThreadsRelatedToChannelId"] = sim.connection(YOUTUBE).external_id
    return api.get("/commentThreads", params=params | more)


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    return answer.status_code, error["errors"][0]["reason"]


def say(sim: Simulator, number: int, **more: Any) -> list[Any]:
    """`number` comments under one video, a minute apart, the oldest first."""
    post = sim.world.publish(YOUTUBE, "Séance du conseil\nOrdre du jour", at=NOON - timedelta(days=2))
    start = NOON - timedelta(days=1)
    return [
        sim.world.comment(
            post, sim.world.person(YOUTUBE, f"P{n}"), f"texte {n}", at=start + timedelta(minutes=n)
        )
        for n in range(number)
    ]


def moderate(api: httpx.Client, ids: str, status: str, **more: str) -> httpx.Response:
    params = {"id": ids, "moderationStatus": status} | more
    return api.post("/comments/setModerationStatus", params=params)


def test_threads_come_newest_first_in_pages_that_new_comments_do_not_shift(
    sim: Simulator, api: httpx.Client
) -> None:
    made = say(sim, 5)
    first = threads(sim, api, maxResults=2)
    sim.world.comment(made[0].post, made[0].person, "arrivé entre deux pages")
    second = threads(sim, api, maxResults=2, pageToken=first.json()["nextPageToken"])
    third = threads(sim, api, maxResults=2, pageToken=second.json()["nextPageToken"])
    assert ids(first) + ids(second) + ids(third) == [one.id for one in reversed(made)]
    assert "nextPageToken" not in third.json()
    sim.faults.forget_pages(YOUTUBE)
    stale = threads(sim, api, maxResults=2, pageToken=first.json()["nextPageToken"])
    assert refusal(stale) == (400, "invalidPageToken")


@pytest.mark.parametrize(
    "wrong",
    [
        {"maxResults": 101},
        {"maxResults": 0},
        {"moderationStatus": "rejected"},
        {"order": "oldest"},
        {"part": "snippet,everything"},
    ],
)
def test_parameters_out_of_range_are_refused(
    sim: Simulator, api: httpx.Client, wrong: dict[str, Any]
) -> None:
    assert refusal(threads(sim, api, **wrong)) == (400, "invalidParameter")


def test_a_call_asks_for_one_state_of_moderation(sim: Simulator, api: httpx.Client) -> None:
    published, held, spam, answered = say(sim, 4)
    held.status, spam.status = "heldForReview", "likelySpam"
    reply = sim.world.comment(answered.post, held.person, "réponse retenue", parent=answered)
    reply.status = "heldForReview"
    assert ids(threads(sim, api)) == [answered.id, published.id]
    in_review = threads(sim, api, moderationStatus="heldForReview")
    # A thread is there for its reply too, although its top comment is published.
    assert ids(in_review) == [answered.id, held.id]
    carried = in_review.json()["items"][0]["replies"]["comments"]
    assert [one["id"] for one in carried] == [reply.id]
    assert ids(threads(sim, api, moderationStatus="likelySpam")) == [spam.id]


def test_a_thread_carries_five_replies_at_most(sim: Simulator, api: httpx.Client) -> None:
    (top,) = say(sim, 1)
    made = [sim.world.comment(top.post, top.person, f"réponse {n}", parent=top) for n in range(7)]
    (thread,) = threads(sim, api).json()["items"]
    assert thread["snippet"]["totalReplyCount"] == 7
    assert len(thread["replies"]["comments"]) == 5
    (bare,) = threads(sim, api, part="snippet").json()["items"]
    assert "replies" not in bare
    params = {"part": "snippet", "parentId": top.id, "maxResults": 4}
    first = api.get("/comments", params=params)
    second = api.get("/comments", params=params | {"pageToken": first.json()["nextPageToken"]})
    assert sorted(ids(first) + ids(second)) == sorted(one.id for one in made)
    assert first.json()["items"][0]["snippet"]["parentId"] == top.id


def test_text_is_html_unless_plain_text_is_asked_for(sim: Simulator, api: httpx.Client) -> None:
    (one,) = say(sim, 1)
    sim.world.edit(one, "L'eau & le <gaz>\nhttps://exemple.test/a")
    (item,) = threads(sim, api, textFormat="html").json()["items"]
    text = item["snippet"]["topLevelComment"]["snippet"]["textDisplay"]
    assert text.startswith("L&#x27;eau &amp; le &lt;gaz&gt;<br><a href=")
    (item,) = threads(sim, api).json()["items"]
    snippet = item["snippet"]["topLevelComment"]["snippet"]
    assert snippet["textDisplay"] == one.text
    assert snippet["publishedAt"] < snippet["updatedAt"] == "2026-11-20T20:00:00Z"
    assert "textOriginal" not in snippet


def test_a_rejected_comment_and_its_replies_vanish_for_good(sim: Simulator, api: httpx.Client) -> None:
    first, second = say(sim, 2)
    under = sim.world.comment(first.post, second.person, "réponse", parent=first)
    answer = moderate(api, f"{first.id},{second.id}", "heldForReview")
    assert (answer.status_code, answer.content) == (204, b"")
    assert ids(threads(sim, api, moderationStatus="heldForReview")) == [second.id, first.id]
    assert moderate(api, first.id, "rejected").status_code == 204
    assert ids(threads(sim, api, moderationStatus="heldForReview")) == [second.id]
    named = api.get("/comments", params={"part": "snippet", "id": f"{first.id},{second.id},{under.id}"})
    assert ids(named) == [second.id]
    assert moderate(api, second.id, "published").status_code == 204
    assert refusal(moderate(api, first.id, "published")) == (400, "processingFailure")
    assert moderate(api, first.id, "rejected").status_code == 204
    assert [call.did for call in sim.changes(YOUTUBE)][:2] == [
        f"heldForReview {first.id},{second.id}",
        f"rejected {first.id}",
    ]


def test_a_batch_with_an_unknown_id_changes_nothing(sim: Simulator, api: httpx.Client) -> None:
    (one,) = say(sim, 1)
    assert refusal(moderate(api, f"{one.id},Ugx0", "rejected")) == (404, "commentNotFound")
    assert one.status == "published"
    sim.world.remove(one)
    assert refusal(moderate(api, one.id, "rejected")) == (404, "commentNotFound")


def test_a_ban_needs_a_rejection_and_rejects_what_comes_after(sim: Simulator, api: httpx.Client) -> None:
    first, _ = say(sim, 2)
    assert refusal(moderate(api, first.id, "heldForReview", banAuthor="true")) == (400, "banWithoutReject")
    assert sim.world.banned(YOUTUBE) == set()
    assert moderate(api, first.id, "rejected", banAuthor="true").status_code == 204
    assert sim.world.banned(YOUTUBE) == {first.person.id}
    sim.clock.advance(timedelta(minutes=1))
    before = ids(threads(sim, api))
    sim.world.comment(first.post, first.person, "encore moi")
    assert ids(threads(sim, api)) == before


def test_replies_are_of_one_level(sim: Simulator, api: httpx.Client) -> None:
    (top,) = say(sim, 1)

    def reply(parent: str, text: str = "Bonjour") -> httpx.Response:
        body = {"snippet": {"parentId": parent, "textOriginal": text}}
        return api.post("/comments", params={"part": "snippet"}, json=body)

    answer = reply(top.id)
    assert answer.status_code == 200
    made = answer.json()
    assert made["snippet"]["authorChannelId"]["value"] == sim.connection(YOUTUBE).external_id
    assert [one.id for one in sim.world.replies(top)] == [made["id"]]
    assert refusal(reply(made["id"])) == (400, "operationNotSupported")
    assert refusal(reply("Ugx0")) == (404, "parentCommentNotFound")
    assert refusal(reply("")) == (400, "parentIdMissing")
    assert refusal(reply(top.id, " ")) == (400, "commentTextRequired")
    assert refusal(reply(top.id, "x" * 10_001)) == (400, "commentTextTooLong")
    top.post.closed = True
    assert refusal(reply(top.id)) == (403, "commentsDisabled")
    by_video = {"part": "snippet", "videoId": top.post.id}
    assert refusal(api.get("/commentThreads", params=by_video)) == (403, "commentsDisabled")


def test_only_its_own_comments_can_be_deleted(sim: Simulator, api: httpx.Client) -> None:
    (top,) = say(sim, 1)
    own = sim.world.comment(top.post, sim.world.cities[YOUTUBE], "Merci", parent=top)
    assert refusal(api.delete("/comments", params={"id": top.id})) == (403, "forbidden")
    assert api.delete("/comments", params={"id": own.id}).status_code == 204
    assert sim.world.replies(top) == []


def test_units_are_counted_until_midnight_pacific(sim: Simulator, api: httpx.Client) -> None:
    (one,) = say(sim, 1)
    sim.quota(YOUTUBE, left=52)
    assert threads(sim, api).status_code == 200
    assert moderate(api, one.id, "heldForReview").status_code == 204
    assert refusal(moderate(api, one.id, "rejected")) == (403, "quotaExceeded")
    assert one.status == "heldForReview"
    assert threads(sim, api).status_code == 200
    assert refusal(threads(sim, api)) == (403, "quotaExceeded")
    # 7 h 59 UTC is still the day before in Los Angeles; at 8 h a new day begins there.
    sim.clock.set(datetime(2026, 11, 21, 7, 59, tzinfo=UTC))
    api.headers["Authorization"] = f"Bearer {sim.tokens(YOUTUBE).access}"
    assert refusal(threads(sim, api)) == (403, "quotaExceeded")
    sim.clock.set(datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
    assert threads(sim, api).status_code == 200


def test_an_access_token_lives_an_hour_and_is_refreshed_by_the_same_refresh_token(
    sim: Simulator, api: httpx.Client
) -> None:
    tokens = sim.tokens(YOUTUBE)
    assert threads(sim, api).status_code == 200
    sim.clock.advance(timedelta(hours=1))
    assert refusal(threads(sim, api)) == (401, "authError")
    app = sim.app(YOUTUBE)
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
    bare = api.post("/token", data=form | {"client_id": app.client_id})
    assert (bare.status_code, bare.json()["error"]) == (401, "invalid_client")
    form |= {"client_id": app.client_id, "client_secret": app.client_secret}
    for _ in range(2):
        answer = api.post("/token", data=form)
        assert answer.json()["expires_in"] == 3600
        assert "refresh_token" not in answer.json()
        api.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        assert threads(sim, api).status_code == 200
    assert api.post("/revoke", params={"token": tokens.refresh}).status_code == 200
    assert refusal(threads(sim, api)) == (401, "authError")
    assert api.post("/token", data=form).json()["error"] == "invalid_grant"


def consent(sim: Simulator, api: httpx.Client, **more: str) -> httpx.Response:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).rstrip(b"=").decode()
    params = {
        "client_id": sim.app(YOUTUBE).client_id,
        "redirect_uri": "http://127.0.0.1:53124/",
        "response_type": "code",
        "scope": SCOPE,
        "state": "s1",
        "access_type": "offline",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return api.get("/o/oauth2/v2/auth", params=params | more)


def landed(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def exchange(sim: Simulator, api: httpx.Client, code: str, **more: str) -> httpx.Response:
    app = sim.app(YOUTUBE)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "http://127.0.0.1:53124/",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "code_verifier": "v" * 43,
    }
    return api.post("/token", data=form | more)


def test_consent_goes_back_to_any_loopback_port_and_pkce_is_verified(
    sim: Simulator, api: httpx.Client
) -> None:
    back = landed(consent(sim, api))
    assert back["state"] == "s1"
    given = exchange(sim, api, back["code"]).json()
    assert given["scope"] == SCOPE
    assert given["refresh_token"]
    info = api.get("/tokeninfo", params={"access_token": given["access_token"]}).json()
    assert info == {"scope": SCOPE, "expires_in": "3600"}
    again = landed(consent(sim, api))["code"]
    wrong = exchange(sim, api, again, code_verifier="w" * 43)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    # Tried once, a code is used up, even by who holds the verifier.
    assert exchange(sim, api, again).json()["error"] == "invalid_grant"
    # A code that comes a second time takes back what it gave.
    assert exchange(sim, api, back["code"]).json()["error"] == "invalid_grant"
    info = api.get("/tokeninfo", params={"access_token": given["access_token"]})
    assert info.status_code == 400


def test_consent_is_refused_for_what_is_not_as_registered(sim: Simulator, api: httpx.Client) -> None:
    assert consent(sim, api, redirect_uri="http://ailleurs.test/").status_code == 400
    assert consent(sim, api, client_id="autre").status_code == 401
    assert landed(consent(sim, api, code_challenge_method="plain")) == {
        "error": "invalid_request",
        "state": "s1",
    }
    assert landed(consent(sim, api, scope="tout"))["error"] == "invalid_scope"


def test_only_the_first_consent_gives_a_refresh_token(sim: Simulator, api: httpx.Client) -> None:
    def given(**more: str) -> bool:
        return "refresh_token" in exchange(sim, api, landed(consent(sim, api, **more))["code"]).json()

    assert not given(access_type="online")
    assert given()
    assert not given()
    assert given(prompt="consent")


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        (Fault.TRANSIENT, 503, "backendError"),
        (Fault.RATE_LIMITED, 403, "rateLimitExceeded"),
        (Fault.TOKEN_EXPIRED, 401, "authError"),
        (Fault.PERMISSION, 403, "forbidden"),
        (Fault.GONE, 404, "commentNotFound"),
    ],
)
def test_faults_have_their_documented_form(
    sim: Simulator, api: httpx.Client, fault: Fault, status: int, reason: str
) -> None:
    sim.faults.next(YOUTUBE, "GET", "/commentThreads", fault)
    assert refusal(threads(sim, api)) == (status, reason)
    assert threads(sim, api).status_code == 200


def test_the_channel_and_its_videos_are_named(sim: Simulator, api: httpx.Client) -> None:
    (one,) = say(sim, 1)
    (channel,) = api.get("/channels", params={"part": "snippet", "mine": "true"}).json()["items"]
    connection = sim.connection(YOUTUBE)
    assert (channel["id"], channel["snippet"]["title"]) == (connection.external_id, connection.name)
    (video,) = api.get("/videos", params={"part": "snippet", "id": one.post.id}).json()["items"]
    assert video["snippet"]["title"] == "Séance du conseil"
    sim.world.grants[sim.tokens(YOUTUBE).access].scopes.clear()
    assert refusal(threads(sim, api)) == (403, "insufficientPermissions")
