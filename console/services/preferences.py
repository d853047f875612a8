"""Preferences of this desk (theme, text size, shortcuts, masked names) and the city's settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.clock import Clock
from console.domain.roles import Actor
from console.domain.sanctions import LadderSettings
from console.services.ports import Database


class Preferences:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def get(self, key: str, default: Any = None) -> Any:
        """A desk preference (JSON value)."""
        raise NotImplementedError

    def put(self, values: Mapping[str, Any]) -> None:
        """Keep desk preferences."""
        raise NotImplementedError

    def ladder(self) -> LadderSettings:
        """The settings where the policy is silent."""
        raise NotImplementedError

    def set_ladder(self, actor: Actor, ladder: LadderSettings) -> None:
        """Needs MANAGE_SETTINGS. Journalled with before and after. Codes `ladder.invalid`."""
        raise NotImplementedError
