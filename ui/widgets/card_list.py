"""The list of cards: a one-column table, since QListView asks Python about every row it holds."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from console.domain.ids import MessageId
from ui.delegates.card_delegate import CardDelegate
from ui.models.queue_model import ROW_ROLE, Index, QueueModel
from ui.theme import current

_AHEAD = 25
"""The next page is asked for when so few rows are left below the current one."""


class CardList(QTableView):
    """Shows a `QueueModel`; the current card is the message on screen."""

    picked = Signal(object)
    """`MessageId` of the current card, None when there is none. Only when it really changes."""

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._picked: MessageId | None = None
        self.setModel(model)
        self.setProperty("look", "cards")
        self._delegate = CardDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Messages de la file"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(1)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        current().changed.connect(self._restyle)
        self._restyle()

    def current_message(self) -> MessageId | None:
        """The message of the current card."""
        return self._picked

    def pick(self, message: MessageId) -> bool:
        """Make a loaded message current; False when it is not loaded."""
        place = self._model.place_of(message)
        if place is None:
            return False
        self.setCurrentIndex(self._model.index(place, 0))
        return True

    def pick_first(self) -> None:
        """The first card that awaits a decision, else the first."""
        first = self.next_awaiting(set())
        if first is not None:
            self.pick(first)
        elif self._model.rowCount():
            self.setCurrentIndex(self._model.index(0, 0))

    def next_awaiting(self, skipped: Container[MessageId]) -> MessageId | None:
        """The next loaded card that awaits a decision: below the current one first, else from the top."""
        here, count = self.currentIndex().row(), self._model.rowCount()
        for place in (*range(here + 1, count), *range(min(here + 1, count))):
            message = self._model.row_at(place).id
            if message not in skipped and self._model.awaiting(place):
                return message
        return None

    def fetch_more(self) -> None:
        """Ask for the next page."""
        self._model.fetchMore(QModelIndex())

    def step(self, by: int) -> None:
        """The card below (1) or above (-1)."""
        place = self.currentIndex().row() + by
        if 0 <= place < self._model.rowCount():
            self.setCurrentIndex(self._model.index(place, 0))

    def visible_messages(self) -> tuple[MessageId, ...]:
        """The messages on screen."""
        count = self._model.rowCount()
        if not count:
            return ()
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        last = count - 1 if last < 0 else last
        return tuple(self._model.row_at(place).id for place in range(first, last + 1))

    def currentChanged(self, now: Index, before: Index) -> None:
        """Tell which message is on screen, and read ahead."""
        super().currentChanged(now, before)
        row = now.data(ROW_ROLE) if now.isValid() else None
        message = row.id if row is not None else None
        if now.isValid() and now.row() + _AHEAD >= self._model.rowCount():
            self._model.fetchMore(QModelIndex())
        if message != self._picked:
            self._picked = message
            self.picked.emit(message)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters belong to the commands, not to a search in the list."""
        if event.text().isprintable() and event.text().strip():
            event.ignore()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current card in sight when the window changes."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height)
        self.verticalScrollBar().setSingleStep(self._delegate.row_height // 2)
        self.viewport().update()
