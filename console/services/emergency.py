"""Emergency mode (R15): danger to life first, response targets suspended, the switch journalled."""

from __future__ import annotations

from datetime import datetime

from console.clock import Clock
from console.domain.emergency import Emergency
from console.domain.roles import Actor
from console.services.ports import Database
from console.services.rows import ChangeSet


class EmergencyMode:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def current(self) -> Emergency | None:
        """The active period, or None."""
        raise NotImplementedError

    def start(self, actor: Actor, reason: str, planned_end: datetime) -> ChangeSet:
        """Codes `emergency.reason_missing`, `emergency.end_past`, `emergency.already_on`. Needs
        EMERGENCY."""
        raise NotImplementedError

    def extend(self, actor: Actor, planned_end: datetime) -> ChangeSet:
        """Move the planned end."""
        raise NotImplementedError

    def stop(self, actor: Actor, word: str = "") -> ChangeSet:
        """Code `emergency.not_on`."""
        raise NotImplementedError
