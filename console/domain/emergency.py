"""Emergency mode (R15): start, planned end, who and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.ids import StaffId


@dataclass(frozen=True, slots=True)
class Emergency:
    """A period of emergency measures; open while `ended_at` is None."""

    reason: str
    started_at: datetime
    started_by: StaffId
    planned_end: datetime
    ended_at: datetime | None = None
    ended_by: StaffId | None = None

    @property
    def active(self) -> bool:
        """Whether the mode is on. A planned end that has passed is a reminder, not an end."""
        return self.ended_at is None
