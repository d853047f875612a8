"""What the worker of the connected accounts tells, on the UI thread: change sets, and how each account does.

The worker calls back from a thread of its own; nothing here blocks, and what comes after closing is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from console.domain.ids import AccountId
from console.services.platform_ports import AccountWork
from console.services.rows import ChangeSet
from ui.hearing import Hearing

if TYPE_CHECKING:
    from ui.desk import Desk

_BREATH_MS = 400
"""Between two rounds of news: a first collection brings hundreds of change sets, the screen needs a few."""


class PlatformDesk(QObject):
    """The screen's side of the worker. What it did last is in memory and answered at once."""

    changed = Signal()
    """What the worker did with an account may be another thing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._worker = desk.services.worker
        self._hearing = Hearing(_BREATH_MS, self)
        self._hearing.news.connect(self._tell)
        self._worker.listen(self._hearing.ear)

    def wake(self) -> None:
        """Something is due or was connected: do not wait for the next turn."""
        self._worker.wake()

    def work(self, account: AccountId) -> AccountWork | None:
        """What was last done with an account; None before the first turn."""
        return self._worker.state().accounts.get(account)

    def close(self) -> None:
        """The window goes: hear nothing more. Whoever opened the services stops the worker."""
        self._hearing.close()

    def _tell(self, changes: ChangeSet) -> None:
        if changes != ChangeSet():
            self._desk.announce(changes)
        self.changed.emit()
