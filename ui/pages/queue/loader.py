"""Reads the queue off the UI thread and hands the model what it shows.

A list is frozen at the newest arrival number it was read with; what comes later is only counted, until
the person asks to see it. Every answer of an older request is dropped by its lane.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.ids import MessageId
from console.services.rows import ChangeSet, Cursor, Page, QueueCounts, QueueFilter, QueueRow, Sort
from ui.desk import Desk
from ui.models.card import CardContext
from ui.models.queue_model import QueueModel

PAGE = 100
_MOST = 1_000
"""Rows re-read at most when new messages are let in: the person was that far down the list."""
POLL_MS = 5_000
_MINUTE = timedelta(minutes=1)
"""Ages on the cards are counted in minutes."""


class ListState(Enum):
    """What the list's place shows."""

    LOADING = "loading"
    READY = "ready"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class _Fresh:
    """One read of the list: the watermark it is frozen at, and its first rows."""

    mark: int
    page: Page[QueueRow]


class QueueLoader(QObject):
    """Keeps a `QueueModel` filled for one filter and sort. See the module."""

    state_changed = Signal(object)
    """`ListState`."""
    arrivals_changed = Signal(int)
    counts_changed = Signal(object)
    """`QueueCounts`."""
    loaded = Signal()
    """A fresh list is in the model."""

    def __init__(self, desk: Desk, model: QueueModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._model = desk, model
        self._where, self._sort = QueueFilter(), Sort.PRIORITY
        self._mark = 0
        self._dated = desk.services.clock.now()
        self._arrivals = 0
        self._state = ListState.LOADING
        self._error: Exception | None = None
        self._context = CardContext()
        self._on_screen: Callable[[], Sequence[MessageId]] = tuple
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)
        model.more_wanted.connect(self._read_more)
        desk.changed.connect(self._on_changes)

    @property
    def where(self) -> QueueFilter:
        """The filter in force, without what belongs to the moment."""
        return self._where

    @property
    def sort(self) -> Sort:
        """The order in force."""
        return self._sort

    @property
    def state(self) -> ListState:
        """What the list's place shows now."""
        return self._state

    @property
    def error(self) -> Exception | None:
        """Why the list could not be read."""
        return self._error

    def start(self) -> None:
        """Poll from now on."""
        self._timer.start()

    def stop(self) -> None:
        """The page is not on screen."""
        self._timer.stop()

    def watch(self, on_screen: Callable[[], Sequence[MessageId]]) -> None:
        """Who tells which cards are on screen: each poll refreshes them, so that a colleague's decision
        greys them."""
        self._on_screen = on_screen

    def show(self, where: QueueFilter, sort: Sort) -> None:
        """Another filter or order: the list starts anew."""
        self._where, self._sort = where, sort
        self._reword(states=where.states)
        self.reload(PAGE)

    def reload(self, limit: int = PAGE) -> None:
        """Read the list afresh, newest arrivals included."""
        if not self._model.rowCount():
            self._set_state(ListState.LOADING)
        queue, where, sort = self._desk.services.queue, self._where, self._sort
        emergency = self._desk.emergency is not None

        def work() -> _Fresh:
            mark = queue.watermark()
            frozen = replace(where, arrived_before=mark + 1, emergency=emergency)
            return _Fresh(mark, queue.page(frozen, sort, None, limit))

        self._desk.tasks.drop(self, "more")
        self._desk.tasks.read(work, self._show_fresh, self._failed, owner=self, lane="list")

    def let_in(self) -> None:
        """Show what arrived, and keep as much of the list as the person had loaded."""
        self.reload(min(_MOST, max(PAGE, self._model.rowCount() + self._arrivals)))

    def refresh(self, messages: Iterable[MessageId]) -> None:
        """Fresh rows for loaded messages, where they stand; those that are gone leave."""
        ids = [each for each in messages if self._model.row(each) is not None]
        if not ids:
            return
        queue = self._desk.services.queue

        def show(rows: tuple[QueueRow, ...]) -> None:
            self._model.refresh(rows)
            self._model.drop(set(ids) - {row.id for row in rows})

        self._desk.tasks.read(lambda: queue.rows(ids), show, owner=self)

    def poll(self) -> None:
        """Count what arrived and refresh what is on screen."""
        self.read_counts()
        now = self._desk.services.clock.now()
        if now - self._dated >= _MINUTE:
            self._dated = now
            self._model.set_now(now)
        if self._state is ListState.LOADING:
            return
        if self._state is not ListState.READY:
            self.reload()
            return
        self._read_arrivals()
        self.refresh(self._on_screen())

    def _read_arrivals(self) -> None:
        queue, mark = self._desk.services.queue, self._mark
        where = replace(self._where, emergency=self._desk.emergency is not None)
        self._desk.tasks.read(
            lambda: queue.arrivals(where, mark), self._set_arrivals, _ignore, owner=self, lane="arrivals"
        )

    def read_counts(self) -> None:
        """Figures of the chips."""
        queue, actor = self._desk.services.queue, self._desk.actor

        def show(counts: QueueCounts) -> None:
            self.counts_changed.emit(counts)

        self._desk.tasks.read(lambda: queue.counts(actor), show, _ignore, owner=self, lane="counts")

    def read_words(self) -> None:
        """Titles of the rules for the chips on the cards, and whether accounts need telling apart."""
        services = self._desk.services

        def work() -> CardContext:
            seen = Counter(account.platform for account in services.queue.accounts())
            several = frozenset(platform for platform, count in seen.items() if count > 1)
            return CardContext(rules=dict(services.policy.rules()), several_accounts=several)

        def show(read: CardContext) -> None:
            self._reword(rules=read.rules, several_accounts=read.several_accounts)

        self._desk.tasks.read(work, show, owner=self, lane="words")

    def mask(self, masked: bool) -> None:
        """Names or numbers on the cards; who «vous» is."""
        self._reword(masked=masked, me=self._desk.actor.staff.name)

    @property
    def context(self) -> CardContext:
        """What the cards' words depend on."""
        return self._context

    def _reword(self, **changes: object) -> None:
        self._context = replace(self._context, **changes)  # type: ignore[arg-type]  # named fields
        self._model.set_context(self._context)

    def _show_fresh(self, fresh: _Fresh) -> None:
        self._mark, self._error = fresh.mark, None
        self._dated = self._desk.services.clock.now()
        self._model.set_now(self._dated)
        self._model.replace(fresh.page.rows, fresh.page.next)
        self._set_arrivals(0)
        self._set_state(ListState.READY if fresh.page.rows else ListState.EMPTY)
        self.loaded.emit()

    def _read_more(self, after: Cursor) -> None:
        queue, sort = self._desk.services.queue, self._sort
        frozen = replace(
            self._where, arrived_before=self._mark + 1, emergency=self._desk.emergency is not None
        )

        def show(page: Page[QueueRow]) -> None:
            self._model.append(page.rows, page.next)

        def failed(error: Exception) -> None:
            self._model.give_up()
            self._desk.notices.error(error)

        self._desk.tasks.read(
            lambda: queue.page(frozen, sort, after, PAGE), show, failed, owner=self, lane="more"
        )

    def _on_changes(self, changes: ChangeSet) -> None:
        touched = set(changes.messages)
        if changes.people:
            loaded = (self._model.row(each) for each in self._model.ids())
            touched |= {row.id for row in loaded if row is not None and row.author_id in changes.people}
        self.refresh(touched)
        if changes.counts:
            self.read_counts()
        if self._state is ListState.READY and any(self._model.row(each) is None for each in changes.messages):
            self._read_arrivals()
        if self._state is ListState.EMPTY:
            self.reload()

    def _failed(self, error: Exception) -> None:
        self._error = error
        if self._model.rowCount():
            self._desk.notices.error(error)
        else:
            self._set_state(ListState.FAILED)

    def _set_arrivals(self, count: int) -> None:
        if count != self._arrivals:
            self._arrivals = count
            self.arrivals_changed.emit(count)

    def _set_state(self, state: ListState) -> None:
        if state is not self._state or state in (ListState.EMPTY, ListState.FAILED):
            self._state = state
            self.state_changed.emit(state)


def _ignore(_error: Exception) -> None:
    """A figure that could not be read this time is read again with the next poll."""
