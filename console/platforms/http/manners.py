"""What a platform says of itself: how a call is proved, what an answer means, what it lets one do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from console.clock import Clock
from console.platforms.http.pace import Pace
from console.platforms.http.wire import Call, Wire

DEFAULT_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)


class Outcome(StrEnum):
    """What an answer means for the one who asked."""

    FINE = "fine"
    REFUSED = "refused"
    """A definite no to this call: the connector reads why in `Said.code`."""
    TOKEN = "token"  # noqa: S105  a kind of refusal
    """The token is no longer taken; nothing was done."""
    PERMISSION = "permission"
    """The account lost its role or a scope; nothing was done."""
    BLOCKED = "blocked"
    """The platform asks to stop altogether."""
    LIMITED = "limited"
    """Too many calls; nothing was done."""
    TRANSIENT = "transient"
    """Trouble over there; a write may have been done all the same."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is the JSON, None when there is none. Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: Any
    text: str
    request_id: str = ""
    code: str = ""
    """The platform's own code or reason, empty when it said yes (`Said.code`)."""

    @property
    def ok(self) -> bool:
        """Whether the platform said yes."""
        return not self.code and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, understood."""

    outcome: Outcome = Outcome.FINE
    code: str = ""
    until: datetime | None = None
    """For LIMITED: when to come back."""


class Manners:
    """The rules of plain HTTP; each platform changes what differs. `wire` is set by `Api`."""

    request_id_header = "x-request-id"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.pace = Pace(clock)

    def key(self, call: Call) -> str:
        """The count that a call belongs to (per endpoint, where a platform counts so)."""
        return ""

    def before(self, call: Call) -> None:
        """Ask whether a call may be made now. Raises `RateLimitedError`."""
        self.pace.ask(self.key(call))

    def authorise(self, call: Call) -> Call:
        """The call with its proof."""
        return call

    def renew(self, wire: Wire) -> bool:
        """Get a new token, and keep it before it is used. False: only a person can."""
        return False

    def secrets(self) -> tuple[str, ...]:
        """What must not stand in a receipt or a log."""
        return ()

    def request_id(self, answer: Answer) -> str:
        """By which the platform finds the call again."""
        return answer.headers.get(self.request_id_header, "")

    def said(self, call: Call, answer: Answer) -> Said:
        """What the answer means."""
        status = answer.status
        if 200 <= status < 300:
            return Said()
        code = str(status)
        if status == 401:
            return Said(Outcome.TOKEN, code)
        if status == 429:
            return Said(Outcome.LIMITED, code, self.retry_after(answer))
        if status >= 500:
            return Said(Outcome.TRANSIENT, code)
        return Said(Outcome.REFUSED, code)

    def note(self, call: Call, answer: Answer) -> None:
        """Learn from an answer what is left of the allowances."""

    def retry_after(self, answer: Answer) -> datetime:
        """`Retry-After` (RFC 9110: seconds or a date) as an instant; a minute when it is not said."""
        now = self.clock.now()
        given = answer.headers.get("retry-after", "").strip()
        try:
            at = now + timedelta(seconds=int(given)) if given.isdigit() else parsedate_to_datetime(given)
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            at = now + DEFAULT_WAIT
        return min(max(at, now + timedelta(seconds=1)), now + LONGEST_WAIT)
