"""A day's allowance of calls, shared between reading and acting so that reading never eats what acting
needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import Any

from console.clock import Clock
from console.errors import RateLimitedError
from console.platforms.http.shape import Record
from console.services.platform_ports import Budget

_ROUND = 5
"""Units that are waited for when reading has used its part: enough for one round, so that the account
is not woken for each single one."""


class DayAllowance:
    """Units of one day. Reading gets a part that grows over the day, acting all that is left.

    The count of reading is kept in the cursor (`state`, `restore`): a restart does not forget it.
    """

    def __init__(
        self, clock: Clock, name: str, limit: int, reading: int, zone: tzinfo, at_once: int = 200
    ) -> None:
        """`limit`: units a day, back at midnight in `zone`; `reading`: how many of them are for reading;
        `at_once`: what reading may use at the beginning of the day already."""
        self._clock, self._name, self._zone = clock, name, zone
        self.limit, self._reading, self._at_once = limit, reading, min(at_once, reading)
        self._day, self._read, self._acted = "", 0, 0
        self._acting = False

    @contextmanager
    def acting(self) -> Iterator[None]:
        """What is spent inside belongs to an act: only the whole day's limit holds it back."""
        before, self._acting = self._acting, True
        try:
            yield
        finally:
            self._acting = before

    def ask(self, units: int) -> None:
        """Pass, or raise `RateLimitedError("platform.rate_limited", until=…)`."""
        self._turn()
        if self._read + self._acted + units > self.limit:
            raise RateLimitedError("platform.rate_limited", until=self.returns())
        if not self._acting and self._read + units > self._may_read():
            raise RateLimitedError("platform.rate_limited", until=self._read_again(units))

    def spend(self, units: int) -> None:
        """A call went out."""
        self._turn()
        if self._acting:
            self._acted += units
        else:
            self._read += units

    def used_up(self) -> None:
        """The platform says that nothing is left (others use the same allowance)."""
        self._turn()
        self._acted = max(self.limit - self._read, 0)

    def returns(self) -> datetime:
        """When the units come back: the next midnight of the zone, in UTC as the clock."""
        now = self._clock.now()
        local = (now.astimezone(self._zone) + timedelta(days=1)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return local.astimezone(now.tzinfo)

    def state(self) -> dict[str, Any]:
        """For the cursor."""
        self._turn()
        return {"day": self._day, "read": self._read, "acted": self._acted}

    def restore(self, state: Mapping[str, Any]) -> None:
        """From a cursor: what was used today already, if it says more than is known here."""
        self._turn()
        given = Record(dict(state))
        if given.text("day") == self._day:
            self._read = max(self._read, given.number("read") or 0)
            self._acted = max(self._acted, given.number("acted") or 0)

    def budget(self) -> Budget:
        """How much of the day's units is used."""
        self._turn()
        used = min(self._read + self._acted, self.limit)
        return Budget(self._name, used, self.limit, self.returns())

    def _turn(self) -> None:
        today = self._clock.now().astimezone(self._zone).date().isoformat()
        if today != self._day:
            self._day, self._read, self._acted = today, 0, 0

    def _begun(self) -> datetime:
        now = self._clock.now()
        local = now.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return local.astimezone(now.tzinfo)

    def _may_read(self) -> float:
        begun, ends = self._begun(), self.returns()
        passed = (self._clock.now() - begun) / (ends - begun)
        # What acting has used beyond its own part comes out of reading's.
        whole = max(min(self._reading, self.limit - self._acted), 0)
        return min(self._at_once, whole) + (whole - min(self._at_once, whole)) * passed

    def _read_again(self, units: int) -> datetime:
        begun, ends = self._begun(), self.returns()
        whole = max(min(self._reading, self.limit - self._acted), 0)
        first = min(self._at_once, whole)
        wanted = self._read + max(units, _ROUND) - first
        if whole <= first or wanted > whole - first:
            return ends
        again = begun + (ends - begun) * (wanted / (whole - first))
        return max(again, self._clock.now() + timedelta(seconds=1))
