"""The wall: what the public sees, and what a person does there by hand."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from console.domain.messages import FACEBOOK, YOUTUBE, Platform
from console.platforms.simulator.running import Simulator, running
from console.platforms.simulator.things import SimComment
from tests.platforms.simulator.conftest import NO_TLS


@pytest.fixture
def comment(sim: Simulator) -> SimComment:
    post = sim.world.publish(FACEBOOK, "Bonjour <b>")
    return sim.world.comment(post, sim.world.person(FACEBOOK, "Ana Roy"), "Encore!", picture="trou")


def _state(sim: Simulator, platform: Platform) -> dict[str, Any]:
    answer = httpx.get(f"{sim.root}/mur/etat", trust_env=False, verify=NO_TLS)
    (found,) = [one for one in answer.json()["platforms"] if one["platform"] == platform]
    return dict(found)


def _by_hand(sim: Simulator, **asked: str) -> int:
    url = f"{sim.root}/mur/geste"
    return httpx.post(url, json=asked, trust_env=False, verify=NO_TLS).status_code


def test_the_page_needs_nothing_from_elsewhere(sim: Simulator) -> None:
    answer = httpx.get(f"{sim.root}/mur", trust_env=False, verify=NO_TLS)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'lang="fr-CA"' in answer.text
    assert "http" not in answer.text
    assert "masqué" in answer.text


def test_what_the_public_sees(sim: Simulator, comment: SimComment) -> None:
    reply = sim.world.comment(comment.post, sim.world.cities[FACEBOOK], "Désolés", parent=comment)
    gone = sim.world.comment(comment.post, comment.person, "Oups")
    sim.world.remove(gone)
    comment.hidden = True
    sim.world.banned(FACEBOOK).add(comment.person.id)
    (post,) = _state(sim, FACEBOOK)["posts"]
    assert post["text"] == "Bonjour <b>"
    (shown,) = post["comments"]
    assert shown["id"] == comment.id
    assert (shown["author"], shown["text"]) == ("Ana Roy", "Encore!")
    assert (shown["hidden"], shown["banned"], shown["by_city"], shown["edited"]) == (True, True, False, False)
    assert shown["picture"] == "/images/trou.png"
    (answer,) = shown["replies"]
    assert (answer["id"], answer["by_city"], answer["banned"]) == (reply.id, True, False)


def test_held_back_by_youtube(sim: Simulator) -> None:
    post = sim.world.publish(YOUTUBE, "Vidéo")
    person = sim.world.person(YOUTUBE, "Ana Roy")
    held, rejected = (sim.world.comment(post, person, text) for text in ("Retenu", "Rejeté"))
    held.status, rejected.status = "heldForReview", "rejected"
    (shown,) = _state(sim, YOUTUBE)["posts"][0]["comments"]
    assert (shown["text"], shown["hidden"]) == ("Retenu", True)
    assert _by_hand(sim, platform=YOUTUBE, id=held.id, act="unhide") == 204
    assert held.status == "published"
    assert _by_hand(sim, platform=YOUTUBE, id=held.id, act="hide") == 204
    assert held.status == "heldForReview"


def test_private_messages(sim: Simulator) -> None:
    person = sim.world.person(FACEBOOK, "Ana Roy")
    sim.world.message(FACEBOOK, person, "Bonjour?")
    sim.world.send(person, "Bonjour!")
    (talk,) = _state(sim, FACEBOOK)["conversations"]
    assert [(one["text"], one["by_city"]) for one in talk["messages"]] == [
        ("Bonjour?", False),
        ("Bonjour!", True),
    ]


def test_acts_by_hand(sim: Simulator, comment: SimComment) -> None:
    asked = {"platform": FACEBOOK, "id": comment.id}
    assert _by_hand(sim, **asked, act="hide") == 204
    assert comment.hidden
    assert _by_hand(sim, **asked, act="unhide") == 204
    assert not comment.hidden
    assert _by_hand(sim, **asked, act="ban") == 204
    assert sim.world.banned(FACEBOOK) == {comment.person.id}
    assert _by_hand(sim, **asked, act="unban") == 204
    assert sim.world.banned(FACEBOOK) == set()
    assert _by_hand(sim, **asked, act="report") == 204
    assert _state(sim, FACEBOOK)["posts"][0]["comments"][0]["reported"] is True
    assert _by_hand(sim, **asked, act="delete") == 204
    assert comment.removed
    assert _by_hand(sim, **asked, act="delete") == 404


def test_what_is_not_an_act(sim: Simulator, comment: SimComment) -> None:
    url = f"{sim.root}/mur/geste"
    asked = {"platform": FACEBOOK, "id": comment.id, "act": "hide"}
    assert _by_hand(sim, platform=FACEBOOK, id=comment.id, act="sing") == 400
    assert _by_hand(sim, id=comment.id) == 400
    assert httpx.post(url, data=asked, trust_env=False, verify=NO_TLS).status_code == 400
    assert httpx.get(url, params=asked, trust_env=False, verify=NO_TLS).status_code == 400
    message = sim.world.message(FACEBOOK, comment.person, "Bonjour")
    assert _by_hand(sim, platform=FACEBOOK, id=message.id, act="hide") == 404
    assert not comment.hidden


def test_links_lead_to_the_wall_when_asked(sim: Simulator) -> None:
    assert sim.world.publish(FACEBOOK, "Bonjour").permalink.startswith("https://www.facebook.com/")
    with running(links_to_wall=True) as other:
        post = other.world.publish(FACEBOOK, "Bonjour")
        assert post.permalink == f"{other.root}/mur#facebook-{post.id}"
