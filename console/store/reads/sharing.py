"""What met between desks, and what waits to be sent."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from console.domain.ids import EventId, MessageId, StaffId
from console.services.sharing_ports import ConflictRow, Position, RefusalRow, Side, Standing
from console.store.tables import (
    accounts,
    contested,
    decisions,
    journal,
    messages,
    meta,
    people,
    shared_events,
    snapshots,
    staff,
    unsent,
)

_EXCERPT = 280


def conflicts(
    connection: Connection, actor: StaffId | None, settled: bool, limit: int
) -> tuple[ConflictRow, ...]:
    """Contested decisions, newest first; of one person (either side), or all."""
    query = _CONFLICTS.where(
        contested.c.settled_at.is_not(None) if settled else contested.c.settled_at.is_(None)
    )
    if actor is not None:
        query = query.where((contested.c.actor == actor) | (decisions.c.actor == actor))
    rows = connection.execute(query.order_by(contested.c.at.desc()).limit(limit))
    return tuple(_conflict(connection, row) for row in rows)


def refusals(connection: Connection, actor: StaffId | None, limit: int) -> tuple[RefusalRow, ...]:
    """What the hub refused, newest first: of one person, or of everybody."""
    query = _REFUSALS.where(shared_events.c.standing == Standing.REFUSED)
    if actor is not None:
        query = query.where(journal.c.actor == actor)
    rows = connection.execute(query.order_by(journal.c.at.desc()).limit(limit))
    return tuple(
        RefusalRow(
            event=EventId(row.event_id),
            kind=row.kind,
            code=row.code,
            at=row.at,
            by=row.name or "",
            message_id=MessageId(row.message_id) if row.message_id else None,
            excerpt=row.excerpt or "",
        )
        for row in rows
    )


def to_send(connection: Connection) -> int:
    """Messages and own events that the hub has not seen; 0 on a desk that works alone."""
    kept = dict(connection.execute(_KEPT).tuples().all())
    if "hub" not in kept:
        return 0
    position = (
        msgspec.json.decode(kept["hub.position"], type=Position) if "hub.position" in kept else Position()
    )
    texts = connection.execute(select(func.count()).select_from(unsent)).scalar_one()
    events = select(func.count()).select_from(journal).where(journal.c.sequence > position.pushed)
    return int(texts) + int(connection.execute(events).scalar_one())


def _conflict(connection: Connection, row: Row[Any]) -> ConflictRow:
    fact = row.fact
    standing = None
    if row.standing_id is not None and row.standing_id != fact.decision:
        standing = Side(
            decision=row.standing_id,
            by=row.standing_name or "",
            by_id=row.standing_actor,
            at=row.standing_at,
            accepted_at=_accepted(connection, row.standing_id),
            actions=row.standing_actions,
            rules=row.standing_rules,
            reason=row.standing_reason,
            policy=row.standing_policy,
        )
    return ConflictRow(
        message_id=MessageId(row.message_id),
        code=row.code,
        contested=Side(
            decision=fact.decision,
            by=row.contested_name or "",
            by_id=row.actor,
            at=row.at,
            accepted_at=row.accepted_at,
            actions=fact.actions,
            rules=fact.rules,
            reason=fact.reason,
            policy=fact.policy,
        ),
        standing=standing,
        platform=row.platform,
        account=row.account_name,
        author=row.author_name,
        author_number=row.author_number,
        excerpt=row.excerpt,
        text_decided_on="" if row.sha256 == fact.sha256 else _text(connection, row.message, fact.sha256),
        settled_at=row.settled_at,
        settled_by=row.settler or row.settled_by,
        outcome=row.outcome,
        word=row.word,
    )


def _accepted(connection: Connection, decision: str) -> Any:
    made = select(shared_events.c.accepted_at).where(
        shared_events.c.decision == decision, shared_events.c.kind == "decision.made"
    )
    return connection.execute(made).scalars().first()


def _text(connection: Connection, message: int, sha256: str) -> str:
    earlier = select(snapshots.c.text).where(snapshots.c.message == message, snapshots.c.sha256 == sha256)
    return connection.execute(earlier).scalars().first() or ""


_by, _stands, _settler = staff.alias("contested_by"), staff.alias("standing_by"), staff.alias("settler")
_kept = people.alias("kept")
_CONFLICTS = (
    select(
        contested,
        messages.c.id.label("message_id"),
        messages.c.sha256,
        messages.c.author_name,
        func.substr(messages.c.text, 1, _EXCERPT).label("excerpt"),
        accounts.c.platform,
        accounts.c.name.label("account_name"),
        _kept.c.number.label("author_number"),
        _by.c.name.label("contested_name"),
        _stands.c.name.label("standing_name"),
        _settler.c.name.label("settler"),
        decisions.c.id.label("standing_id"),
        decisions.c.actor.label("standing_actor"),
        decisions.c.at.label("standing_at"),
        decisions.c.actions.label("standing_actions"),
        decisions.c.rules.label("standing_rules"),
        decisions.c.reason.label("standing_reason"),
        decisions.c.policy.label("standing_policy"),
    )
    .join_from(contested, messages, messages.c.pk == contested.c.message)
    .join(accounts, accounts.c.pk == messages.c.account)
    .join(people, people.c.number == messages.c.author)
    .join(_kept, _kept.c.number == people.c.root)
    .outerjoin(decisions, decisions.c.id == messages.c.decision)
    .outerjoin(_by, _by.c.id == contested.c.actor)
    .outerjoin(_stands, _stands.c.id == decisions.c.actor)
    .outerjoin(_settler, _settler.c.id == contested.c.settled_by)
)
_REFUSALS = (
    select(
        shared_events.c.event_id,
        shared_events.c.kind,
        shared_events.c.code,
        journal.c.at,
        staff.c.name,
        messages.c.id.label("message_id"),
        func.substr(messages.c.text, 1, _EXCERPT).label("excerpt"),
    )
    .join_from(shared_events, journal, journal.c.event_id == shared_events.c.event_id)
    .outerjoin(messages, messages.c.id == shared_events.c.subject)
    .outerjoin(staff, staff.c.id == journal.c.actor)
)
"""A desk tells of its own refusals; those of others are told at theirs."""
_KEPT = select(meta.c.key, meta.c.value).where(meta.c.key.in_(["hub", "hub.position"]))
