"""A list of cards with all that may stand in its place: loading, nothing there, could not be read.

A page makes a `RowModel`, puts it in a `RowPanel`, and hands over how a page of rows is read:

    self.model = RowModel(lambda row: row.id, self._card, self)
    self.rows = RowPanel(desk, self.model, self.tr("Personnes"), self._say_empty)
    self.rows.show_rows(lambda after, limit: services.people.page(actor, text, after, limit))
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from console.services.rows import Cursor, Page
from ui.announce import announce
from ui.desk import Desk
from ui.models.row_model import RowModel
from ui.widgets.empty import EmptyState
from ui.widgets.row_list import RowList
from ui.widgets.skeleton import CardSkeleton

Id = TypeVar("Id", bound=Hashable)
Row = TypeVar("Row")
Read = Callable[[Cursor | None, int], Page[Row]]
"""Reads at most so many rows after a cursor (None for the first); runs off the UI thread, so it takes
immutable values only."""

PAGE = 100
_MOST = 1_000
"""Rows re-read at most by `refresh`: the person was that far down the list."""


class RowPanel(QStackedWidget, Generic[Id, Row]):
    """Reads off the UI thread, lazily; late answers are dropped. The first card is picked by itself."""

    picked = Signal(object)
    """Id of the current card, None when there is none."""
    loaded = Signal(int)
    """How many rows a fresh read brought."""

    def __init__(
        self,
        desk: Desk,
        model: RowModel[Id, Row],
        name: str,
        say_empty: Callable[[EmptyState], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._model, self._say_empty = desk, model, say_empty
        self._read: Read[Row] | None = None
        self._wanted: Id | None = None
        self._reading = False
        self.list: RowList[Id] = RowList(model, name)
        self.empty = EmptyState()
        self._skeleton = CardSkeleton()
        for widget in (self._skeleton, self.list, self.empty):
            self.addWidget(widget)
        self.setFocusProxy(self.list)
        self.list.picked.connect(self.picked)
        model.more_wanted.connect(self._read_more)

    def show_rows(self, read: Read[Row]) -> None:
        """Another filter or search: the list starts anew at its top."""
        self._read = read
        self.list.scrollToTop()
        self._reload(PAGE)

    def refresh(self) -> None:
        """Read again as much as is loaded: what stays keeps its place and selection."""
        if self._read is not None:
            self._reload(min(_MOST, max(PAGE, self._model.rowCount())))

    def go_to(self, key: Id) -> None:
        """Pick a row now, or once the read on its way has brought it. One that is further down the list
        is not looked for: what stands beside the list can show it all the same."""
        self._wanted = None if self.list.pick(key) or not self._reading else key

    @property
    def showing(self) -> bool:
        """Whether the list itself is shown: it has rows."""
        return self.currentWidget() is self.list

    def _reload(self, limit: int) -> None:
        read, tasks = self._read, self._desk.tasks
        if read is None:
            return
        if not self._model.rowCount():
            self.setCurrentWidget(self._skeleton)
        self._reading = True
        tasks.drop(self, "more")
        tasks.read(lambda: read(None, limit), self._show, self._failed, owner=self, lane="list")

    def _show(self, page: Page[Row]) -> None:
        self._model.replace(page.rows, page.next)
        wanted, self._wanted, self._reading = self._wanted, None, False
        if page.rows:
            self.setCurrentWidget(self.list)
            if wanted is not None:
                self.list.pick(wanted)
            elif self.list.current_id() is None:
                self.list.pick_first()
        else:
            self._say_empty(self.empty)
            self._show_empty()
        self.loaded.emit(len(page.rows))

    def _read_more(self, after: Cursor) -> None:
        read = self._read
        if read is None:
            return

        def failed(error: Exception) -> None:
            self._model.give_up()
            self._desk.notices.error(error)

        def show(page: Page[Row]) -> None:
            self._model.append(page.rows, page.next)

        self._desk.tasks.read(lambda: read(after, PAGE), show, failed, owner=self, lane="more")

    def _failed(self, error: Exception) -> None:
        self._reading = False
        if self._model.rowCount():
            self.setCurrentWidget(self.list)
            self._desk.notices.error(error)
            return
        notice = self._desk.notices.explain(error)
        self.empty.say("circle-alert", notice.title, notice.next, self.tr("Réessayer"), self.refresh)
        self._show_empty()

    def _show_empty(self) -> None:
        had_focus = self.list.hasFocus()
        self.setCurrentWidget(self.empty)
        if had_focus:
            self.empty.take_focus()
        announce(self.empty, self.empty.title)
