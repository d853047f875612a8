"""Decisions read back as lessons, and which learned layer is in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.domain.ids import StaffId
from console.domain.messages import Channel
from console.services.learning_ports import StoredLayer
from tests.builders import NOW, DeskFile, desk_file, finding, judged, message, verdict


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskFile]:
    with desk_file(tmp_path / "vigie.db") as opened:
        yield opened


def layer(number: int, **changes: object) -> StoredLayer:
    body = f"couche {number}".encode()
    made = StoredLayer(
        hashlib.sha256(body).hexdigest(),
        body,
        "{}",
        "1.0+abc",
        50,
        NOW - timedelta(days=30),
        NOW,
        NOW + timedelta(minutes=number),
        StaffId("a" * 32),
    )
    return replace(made, **changes)


def adopt(desk: DeskFile, *layers: StoredLayer) -> None:
    with desk.db.write() as work:
        for each in layers:
            work.put_layer(each)
            work.adopt_layer(each.id, NOW, desk.actor().staff.id)


def test_a_decision_is_read_with_the_text_and_findings_it_was_made_on(desk: DeskFile) -> None:
    posted = message("Bande de nouilles", post_external_id="p", post_text="Travaux rue Lindsay")
    (case,) = desk.take_in(judged(posted, verdict(finding("insult"), finding("aggression"))))
    made = desk.decide(case, Action.HIDE, rules=("insult",))
    (read,) = desk.db.reads.judgements(10)
    assert (read.message, read.text, read.parent) == (case, "Bande de nouilles", "Travaux rue Lindsay")
    assert (read.channel, read.actor, read.at) == (Channel.COMMENT, made.actor, made.at)
    assert (read.actions, read.rules, read.found) == ((Action.HIDE,), ("insult",), ("insult", "aggression"))


def test_an_undone_decision_is_no_lesson_and_the_newest_counts(desk: DeskFile) -> None:
    first, second, third = desk.take_in("un", "deux", "trois")
    desk.undo(desk.decide(first))
    desk.decide(second)
    desk.clock.advance(timedelta(minutes=1))
    desk.decide(second, Action.KEEP, rules=())
    desk.decide(third)
    read = {each.message: each.actions for each in desk.db.reads.judgements(10)}
    assert read == {second: (Action.KEEP,), third: (Action.HIDE,)}
    assert len(desk.db.reads.judgements(1)) == 1


def test_the_text_is_that_of_the_decision_also_after_an_edit(desk: DeskFile) -> None:
    posted = message("Bande de nouilles")
    (case,) = desk.take_in(posted)
    desk.decide(case)
    with desk.db.write() as work:
        work.take_in([judged(replace(posted, text="Belle journée"))], NOW)
    assert [each.text for each in desk.db.reads.judgements(10)] == ["Bande de nouilles"]


def test_linked_people_have_one_number(desk: DeskFile) -> None:
    one, other = desk.take_in(message("a", author_external_id="x"), message("b", author_external_id="y"))
    people = [desk.db.reads.rows([each])[0].author_id for each in (one, other)]
    with desk.db.write() as work:
        work.link_people(people[0], people[1])
    desk.decide(one)
    desk.decide(other)
    assert len({each.author for each in desk.db.reads.judgements(10)}) == 1


def test_disputes_are_found_with_their_message(desk: DeskFile) -> None:
    (case,) = desk.take_in("Ça sent drôle")
    with desk.db.write() as work:
        work.append(desk.event("finding.disputed", case, {"rule": "obscenity", "reason": "une ferme"}))
        work.append(desk.event("finding.disputed", "0" * 32, {"rule": "obscenity"}))
        work.append(desk.event("finding.disputed", case, {"reason": "sans règle"}))
        work.append(desk.event("note.added", case, {"rule": "obscenity"}))
    (read,) = desk.db.reads.disputes(10)
    assert (read.message, read.rule, read.text) == (case, "obscenity", "Ça sent drôle")
    assert read.actor == desk.actor().staff.id


def test_adoptions_are_a_stack(desk: DeskFile) -> None:
    assert desk.db.reads.layer_in_force() is None
    one, two = layer(1), layer(2)
    adopt(desk, one, two)
    assert desk.db.reads.layer_in_force() == (two.id, two.body)
    by = desk.actor().staff.id
    for expected in (one.id, None):
        with desk.db.write() as work:
            work.withdraw_layer(NOW, by)
            assert work.layer_now() == expected
    assert desk.db.reads.layer_in_force() is None
    assert [each.withdrawn_by for each in desk.db.reads.adoptions()] == [by, by]
    adopt(desk, two)
    assert [each.layer for each in desk.db.reads.adoptions()] == [two.id, two.id, one.id]


def test_a_layer_of_the_same_content_is_kept_once(desk: DeskFile) -> None:
    with desk.db.write() as work:
        work.put_layer(layer(1))
        work.put_layer(layer(1, decisions=60))
    assert [each.decisions for each in desk.db.reads.layers()] == [60]


def test_only_what_was_never_adopted_is_forgotten(desk: DeskFile) -> None:
    adopt(desk, layer(1), layer(2))
    with desk.db.write() as work:
        work.withdraw_layer(NOW, desk.actor().staff.id)
        for number in (3, 4, 5):
            work.put_layer(layer(number))
        work.forget_layers([layer(5).id])
    assert [each.id for each in desk.db.reads.layers()] == [layer(number).id for number in (5, 2, 1)]


def test_damage_on_the_disk_is_read_as_it_is(desk: DeskFile) -> None:
    adopt(desk, layer(1, figures="{pas du JSON", body=b"\xff\x00"))
    assert desk.db.reads.layer_in_force() == (layer(1).id, b"\xff\x00")
    assert desk.db.reads.layers()[0].figures == "{pas du JSON"
