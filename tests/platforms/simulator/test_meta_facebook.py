"""A Facebook Page as documented, traps included."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from console.domain.messages import FACEBOOK
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator
from console.platforms.simulator.things import SimComment, SimPost
from tests.platforms.simulator.conftest import NO_TLS, START

PAGE = "100200300400500"
FIELDS = (
    "id,message,from{id,name},created_time,parent,object,attachment,message_tags,is_hidden,can_hide,"
    "can_remove,can_comment,can_reply_privately,comment_count,like_count,permalink_url"
)


@pytest.fixture
def post(sim: Simulator) -> SimPost:
    return sim.world.publish(FACEBOOK, "Travaux sur la rue de l'Essai.")


@pytest.fixture
def comment(sim: Simulator, post: SimPost) -> SimComment:
    return sim.world.comment(post, sim.world.person(FACEBOOK, "Ana Roy"), "Encore!")


def _many(sim: Simulator, post: SimPost, count: int) -> list[SimComment]:
    made = []
    for number in range(count):
        sim.clock.advance(timedelta(seconds=10))
        person = sim.world.person(FACEBOOK, f"Personne {number % 4}")
        made.append(sim.world.comment(post, person, f"Commentaire {number}"))
    return made


def _code(answer: httpx.Response) -> tuple[int, int | None]:
    error = answer.json()["error"]
    assert answer.status_code >= 400
    assert error["fbtrace_id"] == answer.headers["x-fb-trace-id"]
    return error["code"], error.get("error_subcode")


def _own(identifier: str) -> str:
    return identifier.rpartition("_")[2]


def _walk(client: httpx.Client, path: str, **params: Any) -> tuple[list[str], int]:
    """All ids along `paging.cursors.after`, as long as there is a next page; and the number of pages."""
    found, pages = [], 0
    while True:
        body = client.get(path, params=params).json()
        pages += 1
        found += [_own(one["id"]) for one in body["data"]]
        if "next" not in body.get("paging", {}):
            return found, pages
        params["after"] = body["paging"]["cursors"]["after"]


def test_a_comment_with_every_field(sim: Simulator, facebook: httpx.Client, post: SimPost) -> None:
    person = sim.world.person(FACEBOOK, "Ana Roy")
    comment = sim.world.comment(post, person, "Encore!", picture="trou")
    reply = sim.world.comment(post, person, "Et encore", parent=comment)
    answer = facebook.get(f"/{post.id}/comments", params={"fields": FIELDS, "filter": "stream"}).json()
    first, second = answer["data"]
    assert _own(first.pop("id")) == comment.id
    assert first.pop("attachment")["media"]["image"]["src"] == f"{sim.root}/images/trou.png"
    assert first == {
        "message": "Encore!",
        "from": {"id": person.id, "name": "Ana Roy"},
        "created_time": "2026-10-05T14:30:00+0000",
        "object": {"id": post.id},
        "is_hidden": False,
        "can_hide": True,
        "can_remove": True,
        "can_comment": True,
        "can_reply_privately": True,
        "comment_count": 1,
        "like_count": 0,
        "permalink_url": f"{post.permalink}?comment_id={comment.id}",
    }
    assert _own(second["id"]) == reply.id
    assert _own(second["parent"]["id"]) == comment.id


def test_two_spellings_name_one_comment(sim: Simulator, facebook: httpx.Client, post: SimPost) -> None:
    _many(sim, post, 4)
    listed = [one["id"] for one in facebook.get(f"/{post.id}/comments").json()["data"]]
    assert {"_" in name for name in listed} == {True, False}
    for one in post.comments:
        for name in (one.id, f"{_own(post.id)}_{one.id}"):
            assert facebook.get(f"/{name}").json()["message"] == one.text
    assert _code(facebook.get(f"/123_{post.comments[0].id}")) == (100, 33)
    reply = sim.world.comment(post, post.comments[0].person, "…", parent=post.comments[0])
    parent = facebook.get(f"/{reply.id}", params={"fields": "parent{id}"}).json()["parent"]["id"]
    assert parent != listed[0]
    assert _own(parent) == _own(listed[0])


def test_fields_are_chosen(facebook: httpx.Client, comment: SimComment) -> None:
    assert set(facebook.get(f"/{comment.id}").json()) == {"id", "message", "from", "created_time"}
    narrow = facebook.get(f"/{comment.id}", params={"fields": "from{id}"}).json()
    assert narrow["from"] == {"id": comment.person.id}
    assert set(narrow) == {"id", "from"}
    assert _code(facebook.get(f"/{comment.id}", params={"fields": "colour"})) == (100, None)
    assert _code(facebook.get(f"/{comment.id}", params={"fields": "from{id"})) == (2500, None)


def test_comments_inside_publications(facebook: httpx.Client, comment: SimComment) -> None:
    fields = "id,message,comments.limit(1).order(reverse_chronological){id,message}"
    (post,) = facebook.get(f"/{PAGE}/published_posts", params={"fields": fields}).json()["data"]
    assert [one["message"] for one in post["comments"]["data"]] == ["Encore!"]


def test_pages_newest_first(sim: Simulator, facebook: httpx.Client, post: SimPost) -> None:
    made = _many(sim, post, 25)
    found, pages = _walk(facebook, f"/{post.id}/comments", order="reverse_chronological", limit=10)
    assert found == [one.id for one in reversed(made)]
    assert pages == 3


def test_what_comes_meanwhile_does_not_move_pages(
    sim: Simulator, facebook: httpx.Client, post: SimPost
) -> None:
    made = _many(sim, post, 25)
    sim.faults.shift(FACEBOOK, 4)
    found, _ = _walk(facebook, f"/{post.id}/comments", order="reverse_chronological", limit=10)
    assert found == [one.id for one in reversed(made)]


def test_a_page_may_be_empty_and_yet_not_the_last(
    sim: Simulator, facebook: httpx.Client, post: SimPost
) -> None:
    made = _many(sim, post, 12)
    for one in made[4:9]:
        sim.world.remove(one)
    first = facebook.get(f"/{post.id}/comments", params={"limit": 4}).json()
    second = httpx.get(first["paging"]["next"], trust_env=False, verify=NO_TLS).json()
    assert second["data"] == []
    assert "next" in second["paging"]
    found, _ = _walk(facebook, f"/{post.id}/comments", limit=4)
    assert found == [one.id for one in [*made[:4], *made[9:]]]


def test_the_address_of_the_next_page_holds_the_token(
    sim: Simulator, facebook: httpx.Client, post: SimPost
) -> None:
    _many(sim, post, 3)
    following = facebook.get(f"/{post.id}/comments", params={"limit": 2}).json()["paging"]["next"]
    assert sim.tokens(FACEBOOK).access in following
    assert following.startswith(sim.base_url(FACEBOOK))


def test_page_tokens_do_not_live_for_ever(sim: Simulator, facebook: httpx.Client, post: SimPost) -> None:
    _many(sim, post, 3)
    after = facebook.get(f"/{post.id}/comments", params={"limit": 1}).json()["paging"]["cursors"]["after"]
    sim.faults.forget_pages(FACEBOOK)
    assert _code(facebook.get(f"/{post.id}/comments", params={"after": after})) == (100, None)
    assert _code(facebook.get(f"/{post.id}/comments", params={"after": "!"})) == (100, None)


def test_replies_come_with_filter_stream_only(
    sim: Simulator, facebook: httpx.Client, post: SimPost, comment: SimComment
) -> None:
    reply = sim.world.comment(post, comment.person, "Et encore", parent=comment)
    assert _walk(facebook, f"/{post.id}/comments")[0] == [comment.id]
    assert _walk(facebook, f"/{post.id}/comments", filter="stream")[0] == [comment.id, reply.id]
    assert _walk(facebook, f"/{comment.id}/comments")[0] == [reply.id]


def test_since(sim: Simulator, facebook: httpx.Client, post: SimPost) -> None:
    made = _many(sim, post, 6)
    floor = int(made[3].at.timestamp())
    assert _walk(facebook, f"/{post.id}/comments", since=floor)[0] == [one.id for one in made[3:]]
    text = made[3].at.strftime("%Y-%m-%dT%H:%M:%S+0000")
    assert _walk(facebook, f"/{post.id}/comments", since=text)[0] == [one.id for one in made[3:]]
    assert _code(facebook.get(f"/{post.id}/comments", params={"since": "hier"})) == (100, None)


def test_publications(sim: Simulator, facebook: httpx.Client) -> None:
    old = sim.world.publish(FACEBOOK, "Ancienne", at=START - timedelta(days=40))
    new = sim.world.publish(FACEBOOK, "Nouvelle")
    visitor = sim.world.publish(FACEBOOK, "Bonjour la ville", by=sim.world.person(FACEBOOK, "Ana Roy"))
    walk = [_walk(facebook, f"/{PAGE}/{edge}")[0] for edge in ("published_posts", "visitor_posts", "feed")]
    assert walk[0] == [_own(new.id), _own(old.id)]
    assert walk[1] == [_own(visitor.id)]
    assert len(walk[2]) == 3
    fields = "message,created_time,permalink_url,updated_time,from"
    (first, _) = facebook.get(f"/{PAGE}/published_posts", params={"fields": fields}).json()["data"]
    assert first["message"] == "Nouvelle"
    assert first["permalink_url"] == new.permalink
    assert first["from"]["id"] == PAGE
    assert len(facebook.get(f"/{PAGE}/published_posts", params={"limit": 500}).json()["data"]) == 2


def test_hide_and_show(sim: Simulator, facebook: httpx.Client, comment: SimComment) -> None:
    for value, hidden in (("true", True), ("true", True), ("false", False)):
        answer = facebook.post(f"/{comment.id}", data={"is_hidden": value})
        assert answer.json() == {"success": True}
        assert comment.hidden is hidden
        shown = facebook.get(f"/{comment.id}", params={"fields": "is_hidden"}).json()
        assert shown["is_hidden"] is hidden
    assert [call.did for call in sim.changes(FACEBOOK)] == [f"hidden {comment.id}", f"shown {comment.id}"]
    assert _code(facebook.post(f"/{comment.id}", data={"is_hidden": "oui"})) == (100, None)


def test_some_comments_cannot_be_hidden(
    sim: Simulator, facebook: httpx.Client, post: SimPost, comment: SimComment
) -> None:
    own = sim.world.comment(post, sim.world.cities[FACEBOOK], "Bonjour")
    comment.can_hide = False
    for one in (own, comment):
        assert facebook.get(f"/{one.id}", params={"fields": "can_hide"}).json()["can_hide"] is False
        assert _code(facebook.post(f"/{one.id}", params={"is_hidden": "true"})) == (100, None)
        assert not one.hidden


def test_delete_takes_the_replies_along(
    sim: Simulator, facebook: httpx.Client, post: SimPost, comment: SimComment
) -> None:
    reply = sim.world.comment(post, comment.person, "Et encore", parent=comment)
    assert facebook.delete(f"/{comment.id}").json() == {"success": True}
    assert comment.removed
    assert reply.removed
    for answer in (
        facebook.delete(f"/{comment.id}"),
        facebook.get(f"/{reply.id}"),
        facebook.post(f"/{comment.id}", data={"is_hidden": "true"}),
        facebook.post(f"/{comment.id}/comments", data={"message": "…"}),
    ):
        assert _code(answer) == (100, 33)


def test_reply(sim: Simulator, facebook: httpx.Client, comment: SimComment) -> None:
    made = facebook.post(f"/{comment.id}/comments", json={"message": "Merci"}).json()
    (reply,) = sim.world.replies(comment)
    assert made == {"id": f"{_own(comment.post.id)}_{reply.id}"}
    assert reply.by_city
    under = sim.world.comment(comment.post, comment.person, "De rien", parent=comment)
    facebook.post(f"/{under.id}/comments", data={"message": "À bientôt"})
    # One level is all there is: the answer to a reply stands beside it.
    assert [one.text for one in sim.world.replies(under)] == ["Merci", "À bientôt"]
    assert all(one.parent is comment for one in sim.world.replies(under))
    assert _code(facebook.post(f"/{comment.id}/comments", data={"message": " "})) == (100, None)


def test_message_without_the_edge_edits(sim: Simulator, facebook: httpx.Client, comment: SimComment) -> None:
    own = sim.world.comment(comment.post, sim.world.cities[FACEBOOK], "Bonjour", parent=comment)
    sim.clock.advance(timedelta(minutes=5))
    answer = facebook.post(f"/{own.id}", data={"message": "Merci"})
    assert answer.json() == {"success": True}
    assert (own.text, own.edited_at) == ("Merci", START + timedelta(minutes=5))
    assert _code(facebook.post(f"/{comment.id}", data={"message": "Merci"})) == (200, None)
    assert comment.text == "Encore!"


def test_an_edit_shows_in_the_text_alone(sim: Simulator, facebook: httpx.Client, comment: SimComment) -> None:
    sim.clock.advance(timedelta(hours=2))
    sim.world.edit(comment, "Encore??")
    shown = facebook.get(f"/{comment.id}").json()
    assert (shown["message"], shown["created_time"]) == ("Encore??", "2026-10-05T14:30:00+0000")


def test_ban_and_its_end(sim: Simulator, facebook: httpx.Client, comment: SimComment) -> None:
    who = comment.person.id
    path = f"/{PAGE}/blocked"
    for _ in range(2):
        assert facebook.post(path, json={"user": who}).json() == {who: True}
    assert sim.world.banned(FACEBOOK) == {who}
    assert facebook.get(path, params={"user": who}).json()["data"] == [{"id": who, "name": "Ana Roy"}]
    assert facebook.delete(path, params={"user": who}).json() == {"success": True}
    assert sim.world.banned(FACEBOOK) == set()
    assert facebook.get(path).json()["data"] == []
    assert _code(facebook.post(path, json={"user": "1"})) == (100, None)


def test_several_at_once_are_spoilt_by_one_that_is_gone(
    sim: Simulator, facebook: httpx.Client, post: SimPost
) -> None:
    first, second = _many(sim, post, 2)
    both = {"ids": f"{first.id},{second.id}", "fields": "message"}
    assert facebook.get("/", params=both).json()[second.id]["message"] == "Commentaire 1"
    sim.world.remove(second)
    assert _code(facebook.get("/", params=both)) == (100, 33)


def test_usage_rises_and_who_goes_on_waits_longer(sim: Simulator, facebook: httpx.Client) -> None:
    def usage(answer: httpx.Response) -> dict[str, Any]:
        (values,) = (answer.headers["x-business-use-case-usage"],)
        (entry,) = httpx.Response(200, text=values).json()[PAGE]
        return dict(entry)

    sim.quota(FACEBOOK, limit=10)
    seen = [usage(facebook.get("/me")) for _ in range(10)]
    assert [one["call_count"] for one in seen] == [10 * number for number in range(1, 11)]
    assert {one["type"] for one in seen} == {"pages"}
    assert {one["estimated_time_to_regain_access"] for one in seen} == {0}
    waits = []
    for _ in range(2):
        answer = facebook.get("/me")
        assert _code(answer) == (80001, None)
        waits.append(usage(answer)["estimated_time_to_regain_access"])
    assert waits == [61, 62]
    sim.clock.advance(timedelta(minutes=62))
    assert usage(facebook.get("/me"))["call_count"] == 10
    sim.quota(FACEBOOK, left=1)
    assert [facebook.get("/me").status_code for _ in range(2)] == [200, 400]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault.TRANSIENT, 500, (2, None)),
        (Fault.RATE_LIMITED, 400, (80001, None)),
        (Fault.TOKEN_EXPIRED, 400, (190, 463)),
        (Fault.PERMISSION, 403, (200, None)),
        (Fault.BLOCKED, 400, (368, None)),
        (Fault.GONE, 400, (100, 33)),
    ],
)
def test_documented_errors(
    sim: Simulator, facebook: httpx.Client, fault: Fault, status: int, code: tuple[int, int | None]
) -> None:
    sim.faults.next(FACEBOOK, "GET", "/me", fault)
    answer = facebook.get("/me")
    assert answer.status_code == status
    assert _code(answer) == code
    assert facebook.get("/me").status_code == 200


def test_what_does_not_exist(facebook: httpx.Client, comment: SimComment) -> None:
    assert _code(facebook.get("/123")) == (100, 33)
    assert _code(facebook.get(f"/{comment.id}/colours")) == (2500, None)
    assert _code(facebook.get("/a/b/c")) == (2500, None)
    assert re.fullmatch(r"\d+", comment.id)
