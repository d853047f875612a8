"""Work off the UI thread: one worker for writes, a few for reads and the network.

Work takes immutable values and returns values; it never sees a widget, a model or a session. Results
come back through a main-thread QObject that owns the signals, carry a request number, and late ones
are dropped.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.errors import CancelledError

log = logging.getLogger(__name__)

T = TypeVar("T")
Done = Callable[[T], object]
Failed = Callable[[Exception], object]
Advance = Callable[[int, int | None], None]
READERS = 3
_BETWEEN = 0.05
"""Seconds between two reports of progress: more would only fill the queue of the UI thread."""


class Token:
    """Tells long work to stop; given to it inside its progress callback."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether the person asked to stop."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._event.set()

    def check(self) -> None:
        """Raise `CancelledError` (`cancelled`) when asked to stop."""
        if self.cancelled:
            raise CancelledError("cancelled")


@dataclass(eq=False, slots=True)
class Ticket:
    """One request. `number` grows by one each time; a lane keeps only its newest."""

    number: int
    owner: QObject | None
    lane: str
    done: Done[Any] | None
    failed: Failed | None
    advance: Advance | None = None
    stoppable: bool = False
    """Long work, which hears of a cancellation at its next step."""
    writes: bool = False
    """A write is never late nor dropped: what it did or failed to do is always told."""
    token: Token = field(default_factory=Token)

    def cancel(self) -> None:
        """Stop the work where it can be stopped. A read's result is dropped; a write that had already
        been done when the word came is still told, for it was done."""
        self.token.cancel()

    @property
    def orphaned(self) -> bool:
        """Whether the widget that asked is gone."""
        return self.owner is not None and not shiboken6.isValid(self.owner)


class TaskRunner(QObject):
    """Runs use cases off the UI thread. `synchronous` runs them at once in place (tests, pictures)."""

    failed = Signal(object)
    """An exception that no callback took: `ui.notify` shows it."""
    busy_changed = Signal(int)
    """How many requests are on their way."""
    _finished = Signal(object, object, object)
    _advanced = Signal(object, int, object)

    def __init__(self, parent: QObject | None = None, synchronous: bool = False) -> None:
        super().__init__(parent)
        self._synchronous = synchronous
        self._numbers = itertools.count(1)
        self._newest: dict[tuple[int, str], int] = {}
        self._open: dict[int, Ticket] = {}
        self._closed = False
        self._writer = ThreadPoolExecutor(1, "vigie-write")
        self._long = ThreadPoolExecutor(1, "vigie-long")
        self._readers = ThreadPoolExecutor(READERS, "vigie-read")
        queued = Qt.ConnectionType.DirectConnection if synchronous else Qt.ConnectionType.QueuedConnection
        self._finished.connect(self._deliver, queued)
        self._advanced.connect(self._progress, queued)

    @property
    def pending(self) -> int:
        """Requests on their way."""
        return len(self._open)

    def read(
        self,
        work: Callable[[], T],
        done: Done[T] | None = None,
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
        lane: str = "",
    ) -> Ticket:
        """Read on the pool. With a `lane` (unique within `owner`) a newer request makes this one late:
        its result and its failure are dropped. Without `failed`, a failure goes to `self.failed`."""
        ticket = Ticket(next(self._numbers), owner, lane, done, failed)
        if lane:
            self._newest[id(owner), lane] = ticket.number
        self._submit(self._readers, ticket, work)
        return ticket

    def write(
        self,
        work: Callable[[], T],
        done: Done[T] | None = None,
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
    ) -> Ticket:
        """Write, one after the other in the order asked. A write is never late: its failure is always
        told, even when the widget that asked is gone."""
        ticket = Ticket(next(self._numbers), owner, "", done, failed, writes=True)
        self._submit(self._writer, ticket, work)
        return ticket

    def long(
        self,
        work: Callable[[Advance], T],
        done: Done[T] | None = None,
        failed: Failed | None = None,
        *,
        advance: Advance | None = None,
        owner: QObject | None = None,
        writes: bool = True,
    ) -> Ticket:
        """Long work with progress and cancellation: `work` gets a callback (done, total or None) that
        raises `CancelledError` once `Ticket.cancel` was called. `advance` hears of it on the UI thread.
        A cancellation comes back to `failed` as `CancelledError`; nobody is told otherwise.

        Long writes have a thread of their own: the store takes turns, so a decision never waits for the
        end of an import."""
        ticket = Ticket(next(self._numbers), owner, "", done, failed, advance, True, writes)
        told = 0.0

        def step(count: int, total: int | None) -> None:
            nonlocal told
            ticket.token.check()
            now = time.monotonic()
            if now - told >= _BETWEEN or count == total:
                told = now
                self._advanced.emit(ticket, count, total)

        self._submit(self._long if writes else self._readers, ticket, lambda: work(step))
        return ticket

    def drop(self, owner: QObject, lane: str) -> None:
        """Forget what is on its way in a lane: its result will be late."""
        self._newest[id(owner), lane] = next(self._numbers)

    def shutdown(self) -> None:
        """Cancel, let the writes finish, and leave no thread behind. Nothing is delivered afterwards."""
        if self._closed:
            return
        self._closed = True
        for ticket in tuple(self._open.values()):
            if ticket.stoppable:
                ticket.cancel()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True, cancel_futures=False)
        self._long.shutdown(wait=True, cancel_futures=True)
        self._open.clear()

    def _submit(self, pool: ThreadPoolExecutor, ticket: Ticket, work: Callable[[], Any]) -> None:
        if self._closed:
            log.warning("work asked for after shutdown is not done")
            return
        self._open[ticket.number] = ticket
        self.busy_changed.emit(len(self._open))
        if self._synchronous:
            self._run(ticket, work)
        else:
            pool.submit(self._run, ticket, work)

    def _run(self, ticket: Ticket, work: Callable[[], Any]) -> None:
        try:
            result, error = work(), None
        except Exception as caught:
            result, error = None, caught
        self._finished.emit(ticket, result, error)

    @Slot(object, object, object)
    def _deliver(self, ticket: Ticket, result: object, error: Exception | None) -> None:
        self._open.pop(ticket.number, None)
        if self._closed:
            return
        self.busy_changed.emit(len(self._open))
        if error is not None:
            self._fail(ticket, error)
        elif ticket.done is not None and not ticket.orphaned and not self._late(ticket):
            ticket.done(result)

    @Slot(object, int, object)
    def _progress(self, ticket: Ticket, count: int, total: int | None) -> None:
        if ticket.advance is not None and not ticket.orphaned and not ticket.token.cancelled:
            ticket.advance(count, total)

    def _fail(self, ticket: Ticket, error: Exception) -> None:
        if self._late(ticket) or (ticket.orphaned and not ticket.writes):
            log.info("late request %s failed: %r", ticket.number, error)
        elif ticket.failed is not None and not ticket.orphaned:
            ticket.failed(error)
        elif not isinstance(error, CancelledError):
            self.failed.emit(error)

    def _late(self, ticket: Ticket) -> bool:
        if ticket.writes:
            return False
        overtaken = self._newest.get((id(ticket.owner), ticket.lane)) != ticket.number
        return ticket.token.cancelled or (bool(ticket.lane) and overtaken)
