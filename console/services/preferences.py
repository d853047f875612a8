"""Preferences of this desk (theme, text size, shortcuts, masked names) and the city's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from console.clock import Clock
from console.domain.ids import EventId, new_id
from console.domain.journal import Event
from console.domain.roles import Actor, Permission
from console.domain.sanctions import LadderSettings
from console.errors import ValidationError
from console.services.ports import Database, UnitOfWork

_PREFIX = "preference."
_LADDER = "city.ladder"


class Preferences:
    """Use cases over one `Database`; `ladder` gives the policy's own defaults."""

    def __init__(self, db: Database, clock: Clock, ladder: LadderSettings) -> None:
        self._db, self._clock, self._default = db, clock, ladder

    def get(self, key: str, default: Any = None) -> Any:
        """A desk preference (JSON value), or `default` when it was never set."""
        value = self._db.reads.setting(_PREFIX + key)
        return default if value is None else value

    def put(self, values: Mapping[str, Any]) -> None:
        """Keep desk preferences (JSON values)."""
        with self._db.write() as work:
            for key, value in values.items():
                work.put_setting(_PREFIX + key, value)

    def ladder(self) -> LadderSettings:
        """The settings where the policy is silent, as the city chose them."""
        chosen = self._db.reads.setting(_LADDER)
        return LadderSettings(**chosen) if chosen else self._default

    def set_ladder(self, actor: Actor, ladder: LadderSettings) -> None:
        """Replace them. Needs MANAGE_SETTINGS; journalled with before and after. Code `ladder.invalid`."""
        now = self._clock.now()
        actor.require(Permission.MANAGE_SETTINGS, now)
        for field in ("expire_after_days", "ban_days"):
            value = getattr(ladder, field)
            if value is not None and value < 1:
                raise ValidationError("ladder.invalid", problem=field)
        if ladder.warnings_before_ban < 2:
            # Article 7 grants two warnings; a city may be more patient, never less.
            raise ValidationError("ladder.invalid", problem="warnings_before_ban")
        payload = {"before": asdict(self.ladder()), "after": asdict(ladder)}
        with self._db.write() as work:
            work.put_setting(_LADDER, asdict(ladder))
            work.append(
                Event(EventId(new_id()), "ladder.changed", "ladder", actor.staff.id, actor.desk, now, payload)
            )


def apply_ladder_event(work: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Put in force what `ladder.changed` says, as another desk had it changed."""
    work.put_setting(_LADDER, payload["after"])
