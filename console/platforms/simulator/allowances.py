"""How much of a platform may be asked for in a span of time, and what is left of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

Resets = Callable[[datetime], datetime]
"""From an instant to the end of the window that begins with it."""


def every(span: timedelta) -> Resets:
    """Windows that begin with their first call."""
    return lambda now: now + span


def midnight(zone: str) -> Resets:
    """Days of a place (IANA name)."""

    def resets(now: datetime) -> datetime:
        there = now.astimezone(ZoneInfo(zone))
        return (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)

    return resets


@dataclass(slots=True)
class Window:
    """What was used until when."""

    limit: int
    used: int
    resets_at: datetime

    @property
    def left(self) -> int:
        """What may still be used."""
        return max(0, self.limit - self.used)


class Allowances:
    """Windows by name. A name that is not in `limits` counts against `""`, if that one is there."""

    def __init__(self, limits: Mapping[str, int], resets: Resets) -> None:
        self._limits = dict(limits)
        self._resets = resets
        self._windows: dict[str, Window] = {}

    def window(self, name: str, now: datetime) -> Window:
        """The window that is open."""
        found = self._windows.get(name)
        if found is None or now >= found.resets_at:
            limit = self._limits.get(name, self._limits.get("", 0))
            found = self._windows[name] = Window(limit, 0, self._resets(now))
        return found

    def take(self, name: str, now: datetime, cost: int = 1) -> bool:
        """Use `cost`; False, and nothing used, when there is not enough."""
        window = self.window(name, now)
        if window.left < cost:
            return False
        window.used += cost
        return True

    def leave(self, name: str, left: int, now: datetime) -> None:
        """From now to the end of the window only this much is left."""
        window = self.window(name, now)
        window.used = window.limit - left
