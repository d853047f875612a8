"""Desks that meet in a hub: what one decides is what the other sees, and what met is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action, BanException
from console.domain.sanctions import LadderSettings, Rung
from console.errors import ConflictError, OfflineError, PermissionDeniedError
from console.services.rows import HistoryFilter, QueueFilter
from console.services.sharing_ports import HubAddress
from console.store import tables
from tests.desks import GRACE
from tests.desks import open_desk as open_alone
from tests.hub.conftest import PASSWORD, Hub
from tests.hub.desks import Cut, KeptInMemory, Seat, Stepped, seat

Open = Callable[[str], Seat]


@pytest.fixture
def sit(hub: Hub, tmp_path: Path) -> Iterator[Open]:
    """Opens a desk that has joined as the login given."""
    with ExitStack() as stack:
        yield lambda login: seat(stack, hub, tmp_path / login, login)


def meet(*desks: Seat) -> None:
    """Everybody exchanges until nobody has news."""
    for _ in range(2):
        for desk in desks:
            desk.sync()


def test_a_decision_made_at_one_desk_is_seen_at_the_other(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    message = marie.receive("m1", text="Gang de pourris")
    marie.decide(message, Action.HIDE, Action.WARN)
    meet(marie, noah)
    seen = noah.detail(message)
    assert seen.state is CaseState.DECIDED
    assert seen.message.text == "Gang de pourris"
    assert seen.verdict == marie.detail(message).verdict
    (line,) = noah.services.history.page(noah.moderator, HistoryFilter(text="insulte")).rows
    assert (line.decided_by, line.actions) == ("Marie", (Action.WARN, Action.HIDE))
    assert sorted(each.operation for each in noah.services.outbox.waiting(noah.moderator)) == ["hide", "warn"]
    assert message in noah.changes[-1].messages | noah.changes[0].messages


def test_of_two_decisions_the_first_that_the_hub_accepts_stands(sit: Open) -> None:
    marie, noah, solange = sit("marie"), sit("noah"), sit("solange")
    message = marie.receive("m1")
    meet(marie, noah, solange)
    noah.decide(message, Action.KEEP)  # earlier by the clock, later at the hub
    marie.clock.advance(timedelta(hours=2))
    marie.decide(message, Action.HIDE, Action.WARN)
    meet(marie, noah, solange)
    for desk in (marie, noah, solange):
        detail = desk.detail(message)
        assert detail.decision is not None
        assert detail.decision.actions == (Action.WARN, Action.HIDE)
    (row,) = solange.services.sharing.conflicts(solange.moderator)
    assert row.standing is not None
    assert (row.code, row.contested.by, row.standing.by) == ("decided", "Noah", "Marie")
    assert row.contested.reason == row.standing.reason == "Insulte une personne."
    assert row.contested.at < row.standing.at
    assert row.contested.accepted_at is not None
    assert row.standing.accepted_at is not None
    assert noah.services.sharing.conflicts(noah.moderator) == (row,)


@pytest.mark.parametrize(("outcome", "actions"), [("kept", "hide"), ("replaced", "keep")])
def test_supervision_settles_what_met(sit: Open, outcome: str, actions: str) -> None:
    marie, noah, solange = sit("marie"), sit("noah"), sit("solange")
    message = marie.receive("m1")
    meet(marie, noah, solange)
    marie.decide(message, Action.HIDE)
    noah.decide(message, Action.KEEP)
    meet(marie, noah, solange)
    (row,) = solange.services.sharing.conflicts(solange.moderator)
    with pytest.raises(PermissionDeniedError):
        noah.services.sharing.settle(noah.moderator, row.contested.decision, outcome, "Vu.")
    solange.services.sharing.settle(solange.moderator, row.contested.decision, outcome, "Vu avec Noah.")
    meet(solange, marie, noah)
    for desk in (marie, noah, solange):
        decision = desk.detail(message).decision
        assert decision is not None
        assert [each.value for each in decision.actions] == [actions]
        assert desk.services.sharing.conflicts(desk.moderator) == ()
    (settled,) = noah.services.sharing.conflicts(noah.moderator, settled=True)
    assert (settled.outcome, settled.word, settled.settled_by) == (outcome, "Vu avec Noah.", "Solange")


def test_a_decision_on_a_text_that_was_edited_meanwhile_is_shown_with_that_text(sit: Open) -> None:
    marie, noah, solange = sit("marie"), sit("noah"), sit("solange")
    message = marie.receive("m1", text="Gang de pourris")
    meet(marie, noah, solange)
    noah.decide(message, Action.HIDE)
    marie.receive("m1", text="Merci pour tout")
    meet(marie, noah, solange)
    for desk in (marie, noah, solange):
        detail = desk.detail(message)
        assert (detail.state, detail.message.text) == (CaseState.PENDING, "Merci pour tout")
        assert desk.services.outbox.waiting(desk.moderator) == ()
    (row,) = solange.services.sharing.conflicts(solange.moderator)
    assert (row.code, row.standing, row.text_decided_on) == ("edited", None, "Gang de pourris")


def test_an_edit_that_follows_an_accepted_decision_reopens_it_everywhere(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    message = marie.receive("m1", text="Gang de pourris")
    marie.decide(message, Action.HIDE)
    meet(marie, noah)
    noah.receive("m1", text="Gang de pourris!!")
    meet(noah, marie)
    assert {desk.detail(message).state for desk in (marie, noah)} == {CaseState.PENDING}
    marie.decide(message, Action.DELETE)
    meet(marie, noah)
    assert noah.detail(message).state is CaseState.DECIDED
    assert noah.services.sharing.conflicts(noah.moderator) == ()


def test_a_decision_on_a_message_that_had_gone_is_contested(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    message = marie.receive("m1")
    meet(marie, noah)
    noah.decide(message, Action.HIDE)
    marie.services.intake.mark_gone(marie.moderator, message)
    meet(marie, noah)
    assert {desk.detail(message).state for desk in (marie, noah)} == {CaseState.CLOSED}
    assert [row.code for row in noah.services.sharing.conflicts(noah.moderator)] == ["deleted"]


def test_warnings_of_two_desks_count_once_an_incident_and_carry_over(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    first, second, third = (marie.receive(f"m{n}") for n in (1, 2, 3))
    meet(marie, noah)
    marie.decide(first, Action.WARN)
    noah.decide(first, Action.WARN)
    noah.decide(second, Action.WARN)
    meet(marie, noah)
    for desk in (marie, noah):
        desk.carry_out_all()
        meet(marie, noah)
    for desk in (marie, noah):
        standing = desk.detail(third).standing
        assert sorted(each.incident for each in standing.counted) == sorted([first, second])
        assert standing.rung is Rung.BAN


def test_a_ban_that_was_possible_here_and_not_at_the_hub_does_not_count(sit: Open) -> None:
    marie, noah, solange = sit("marie"), sit("noah"), sit("solange")
    warned = [marie.receive(f"w{n}") for n in (1, 2)]
    last = marie.receive("last")
    for message in warned:
        marie.decide(message, Action.WARN)
    meet(marie, noah, solange)
    marie.carry_out_all()
    meet(marie, noah, solange)
    noah.clock.advance(2 * GRACE)
    assert noah.detail(last).standing.rung is Rung.BAN
    # While Noah is away, supervision takes one of the warnings back.
    decision = solange.detail(warned[0]).decision
    assert decision is not None
    solange.services.decisions.undo(solange.moderator, decision.id)
    solange.sync()
    noah.decide(last, Action.BAN)
    meet(noah, solange, marie)
    for desk in (noah, solange, marie):
        assert desk.detail(last).state is CaseState.PENDING
    (refused,) = noah.services.sharing.refusals(noah.moderator)
    assert (refused.code, refused.kind, refused.by) == ("ban.warnings_missing", "decision.made", "Noah")
    assert solange.services.escalations.open(solange.moderator) == ()


def test_a_ban_goes_its_way_over_three_desks(sit: Open) -> None:
    marie, noah, solange = sit("marie"), sit("noah"), sit("solange")
    message = marie.receive("m1", text="On sait où tu restes")
    exception = BanException("Menace de mort.")
    request = marie.request(message, Action.BAN, Action.HIDE, exception=exception)
    marie.services.decisions.decide(marie.moderator, request)
    meet(marie, solange)
    (waiting,) = solange.services.escalations.open(solange.moderator)
    assert (waiting.submitted_by, waiting.reason) == ("Marie", "Menace de mort.")
    solange.services.escalations.sign(solange.moderator, waiting.id, "D’accord.")
    meet(solange, noah, marie)
    for desk in (marie, noah, solange):
        assert desk.detail(message).state is CaseState.DECIDED
        assert sorted(row.operation for row in desk.services.outbox.waiting(desk.moderator)) == [
            "ban",
            "hide",
        ]
        (found,) = desk.services.history.page(desk.moderator, HistoryFilter()).rows
        assert desk.services.history.detail(desk.moderator, found.decision_id).approved_by == "Solange"


def test_nothing_is_carried_out_before_the_hub_has_taken_the_decision(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    message = marie.receive("m1")
    meet(marie, noah)
    marie.decide(message, Action.HIDE)
    marie.clock.advance(GRACE)
    marie.services.outbox.end_grace()
    (item,) = marie.services.outbox.waiting(marie.moderator)
    with pytest.raises(ConflictError, match=r"outbox\.not_accepted"):
        marie.services.outbox.confirm(marie.moderator, item.id, "à la main")
    noah.decide(message, Action.KEEP)
    noah.sync()
    marie.sync()
    assert marie.services.outbox.waiting(marie.moderator) == ()


def test_the_hub_orders_and_clocks_that_are_hours_off_do_not(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    messages = [marie.receive(f"m{n}") for n in range(3)]
    meet(marie, noah)
    marie.clock.advance(timedelta(hours=-5))
    noah.clock.advance(timedelta(hours=7))
    for message in messages:
        marie.decide(message, Action.HIDE)
        marie.services.decisions.undo(marie.moderator)
    meet(marie, noah)
    for message in messages:
        noah.decide(message, Action.KEEP)
    meet(noah, marie)
    for message in messages:
        (side,) = {desk.detail(message).decision for desk in (marie, noah)}
        assert side is not None
        assert (side.actions, side.at) == ((Action.KEEP,), noah.clock.now())


def test_settings_and_emergency_measures_are_those_of_the_city(sit: Open) -> None:
    alix, solange, marie = sit("alix"), sit("solange"), sit("marie")
    alix.services.preferences.set_ladder(alix.moderator, LadderSettings(warnings_before_ban=3))
    alix.services.policy.set_coordinate(alix.moderator, "telephone_311", "le numéro de la Ville")
    end = solange.clock.now() + timedelta(days=2)
    solange.services.emergency.start(solange.moderator, "Inondation", end)
    meet(alix, solange, marie)
    assert marie.services.preferences.ladder().warnings_before_ban == 3
    assert marie.services.policy.coordinates()["telephone_311"] == "le numéro de la Ville"
    period = marie.services.emergency.current()
    assert period is not None
    assert (period.reason, period.planned_end) == ("Inondation", end)
    solange.services.emergency.stop(solange.moderator)
    meet(solange, marie)
    assert marie.services.emergency.current() is None


def test_notes_and_links_reach_the_others(sit: Open) -> None:
    marie, solange = sit("marie"), sit("solange")
    first = marie.receive("m1", author="une")
    second = marie.receive("m2", author="autre")
    marie.services.queue.add_note(marie.moderator, first, "Voir aussi l’autre compte.")
    meet(marie, solange)
    assert [note.text for note in solange.detail(first).notes] == ["Voir aussi l’autre compte."]
    keep, merged = (solange.detail(each).author.id for each in (first, second))
    solange.services.people.link(solange.moderator, keep, merged)
    meet(solange, marie)
    assert marie.detail(second).author.id == keep
    solange.services.people.unlink(solange.moderator, merged)
    meet(solange, marie)
    assert marie.detail(second).author.id == merged


def test_an_answer_that_was_lost_makes_nothing_twice(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    for number in range(3):
        marie.decide(marie.receive(f"m{number}"), Action.HIDE)
    for at in range(1, 14):
        for answered in (True, False):
            # A late cut finds the exchange over.
            with suppress(OfflineError):
                marie.sync(cut=Cut(at, answered))
    meet(marie, noah)
    assert len(noah.services.history.page(noah.moderator, HistoryFilter()).rows) == 3
    assert marie.db.reads.to_send() == 0


def test_a_desk_that_worked_alone_brings_its_history(hub: Hub, tmp_path: Path, sit: Open) -> None:
    with open_alone(tmp_path / "alone") as alone:
        message = alone.receive("old")
        alone.decide(message, Action.HIDE)
        member = Stepped(alone.db, alone.clock, KeptInMemory())
        address = HubAddress(hub.address.host, hub.address.database, "marie", hub.address.port)
        with pytest.raises(PermissionDeniedError, match=r"hub\.history_of_others"):
            member.join(address, PASSWORD, "Ancien poste")
    with ExitStack() as stack:
        solange = seat(stack, hub, tmp_path / "alone", "solange")
        noah = sit("noah")
        meet(solange, noah)
        assert noah.detail(message).state is CaseState.DECIDED
        (line,) = noah.services.history.page(noah.moderator, HistoryFilter()).rows
        assert line.actions == (Action.HIDE,)


def test_a_copied_file_is_noticed(sit: Open, hub: Hub, tmp_path: Path) -> None:
    marie = sit("marie")
    marie.decide(marie.receive("m1"), Action.HIDE)
    marie.sync()
    copy = tmp_path / "copy"
    copy.mkdir()
    marie.db._writer.raw_connection().execute("VACUUM INTO ?", (str(copy / "vigie.db"),))
    marie.decide(marie.receive("m2"), Action.HIDE)
    marie.sync()
    with ExitStack() as stack:
        twin = seat(stack, hub, copy, "marie", marie.secrets)
        with pytest.raises(Exception, match=r"hub\.forked"):
            twin.sync()


def test_a_fresh_desk_and_one_that_slept_catch_up(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    for number in range(1_200):
        marie.receive(f"m{number}", author=f"p{number % 40}")
    meet(marie, noah)
    wide = QueueFilter()
    assert noah.services.queue.matches(wide) == 1_200
    for message in [row.id for row in noah.services.queue.page(wide, "priority", limit=300).rows]:
        noah.decide(message, Action.KEEP)
    noah.sync()
    marie.clock.advance(timedelta(days=31))
    meet(marie)
    assert marie.services.queue.matches(wide) == 900
    solange = sit("solange")
    solange.sync()
    assert solange.services.queue.matches(wide) == 900
    with solange.db._reader.begin() as connection:
        rows = connection.execute(tables.unsent.select()).all()
    assert rows == []
