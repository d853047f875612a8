"""A list of cards: a one-column table, since QListView asks Python about every row it holds."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from ui.delegates.card_delegate import CardDelegate
from ui.models.row_model import ID_ROLE, Index, RowModel
from ui.theme import current

Id = TypeVar("Id", bound=Hashable)

_AHEAD = 25
"""The next page is asked for when so few rows are left below the current one."""


class RowList(QTableView, Generic[Id]):
    """Shows a `RowModel`; the current card is what stands beside the list."""

    picked = Signal(object)
    """Id of the current card, None when there is none. Only when it really changes."""

    def __init__(self, model: RowModel[Id, Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._picked: Id | None = None
        self.setModel(model)
        self.setProperty("look", "cards")
        self._delegate = CardDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
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

    def current_id(self) -> Id | None:
        """The id of the current card."""
        return self._picked

    def pick(self, key: Id) -> bool:
        """Make a loaded row current; False when it is not loaded."""
        place = self._model.place_of(key)
        if place is None:
            return False
        self.setCurrentIndex(self._model.index(place, 0))
        return True

    def pick_first(self) -> None:
        """The first card."""
        if self._model.rowCount():
            self.setCurrentIndex(self._model.index(0, 0))

    def fetch_more(self) -> None:
        """Ask for the next page."""
        self._model.fetchMore(QModelIndex())

    def step(self, by: int) -> None:
        """The card below (1) or above (-1)."""
        place = self.currentIndex().row() + by
        if 0 <= place < self._model.rowCount():
            self.setCurrentIndex(self._model.index(place, 0))

    def visible_ids(self) -> tuple[Id, ...]:
        """The ids of the cards on screen."""
        count = self._model.rowCount()
        if not count:
            return ()
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        last = count - 1 if last < 0 else last
        return self._model.ids()[first : last + 1]

    def currentChanged(self, now: Index, before: Index) -> None:
        """Tell which card is current, and read ahead."""
        super().currentChanged(now, before)
        if now.isValid() and not self.selectionModel().isSelected(now):
            # Qt makes the first card current when the focus comes in, without selecting it.
            self.selectionModel().select(now, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        key = now.data(ID_ROLE) if now.isValid() else None
        if now.isValid() and now.row() + _AHEAD >= self._model.rowCount():
            self._model.fetchMore(QModelIndex())
        if key != self._picked:
            self._picked = key
            self.picked.emit(key)

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
