"""Who works at this desk, and the right to each use case."""

from __future__ import annotations

from console.clock import Clock
from console.domain.ids import StaffId
from console.domain.roles import Actor, Role, Staff
from console.services.ports import Database


class Access:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def current(self) -> Actor | None:
        """The person at this desk, or None before anyone introduced themselves."""
        raise NotImplementedError

    def introduce(self, name: str, role: Role) -> Actor:
        """First start, or a new colleague: record the person and make them current. Codes:
        `staff.name_missing`. After the first person, adding one needs MANAGE_STAFF or an existing
        supervisor, except a moderator adding a moderator."""
        raise NotImplementedError

    def switch(self, staff: StaffId) -> Actor:
        """Another registered person takes the desk."""
        raise NotImplementedError

    def staff(self) -> tuple[Staff, ...]:
        """Everyone registered."""
        raise NotImplementedError
