"""Rows as cards: ids and frozen rows, page by page, changed in precise steps.

The model asks nobody: it says `more_wanted`, and whoever owns it reads off the UI thread and answers
with `append`. Only loaded pages are in memory. A row never changes its place by itself; `replace` moves
rows, and keeps the selection of those that stay.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from console.services.rows import Cursor
from ui.models.card import CardText
from ui.models.list_diff import steps

Index = QModelIndex | QPersistentModelIndex
Id = TypeVar("Id", bound=Hashable)
Row = TypeVar("Row")

CARD_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""`CardText` of a row."""
ROW_ROLE = CARD_ROLE + 1
"""The frozen row itself."""
ID_ROLE = CARD_ROLE + 2
"""Its id."""


class RowModel(QAbstractTableModel, Generic[Id, Row]):
    """One column of cards. `id_of` tells rows apart; `card_of` puts one in words, once a row until
    `reword`. See the module for who reads and when rows move."""

    more_wanted = Signal(object)
    """`Cursor` after which the next page is wanted; answer with `append` or `give_up`."""

    def __init__(
        self, id_of: Callable[[Row], Id], card_of: Callable[[Row], CardText], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._id_of, self._card_of = id_of, card_of
        self._ids: list[Id] = []
        self._places: dict[Id, int] = {}
        self._rows: dict[Id, Row] = {}
        self._cards: dict[Id, CardText] = {}
        self._next: Cursor | None = None
        self._asked = False

    # what a view asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default; never changed
        """Loaded rows."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default; never changed
        """One: the card."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The card in words, or the row behind it. Reads memory only."""
        if not index.isValid() or not 0 <= index.row() < len(self._ids):
            return None
        if role == CARD_ROLE:
            return self.card(index.row())
        if role == ROW_ROLE:
            return self.row_at(index.row())
        if role == ID_ROLE:
            return self._ids[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.card(index.row()).spoken
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether another page exists and is not already on its way."""
        return not parent.isValid() and self._next is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page; it comes later."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit(self._next)

    # what the page asks

    @property
    def complete(self) -> bool:
        """Whether the end of the list is loaded."""
        return self._next is None

    def ids(self) -> tuple[Id, ...]:
        """Loaded ids in order."""
        return tuple(self._ids)

    def row(self, key: Id) -> Row | None:
        """The loaded row of an id."""
        return self._rows.get(key)

    def row_at(self, place: int) -> Row:
        """The row at a place."""
        return self._rows[self._ids[place]]

    def place_of(self, key: Id) -> int | None:
        """Where an id stands, None when it is not loaded."""
        return self._places.get(key)

    def card(self, place: int) -> CardText:
        """The card at a place, made once."""
        key = self._ids[place]
        card = self._cards.get(key)
        if card is None:
            card = self._cards[key] = self._card_of(self._rows[key])
        return card

    # how it changes

    def append(self, rows: Sequence[Row], following: Cursor | None) -> None:
        """The page that was asked for. Rows already here (moved meanwhile) are not doubled."""
        self._asked = False
        self._next = following
        fresh = [row for row in rows if self._id_of(row) not in self._rows]
        self._insert(len(self._ids), fresh)

    def give_up(self) -> None:
        """The page could not be read; it may be asked again."""
        self._asked = False

    def replace(self, rows: Sequence[Row], following: Cursor | None) -> None:
        """Make the list `rows`, by removals and insertions: what stays keeps selection and place."""
        self._asked = False
        self._next = following
        new = [self._id_of(row) for row in rows]
        removals, insertions = steps(self._ids, new)
        for removal in removals:
            self._remove(removal.first, removal.last)
        kept = [row for row in rows if self._id_of(row) in self._rows]
        for insertion in insertions:
            self._insert(insertion.first, rows[insertion.first : insertion.last + 1])
        self.refresh(kept)

    def refresh(self, rows: Iterable[Row]) -> None:
        """Fresh rows of loaded ids, each where it stands."""
        for row in rows:
            key = self._id_of(row)
            place = self._places.get(key)
            if place is None or self._rows[key] == row:
                continue
            self._rows[key] = row
            self._cards.pop(key, None)
            index = self.index(place, 0)
            self.dataChanged.emit(index, index)

    def drop(self, keys: Iterable[Id]) -> None:
        """Rows that no longer exist."""
        for place in sorted((self._places[each] for each in keys if each in self._places), reverse=True):
            self._remove(place, place)

    def reword(self) -> None:
        """Other words on every card: time went on, names are masked, rules were read."""
        self._cards.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, 0))

    def reword_only(self, keys: Iterable[Id]) -> None:
        """Other words on some cards, loaded or not."""
        for key in keys:
            place = self._places.get(key)
            if place is not None:
                self._cards.pop(key, None)
                index = self.index(place, 0)
                self.dataChanged.emit(index, index)

    def _insert(self, place: int, rows: Sequence[Row]) -> None:
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), place, place + len(rows) - 1)
        self._ids[place:place] = [self._id_of(row) for row in rows]
        self._rows.update((self._id_of(row), row) for row in rows)
        self._renumber(place)
        self.endInsertRows()

    def _remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(QModelIndex(), first, last)
        for key in self._ids[first : last + 1]:
            del self._rows[key], self._places[key]
            self._cards.pop(key, None)
        del self._ids[first : last + 1]
        self._renumber(first)
        self.endRemoveRows()

    def _renumber(self, first: int) -> None:
        for place in range(first, len(self._ids)):
            self._places[self._ids[place]] = place
