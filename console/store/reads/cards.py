"""The cards of the queue, from keys or ids to frozen rows, in a handful of statements a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, distinct, func, select

from console.domain.ids import MessageId
from console.services.rows import Chip, QueueRow
from console.store.tables import accounts, decisions, findings, messages, people, rules, staff, warnings
from console.store.writes.base import KEYS, VISIBLE
from console.store.writes.registers import as_keys

EXCERPT = 280
"""Characters of a message shown in lists."""
_READ = 4 * EXCERPT
"""Characters read for it: runs of blanks are drawn together."""

_kept = people.alias("kept")
_GIVEN = select(KEYS.c.value)


def cards(connection: Connection, keys: Sequence[int]) -> tuple[QueueRow, ...]:
    """The rows of these messages (`messages.pk`), in the order given; unknown keys are left out."""
    return _rows(connection, _CARDS.where(messages.c.pk.in_(_GIVEN)), keys, "pk")


def cards_by_id(connection: Connection, ids: Sequence[MessageId]) -> tuple[QueueRow, ...]:
    """The same by the messages' ids; messages of an import under way are unknown."""
    return _rows(connection, _CARDS.where(messages.c.id.in_(_GIVEN), VISIBLE), ids, "id")


def _rows(
    connection: Connection, query: Select[Any], keys: Sequence[int] | Sequence[MessageId], by: str
) -> tuple[QueueRow, ...]:
    found = {getattr(row, by): row for row in connection.execute(query, as_keys(keys))}
    rows = [found[key] for key in dict.fromkeys(keys) if key in found]
    chips = _chips(connection, [row.pk for row in rows])
    delivered = delivered_warnings(connection, {row.author_number for row in rows})
    return tuple(_card(row, chips.get(row.pk, ()), delivered.get(row.author_number, 0)) for row in rows)


def excerpt(text: str) -> str:
    """The beginning of a text on one line, for lists."""
    line = " ".join(text[:_READ].split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def delivered_warnings(connection: Connection, roots: Iterable[int]) -> Mapping[int, int]:
    """How many incidents each person (by root number) was warned of, delivered and not withdrawn."""
    rows = connection.execute(_DELIVERED, as_keys(roots))
    return {row.root: row.number for row in rows}


def _chips(connection: Connection, keys: Sequence[int]) -> Mapping[int, tuple[Chip, ...]]:
    chips: dict[int, list[Chip]] = defaultdict(list)
    for row in connection.execute(_CHIPS, as_keys(keys)):
        chips[row.message].append(Chip(row.id, row.article, row.severity))
    return {message: tuple(each) for message, each in chips.items()}


def _card(row: Row[Any], chips: tuple[Chip, ...], delivered: int) -> QueueRow:
    return QueueRow(
        id=row.id,
        state=row.state,
        platform=row.platform,
        account=row.account_name,
        author=row.author_name or row.kept_name,
        author_id=row.author_id,
        author_number=row.author_number,
        channel=row.channel,
        kind=row.kind,
        excerpt=excerpt(row.text),
        posted_at=row.posted_at,
        priority=row.priority,
        severity=row.severity,
        chips=chips,
        route=row.route,
        criticism=row.criticism,
        similar=row.similar,
        warnings=delivered,
        revision=row.revision,
        arrival=row.arrival,
        decided_by=row.decided_by or "",
        decided_actions=row.decided_actions or (),
        decided_at=row.decided_at,
    )


_CARDS = (
    select(
        messages.c.pk,
        messages.c.id,
        messages.c.state,
        messages.c.author_name,
        messages.c.channel,
        messages.c.kind,
        func.substr(messages.c.text, 1, _READ).label("text"),
        messages.c.posted_at,
        messages.c.priority,
        messages.c.severity,
        messages.c.route,
        messages.c.criticism,
        messages.c.similar,
        messages.c.revision,
        messages.c.arrival,
        accounts.c.platform,
        accounts.c.name.label("account_name"),
        _kept.c.id.label("author_id"),
        _kept.c.number.label("author_number"),
        _kept.c.name.label("kept_name"),
        staff.c.name.label("decided_by"),
        decisions.c.actions.label("decided_actions"),
        decisions.c.at.label("decided_at"),
    )
    .join_from(messages, accounts, accounts.c.pk == messages.c.account)
    .join(people, people.c.number == messages.c.author)
    .join(_kept, _kept.c.number == people.c.root)
    .outerjoin(decisions, decisions.c.id == messages.c.decision)
    .outerjoin(staff, staff.c.id == decisions.c.actor)
)
_CHIPS = (
    select(findings.c.message, rules.c.id, findings.c.article, findings.c.severity)
    .join_from(findings, rules, rules.c.number == findings.c.rule)
    .where(findings.c.message.in_(_GIVEN))
    .order_by(findings.c.message, findings.c.position)
)
_DELIVERED = (
    select(people.c.root, func.count(distinct(warnings.c.incident)).label("number"))
    .join_from(people, warnings, warnings.c.person == people.c.number)
    .where(
        people.c.root.in_(_GIVEN),
        warnings.c.delivered_at.is_not(None),
        warnings.c.withdrawn_at.is_(None),
    )
    .group_by(people.c.root)
)
