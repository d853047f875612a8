"""Frozen rows about connected accounts and what was carried out on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.messages import Account
from console.domain.platforms import Abilities, Act, Result
from console.services.platform_ports import Budget, Connection

LOST = frozenset({"platform.uncertain", "platform.answer", "internal"})
"""Codes of calls after which nobody knows what became of the act."""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One call that was to change something on a platform, as far as its answer is known.

    Without `ended_at` the answer is not known (yet). `result` is None when the answer was lost or said
    nothing about the act; `code` then says what happened (an error code), else it is the platform's own.
    """

    act: Act
    begun_at: datetime
    ended_at: datetime | None = None
    result: Result | None = None
    request_id: str = ""
    """By which the platform finds the call again."""
    external_id: str = ""
    """Of what was made: a reply, a message."""
    status: int = 0
    """HTTP status; 0 when nothing came back or it is known by reading back."""
    code: str = ""
    answer: str = ""
    """At most 500 characters of the platform's answer."""
    read_back: bool = False
    """Known by looking afterwards."""

    @property
    def lost(self) -> bool:
        """Whether the call may have done what it was to do without anybody here knowing."""
        ended = self.ended_at is not None and self.code not in LOST
        return self.result is None and not ended and not self.read_back


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One of the city's accounts: how it is connected here, how far it was collected, what waits for it."""

    account: Account
    connection: Connection | None
    """None: never connected at this desk."""
    abilities: Abilities
    collected_at: datetime | None = None
    waits_until: datetime | None = None
    """The platform asked not to be called before."""
    budgets: tuple[Budget, ...] = ()
    expires_soon: bool = False
    """The token ends within seven days."""
    held_by: str = ""
    """Name of another desk that collects it now."""
    waiting: int = 0
    """Outbox items that wait to be sent."""
    trouble: int = 0
    """Outbox items that were refused, failed, or of which nobody knows whether they were done."""
