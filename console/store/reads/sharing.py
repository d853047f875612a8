"""What met between desks, and what waits to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, func, select, tuple_

from console.domain.ids import DeskId, EventId, MessageId, StaffId
from console.domain.journal import GENESIS, Break, Link, event_of, seal
from console.services.carry_ports import PeerBreak
from console.services.sharing_ports import ConflictRow, Position, RefusalRow, SharedEvent, Side, Standing
from console.store.tables import (
    accounts,
    contested,
    decisions,
    journal,
    messages,
    meta,
    peer_desks,
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
    kept = {row.key: row.value for row in connection.execute(_KEPT)}
    if "hub" not in kept:
        return 0
    position = (
        msgspec.json.decode(kept["hub.position"], type=Position) if "hub.position" in kept else Position()
    )
    texts = connection.execute(select(func.count()).select_from(unsent)).scalar_one()
    events = select(func.count()).select_from(journal).where(journal.c.sequence > position.pushed)
    return int(texts) + int(connection.execute(events).scalar_one())


def foreign(row: Row[Any]) -> SharedEvent:
    """A row of `shared_events` that came from another desk. Raises ValueError when its body is no event."""
    link = Link(row.sequence, event_of(row.body.encode()), row.previous, row.sha256)
    return SharedEvent(link, row.standing, row.code, row.seq, row.accepted_at, row.matter, False, row.seal)


def peer_rows(connection: Connection, after: tuple[str, int, str], limit: int) -> Sequence[Row[Any]]:
    """The next events of other desks, by desk and sequence."""
    desk, sequence, event = after
    parameters = {"desk_": desk, "sequence_": sequence, "event_": event}
    return connection.execute(_PEER_ROWS.limit(limit), parameters).all()


class PeerWalk:
    """Follows one desk's chain. What is missing in between is noted; what is there must fit."""

    def __init__(self) -> None:
        self._last: tuple[int, str] = (0, GENESIS)
        self.altered: Break | None = None
        self.missing: int | None = None
        """The first sequence that is not here."""

    def step(self, row: Row[Any]) -> None:
        """The next link."""
        sequence, previous = self._last
        self._last = (row.sequence, row.sha256)
        if row.sequence > sequence + 1 and self.missing is None:
            self.missing = sequence + 1
        if self.altered is None:
            follows = row.sequence != sequence + 1 or row.previous == previous
            if row.sequence == sequence or not follows:
                self.altered = Break(row.sequence, "previous")
            elif not _holds(row):
                self.altered = Break(row.sequence, "content")


def breaks_of(connection: Connection, walks: Mapping[str, PeerWalk]) -> tuple[PeerBreak, ...]:
    """What the walks found, with the desks' names."""
    names = {row.id: row.name for row in connection.execute(select(peer_desks.c.id, peer_desks.c.name))}
    found = []
    for desk, walk in walks.items():
        broken = walk.altered or (Break(walk.missing, "gap") if walk.missing is not None else None)
        if broken is not None:
            name = names.get(desk) or desk
            found.append(PeerBreak(DeskId(desk), name, broken.sequence, broken.reason))
    return tuple(found)


def _holds(row: Row[Any]) -> bool:
    try:
        event = event_of(row.body.encode())
    except ValueError:
        return False
    fits = (event.id, event.desk) == (row.event_id, row.desk)
    return fits and seal(event, row.sequence, row.previous).sha256 == row.sha256


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
_PEER_PLACE = (shared_events.c.desk, shared_events.c.sequence, shared_events.c.event_id)
_PEER_ROWS = (
    select(shared_events)
    .where(
        ~shared_events.c.own,
        tuple_(*_PEER_PLACE) > tuple_(bindparam("desk_"), bindparam("sequence_"), bindparam("event_")),
    )
    .order_by(*_PEER_PLACE)
)
_KEPT = select(meta.c.key, meta.c.value).where(meta.c.key.in_(["hub", "hub.position"]))
