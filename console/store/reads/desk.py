"""The desk itself: figures, registers, settings, and what stands before supervision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, distinct, exists, func, select

from console.domain.cases import OPEN_STATES, SUPERVISED_STATES, CaseState
from console.domain.emergency import Emergency
from console.domain.ids import StaffId
from console.domain.messages import Account, Channel
from console.domain.roles import Staff
from console.services.rows import (
    EscalationOutcome,
    EscalationRow,
    QueueCounts,
    SavedView,
)
from console.store.reads.conditions import plain
from console.store.tables import (
    accounts,
    counters,
    decisions,
    escalations,
    messages,
    settings,
    staff,
    views,
)
from console.store.writes.base import VISIBLE
from console.store.writes.desk import LATEST_EMERGENCY
from console.store.writes.supervision import escalation_query, escalation_row

_WAITING = frozenset({EscalationOutcome.OPEN, EscalationOutcome.HELD})


def counts(connection: Connection, actor: StaffId) -> QueueCounts:
    """Figures from counters; only the few returned cases are looked at one by one."""
    pending = emergencies = private = submitted = 0
    for state, channel, emergency, number in connection.execute(_COUNTERS):
        if state in SUPERVISED_STATES:
            submitted += number
        elif state in OPEN_STATES:
            pending += number
            emergencies += number if emergency else 0
            private += number if channel is Channel.PRIVATE else 0
    mine = exists().where(escalations.c.message == messages.c.pk, plain(escalations.c.submitted_by) == actor)
    returned = select(func.count()).select_from(messages)
    returned = returned.where(messages.c.state == CaseState.RETURNED, VISIBLE, mine)
    return QueueCounts(pending, emergencies, private, connection.scalar(returned) or 0, submitted)


def summary(connection: Connection, decided_since: datetime, actor: StaffId) -> int:
    """How many messages this person decided since, undone decisions left out."""
    decided = select(func.count(distinct(decisions.c.message))).where(
        decisions.c.actor == actor, decisions.c.at >= decided_since, decisions.c.undone_at.is_(None)
    )
    return connection.scalar(decided) or 0


def all_accounts(connection: Connection) -> tuple[Account, ...]:
    """Accounts by platform and name; those that only an import under way knows are not shown."""
    rows = connection.execute(
        select(accounts)
        .where(accounts.c.import_id.is_(None))
        .order_by(accounts.c.platform, accounts.c.name, accounts.c.pk)
    )
    return tuple(Account(row.id, row.platform, row.name, row.type, row.archived_at) for row in rows)


def all_staff(connection: Connection) -> tuple[Staff, ...]:
    """Everyone registered, by name."""
    rows = connection.execute(select(staff).order_by(staff.c.name, staff.c.id))
    return tuple(Staff(row.id, row.name, row.role, row.valid_until) for row in rows)


def saved_views(connection: Connection) -> tuple[SavedView, ...]:
    """Saved views in the order they were first kept."""
    return tuple(connection.scalars(select(views.c.body).order_by(views.c.pk)))


def setting(connection: Connection, key: str) -> Any | None:
    """A JSON value, or None."""
    return connection.scalar(select(settings.c.value).where(settings.c.key == key))


def latest_emergency(connection: Connection) -> Emergency | None:
    """The latest period of emergency measures, active or ended."""
    row = connection.execute(LATEST_EMERGENCY).one_or_none()
    return None if row is None else Emergency(**row._mapping)


def submitted(
    connection: Connection,
    outcomes: Collection[EscalationOutcome],
    submitted_by: StaffId | None,
    limit: int,
) -> tuple[EscalationRow, ...]:
    """Escalations, newest first; where all still wait for supervision, the gravest first."""
    query: Select[Any] = escalation_query().where(escalations.c.outcome.in_(sorted(outcomes)), VISIBLE)
    if submitted_by is not None:
        query = query.where(escalations.c.submitted_by == submitted_by)
    newest = (escalations.c.submitted_at.desc(), escalations.c.id.desc())
    if submitted_by is None and set(outcomes) <= _WAITING:
        gravest = (messages.c.severity.desc(), messages.c.priority.desc())
        query = query.order_by(*gravest, escalations.c.submitted_at, escalations.c.id)
    else:
        query = query.order_by(*newest)
    return tuple(escalation_row(row) for row in connection.execute(query.limit(limit)))


_COUNTERS = select(counters.c.state, counters.c.channel, counters.c.emergency, counters.c.number)
