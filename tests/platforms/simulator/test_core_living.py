"""The city that lives by a seed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from console.clock import FixedClock
from console.domain.messages import FACEBOOK, INSTAGRAM
from console.platforms.simulator.city_life import KINDS, PLATFORMS, words
from console.platforms.simulator.living import Living
from console.platforms.simulator.running import Simulator
from console.platforms.simulator.things import SimComment
from tests.platforms.simulator.conftest import START

END = START + timedelta(days=2)


def _lived(seed: int = 7, steps: int = 1, until: timedelta = timedelta(days=2)) -> Simulator:
    sim = Simulator(FixedClock(START + until))
    living = Living(sim.world, seed, START, per_hour=20)
    for step in range(1, steps + 1):
        living.advance(START + until * step / steps)
    return sim


def _comments(sim: Simulator) -> list[SimComment]:
    return [one for name in sim.platforms for one in sim.world.comments(name, removed=True)]


def _told(sim: Simulator) -> list[tuple[Any, ...]]:
    comments = [
        (one.platform, one.id, one.person.id, one.text, one.at, one.edited_at, one.removed, one.picture)
        for one in _comments(sim)
    ]
    return comments + [(m.id, m.text, m.at) for name in sim.platforms for m in sim.world.messages(name)]


@pytest.fixture(scope="module")
def two_days() -> Simulator:
    return _lived()


def test_only_the_seed_decides(two_days: Simulator) -> None:
    assert _told(_lived(steps=97)) == _told(two_days)
    assert _told(_lived(seed=8)) != _told(two_days)


def test_everything_happens(two_days: Simulator) -> None:
    comments = _comments(two_days)
    assert {one.platform for one in comments} == set(two_days.platforms) == set(PLATFORMS)
    assert all(START < one.at <= END for one in comments)
    assert any(one.edited_at is not None for one in comments)
    assert any(one.removed for one in comments)
    assert any(one.parent is not None for one in comments)
    assert any(one.picture is not None and "~" in one.picture for one in comments)
    assert two_days.world.messages(FACEBOOK)
    assert two_days.world.messages(INSTAGRAM)
    assert not any("{" in one.text for one in comments)


def test_floods_and_raids() -> None:
    sim = Simulator(FixedClock(END))
    living = Living(sim.world, 3, START, per_hour=0.001)
    living.plan_flood(START + timedelta(hours=1))
    living.plan_raid(START + timedelta(hours=2))
    living.advance(START + timedelta(hours=3))
    flood = [one for one in _comments(sim) if one.at < START + timedelta(hours=2)]
    raid = [one for one in _comments(sim) if one.at >= START + timedelta(hours=2)]
    assert Counter(one.person for one in flood) == {flood[0].person: 20}
    assert len({one.text.removeprefix("@villeessai ") for one in flood}) == 1
    assert len({one.person for one in raid}) >= 15
    assert raid[-1].at - raid[0].at < timedelta(minutes=1)
    assert len({one.post for one in raid}) == 1


def test_who_is_banned_falls_silent_and_all_others_go_on() -> None:
    free, quieter = _lived(until=timedelta(0)), _lived(until=timedelta(0))
    for sim, ban in ((free, False), (quieter, True)):
        living = Living(sim.world, 5, START, per_hour=60)
        if ban:
            loud = sim.world.person(FACEBOOK, "Ana Roy")
            sim.world.banned(FACEBOOK).add(loud.id)
        living.advance(START + timedelta(days=1))
    loud_texts = [one for one in free.world.comments(FACEBOOK) if one.person.name == "Ana Roy"]
    assert loud_texts
    assert not [one for one in quieter.world.comments(FACEBOOK) if one.person.name == "Ana Roy"]
    others = [
        {(one.person.name, one.text) for one in _comments(sim) if one.person.name != "Ana Roy"}
        for sim in (free, quieter)
    ]
    assert len(others[0] ^ others[1]) < len(others[0]) / 10


def test_some_answer_what_the_city_writes_in_private() -> None:
    sim = Simulator(FixedClock(START))
    living = Living(sim.world, 7, START, per_hour=0.001)
    people = [sim.world.person(FACEBOOK, f"Personne {number}") for number in range(20)]
    for person in people:
        sim.world.send(person, "Votre commentaire a été masqué.")
    living.advance(START)
    living.advance(START + timedelta(minutes=15))
    answered = [one for one in sim.world.conversations(FACEBOOK) if one.last_inbound_at is not None]
    assert 3 <= len(answered) <= 17
    assert all(one.last_inbound_at is not None and one.last_inbound_at > START for one in answered)


def test_the_words() -> None:
    said = words()
    assert set(said["comments"]) == set(KINDS)
    texts = [text for kind in said["comments"].values() for text in kind]
    assert len(texts) == len(set(texts)) >= 250
    assert len(set(said["people"])) == len(said["people"]) >= 50
    assert sum(PLATFORMS.values()) == sum(KINDS.values()) == 100
