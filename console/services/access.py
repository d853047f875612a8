"""Who works at this desk. On a desk alone, the session of the operating system is the guard."""

from __future__ import annotations

from console.clock import Clock
from console.domain.ids import EventId, StaffId, new_id
from console.domain.journal import Event
from console.domain.roles import Actor, Permission, Role, Staff
from console.errors import ConflictError, ValidationError
from console.services.ports import Database

CURRENT_STAFF = "desk.current_staff"


class Access:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def current(self) -> Actor | None:
        """The person at this desk, or None before anyone introduced themselves."""
        chosen = self._db.reads.setting(CURRENT_STAFF)
        for person in self._db.reads.staff():
            if person.id == chosen:
                return Actor(person, self._db.desk)
        return None

    def staff(self) -> tuple[Staff, ...]:
        """Everyone registered at this desk."""
        return self._db.reads.staff()

    def introduce(self, name: str, role: Role) -> Actor:
        """Register a person and make them current.

        The first person chooses their role. Later a moderator can be added by anyone; any other
        role only by someone who may manage staff. Codes: `staff.name_missing`,
        `permission.denied`, `hub.seat`.
        """
        if not name.strip():
            raise ValidationError("staff.name_missing")
        self._check_seat()
        now, before = self._clock.now(), self.current()
        if before is not None and role is not Role.MODERATOR:
            before.require(Permission.MANAGE_STAFF, now)
        actor = Actor(Staff(StaffId(new_id()), " ".join(name.split()), role), self._db.desk)
        added_by = before.staff.id if before else actor.staff.id
        with self._db.write() as work:
            work.put_staff(actor.staff)
            work.put_setting(CURRENT_STAFF, actor.staff.id)
            payload = {"name": actor.staff.name, "role": role.value}
            work.append(
                Event(EventId(new_id()), "staff.added", actor.staff.id, added_by, self._db.desk, now, payload)
            )
        return actor

    def _check_seat(self) -> None:
        """In a hub each person works under their own login: who sits here is who joined."""
        with self._db.write() as work:
            if work.membership() is not None:
                raise ConflictError("hub.seat")

    def switch(self, staff: StaffId) -> Actor:
        """Another registered person takes the desk. Codes `staff.unknown`, `hub.seat`."""
        self._check_seat()
        for person in self._db.reads.staff():
            if person.id == staff:
                actor = Actor(person, self._db.desk)
                break
        else:
            raise ValidationError("staff.unknown")
        with self._db.write() as work:
            work.put_setting(CURRENT_STAFF, staff)
            work.append(
                Event(EventId(new_id()), "desk.taken", staff, staff, self._db.desk, self._clock.now(), {})
            )
        return actor
