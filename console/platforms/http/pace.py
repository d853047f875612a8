"""How fast an account may call: what the platform said is left, and how often the line failed of late.

Platforms count per account and often per endpoint; each count has a `key` (`""`: all calls).
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta

from console.clock import Clock
from console.errors import OfflineError, RateLimitedError
from console.services.platform_ports import Budget

FAILURES = 5
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=15)


class Pace:
    """One account's allowances. Fed by `Manners.note`; asked before each call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._closed: dict[str, datetime] = {}
        self._windows: dict[str, tuple[int, timedelta]] = {}
        self._made: dict[str, deque[datetime]] = defaultdict(deque)
        self._budgets: dict[tuple[str, str], Budget] = {}

    def ask(self, key: str = "") -> None:
        """Pass, or raise `RateLimitedError("platform.rate_limited", until=…)`: nothing was sent."""
        now = self._clock.now()
        until = max((self._closed.get(each, now) for each in {"", key}), default=now)
        if until > now:
            raise RateLimitedError("platform.rate_limited", until=until)
        if key not in self._windows:
            return
        calls, window = self._windows[key]
        made = self._made[key]
        while made and made[0] <= now - window:
            made.popleft()
        if len(made) >= calls:
            raise RateLimitedError("platform.rate_limited", until=made[0] + window)
        made.append(now)

    def close(self, until: datetime, key: str = "") -> None:
        """No call with this key before `until` (aware); an earlier end than one known changes nothing."""
        self._closed[key] = max(until, self._closed.get(key, until))

    def allow(self, key: str, calls: int, window: timedelta) -> None:
        """Never more than `calls` with this key within `window`, whatever the platform says."""
        self._windows[key] = (calls, window)

    def note(self, budget: Budget, key: str = "") -> None:
        """Remember what an answer said of an allowance."""
        self._budgets[budget.name, key] = budget

    def budget(self, name: str, key: str = "") -> Budget | None:
        """What is known of one allowance; None when nothing is, or when it has been filled up since."""
        found = self._budgets.get((name, key))
        if found and found.resets_at and found.resets_at <= self._clock.now():
            return None
        return found

    def budgets(self) -> tuple[Budget, ...]:
        """All allowances, the most used of each name."""
        now = self._clock.now()
        worst: dict[str, Budget] = {}
        for each in self._budgets.values():
            fresh = each.resets_at is None or each.resets_at > now
            known = worst.get(each.name)
            if fresh and (known is None or _share(each) > _share(known)):
                worst[each.name] = each
        return tuple(worst[name] for name in sorted(worst))


def _share(budget: Budget) -> float:
    return budget.used / budget.limit if budget.limit else budget.used


class Breaker:
    """Stops calling where nobody answers: five failures in a row, then rests of 1, 2, 4 … 15 minutes,
    with one try after each."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._until: datetime | None = None
        self._rest = FIRST_REST

    def ask(self) -> None:
        """Pass, or raise `OfflineError("platform.unreachable", until=…)`."""
        if self._until and self._until > self._clock.now():
            raise OfflineError("platform.unreachable", until=self._until)

    def answered(self) -> None:
        """The platform is there."""
        self._failures, self._until, self._rest = 0, None, FIRST_REST

    def failed(self) -> None:
        """One more call without a use."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._until = self._clock.now() + self._rest
            self._rest = min(self._rest * 2, LONGEST_REST)
