"""What comes in from other desks, on the UI thread: change sets, the state of the line, who is on what.

The line calls back from a thread of its own; nothing here blocks, and what comes after closing is dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from console.domain.ids import MessageId
from console.services.rows import ChangeSet
from console.services.sharing_ports import Claim, Line, LineState, Presence

if TYPE_CHECKING:
    from ui.desk import Desk

_BREATH_MS = 150
"""Between two rounds of news: a first load brings hundreds of change sets, the screen needs a few."""


class SharedDesk(QObject):
    """The screen's side of `Sharing`. Line, claims and presence are in memory and answered at once."""

    line_changed = Signal()
    """The state of the line, a claim or somebody's presence may be another one."""
    _heard = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._service = desk.services.sharing
        self._waiting: list[ChangeSet] = []
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(_BREATH_MS)
        self._breath.timeout.connect(self._tell)
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._ear = _Ear(self)
        self._service.listen(self._ear.hear)

    @property
    def line(self) -> Line:
        """The state of the line now."""
        return self._service.line()

    @property
    def joined(self) -> bool:
        """Whether this desk has joined a shared database."""
        return self.line.state is not LineState.ALONE

    def presence(self) -> tuple[Presence, ...]:
        """Who is at work."""
        return self._service.presence()

    def claims(self) -> Mapping[MessageId, Claim]:
        """Cases that are open at other desks now."""
        if not self._desk.introduced:
            return {}
        here, now = self._desk.actor.desk, self._desk.services.clock.now()
        claims = self._service.claims().items()
        return {message: claim for message, claim in claims if claim.desk != here and claim.until > now}

    def claim(self, message: MessageId) -> None:
        """The person here has the case open."""
        self._service.claim(self._desk.actor, message)

    def release(self) -> None:
        """No case is open here any more."""
        self._service.release()

    def close(self) -> None:
        """The window goes: let go of the case, and hear nothing more."""
        self._ear.close()
        self._breath.stop()
        self._waiting.clear()
        self.release()

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
        self.line_changed.emit()


class _Ear:
    """What the line calls. It may outlive the window: the lock keeps it from calling one that is gone."""

    def __init__(self, shared: SharedDesk) -> None:
        self._shared: SharedDesk | None = shared
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether nobody listens any more."""
        return self._shared is None

    def hear(self, changes: ChangeSet) -> None:
        """From any thread: queued, so that the lock is never held while the screen works."""
        with self._lock:
            if self._shared is not None:
                self._shared._heard.emit(changes)

    def close(self) -> None:
        """From now on nothing is heard."""
        with self._lock:
            self._shared = None


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
