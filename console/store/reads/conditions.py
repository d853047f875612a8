"""What a queue filter asks of a row, as conditions that leave the choice of the index to the caller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    UnaryExpression,
    column,
    exists,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.sql.operators import custom_op

from console.domain.verdicts import Route
from console.store.codes import ROUTE_CODES
from console.store.reads.wanted import Wanted
from console.store.tables import SEARCH, escalations, findings, messages

_m = messages.c
_search = table(SEARCH, column("rowid"), column(SEARCH)).c
# Written out, not bound: a partial index is used only when the statement itself says its condition.
_EMERGENCY: ColumnElement[int] = literal_column(str(ROUTE_CODES[Route.EMERGENCY]))
IS_EMERGENCY = _m.route == _EMERGENCY


class Stretch(Enum):
    """A part of the list: in emergency mode, danger to life and then the others."""

    EMERGENCIES = auto()
    OTHERS = auto()
    ALL = auto()


def stretches(wanted: Wanted) -> tuple[Stretch, ...]:
    """The parts of the list in order."""
    routes = wanted.where.routes
    if routes == {Route.EMERGENCY}:
        return (Stretch.EMERGENCIES,)
    if wanted.where.emergency and (not routes or Route.EMERGENCY in routes):
        return (Stretch.EMERGENCIES, Stretch.OTHERS)
    return (Stretch.ALL,)


def plain(of: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column as a term that draws no index, so that the one meant is taken.

    sqlite.org/optoverview.html, «Disqualifying WHERE Clause Terms Using Unary "+"».
    """
    return UnaryExpression(of, operator=custom_op("+"), type_=of.type)


@dataclass(frozen=True, slots=True)
class Few:
    """A condition that alone leaves few rows, to be looked up; `words` when it is the search itself."""

    condition: ColumnElement[bool]
    words: bool = False


def facets(wanted: Wanted, stretch: Stretch, *, words: bool = True) -> list[ColumnElement[bool]]:
    """Conditions on all but state and dates; all but words are decided within the queue indexes."""
    where = wanted.where
    asked: list[ColumnElement[bool]] = [plain(_m.arrival) <= wanted.ceiling]
    if stretch is Stretch.EMERGENCIES:
        asked.append(IS_EMERGENCY)
    elif stretch is Stretch.OTHERS:
        asked.append(plain(_m.route) != _EMERGENCY)
    for facet, values in (
        (_m.channel, where.channels),
        (_m.kind, where.kinds),
        (_m.severity, where.severities),
        (_m.route, where.routes),
    ):
        if values:
            asked.append(plain(facet).in_(sorted(values)))
    for key, keys in ((_m.account, wanted.accounts), (_m.author, wanted.authors)):
        if keys is not None:
            asked.append(plain(key).in_(keys))
    if where.submitted_by is not None:
        by = escalations.c.submitted_by == where.submitted_by
        asked.append(exists().where(escalations.c.message == _m.pk, by))
    if wanted.rules is not None:
        asked += _rules(wanted, wanted.rules)
    if wanted.match is not None and words:
        asked.append(plain(_m.pk).in_(matching(wanted.match)))
    return asked


def _rules(wanted: Wanted, numbers: tuple[int, ...]) -> list[ColumnElement[bool]]:
    asked = [plain(_m.rules).bitwise_and(wanted.rules_mask) != 0]
    if not wanted.rules_exact:
        asked.append(exists().where(findings.c.message == _m.pk, findings.c.rule.in_(numbers)))
    return asked


def matching(expression: str) -> Select[Any]:
    """The rows that an FTS5 expression finds."""
    return select(_search.rowid).where(_search[SEARCH].op("MATCH")(expression))


def since(wanted: Wanted, posted: ColumnElement[Any] = _m.posted_at) -> list[ColumnElement[bool]]:
    """`posted_from`, included."""
    start = wanted.where.posted_from
    return [] if start is None else [posted >= start]


def until(wanted: Wanted, posted: ColumnElement[Any] = _m.posted_at) -> list[ColumnElement[bool]]:
    """`posted_to`, not included."""
    end = wanted.where.posted_to
    return [] if end is None else [posted < end]


def narrowest(connection: Connection, wanted: Wanted, most: int, *, by_dates: bool) -> Few | None:
    """The one condition that alone leaves the fewest rows and at most `most`, for a lookup by index."""
    best, fewest = None, most + 1
    for candidate, rows in _candidates(wanted, by_dates=by_dates):
        found = connection.scalar(select(func.count()).select_from(rows.limit(fewest).subquery())) or 0
        if found < fewest:
            best, fewest = candidate, found
    return best


def _candidates(wanted: Wanted, *, by_dates: bool) -> Iterator[tuple[Few, Select[Any]]]:
    if wanted.authors is not None:
        by = _m.author.in_(wanted.authors)
        yield Few(by), select(_m.pk).where(by)
    if wanted.rules is not None:
        rows = select(findings.c.message).where(findings.c.rule.in_(wanted.rules))
        yield Few(_m.pk.in_(rows)), rows
    if wanted.match is not None:
        rows = matching(wanted.match)
        yield Few(_m.pk.in_(rows), words=True), rows
    period = [*since(wanted), *until(wanted)]
    if period and by_dates:
        rows = select(_m.pk).where(_m.state.in_(wanted.states), *period)
        yield Few(_m.pk.in_(rows)), rows
