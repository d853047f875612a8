"""Which messages a queue filter shows, in order, by key: the heart of the queue's speed.

Three ways lead to the rows, whichever is shortest:

* *In order.* The two queue indexes hold state, sort key and every facet. One lane a state is read in
  order and tested inside the index; lanes are merged. Behind a cursor a state has two lanes, «the
  same key, later row» and «later key», so that a million messages of one priority cost no more than
  a hundred.
* *From the few.* When one condition alone (a person, a rare rule, words, dates) leaves at most `FEW`
  rows, those are looked up, tested and sorted.
* *Emergencies* have an index of their own; in emergency mode they make the first stretch of the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)

from console.domain.verdicts import Route
from console.services.rows import Cursor, Sort
from console.store.reads import conditions
from console.store.reads.conditions import (
    IS_EMERGENCY,
    Few,
    Stretch,
    facets,
    matching,
    narrowest,
    plain,
    stretches,
)
from console.store.reads.wanted import Wanted
from console.store.tables import messages

FEW = 4_000
"""Rows that are looked up and sorted in about 10 ms, sooner than a walk through an index may end."""

_m = messages.c
_ONE: ColumnElement[int] = literal_column("1").label("one")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: stretch (0, or 1 behind the emergencies), sort key and pk."""

    stretch: int
    key: int
    pk: int

    def cursor(self) -> Cursor:
        """For the screen."""
        return Cursor((self.stretch, self.key, self.pk))

    @staticmethod
    def of(cursor: Cursor | None) -> Place | None:
        """The place that `cursor` made."""
        if cursor is None:
            return None
        stretch, key, pk = (int(part) for part in cursor.key)
        return Place(stretch, key, pk)


@dataclass(frozen=True, slots=True)
class _Order:
    """A sort: its key, its direction, and whether the rows of one key run upwards."""

    key: ColumnElement[int]
    falling: bool
    rows_rising: bool

    def by(self, key: ColumnElement[Any], pk: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
        return (key.desc() if self.falling else key.asc(), pk.asc() if self.rows_rising else pk.desc())

    def later_row(self, place: Place) -> ColumnElement[bool]:
        """The same key, but behind `place`."""
        return and_(self.key == place.key, _m.pk > place.pk if self.rows_rising else _m.pk < place.pk)

    def later_key(self, place: Place) -> ColumnElement[bool]:
        return self.key < place.key if self.falling else self.key > place.key

    def behind(self, place: Place) -> ColumnElement[bool]:
        return or_(self.later_key(place), self.later_row(place))


_POSTED = type_coerce(_m.posted_at, BigInteger)
_ORDERS = {
    Sort.PRIORITY: _Order(type_coerce(_m.priority, BigInteger), falling=True, rows_rising=True),
    Sort.NEWEST: _Order(_POSTED, falling=True, rows_rising=False),
    Sort.OLDEST: _Order(_POSTED, falling=False, rows_rising=True),
}


def page(
    connection: Connection, wanted: Wanted, sort: Sort, after: Place | None, limit: int
) -> tuple[Place, ...]:
    """The places of at most `limit` rows behind `after`, in order."""
    if wanted.hopeless:
        return ()
    found: list[Place] = []
    few = narrowest(connection, wanted, FEW, by_dates=sort is Sort.PRIORITY)
    for number, stretch in enumerate(stretches(wanted)):
        if len(found) >= limit or (after is not None and number < after.stretch):
            continue
        walk = _Walk(wanted, stretch, sort, after if after is not None and number == after.stretch else None)
        rows = connection.execute(walk.statement(few).limit(limit - len(found)))
        found += [Place(number, key, pk) for key, pk in rows]
    return tuple(found)


def count(connection: Connection, wanted: Wanted, limit: int, since: int | None = None) -> int:
    """How many rows match, counted up to `limit`; with `since`, only those that arrived after it."""
    if wanted.hopeless or (since is not None and since >= wanted.ceiling):
        return 0
    few = narrowest(connection, wanted, FEW, by_dates=True)
    if since is not None and wanted.ceiling - since <= FEW:
        few = Few(_m.arrival.between(since + 1, wanted.ceiling))
    stretch = stretches(wanted)[0] if wanted.where.routes == {Route.EMERGENCY} else Stretch.ALL
    asked = facets(wanted, stretch, words=not (few and few.words))
    if few is None:
        asked += [_m.state.in_(wanted.states), *conditions.since(wanted), *conditions.until(wanted)]
    else:
        asked += [few.condition, plain(_m.state).in_(wanted.states), *_period(wanted)]
    if since is not None:
        asked.append(plain(_m.arrival) > since)
    rows = select(_ONE).select_from(messages).where(*asked).limit(limit).subquery()
    return connection.scalar(select(func.count()).select_from(rows)) or 0


@dataclass(frozen=True, slots=True)
class _Walk:
    """One stretch of the list behind a place, and the statement that reads it."""

    wanted: Wanted
    stretch: Stretch
    sort: Sort
    after: Place | None

    def statement(self, few: Few | None) -> Select[Any] | CompoundSelect[Any]:
        if few is None and self.stretch is Stretch.EMERGENCIES and self.sort is not Sort.PRIORITY:
            few = Few(_m.pk.in_(select(_m.pk).where(_m.state.in_(self.wanted.states), IS_EMERGENCY)))
        return self._in_order() if few is None else self._from(few)

    @property
    def _order(self) -> _Order:
        return _ORDERS[self.sort]

    def _keys(self, few: Few | None = None, *, words: bool = True) -> Select[Any]:
        tests = facets(self.wanted, self.stretch, words=words and not (few and few.words))
        return select(self._order.key.label("key"), _m.pk).where(*tests)

    def _in_order(self) -> Select[Any] | CompoundSelect[Any]:
        lanes = [
            self._keys(words=False).where(_m.state == state, *behind)
            for state in self.wanted.states
            for behind in self._behind()
        ]
        walk: Select[Any] | CompoundSelect[Any]
        if len(lanes) == 1:
            walk = lanes[0].order_by(*self._order.by(self._order.key, _m.pk))
        else:
            merged = union_all(*lanes)
            walk = merged.order_by(*self._order.by(*merged.selected_columns))
        return walk if self.wanted.match is None else _with_words(walk, self.wanted.match)

    def _behind(self) -> list[list[ColumnElement[bool]]]:
        """The beginnings of lanes within one state: one at the start of the list, two behind a place.

        By date, the dates bound the walk itself, but only where the place does not bound it already:
        SQLite, told two bounds of one column, might begin at the wrong one.
        """
        order, wanted, after = self._order, self.wanted, self.after
        if self.sort is Sort.PRIORITY:
            period = rest = same = _period(wanted)
        else:
            start, end = conditions.since(wanted), conditions.until(wanted)
            period, rest, same = [*start, *end], start if order.falling else end, []
        if after is None:
            return [period]
        return [[order.later_row(after), *same], [order.later_key(after), *rest]]

    def _from(self, few: Few) -> Select[Any]:
        asked = [few.condition, plain(_m.state).in_(self.wanted.states), *_period(self.wanted)]
        if self.after is not None:
            asked.append(self._order.behind(self.after))
        return self._keys(few).where(*asked).order_by(*self._order.by(self._order.key, _m.pk))


def _period(wanted: Wanted) -> list[ColumnElement[bool]]:
    posted = plain(_m.posted_at)
    return [*conditions.since(wanted, posted), *conditions.until(wanted, posted)]


def _with_words(walk: Select[Any] | CompoundSelect[Any], match: str) -> Select[Any]:
    """The rows of a walk that hold the words, in the order of the walk.

    The search is done once, not once a lane. «LIMIT -1» keeps SQLite from drawing the walk into the
    outer query and from dropping its order (sqlite.org/optoverview.html, «Subquery Flattening»).
    """
    walked = walk.limit(-1).subquery()
    return select(walked.c.key, walked.c.pk).where(plain(walked.c.pk).in_(matching(match)))
