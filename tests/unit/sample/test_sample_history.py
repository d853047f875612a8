"""The sample desk's past, replayed through the services on a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from console.bootstrap import wire
from console.clock import Clock, FixedClock
from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.messages import IncomingMessage
from console.domain.roles import Actor, Role
from console.domain.sanctions import Rung
from console.domain.verdicts import Language, Route, Verdict
from console.errors import ConfigurationError
from console.netiquette.policy_loader import shipped
from console.platforms.files.library import FileLibrary
from console.services.intake import Intake
from console.services.ports import JudgeContext
from console.services.rows import (
    EscalationKind,
    EscalationOutcome,
    HistoryFilter,
    HistoryRow,
    OutgoingState,
    QueueFilter,
    Sort,
)
from console.services.sample import HISTORY, MESSAGES, fill, load_messages
from console.services.sample_history import load_history, replay
from console.services.services import Services
from console.store.database import StoreDatabase, open_store

NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
EVERYTHING = QueueFilter(states=frozenset(CaseState))


class CalmJudge:
    """A judge that finds nothing: the history has to stand on its own decisions, whatever the engine says."""

    version = "calm"

    def prepare(self) -> None: ...

    def judge(self, message: IncomingMessage, context: JudgeContext) -> Verdict:
        return Verdict((), Route.NONE, Language("fr", 0.9), (), 10, shipped().version, self.version)

    def bands(self, text: str) -> tuple[int, ...]:
        return ()

    def similar(self, text: str, others: Sequence[str]) -> int:
        return 0


def desk_maker(db: StoreDatabase) -> Callable[[Clock], Services]:
    def at(clock: Clock) -> Services:
        services = wire(db, clock, sample=True)
        return replace(services, intake=Intake(db, CalmJudge(), FileLibrary(), clock))

    return at


@dataclass(frozen=True)
class Sample:
    db: StoreDatabase
    services: Services
    staff: dict[Role, Actor]

    def person(self, name: str) -> tuple[Rung, int, int]:
        """(rung, delivered warnings, warnings still to be delivered) before their newest message."""
        rows = self.services.queue.page(EVERYTHING, Sort.NEWEST, None, 500).rows
        standing = self.services.queue.detail(next(row.id for row in rows if row.author == name)).standing
        return standing.rung, len(standing.counted), len(standing.undelivered)

    def decisions(self) -> tuple[HistoryRow, ...]:
        return self.services.history.page(self.staff[Role.SUPERVISOR], HistoryFilter(), None, 500).rows


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    db = open_store(tmp_path_factory.mktemp("exemple") / "vigie.db", FixedClock(NOW))
    try:
        at = desk_maker(db)
        services = at(FixedClock(NOW))
        fill(services, at)
        staff = {each.role: Actor(each, db.desk) for each in services.access.staff()}
        yield Sample(db, services, staff)
    finally:
        db.close()


def test_every_message_is_there_once_and_the_seated_person_is_at_the_desk(sample: Sample) -> None:
    assert sample.services.queue.matches(EVERYTHING) == load_messages(MESSAGES, NOW).total
    actor = sample.services.access.current()
    history = load_history(HISTORY)
    assert actor
    assert actor.staff.name == history.staff[history.seated].name
    assert len(sample.services.access.staff()) == len(history.staff)


@pytest.mark.parametrize(
    ("name", "rung", "counted", "undelivered"),
    [
        ("Réal Bombardier-Roy", Rung.SECOND_WARNING, 1, 0),
        ("Gaston Vadeboncoeur", Rung.BAN, 2, 0),
        ("Kevin Labonté-Ross", Rung.BAN, 2, 0),
        ("toiture_prestige_drm", Rung.SECOND_WARNING, 1, 0),
        ("Yvon Thibodeau-Lair", Rung.FIRST_WARNING, 0, 1),
        ("Nadine Courchaine", Rung.FIRST_WARNING, 0, 0),
    ],
)
def test_repeat_offenders_stand_where_their_delivered_warnings_put_them(
    sample: Sample, name: str, rung: Rung, counted: int, undelivered: int
) -> None:
    assert sample.person(name) == (rung, counted, undelivered)


def test_supervision_finds_a_question_a_held_case_and_a_ban_to_sign(sample: Sample) -> None:
    rows = sample.services.escalations.open(sample.staff[Role.SUPERVISOR])
    assert {(row.kind, row.outcome) for row in rows} == {
        (EscalationKind.QUESTION, EscalationOutcome.OPEN),
        (EscalationKind.QUESTION, EscalationOutcome.HELD),
        (EscalationKind.BAN_SIGNATURE, EscalationOutcome.OPEN),
    }
    answered = sample.services.escalations.answered(sample.staff[Role.SUPERVISOR])
    assert {row.outcome for row in answered} == {EscalationOutcome.RETURNED, EscalationOutcome.DECIDED}
    assert all(row.answer for row in answered)


def test_one_case_is_back_with_the_supervisors_word(sample: Sample) -> None:
    returned = QueueFilter(states=frozenset({CaseState.RETURNED}))
    rows = sample.services.queue.page(returned, Sort.NEWEST, None, 10).rows
    assert len(rows) == 1
    assert "311" in sample.services.queue.detail(rows[0].id).returned_word


def test_every_letter_is_whole_and_went_out_after_its_decision(sample: Sample) -> None:
    sent = set()
    for row in sample.decisions():
        detail = sample.services.history.detail(sample.staff[Role.SUPERVISOR], row.decision_id)
        for action, text in detail.decision.texts:
            sent.add(action)
            assert "{" not in text
            assert text.startswith("Bonjour")
        for item in detail.outgoing:
            assert item.state in (OutgoingState.DONE, OutgoingState.CANCELLED, OutgoingState.BY_HAND)
            assert item.done_at is None or item.state is OutgoingState.CANCELLED or item.done_at > row.at
    assert sent == {Action.WARN, Action.REDIRECT_311, Action.REPLY, Action.BAN}


def test_the_past_holds_an_undone_decision_and_every_kind_of_act(sample: Sample) -> None:
    rows = sample.decisions()
    assert [row for row in rows if row.undone_at]
    assert {action for row in rows for action in row.actions} == set(Action)
    assert len({row.decided_by for row in rows}) >= 3


def test_the_journal_holds_and_times_never_go_back(sample: Sample) -> None:
    assert sample.services.history.verify(lambda done, total: None) is None
    times = [link.event.at for link in sample.db.reads.journal()]
    assert times == sorted(times)
    assert times[-1] <= NOW


def test_opening_again_changes_nothing(sample: Sample) -> None:
    before = sample.db.reads.journal_head()
    later = FixedClock(NOW + timedelta(days=3))
    at = desk_maker(sample.db)
    fill(at(later), at)
    assert sample.db.reads.journal_head() == before


def test_a_filling_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    history = load_history(HISTORY)
    steps = (*history.steps[:12], msgspec.structs.replace(history.steps[12], message="sample-9999"))
    db = open_store(tmp_path / "vigie.db", FixedClock(NOW))
    try:
        at = desk_maker(db)
        messages = load_messages(MESSAGES, NOW)
        with pytest.raises(ConfigurationError):
            replay(msgspec.structs.replace(history, steps=steps), messages, at, NOW)
        services = at(FixedClock(NOW))
        assert 0 < services.queue.matches(EVERYTHING) < (messages.total or 0)
        fill(services, at)
        assert services.queue.matches(EVERYTHING) == messages.total
        assert services.history.verify(lambda done, total: None) is None
    finally:
        db.close()
