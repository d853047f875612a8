"""What comes in from other desks, on the UI thread: change sets, the state of the line, who is on what.

The line calls back from a thread of its own; nothing here blocks, and what comes after closing is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from console.domain.ids import MessageId
from console.services.rows import ChangeSet
from console.services.sharing_ports import Claim, Line, LineState, Presence
from ui.hearing import Hearing

if TYPE_CHECKING:
    from ui.desk import Desk

_BREATH_MS = 150
"""Between two rounds of news: a first load brings hundreds of change sets, the screen needs a few."""


class SharedDesk(QObject):
    """The screen's side of `Sharing`. Line, claims and presence are in memory and answered at once."""

    line_changed = Signal()
    """The state of the line, a claim or somebody's presence may be another one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._service = desk.services.sharing
        self._hearing = Hearing(_BREATH_MS, self)
        self._hearing.news.connect(self._tell)
        self._service.listen(self._hearing.ear)

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
        self._hearing.close()
        self.release()

    def _tell(self, changes: ChangeSet) -> None:
        if changes != ChangeSet():
            self._desk.announce(changes)
        self.line_changed.emit()
