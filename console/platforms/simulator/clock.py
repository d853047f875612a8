"""The simulated time: that of another clock, moved as a test or a demonstration likes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Lock

from console.clock import Clock, SystemClock


class SimClock:
    """Implements `console.clock.Clock`. Goes on with the machine's time unless a clock that stands still
    (`console.clock.FixedClock`) is given; can be moved either way. Thread-safe."""

    def __init__(self, base: Clock | None = None) -> None:
        self._base = base or SystemClock()
        self._moved = timedelta()
        self._lock = Lock()

    def now(self) -> datetime:
        """The simulated instant, aware, in UTC."""
        with self._lock:
            return (self._base.now() + self._moved).astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move forward; backward with a negative span."""
        with self._lock:
            self._moved += by

    def set(self, at: datetime) -> None:
        """Make it `at` (aware) now; it goes on from there as before."""
        with self._lock:
            self._moved = at - self._base.now()
