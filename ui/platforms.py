"""What the worker of the connected accounts tells, on the UI thread: change sets, and how each account does.

The worker calls back from a thread of its own; nothing here blocks, and what comes after closing is dropped.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from console.domain.ids import AccountId
from console.services.platform_ports import AccountWork
from console.services.rows import ChangeSet
from ui.sharing import merged

if TYPE_CHECKING:
    from ui.desk import Desk

_BREATH_MS = 400
"""Between two rounds of news: a first collection brings hundreds of change sets, the screen needs a few."""


class PlatformDesk(QObject):
    """The screen's side of the worker. What it did last is in memory and answered at once."""

    changed = Signal()
    """What the worker did with an account may be another thing."""
    _heard = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._worker = desk.services.worker
        self._waiting: list[ChangeSet] = []
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(_BREATH_MS)
        self._breath.timeout.connect(self._tell)
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._ear = _Ear(self)
        self._worker.listen(self._ear.hear)

    def wake(self) -> None:
        """Something is due or was connected: do not wait for the next turn."""
        self._worker.wake()

    def work(self, account: AccountId) -> AccountWork | None:
        """What was last done with an account; None before the first turn."""
        return self._worker.state().accounts.get(account)

    def close(self) -> None:
        """The window goes: hear nothing more. Whoever opened the services stops the worker."""
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
        """The first news at once, then as many rounds as the screen can use."""
        if not self._waiting:
            return
        changes, self._waiting = merged(self._waiting), []
        self._breath.start()
        if changes != ChangeSet():
            self._desk.announce(changes)
        self.changed.emit()


class _Ear:
    """What the worker calls. It may outlive the window: the lock keeps it from calling one that is gone."""

    def __init__(self, platforms: PlatformDesk) -> None:
        self._platforms: PlatformDesk | None = platforms
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether nobody listens any more."""
        return self._platforms is None

    def hear(self, changes: ChangeSet) -> None:
        """From any thread: queued, so that the lock is never held while the screen works."""
        with self._lock:
            if self._platforms is not None:
                self._platforms._heard.emit(changes)

    def close(self) -> None:
        """From now on nothing is heard."""
        with self._lock:
            self._platforms = None
