"""Change sets from threads of their own, brought to the UI thread at a pace that the screen can use.

What calls back (the line to the hub, the worker of the platforms) never waits for the screen; what comes
after closing is dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import fields

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from console.domain.ids import MessageId
from console.services.rows import ChangeSet


class Hearing(QObject):
    """Tells the first news at once, then all that came in a breath as one change set."""

    news = Signal(object)
    """A `ChangeSet`, an empty one too: then something beside the messages changed."""
    _heard = Signal(object)

    def __init__(self, breath_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[ChangeSet] = []
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(breath_ms)
        self._breath.timeout.connect(self._tell)
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._ear = _Ear(self)

    @property
    def ear(self) -> Callable[[ChangeSet], None]:
        """What is to be called, from any thread; it may be called for as long as the program lives."""
        return self._ear.hear

    def close(self) -> None:
        """Hear nothing more."""
        self._ear.close()
        self._breath.stop()
        self._waiting.clear()

    @Slot(object)
    def _hear(self, changes: ChangeSet) -> None:
        if self._ear.closed:
            return
        self._waiting.append(changes)
        if not self._breath.isActive():
            self._tell()

    def _tell(self) -> None:
        if not self._waiting:
            return
        changes, self._waiting = merged(self._waiting), []
        self._breath.start()
        self.news.emit(changes)


class _Ear:
    """May outlive the window: the lock keeps it from calling one that is gone."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing: Hearing | None = hearing
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether nobody listens any more."""
        return self._hearing is None

    def hear(self, changes: ChangeSet) -> None:
        """From any thread: queued, so that the lock is never held while the screen works."""
        with self._lock:
            if self._hearing is not None:
                self._hearing._heard.emit(changes)

    def close(self) -> None:
        """From now on nothing is heard."""
        with self._lock:
            self._hearing = None


def merged(all_changes: list[ChangeSet]) -> ChangeSet:
    """One change set that says what all of them say; the last word counts where only one can be said."""
    messages = frozenset[MessageId]().union(*(each.messages for each in all_changes))
    people = frozenset(person for each in all_changes for person in each.people)
    said: dict[str, object] = {}
    for each in all_changes:
        for field in fields(ChangeSet):
            value = getattr(each, field.name)
            if value:
                said[field.name] = value
    return ChangeSet(**(said | {"messages": messages, "people": people}))  # type: ignore[arg-type]  # its own fields
