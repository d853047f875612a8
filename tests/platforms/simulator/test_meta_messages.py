"""Private messages of Facebook and Instagram: windows, the one private reply, the twenty newest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from console.domain.messages import FACEBOOK, INSTAGRAM, Platform
from console.platforms.simulator.running import Simulator
from console.platforms.simulator.things import SimComment, SimPerson
from tests.platforms.simulator.conftest import NO_TLS, client_of

PAGE = "100200300400500"
SEND = f"/{PAGE}/messages"
BOTH = pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM])


def _code(answer: httpx.Response) -> tuple[int, int | None]:
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


def _comment(sim: Simulator, platform: Platform) -> SimComment:
    post = sim.world.publish(platform, "Bonjour")
    return sim.world.comment(post, sim.world.person(platform, "Ana Roy"), "Encore!")


def _privately(comment: SimComment, text: str = "Bonjour") -> dict[str, Any]:
    return {"recipient": {"comment_id": comment.id}, "message": {"text": text}}


def _to(person: SimPerson, text: str = "Bonjour") -> dict[str, Any]:
    return {"recipient": {"id": person.id}, "messaging_type": "RESPONSE", "message": {"text": text}}


@BOTH
def test_one_private_reply_for_each_comment(sim: Simulator, platform: Platform) -> None:
    comment = _comment(sim, platform)
    with client_of(sim, platform) as client:
        answer = client.post(SEND, json=_privately(comment))
        (sent,) = sim.world.sent(comment.person)
        assert answer.json() == {"recipient_id": comment.person.id, "message_id": sent.id}
        assert comment.private_reply is sent
        assert _code(client.post(SEND, json=_privately(comment))) == (10900, None)
        # It opens no window: that only the person does, by answering.
        assert _code(client.post(SEND, json=_to(comment.person)))[0] == 10
        sim.world.message(platform, comment.person, "Merci")
        assert client.post(SEND, json=_to(comment.person)).status_code == 200
    assert len(sim.world.sent(comment.person)) == 2


def test_a_private_reply_within_seven_days(sim: Simulator, facebook: httpx.Client) -> None:
    comment = _comment(sim, FACEBOOK)
    fields = {"fields": "can_reply_privately"}
    sim.clock.advance(timedelta(days=7))
    assert facebook.get(f"/{comment.id}", params=fields).json()["can_reply_privately"] is True
    sim.clock.advance(timedelta(seconds=1))
    assert facebook.get(f"/{comment.id}", params=fields).json()["can_reply_privately"] is False
    assert _code(facebook.post(SEND, json=_privately(comment))) == (10, 2018278)
    assert sim.world.sent(comment.person) == []


def test_as_a_form_too(sim: Simulator, facebook: httpx.Client) -> None:
    comment = _comment(sim, FACEBOOK)
    form = {"recipient": f'{{"comment_id":"{comment.id}"}}', "message": '{"text":"Bonjour"}'}
    assert facebook.post(SEND, data=form).status_code == 200
    assert _code(facebook.post(SEND, data={"recipient": "x", "message": "y"})) == (100, None)
    assert _code(facebook.post(SEND, json={})) == (100, None)


@pytest.mark.parametrize(("platform", "subcode"), [(FACEBOOK, 2018278), (INSTAGRAM, 2534022)])
def test_the_window_of_a_day(sim: Simulator, platform: Platform, subcode: int) -> None:
    person = sim.world.person(platform, "Ana Roy")
    sim.world.message(platform, person, "Bonjour?")
    with client_of(sim, platform) as client:
        sim.clock.advance(timedelta(hours=24))
        assert client.post(SEND, json=_to(person)).status_code == 200
        sim.clock.advance(timedelta(seconds=1))
        assert _code(client.post(SEND, json=_to(person))) == (10, subcode)
        agent = {**_to(person), "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        assert client.post(SEND, json=agent).status_code == 200
        sim.clock.advance(timedelta(days=7))
        assert _code(client.post(SEND, json=agent)) == (10, subcode)
    assert len(sim.world.sent(person)) == 2


def test_who_cannot_be_reached(sim: Simulator, facebook: httpx.Client) -> None:
    person = sim.world.person(FACEBOOK, "Ana Roy")
    sim.world.message(FACEBOOK, person, "Bonjour?")
    person.unavailable = True
    assert _code(facebook.post(SEND, json=_to(person))) == (551, 1545041)
    nobody = {"recipient": {"id": "1"}, "message": {"text": "Bonjour"}}
    assert _code(facebook.post(SEND, json=nobody)) == (100, 2018001)


@pytest.mark.parametrize(
    ("platform", "fits", "more"), [(FACEBOOK, "é" * 2_000, "e"), (INSTAGRAM, "é" * 500, "e")]
)
def test_length(sim: Simulator, platform: Platform, fits: str, more: str) -> None:
    person = sim.world.person(platform, "Ana Roy")
    sim.world.message(platform, person, "Bonjour?")
    with client_of(sim, platform) as client:
        assert client.post(SEND, json=_to(person, fits)).status_code == 200
        assert _code(client.post(SEND, json=_to(person, fits + more))) == (100, None)
        assert _code(client.post(SEND, json=_to(person, " "))) == (100, None)


@pytest.mark.parametrize(
    ("platform", "name", "other"),
    [(FACEBOOK, "messenger", "instagram"), (INSTAGRAM, "instagram", "messenger")],
)
def test_conversations_the_latest_first(sim: Simulator, platform: Platform, name: str, other: str) -> None:
    people = [sim.world.person(platform, who) for who in ("Ana Roy", "Léo Cyr")]
    for person in people:
        sim.world.message(platform, person, f"Bonjour de {person.name}")
        sim.clock.advance(timedelta(hours=1))
    sim.world.message(platform, people[0], "Toujours là?")
    with client_of(sim, platform) as client:
        path = f"/{PAGE}/conversations"
        rows = client.get(path, params={"platform": name}).json()["data"]
        assert [row["updated_time"] for row in rows] == [
            "2026-10-05T16:30:00+0000",
            "2026-10-05T15:30:00+0000",
        ]
        assert client.get(path, params={"platform": other}).json()["data"] == []
        first = client.get(f"/{rows[0]['id']}", params={"fields": "messages"}).json()
        newest, oldest = first["messages"]["data"]
        assert set(newest) == {"id", "created_time"}
        wanted = {"fields": "id,created_time,from,to,message,reply_to"}
        shown = client.get(f"/{oldest['id']}", params=wanted).json()
        assert shown["message"] == "Bonjour de Ana Roy"
        assert shown["from"]["id"] == people[0].id
        assert shown["to"]["data"][0]["id"] == sim.world.cities[platform].id
        only = client.get(path, params={"platform": name, "user_id": people[1].id}).json()["data"]
        assert [row["id"] for row in only] == [rows[1]["id"]]


def test_only_the_twenty_newest_are_told(sim: Simulator, facebook: httpx.Client) -> None:
    person = sim.world.person(FACEBOOK, "Ana Roy")
    made = [sim.world.message(FACEBOOK, person, f"Message {number}") for number in range(26)]
    conversation = made[0].conversation.id
    path: str | None = f"/{conversation}?fields=messages.limit(10){{id,message}}"
    rows: list[dict[str, Any]] = []
    body = facebook.get(path).json()["messages"]
    while True:
        rows += body["data"]
        if "next" not in body["paging"]:
            break
        body = httpx.get(body["paging"]["next"], trust_env=False, verify=NO_TLS).json()
    assert [row["id"] for row in rows] == [one.id for one in reversed(made)]
    assert [row.get("message") for row in rows] == [one.text for one in reversed(made[6:])] + [None] * 6
    assert facebook.get(f"/{made[6].id}").status_code == 200
    assert _code(facebook.get(f"/{made[5].id}")) == (100, 33)


def test_a_message_that_was_taken_back(sim: Simulator, facebook: httpx.Client) -> None:
    person = sim.world.person(FACEBOOK, "Ana Roy")
    first = sim.world.message(FACEBOOK, person, "Bonjour", picture="trou")
    second = sim.world.message(FACEBOOK, person, "Oups")
    sim.world.remove(second)
    rows = facebook.get(f"/{first.conversation.id}/messages", params={"fields": "message,attachments"}).json()
    (row,) = rows["data"]
    assert row["attachments"]["data"][0]["image_data"]["url"] == f"{sim.root}/images/trou.png"
    assert _code(facebook.get(f"/{second.id}")) == (100, 33)


def test_moderating_conversations_on_instagram_answers_a_word(
    sim: Simulator, instagram: httpx.Client
) -> None:
    person = sim.world.person(INSTAGRAM, "Ana Roy")
    asked = {"user_ids": [{"id": person.id}], "actions": ["block_user"]}
    path = f"/{PAGE}/moderate_conversations"
    assert _code(instagram.post(path, json=asked)) == (100, None)
    assert sim.world.banned(INSTAGRAM) == set()
    sim.world.message(INSTAGRAM, person, "Bonjour")
    assert instagram.post(path, json=asked).json() == {"success": "true"}
    assert sim.world.banned(INSTAGRAM) == {person.id}
    instagram.post(path, json={**asked, "actions": ["unblock_user"]})
    assert sim.world.banned(INSTAGRAM) == set()


def test_moderating_conversations_on_facebook(sim: Simulator, facebook: httpx.Client) -> None:
    person = sim.world.person(FACEBOOK, "Ana Roy")
    sim.world.message(FACEBOOK, person, "Bonjour")
    path = f"/{PAGE}/moderate_conversations"

    def moderate(*actions: str) -> httpx.Response:
        return facebook.post(path, json={"user_ids": [{"id": person.id}], "actions": list(actions)})

    assert moderate("BAN_USER", "MOVE_TO_SPAM").json() == {"success": True}
    assert sim.world.banned(FACEBOOK) == {person.id}
    moderate("UNBAN_USER", "BLOCK_USER")
    assert sim.world.banned(FACEBOOK) == set()
    assert _code(facebook.post(SEND, json=_to(person))) == (551, 1545041)
    moderate("UNBLOCK_USER")
    assert facebook.post(SEND, json=_to(person)).status_code == 200
    assert _code(moderate("WAVE")) == (100, None)
