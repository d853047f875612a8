"""Escalations: what moderators submit and supervisors answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, insert, select, update

from console.domain.decisions import Action
from console.domain.ids import DecisionId, EscalationId, MessageId, StaffId
from console.errors import ConflictError
from console.services.rows import EscalationKind, EscalationOutcome, EscalationRow
from console.store.tables import accounts, escalations, messages, people, staff
from console.store.writes.base import Writes

EXCERPT = 280
"""Characters of a message shown in lists."""


class SupervisionWrites(Writes):
    """What stands between a moderator and a supervisor."""

    def add_escalation(
        self,
        escalation: EscalationId,
        message: MessageId,
        kind: EscalationKind,
        actor: StaffId,
        at: datetime,
        reason: str,
        question: str,
        suggested: Sequence[str],
        decision: DecisionId | None,
    ) -> None:
        """Submit a case; `suggested` are values of `Action`. Code `case.unknown`."""
        self.connection.execute(
            insert(escalations).values(
                id=escalation,
                message=self.message_pk(message),
                kind=kind,
                outcome=EscalationOutcome.OPEN,
                submitted_at=at,
                submitted_by=actor,
                reason=reason,
                question=question,
                suggested=tuple(Action(each) for each in suggested),
                decision=decision,
                seen=escalation in self.seen_outcomes,
            )
        )

    def escalation(self, escalation: EscalationId) -> tuple[EscalationRow, DecisionId | None]:
        """An escalation and the decision that awaits a signature with it. Code `escalation.unknown`."""
        query = escalation_query().where(escalations.c.id == escalation)
        row = self.connection.execute(query).one_or_none()
        if row is None:
            raise ConflictError("escalation.unknown", escalation=escalation)
        return escalation_row(row), row.decision

    def open_escalation_of(self, message: MessageId) -> EscalationId | None:
        """The escalation of a case that still awaits its answer, if any (open or held)."""
        found = self.connection.execute(_WAITING, {"id_": message})
        return found.scalars().first()

    def answer_escalation(
        self, escalation: EscalationId, outcome: EscalationOutcome, actor: StaffId, at: datetime, answer: str
    ) -> None:
        """Record the answer, unseen by who submitted it. Code `escalation.unknown`."""
        self._change(
            escalation,
            outcome=outcome,
            answered_by=actor,
            answered_at=at,
            answer=answer,
            seen=escalation in self.seen_outcomes,
        )

    def mark_outcome_seen(self, escalation: EscalationId) -> None:
        """Who submitted it has read the answer. Code `escalation.unknown`."""
        self._change(escalation, seen=True)

    def _change(self, escalation: EscalationId, **values: Any) -> None:
        change = update(escalations).where(escalations.c.id == escalation).values(**values)
        if self.connection.execute(change).rowcount == 0:
            raise ConflictError("escalation.unknown", escalation=escalation)


_submitter, _answerer, _kept = staff.alias("submitter"), staff.alias("answerer"), people.alias("kept")


def escalation_query() -> Select[Any]:
    """All that `escalation_row` needs; the caller adds conditions, order and limit."""
    return (
        select(
            escalations,
            messages.c.id.label("message_id"),
            messages.c.author_name,
            messages.c.severity,
            messages.c.priority,
            func.substr(messages.c.text, 1, EXCERPT).label("excerpt"),
            accounts.c.platform,
            _kept.c.number.label("author_number"),
            _kept.c.name.label("kept_name"),
            _submitter.c.name.label("submitter"),
            _answerer.c.name.label("answerer"),
        )
        .join_from(escalations, messages, messages.c.pk == escalations.c.message)
        .join(accounts, accounts.c.pk == messages.c.account)
        .join(people, people.c.number == messages.c.author)
        .join(_kept, _kept.c.number == people.c.root)
        .outerjoin(_submitter, _submitter.c.id == escalations.c.submitted_by)
        .outerjoin(_answerer, _answerer.c.id == escalations.c.answered_by)
    )


def escalation_row(row: Row[Any]) -> EscalationRow:
    """A row of `escalation_query`."""
    return EscalationRow(
        id=row.id,
        message_id=row.message_id,
        kind=row.kind,
        outcome=row.outcome,
        submitted_at=row.submitted_at,
        submitted_by=row.submitter or "",
        submitted_by_id=row.submitted_by,
        reason=row.reason,
        question=row.question,
        suggested=row.suggested,
        platform=row.platform,
        author=row.author_name or row.kept_name,
        author_number=row.author_number,
        excerpt=row.excerpt,
        severity=row.severity,
        priority=row.priority,
        answered_at=row.answered_at,
        answered_by=row.answerer or "",
        answer=row.answer,
        seen_by_submitter=row.seen,
    )


_WAITING = (
    select(escalations.c.id)
    .join_from(
        messages,
        escalations,
        and_(
            escalations.c.message == messages.c.pk,
            escalations.c.outcome.in_([EscalationOutcome.OPEN, EscalationOutcome.HELD]),
        ),
    )
    .where(messages.c.id == bindparam("id_"))
    .order_by(escalations.c.submitted_at.desc())
)
