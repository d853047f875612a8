"""What goes wrong on purpose, and the record of what came in, over real HTTP."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import timedelta

import httpx
import pytest

from console.clock import FixedClock
from console.domain.messages import FACEBOOK, INSTAGRAM, YOUTUBE
from console.platforms.simulator.faults import PASSING, Fault
from console.platforms.simulator.running import Simulator, running
from console.platforms.simulator.things import SimComment
from tests.platforms.simulator.conftest import NO_TLS, START, client_of


def _comment(sim: Simulator) -> SimComment:
    post = sim.world.publish(FACEBOOK, "La piscine ouvre demain.")
    return sim.world.comment(post, sim.world.person(FACEBOOK, "Ana Roy"), "À quelle heure?")


def test_an_answer_that_is_lost_was_done(sim: Simulator, facebook: httpx.Client) -> None:
    comment = _comment(sim)
    sim.faults.next(FACEBOOK, "POST", "/*/comments", Fault.ANSWER_LOST)
    with pytest.raises(httpx.TransportError):
        facebook.post(f"/{comment.id}/comments", data={"message": "À 10 h."})
    assert [one.text for one in sim.world.replies(comment)] == ["À 10 h."]
    (call,) = sim.calls
    assert (call.status, call.fault) == (0, Fault.ANSWER_LOST)
    assert call.did.startswith("reply ")


@pytest.mark.parametrize("fault", [Fault.REFUSED_CONNECTION, Fault.SERVER_ERROR, Fault.TRANSIENT])
def test_what_failed_before_was_not_done(sim: Simulator, facebook: httpx.Client, fault: Fault) -> None:
    comment = _comment(sim)
    sim.faults.next(FACEBOOK, "POST", "*", fault)
    try:
        status = facebook.post(f"/{comment.id}/comments", data={"message": "À 10 h."}).status_code
    except httpx.TransportError:
        status = 0
    assert status == (0 if fault is Fault.REFUSED_CONNECTION else 500)
    assert sim.world.replies(comment) == []
    assert sim.changes(FACEBOOK) == []
    assert facebook.post(f"/{comment.id}/comments", data={"message": "À 10 h."}).status_code == 200


def test_garbage_is_done_and_cannot_be_read(sim: Simulator, facebook: httpx.Client) -> None:
    comment = _comment(sim)
    sim.faults.next(FACEBOOK, "POST", "*", Fault.GARBAGE)
    answer = facebook.post(f"/{comment.id}", data={"is_hidden": "true"})
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert comment.hidden


def test_the_slow_answer_comes_after_the_effect(sim: Simulator, facebook: httpx.Client) -> None:
    comment = _comment(sim)
    sim.faults.next(FACEBOOK, "POST", "*", Fault.SLOW, delay=60)
    with pytest.raises(httpx.ReadTimeout):
        facebook.post(f"/{comment.id}", data={"is_hidden": "true"}, timeout=0.2)
    assert comment.hidden
    # And what waits does not hold the end of the simulator back: the fixture stops it at once.


def test_a_fault_waits_for_its_call(sim: Simulator, facebook: httpx.Client) -> None:
    sim.faults.next(FACEBOOK, "GET", "/me/*", Fault.BLOCKED, times=2)
    assert facebook.get("/me").status_code == 200
    assert sim.faults.left == 2
    assert [facebook.get("/me/accounts").json()["error"]["code"] for _ in range(2)] == [368, 368]
    assert sim.faults.left == 0
    sim.faults.next(INSTAGRAM, "*", "*", Fault.BLOCKED)
    assert facebook.get("/me").status_code == 200


def test_a_redirect_leads_elsewhere(sim: Simulator, facebook: httpx.Client) -> None:
    sim.faults.next(FACEBOOK, "GET", "*", Fault.REDIRECT)
    answer = facebook.get("/me")
    assert answer.status_code == 302
    assert answer.headers["location"] == "https://ailleurs.example/"


def test_nothing_listens_while_it_is_down_and_the_state_stays(sim: Simulator, facebook: httpx.Client) -> None:
    comment = _comment(sim)
    with sim.down(), pytest.raises(httpx.ConnectError):
        facebook.get("/me")
    assert facebook.get(f"/{comment.id}").json()["message"] == "À quelle heure?"


def test_the_same_seed_goes_wrong_at_the_same_calls() -> None:
    def run() -> list[Fault | None]:
        with running(clock=FixedClock(START)) as sim, client_of(sim, FACEBOOK) as client:
            sim.faults.at_random(rate=0.3, seed=5)
            for _ in range(30):
                with suppress(httpx.TransportError):
                    client.get("/me")
            return [call.fault for call in sim.calls]

    first = run()
    assert first == run()
    assert {fault for fault in first if fault is not None} <= set(PASSING)
    assert 3 < sum(fault is not None for fault in first) < 20


def test_people_write_while_pages_are_read(sim: Simulator, facebook: httpx.Client) -> None:
    comment = _comment(sim)
    sim.faults.shift(FACEBOOK, 3)
    facebook.get(f"/{comment.post.id}/comments")
    assert len(comment.post.comments) == 4
    facebook.get(f"/{comment.id}")
    assert len(comment.post.comments) == 4


def test_the_clock_goes_on_by_itself_and_can_be_moved() -> None:
    with running() as sim:
        first = sim.clock.now()
        sim.clock.advance(timedelta(days=1))
        assert sim.clock.now() >= first + timedelta(days=1)
        sim.clock.set(START)
        assert timedelta() <= sim.clock.now() - START < timedelta(minutes=1)
    still = FixedClock(START)
    with running(clock=still) as sim:
        still.advance(timedelta(hours=1))
        assert sim.clock.now() == START + timedelta(hours=1)


def test_many_clients_at_once_lose_nothing(sim: Simulator) -> None:
    comment = _comment(sim)

    def reply(mark: int) -> None:
        with client_of(sim, FACEBOOK) as client:
            for turn in range(5):
                client.post(f"/{comment.id}/comments", data={"message": f"{mark}/{turn}"})

    threads = [threading.Thread(target=reply, args=(mark,)) for mark in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = [one.text for one in sim.world.replies(comment)]
    assert sorted(texts) == sorted(f"{mark}/{turn}" for mark in range(6) for turn in range(5))
    assert len({one.id for one in sim.world.comments(FACEBOOK)}) == 31


def test_pictures_are_drawn_from_their_name(sim: Simulator) -> None:
    def picture(name: str) -> bytes:
        answer = httpx.get(f"{sim.root}/images/{name}.png", trust_env=False, verify=NO_TLS)
        assert answer.headers["content-type"] == "image/png"
        assert answer.content[:4] == b"\x89PNG"
        return answer.content

    assert picture("affiche") == picture("affiche")
    assert len({picture("affiche"), picture("affiche~2"), picture("autre")}) == 3


def test_what_is_nowhere_is_not_found(sim: Simulator) -> None:
    assert httpx.get(f"{sim.root}/nulle-part", trust_env=False, verify=NO_TLS).status_code == 404


def test_everything_that_a_connection_needs(sim: Simulator) -> None:
    for platform in sim.platforms:
        connection = sim.connection(platform)
        assert connection.base_url == sim.base_url(platform)
        assert connection.platform == platform
        assert connection.external_id
        assert sim.tokens(platform).access
        assert sim.app(platform).client_id
    assert sim.connection(INSTAGRAM).settings["page_id"] == sim.connection(FACEBOOK).external_id
    assert YOUTUBE not in sim.platforms or sim.base_url(YOUTUBE).endswith("/youtube")
