"""The pages of past decisions, newest first, by one index that covers every filter but words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    column,
    func,
    or_,
    select,
    table,
    type_coerce,
)

from console.domain.cases import UNDOABLE_STATES
from console.domain.ids import StaffId
from console.services.rows import Cursor, HistoryFilter, HistoryRow, Page
from console.store.codes import ACTION_BITS
from console.store.reads.cards import excerpt
from console.store.reads.conditions import matching, plain
from console.store.reads.wanted import match_of, rules_asked
from console.store.tables import DECISION_SEARCH, accounts, decisions, messages, people, staff
from console.store.types import to_micros
from console.store.writes.base import KEYS
from console.store.writes.registers import as_keys

FEW = 4_000
"""Hits of a search that are looked up and sorted sooner than a walk through the index may end."""

_d = decisions.c
_kept = people.alias("kept")
_found = table(DECISION_SEARCH, column("rowid"), column(DECISION_SEARCH)).c
_AT = type_coerce(_d.at, BigInteger)
_NEWEST = (_d.at.desc(), _d.pk.desc())


def history(
    connection: Connection, where: HistoryFilter, after: Cursor | None, limit: int
) -> Page[HistoryRow]:
    """One page of decisions, newest first."""
    asked = _asked(connection, where)
    if asked is None:
        return Page((), None)
    query = select(_d.pk).where(*asked.conditions)
    if after is not None:
        at, pk = (int(part) for part in after.key)
        query = query.where(at >= _AT, or_(at > _AT, _d.pk < pk))
    keys = list(connection.scalars(query.order_by(*_NEWEST).limit(limit + 1)))
    rows = rows_at(connection, keys[:limit])
    more = None
    if len(keys) > limit and rows:
        more = Cursor((to_micros(rows[-1].at), keys[limit - 1]))
    return Page(rows, more)


def history_matches(connection: Connection, where: HistoryFilter) -> int:
    """How many decisions match."""
    asked = _asked(connection, where)
    if asked is None:
        return 0
    return connection.scalar(select(func.count()).select_from(decisions).where(*asked.conditions)) or 0


def undoable(connection: Connection, actor: StaffId, limit: int) -> tuple[HistoryRow, ...]:
    """The actor's decisions that can still be taken back, newest first; the rule of
    `UnitOfWork.latest_undoable`."""
    keys = connection.scalars(
        select(_d.pk)
        .join_from(decisions, messages, messages.c.pk == _d.message)
        .where(
            _d.actor == actor,
            _d.undone_at.is_(None),
            messages.c.decision == _d.id,
            messages.c.state.in_(sorted(UNDOABLE_STATES)),
        )
        .order_by(*_NEWEST)
        .limit(limit)
    )
    return rows_at(connection, list(keys))


def rows_at(connection: Connection, keys: list[int]) -> tuple[HistoryRow, ...]:
    """The decisions of these keys (`decisions.pk`), in the order given."""
    found = {row.pk: history_row(row) for row in connection.execute(_ROWS, as_keys(keys))}
    return tuple(found[key] for key in keys if key in found)


def history_row(row: Row[Any]) -> HistoryRow:
    """A row of the query behind `rows_at`."""
    return HistoryRow(
        decision_id=row.id,
        message_id=row.message_id,
        at=row.at,
        decided_by=row.decided_by or "",
        actions=row.actions,
        rules=row.rules,
        reason=row.reason,
        platform=row.platform,
        account=row.account_name,
        author=row.author_name or row.kept_name,
        author_number=row.author_number,
        excerpt=excerpt(row.text),
        policy=row.policy,
        undone_at=row.undone_at,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    conditions: tuple[ColumnElement[bool], ...]


def _asked(connection: Connection, where: HistoryFilter) -> _Asked | None:
    """The filter as conditions; None when nothing can match."""
    asked: list[ColumnElement[bool]] = []
    if where.decided_from is not None:
        asked.append(_d.at >= where.decided_from)
    if where.decided_to is not None:
        asked.append(_d.at < where.decided_to)
    if where.staff:
        asked.append(plain(_d.actor).in_(sorted(where.staff)))
    if where.actions:
        mask = sum(ACTION_BITS[action] for action in where.actions)
        asked.append(plain(_d.actions_mask).bitwise_and(mask) != 0)
    if where.platforms:
        theirs = select(accounts.c.pk).where(accounts.c.platform.in_(sorted(where.platforms)))
        asked.append(plain(_d.account).in_(theirs))
    if not where.include_undone:
        asked.append(plain(_d.undone_at).is_(None))
    if where.rules:
        numbers, mask, exact = rules_asked(connection, where.rules)
        if not numbers:
            return None
        asked.append(plain(_d.rules_mask).bitwise_and(mask) != 0)
        if not exact:
            named = func.json_each(_d.rules).table_valued("value")
            asked.append(select(named.c.value).where(named.c.value.in_(sorted(where.rules))).exists())
    match = match_of(where.text)
    if match == "":
        return None
    if match is not None:
        asked.append(_words(connection, match))
    return _Asked(tuple(asked))


def _words(connection: Connection, match: str) -> ColumnElement[bool]:
    """Words in what was decided and why, or in the message and its author's name."""
    said = select(_found.rowid).where(_found[DECISION_SEARCH].op("MATCH")(match))
    written = matching(match)
    few = all(
        (connection.scalar(select(func.count()).select_from(hits.limit(FEW + 1).subquery())) or 0) <= FEW
        for hits in (said, written)
    )
    if few:
        return or_(_d.pk.in_(said), _d.message.in_(written))
    return or_(plain(_d.pk).in_(said), plain(_d.message).in_(written))


_ROWS: Select[Any] = (
    select(
        _d.pk,
        _d.id,
        _d.at,
        _d.actions,
        _d.rules,
        _d.reason,
        _d.policy,
        _d.undone_at,
        messages.c.id.label("message_id"),
        messages.c.author_name,
        func.substr(messages.c.text, 1, 1_200).label("text"),
        accounts.c.platform,
        accounts.c.name.label("account_name"),
        _kept.c.number.label("author_number"),
        _kept.c.name.label("kept_name"),
        staff.c.name.label("decided_by"),
    )
    .join_from(decisions, messages, messages.c.pk == _d.message)
    .join(accounts, accounts.c.pk == messages.c.account)
    .join(people, people.c.number == messages.c.author)
    .join(_kept, _kept.c.number == people.c.root)
    .outerjoin(staff, staff.c.id == _d.actor)
    .where(_d.pk.in_(select(KEYS.c.value)))
)
