"""Desks without a line: one file from desk to desk, in any order, twice, and on to the hub."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.errors import CancelledError, ConflictError, PermissionDeniedError
from console.services.carry_ports import CarryReport
from console.services.rows import HistoryFilter
from tests.hub.conftest import Hub
from tests.hub.desks import Seat, seat
from tests.hub.model import state_of

Open = Callable[[str], Seat]


@pytest.fixture
def sit(hub: Hub, tmp_path: Path) -> Iterator[Open]:
    """Opens a desk that has joined as the login given."""
    with ExitStack() as stack:
        yield lambda login: seat(stack, hub, tmp_path / login, login)


@pytest.fixture
def met(sit: Open) -> tuple[Seat, Seat]:
    """Two desks that have met once, so that each has the other's key; no line from here on."""
    one, other = sit("marie"), sit("noah")
    for each in (one, other, one):
        each.sync()
    return one, other


def out(one: Seat, to: Path, **options: Any) -> Path:
    """Carry out into a folder."""
    report = one.services.sharing.carry_out(one.moderator, to, **options)
    assert report.file is not None
    return report.file


def take(one: Seat, file: Path) -> CarryReport:
    """Carry in."""
    return one.services.sharing.carry_in(one.moderator, file)


def statuses(hub: Hub) -> list[tuple[str, str]]:
    """What the hub said of the events about cases, in its order."""
    rows = hub.admin().execute(
        "SELECT kind, status FROM vigie.event WHERE kind LIKE 'decision.%' ORDER BY seq"
    )
    return [(row[0], row[1]) for row in rows]


def test_a_case_travels_with_its_text_its_decision_and_its_note(
    met: tuple[Seat, Seat], tmp_path: Path
) -> None:
    marie, noah = met
    message = marie.receive("m1", text="Gang de pourris")
    marie.services.queue.add_note(marie.moderator, message, "Déjà vu hier.")
    marie.decide(message, Action.HIDE, Action.WARN)
    file = out(marie, tmp_path)
    assert file.name == "vigie-poste-de-marie-2026-11-20.vigie"
    report = take(noah, file)
    assert (report.desk_name, report.messages, report.known, report.own) == ("Poste de marie", 1, 0, 0)
    assert report.gaps == ()
    seen = noah.detail(message)
    assert (seen.state, seen.message.text) == (CaseState.DECIDED, "Gang de pourris")
    assert [note.text for note in seen.notes] == ["Déjà vu hier."]
    (line,) = noah.services.history.page(noah.moderator, HistoryFilter()).rows
    assert (line.decided_by, line.actions) == ("Marie", (Action.WARN, Action.HIDE))


def test_a_file_taken_twice_or_by_its_own_desk_changes_nothing(
    met: tuple[Seat, Seat], tmp_path: Path
) -> None:
    marie, noah = met
    message = marie.receive("m1")
    marie.services.queue.add_note(marie.moderator, message, "Une note.")
    marie.decide(message, Action.HIDE)
    file = out(marie, tmp_path)
    first = take(noah, file)
    before = state_of(noah)
    again = take(noah, file)
    assert (again.messages, again.events, again.known) == (0, 0, first.events)
    assert state_of(noah) == before
    mine, before = take(marie, file), state_of(marie)
    assert (mine.own_file, mine.messages, mine.events) == (True, 0, 0)
    assert state_of(marie) == before


def test_nothing_to_carry_writes_no_file(met: tuple[Seat, Seat], tmp_path: Path) -> None:
    marie, _ = met
    folder = tmp_path / "clé"
    folder.mkdir()
    assert marie.services.sharing.carry_out(marie.moderator, folder).file is None
    assert list(folder.iterdir()) == []
    everything = marie.services.sharing.carry_out(marie.moderator, folder, everything=True)
    assert everything.events >= 1
    # What was carried out in the morning is not written over.
    assert out(marie, folder, everything=True).name.endswith("-2.vigie")


def _three_files(marie: Seat, folder: Path) -> list[Path]:
    """Three files that each continue the last; the hub had seen the first two stretches meanwhile."""
    files = []
    message = marie.receive("m1", text="Gang de pourris")
    marie.decide(message, Action.HIDE, Action.WARN)
    files.append(out(marie, folder))
    marie.sync()
    marie.clock.advance(timedelta(minutes=5))
    marie.services.decisions.undo(marie.moderator)
    marie.receive("m2", text="Merci pour tout")
    files.append(out(marie, folder))
    marie.sync()
    marie.clock.advance(timedelta(minutes=5))
    marie.receive("m1", text="Gang de voleurs")
    marie.decide(message, Action.DELETE)
    files.append(out(marie, folder))
    return files


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_three_files_say_the_same_in_any_order(
    met: tuple[Seat, Seat], tmp_path: Path, order: tuple[int, ...]
) -> None:
    marie, noah = met
    files = _three_files(marie, tmp_path)
    for place in order:
        report = take(noah, files[place])
        # A gap is no tampering.
        breaks = noah.db.reads.peer_breaks()
        assert [(each.name, each.first) for each in report.gaps[:1]] == [
            (each.name, each.sequence) for each in breaks
        ]
        assert all(each.incomplete for each in breaks)
    assert report.gaps == ()
    assert state_of(noah) == state_of(marie)
    # And the hub: whoever comes first, the other brings nothing new.
    noah.sync()
    marie.sync()
    noah.sync()
    assert state_of(noah) == state_of(marie)
    assert noah.db.reads.peer_breaks() == ()


@pytest.mark.parametrize("first", ["marie", "noah"])
def test_what_was_carried_reaches_the_hub_whoever_comes_first(
    met: tuple[Seat, Seat], sit: Open, hub: Hub, tmp_path: Path, first: str
) -> None:
    marie, noah = met
    message = marie.receive("m1")
    marie.services.queue.add_note(marie.moderator, message, "Une note.")
    marie.decide(message, Action.HIDE, Action.WARN)
    take(noah, out(marie, tmp_path))
    order = (marie, noah) if first == "marie" else (noah, marie)
    for each in (*order, *order):
        each.sync()
    assert statuses(hub) == [("decision.made", "accepted")]
    solange = sit("solange")
    solange.sync()
    assert state_of(solange) == state_of(marie) == state_of(noah)
    by = hub.value("SELECT brought_by FROM vigie.event WHERE kind = 'decision.made'")
    assert by == (None if first == "marie" else "noah")


def test_a_file_goes_on_from_desk_to_desk_with_the_seals_of_its_authors(
    met: tuple[Seat, Seat], sit: Open, hub: Hub, tmp_path: Path
) -> None:
    marie, noah = met
    solange = sit("solange")
    for each in (solange, marie, noah):
        each.sync()
    message = marie.receive("m1")
    marie.decide(message, Action.HIDE)
    take(noah, out(marie, tmp_path))
    noah.decide(noah.receive("m2"), Action.KEEP)
    report = take(solange, out(noah, tmp_path))
    assert (report.desk_name, report.of_others > 0, report.events > report.of_others) == (
        "Poste de noah",
        True,
        True,
    )
    # Back at its origin: its own events are not news to it.
    back = take(marie, out(solange, tmp_path, everything=True))
    assert back.own > 0
    solange.sync()
    assert statuses(hub) == [("decision.made", "accepted")] * 2
    for each in (marie, noah, solange):
        each.sync()
    assert state_of(marie) == state_of(noah) == state_of(solange)


def test_a_text_that_the_hub_has_gone_on_from_does_not_come_back_by_a_file(
    met: tuple[Seat, Seat], sit: Open, hub: Hub, tmp_path: Path
) -> None:
    marie, noah = met
    message = marie.receive("m1", text="Gang de pourris")
    file = out(marie, tmp_path)
    marie.sync()
    solange = sit("solange")
    solange.sync()
    solange.receive("m1", text="Gang de voleurs")
    solange.decide(message, Action.HIDE)
    solange.sync()
    take(noah, file)
    noah.sync()
    noah.sync()
    assert hub.value("SELECT state FROM vigie.case_file") == "decided"
    assert hub.value("SELECT revision FROM vigie.case_file") == 2
    assert noah.detail(message).message.text == "Gang de voleurs"
    assert noah.detail(message).state is CaseState.DECIDED


def test_events_behind_a_gap_wait_and_hold_nothing_else_up(
    met: tuple[Seat, Seat], sit: Open, hub: Hub, tmp_path: Path
) -> None:
    marie, noah = met
    solange = sit("solange")
    for each in (solange, marie, noah):
        each.sync()
    message = marie.receive("m1")
    marie.decide(message, Action.HIDE)
    first = out(marie, tmp_path)
    with marie.db.write() as work:
        pushed = marie.db.reads.journal_head()
        assert pushed is not None
        position = work.position()
        # As if the hub had taken the first stretch (and then been restored without it).
        work.put_position(type(position)(position.cursor, position.cursor_id, pushed[0], position.loaded))
    marie.services.decisions.undo(marie.moderator)
    second = out(marie, tmp_path)
    assert len(take(noah, second).gaps) == 1
    solange.decide(solange.receive("m2"), Action.KEEP)
    take(noah, out(solange, tmp_path))
    noah.sync()
    assert statuses(hub) == [("decision.made", "accepted")]
    assert take(noah, first).gaps == ()
    noah.sync()
    assert statuses(hub) == [("decision.made", "accepted")] * 2 + [("decision.undone", "accepted")]
    for each in (marie, solange, noah):
        each.sync()
    assert state_of(marie) == state_of(noah) == state_of(solange)


def test_desks_that_met_by_file_only_and_a_hub_that_decides_otherwise(
    met: tuple[Seat, Seat], hub: Hub, tmp_path: Path
) -> None:
    marie, noah = met
    message = marie.receive("m1")
    for each in (marie, noah, marie):
        each.sync()
    marie.decide(message, Action.HIDE)
    noah.clock.advance(timedelta(minutes=2))
    noah.decide(message, Action.DELETE)
    to_noah, to_marie = out(marie, tmp_path), out(noah, tmp_path)
    take(noah, to_noah)
    take(marie, to_marie)
    # By the clocks, until the hub has spoken: both show the same.
    for each in met:
        standing = each.detail(message).decision
        assert standing is not None
        assert standing.actions == (Action.HIDE,)
        (row,) = each.services.sharing.conflicts(each.moderator)
        assert row.contested.actions == (Action.DELETE,)
    # The hub hears of Noah's first: a desk sends its own events before those it carries.
    for each in (noah, marie, noah, marie):
        each.sync()
    assert sorted(statuses(hub)) == [("decision.made", "accepted"), ("decision.made", "contested")]
    assert state_of(marie) == state_of(noah)
    (row,) = marie.services.sharing.conflicts(marie.moderator)
    assert row.contested.actions == (Action.HIDE,)


@pytest.mark.parametrize("step", [1, 4])
def test_taking_in_that_was_killed_is_taken_again(
    met: tuple[Seat, Seat], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    marie, noah = met
    for number in range(5):
        marie.decide(marie.receive(f"m{number}"), Action.HIDE)
    file = out(marie, tmp_path)
    # Batches of two: a small file has several.
    monkeypatch.setattr("console.hub.carry._AT_ONCE", 2)
    calls = itertools.count()

    def progress(_done: int, _total: int | None) -> None:
        if next(calls) == step:
            raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        noah.services.sharing.carry_in(noah.moderator, file, progress)
    take(noah, file)
    assert state_of(noah) == state_of(marie)
    assert noah.db.reads.peer_breaks() == ()


def test_an_auditor_carries_nothing(met: tuple[Seat, Seat], sit: Open, tmp_path: Path) -> None:
    marie, _ = met
    marie.receive("m1")
    file, victor = out(marie, tmp_path), sit("victor")
    with pytest.raises(PermissionDeniedError):
        take(victor, file)
    with pytest.raises(PermissionDeniedError):
        victor.services.sharing.carry_out(victor.moderator, tmp_path)


def test_a_journal_that_goes_another_way_is_refused(met: tuple[Seat, Seat], tmp_path: Path) -> None:
    """An old copy of a desk's file went on elsewhere: what it says contradicts what is here."""
    marie, noah = met
    message = marie.receive("m1")
    marie.decide(message, Action.HIDE)
    file = out(marie, tmp_path)
    take(noah, file)
    before = state_of(noah)
    with noah.db._writer.begin() as connection:
        connection.exec_driver_sql("UPDATE shared_events SET sha256 = 'ab' WHERE sequence = 2 AND NOT own")
    with pytest.raises(ConflictError, match=r"carry\.forked"):
        take(noah, file)
    assert state_of(noah) == before
    (broken,) = noah.db.reads.peer_breaks()
    assert (broken.name, broken.sequence, broken.reason) == ("Poste de marie", 2, "content")
