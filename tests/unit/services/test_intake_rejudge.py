"""Judging the open cases again on a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.domain.cases import CaseState
from console.domain.messages import IncomingMessage
from console.domain.roles import Role
from console.domain.sanctions import LadderSettings
from console.domain.verdicts import Verdict
from console.errors import CancelledError, PermissionDeniedError
from console.platforms.files import FileLibrary
from console.services import intake_rejudge
from console.services.intake import Intake
from console.services.ports import JudgeContext
from console.services.rows import ChangeSet, QueueFilter, Sort
from tests.builders import NOW, DeskFile, desk_file, message
from tests.judges import PlainJudge


@dataclass
class StricterJudge(PlainJudge):
    """Another version, to which «tannant» is an insult too."""

    version: str = "juge-2"

    def judge(self, message: IncomingMessage, context: JudgeContext) -> Verdict:
        """As before, with one word more."""
        heard = message.text.replace("tannant", "pourri")
        return PlainJudge.judge(self, _with_text(message, heard), context)


def _with_text(given: IncomingMessage, text: str) -> IncomingMessage:
    return message(text, external_id=given.external_id, posted_at=given.posted_at)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskFile]:
    """A fresh desk."""
    with desk_file(tmp_path / "vigie.db") as opened:
        yield opened


def _again(desk: DeskFile, role: Role = Role.ADMINISTRATOR, stop_at: int = -1) -> ChangeSet:
    def progress(done: int, total: int | None) -> None:
        if done == stop_at:
            raise CancelledError("work.cancelled")

    intake = Intake(desk.db, StricterJudge(), FileLibrary(), desk.clock)
    return intake.rejudge(desk.actor(role), progress)


def _severities(desk: DeskFile, *states: CaseState) -> dict[str, int]:
    where = QueueFilter(states=frozenset(states or {CaseState.PENDING}))
    rows = desk.db.reads.queue(where, Sort.OLDEST, None, 1000).rows
    return {row.excerpt: row.severity for row in rows}


def test_open_cases_get_the_new_verdict_and_only_those_that_differ_change(desk: DeskFile) -> None:
    _, annoyed = desk.take_in("Belle rue", "T’es tannant")
    changes = _again(desk)
    assert changes.messages == {annoyed}
    assert changes.counts
    assert _severities(desk) == {"Belle rue": 0, "T’es tannant": 3}
    assert _again(desk).messages == frozenset()


def test_a_decided_case_keeps_the_verdict_it_was_decided_by(desk: DeskFile) -> None:
    decided, _ = desk.take_in("T’es tannant", "Vous êtes tannants")
    desk.decide(decided)
    assert decided not in _again(desk).messages
    assert _severities(desk, CaseState.DECIDED) == {"T’es tannant": 0}
    assert _severities(desk) == {"Vous êtes tannants": 3}


def test_a_case_decided_while_the_engine_thinks_keeps_its_verdict(desk: DeskFile) -> None:
    (case,) = desk.take_in("T’es tannant")

    class Meanwhile(StricterJudge):
        def judge(self, message: IncomingMessage, context: JudgeContext) -> Verdict:
            desk.decide(case)
            return super().judge(message, context)

    intake = Intake(desk.db, Meanwhile(), FileLibrary(), desk.clock)
    assert intake.rejudge(desk.actor(Role.ADMINISTRATOR), lambda done, total: None).messages == frozenset()
    assert _severities(desk, CaseState.DECIDED) == {"T’es tannant": 0}


def test_many_pages_progress_and_journal(desk: DeskFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_rejudge, "BATCH", 4)
    desk.take_in(*[f"Tannant numéro {number}" for number in range(10)])
    assert _again(desk).messages == frozenset()
    desk.take_in(*[f"T’es tannant {number}" for number in range(10)])
    assert len(_again(desk).messages) == 10
    entries = [link.event for link in desk.db.reads.journal() if link.event.kind == "verdicts.renewed"]
    assert [entry.payload["seen"] for entry in entries] == [10, 20]
    assert entries[1].payload == {"engine": "juge-2", "seen": 20, "changed": 10}


def test_stopping_in_between_loses_nothing(desk: DeskFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_rejudge, "BATCH", 4)
    desk.take_in(*[f"T’es tannant {number}" for number in range(10)])
    with pytest.raises(CancelledError):
        _again(desk, stop_at=4)
    assert sorted(_severities(desk).values()) == [0] * 6 + [3] * 4
    assert len(_again(desk).messages) == 6


def test_what_a_message_was_judged_with_is_found_again(desk: DeskFile) -> None:
    first = message("Même chose", posted_at=NOW, author_external_id="a")
    (case,) = desk.take_in(first)
    desk.take_in(message("Autre chose", posted_at=NOW, author_external_id="a"))
    judge = StricterJudge()
    Intake(desk.db, judge, FileLibrary(), desk.clock).rejudge(
        desk.actor(Role.ADMINISTRATOR), lambda done, total: None
    )
    detail = desk.db.reads.case_detail(case, NOW, LadderSettings())
    assert intake_rejudge._case(detail).message == first
    assert judge.seen[first.external_id].author_recent == ()


def test_only_who_keeps_the_policy_may(desk: DeskFile) -> None:
    for role in (Role.MODERATOR, Role.SUPERVISOR, Role.AUDITOR):
        with pytest.raises(PermissionDeniedError):
            _again(desk, role)
