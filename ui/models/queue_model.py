"""The queue as a model: ids and frozen rows, page by page, changed in precise steps.

The model asks nobody: it says `more_wanted`, and whoever owns it reads off the UI thread and answers
with `append`. Only loaded pages are in memory. A row never changes its place by itself: a decided one
is greyed where it stands, new ones wait until `replace` is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from console.domain.ids import MessageId
from console.services.rows import Cursor, QueueRow
from ui.models.card import CardContext, CardText, card_of
from ui.models.list_diff import steps

Index = QModelIndex | QPersistentModelIndex

CARD_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""`CardText` of a row."""
ROW_ROLE = CARD_ROLE + 1
"""`QueueRow` of a row."""


class QueueModel(QAbstractTableModel):
    """One column of cards. See the module for who reads and when rows move."""

    more_wanted = Signal(object)
    """`Cursor` after which the next page is wanted; answer with `append` or `give_up`."""

    def __init__(self, now: datetime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: list[MessageId] = []
        self._places: dict[MessageId, int] = {}
        self._rows: dict[MessageId, QueueRow] = {}
        self._cards: dict[MessageId, CardText] = {}
        self._next: Cursor | None = None
        self._asked = False
        self._context = CardContext()
        self._now = now

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
            return self._rows[self._ids[index.row()]]
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

    def ids(self) -> tuple[MessageId, ...]:
        """Loaded ids in order."""
        return tuple(self._ids)

    def row(self, message: MessageId) -> QueueRow | None:
        """The loaded row of a message."""
        return self._rows.get(message)

    def row_at(self, place: int) -> QueueRow:
        """The row at a place."""
        return self._rows[self._ids[place]]

    def place_of(self, message: MessageId) -> int | None:
        """Where a message stands, None when it is not loaded."""
        return self._places.get(message)

    def card(self, place: int) -> CardText:
        """The card at a place, made once."""
        message = self._ids[place]
        card = self._cards.get(message)
        if card is None:
            card = self._cards[message] = card_of(self._rows[message], self._now, self._context)
        return card

    def awaiting(self, place: int) -> bool:
        """Whether the row at `place` is still of the kind that the list shows."""
        return self.row_at(place).state in self._context.states

    # how it changes

    def append(self, rows: Sequence[QueueRow], following: Cursor | None) -> None:
        """The page that was asked for. Rows already here (moved meanwhile) are not doubled."""
        self._asked = False
        self._next = following
        fresh = [row for row in rows if row.id not in self._rows]
        self._insert(len(self._ids), fresh)

    def give_up(self) -> None:
        """The page could not be read; it may be asked again."""
        self._asked = False

    def replace(self, rows: Sequence[QueueRow], following: Cursor | None) -> None:
        """Make the list `rows`, by removals and insertions: what stays keeps selection and place."""
        self._asked = False
        self._next = following
        new = [row.id for row in rows]
        removals, insertions = steps(self._ids, new)
        for removal in removals:
            self._remove(removal.first, removal.last)
        kept = [row for row in rows if row.id in self._rows]
        for insertion in insertions:
            self._insert(insertion.first, rows[insertion.first : insertion.last + 1])
        self.refresh(kept)

    def refresh(self, rows: Iterable[QueueRow]) -> None:
        """Fresh rows of loaded messages, each where it stands."""
        for row in rows:
            place = self._places.get(row.id)
            if place is None or self._rows[row.id] == row:
                continue
            self._rows[row.id] = row
            self._cards.pop(row.id, None)
            index = self.index(place, 0)
            self.dataChanged.emit(index, index)

    def drop(self, messages: Iterable[MessageId]) -> None:
        """Messages that no longer exist."""
        for place in sorted((self._places[each] for each in messages if each in self._places), reverse=True):
            self._remove(place, place)

    def set_context(self, context: CardContext) -> None:
        """Other words on every card (names masked, rules read, another filter)."""
        if context != self._context:
            self._context = context
            self._reword()

    def set_now(self, now: datetime) -> None:
        """Time goes on: ages change."""
        self._now = now
        self._reword()

    def _reword(self) -> None:
        self._cards.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, 0))

    def _insert(self, place: int, rows: Sequence[QueueRow]) -> None:
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), place, place + len(rows) - 1)
        self._ids[place:place] = [row.id for row in rows]
        self._rows.update((row.id, row) for row in rows)
        self._renumber(place)
        self.endInsertRows()

    def _remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(QModelIndex(), first, last)
        for message in self._ids[first : last + 1]:
            del self._rows[message], self._places[message]
            self._cards.pop(message, None)
        del self._ids[first : last + 1]
        self._renumber(first)
        self.endRemoveRows()

    def _renumber(self, first: int) -> None:
        for place in range(first, len(self._ids)):
            self._places[self._ids[place]] = place
