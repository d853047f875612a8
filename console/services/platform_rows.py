"""Frozen rows about connected accounts and what was carried out on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.platforms import Act, Result


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
