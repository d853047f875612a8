"""A professional Instagram account as documented, traps included."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from console.domain.messages import INSTAGRAM
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator
from console.platforms.simulator.things import SimComment, SimPost
from tests.platforms.simulator.conftest import NO_TLS

ACCOUNT = "17841400000000000"


@pytest.fixture
def post(sim: Simulator) -> SimPost:
    return sim.world.publish(INSTAGRAM, "Le parc en automne")


@pytest.fixture
def comment(sim: Simulator, post: SimPost) -> SimComment:
    return sim.world.comment(post, sim.world.person(INSTAGRAM, "ana.roy"), "Magnifique!")


def _code(answer: httpx.Response) -> tuple[int, int | None]:
    error = answer.json()["error"]
    assert answer.status_code >= 400
    return error["code"], error.get("error_subcode")


def test_media_and_account(sim: Simulator, instagram: httpx.Client, post: SimPost) -> None:
    fields = "id,caption,timestamp,permalink,comments_count,media_type,username"
    (media,) = instagram.get(f"/{ACCOUNT}/media", params={"fields": fields}).json()["data"]
    assert media == {
        "id": post.id,
        "caption": "Le parc en automne",
        "timestamp": "2026-10-05T14:30:00+0000",
        "permalink": post.permalink,
        "comments_count": 0,
        "media_type": "IMAGE",
        "username": "ville.essai",
    }
    assert instagram.get(f"/{ACCOUNT}/media").json()["data"] == [{"id": post.id}]
    account = instagram.get(f"/{ACCOUNT}", params={"fields": "username"}).json()
    assert account == {"username": "ville.essai", "id": ACCOUNT}
    page = instagram.get("/me", params={"fields": "name,instagram_business_account{id,username}"}).json()
    assert page["instagram_business_account"]["id"] == ACCOUNT


def test_comments_fifty_a_page_newest_first_without_replies(
    sim: Simulator, instagram: httpx.Client, post: SimPost
) -> None:
    made = []
    for number in range(60):
        sim.clock.advance(timedelta(seconds=1))
        person = sim.world.person(INSTAGRAM, "ana.roy")
        made.append(sim.world.comment(post, person, f"Commentaire {number}"))
    reply = sim.world.comment(post, made[0].person, "Réponse", parent=made[0])
    first = instagram.get(f"/{post.id}/comments", params={"limit": 100}).json()
    assert [one["id"] for one in first["data"]] == [one.id for one in reversed(made[10:])]
    second = httpx.get(first["paging"]["next"], trust_env=False, verify=NO_TLS).json()
    assert [one["id"] for one in second["data"]] == [one.id for one in reversed(made[:10])]
    assert "next" not in second["paging"]
    replies = instagram.get(
        f"/{made[0].id}/replies", params={"fields": "id,text,parent_id,username,from,media"}
    ).json()["data"]
    assert replies == [
        {
            "id": reply.id,
            "text": "Réponse",
            "parent_id": made[0].id,
            "username": "ana.roy",
            "from": {"id": reply.person.id, "username": "ana.roy"},
            "media": {"id": post.id},
        }
    ]
    nested = instagram.get(f"/{made[0].id}", params={"fields": "replies{text}"}).json()
    assert nested["replies"]["data"][0]["text"] == "Réponse"


def test_hide_by_the_query(sim: Simulator, instagram: httpx.Client, comment: SimComment) -> None:
    for value, hidden in (("true", True), ("false", False)):
        assert instagram.post(f"/{comment.id}", params={"hide": value}).json() == {"success": True}
        assert comment.hidden is hidden
        shown = instagram.get(f"/{comment.id}", params={"fields": "hidden"}).json()
        assert shown["hidden"] is hidden
    assert _code(instagram.post(f"/{comment.id}", data={"hide": "true"})) == (100, None)
    assert not comment.hidden


def test_its_own_comments_stay_visible(sim: Simulator, instagram: httpx.Client, post: SimPost) -> None:
    own = sim.world.comment(post, sim.world.cities[INSTAGRAM], "Merci")
    assert instagram.post(f"/{own.id}", params={"hide": "true"}).json() == {"success": True}
    assert not own.hidden


def test_reply_but_not_to_a_hidden_comment(
    sim: Simulator, instagram: httpx.Client, comment: SimComment
) -> None:
    made = instagram.post(f"/{comment.id}/replies", params={"message": "Merci"}).json()
    assert [one.id for one in sim.world.replies(comment)] == [made["id"]]
    comment.hidden = True
    assert _code(instagram.post(f"/{comment.id}/replies", params={"message": "Merci"})) == (100, None)
    assert len(sim.world.replies(comment)) == 1
    assert _code(instagram.post(f"/{comment.id}/replies")) == (100, None)


def test_delete(sim: Simulator, instagram: httpx.Client, comment: SimComment) -> None:
    assert instagram.delete(f"/{comment.id}").json() == {"success": True}
    assert comment.removed
    assert _code(instagram.delete(f"/{comment.id}")) == (100, 33)
    assert _code(instagram.get(f"/{comment.id}")) == (100, 33)


def test_limits_have_the_type_of_instagram(sim: Simulator, instagram: httpx.Client) -> None:
    sim.faults.next(INSTAGRAM, "GET", "/me", Fault.RATE_LIMITED)
    answer = instagram.get("/me")
    assert _code(answer) == (4, None)
    assert '"instagram"' in answer.headers["x-business-use-case-usage"]
    assert '"estimated_time_to_regain_access": 5' in answer.headers["x-business-use-case-usage"]
