"""What goes wrong on purpose, armed for given calls or at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from threading import RLock

from console.domain.messages import Platform


class Fault(StrEnum):
    """How one call goes wrong."""

    REFUSED_CONNECTION = "refused_connection"
    """Closed before anything is done. The client cannot tell it from `ANSWER_LOST`; for a connection
    that is refused outright see `Simulator.down`."""
    ANSWER_LOST = "answer_lost"
    """Done, then closed without an answer."""
    SERVER_ERROR = "server_error"
    """500 with a page of HTML, not done."""
    TRANSIENT = "transient"
    """The platform's documented transient error, not done."""
    GARBAGE = "garbage"
    """Done; the answer is a 200 with broken JSON."""
    RATE_LIMITED = "rate_limited"
    """The documented form, not done."""
    TOKEN_EXPIRED = "token_expired"  # noqa: S105  a kind of fault
    PERMISSION = "permission"
    BLOCKED = "blocked"
    """The platform asks to stop, where it has such an answer."""
    GONE = "gone"
    """The object of the call does not exist."""
    SLOW = "slow"
    """Done, but answered after `delay` seconds."""
    REDIRECT = "redirect"
    """302 to another host, not done."""


PASSING = (
    Fault.REFUSED_CONNECTION,
    Fault.ANSWER_LOST,
    Fault.SERVER_ERROR,
    Fault.TRANSIENT,
    Fault.GARBAGE,
)
"""Those that another try gets over."""


@dataclass(slots=True)
class Armed:
    """A fault that waits for its call."""

    platform: Platform
    method: str
    path: str
    fault: Fault
    times: int
    delay: float


class Faults:
    """What is armed. Thread-safe."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._armed: list[Armed] = []
        self._random: Random | None = None
        self._rate = 0.0
        self._among: Sequence[Fault] = PASSING
        self._shifts: dict[Platform, int] = {}
        self._epochs: dict[Platform, int] = {}

    def next(
        self,
        platform: Platform,
        method: str,
        path: str,
        fault: Fault,
        times: int = 1,
        delay: float = 0.0,
    ) -> None:
        """The next `times` calls that fit go wrong. `method`: «*» for any; `path`: after the base address,
        with «*» for anything (slashes too). `delay`: seconds, for `SLOW`."""
        with self._lock:
            self._armed.append(Armed(platform, method, path, fault, times, delay))

    def at_random(self, rate: float, seed: int, among: Sequence[Fault] = PASSING) -> None:
        """From now on, any call goes wrong with this probability; 0 ends it."""
        with self._lock:
            self._random, self._rate, self._among = Random(seed), rate, tuple(among)  # noqa: S311  no secret

    def shift(self, platform: Platform, new: int) -> None:
        """After every page of a list that is read there, `new` comments are published; 0 ends it."""
        with self._lock:
            self._shifts[platform] = new

    def shifts(self, platform: Platform) -> int:
        """How many comments are published after a page."""
        with self._lock:
            return self._shifts.get(platform, 0)

    def forget_pages(self, platform: Platform) -> None:
        """Page tokens that were given until now are no longer taken."""
        with self._lock:
            self._epochs[platform] = self.epoch(platform) + 1

    def epoch(self, platform: Platform) -> int:
        """Which a page token must name to be taken."""
        with self._lock:
            return self._epochs.get(platform, 0)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._armed.clear()
            self._random = None
            self._shifts.clear()

    @property
    def left(self) -> int:
        """How many armed faults have not happened yet."""
        with self._lock:
            return sum(one.times for one in self._armed)

    def take(self, platform: Platform, method: str, path: str) -> Armed | None:
        """What goes wrong with this call."""
        with self._lock:
            for one in self._armed:
                if one.platform == platform and one.method in ("*", method) and fnmatchcase(path, one.path):
                    one.times -= 1
                    if one.times <= 0:
                        self._armed.remove(one)
                    return one
            if self._random is not None and self._random.random() < self._rate:
                fault = self._random.choice(self._among)
                return Armed(platform, method, path, fault, 1, 0.0)
            return None
