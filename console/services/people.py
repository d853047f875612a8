"""People who write to the city, and the reversible linking of their identities."""

from __future__ import annotations

from datetime import datetime

from console.clock import Clock
from console.domain.ids import EventId, PersonId, new_id
from console.domain.journal import Event
from console.domain.roles import Actor, Permission
from console.errors import ValidationError
from console.services.ports import Database, UnitOfWork
from console.services.rows import ChangeSet, Cursor, Page, PersonEvent, PersonRow


class People:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def page(
        self, actor: Actor, text: str = "", after: Cursor | None = None, limit: int = 100
    ) -> Page[PersonRow]:
        """People by name (accents and case folded), with their delivered warnings. Needs READ_HISTORY."""
        actor.require(Permission.READ_HISTORY, self._clock.now())
        return self._db.reads.people(text, after, limit)

    def history(self, actor: Actor, person: PersonId) -> tuple[PersonEvent, ...]:
        """Decisions and warnings about a person, newest first. Needs READ_HISTORY.

        The reading is journalled first (A-2.1, art. 62: staff see what their function needs, and it
        can be shown who looked). Code `person.unknown`.
        """
        now = self._clock.now()
        actor.require(Permission.READ_HISTORY, now)
        events = self._db.reads.person_history(person)
        with self._db.write() as work:
            _record(work, actor, "person.read", person, now, {"events": len(events)})
        return events

    def link(self, actor: Actor, keep: PersonId, merged: PersonId) -> ChangeSet:
        """Say that two identities are one person. Needs LINK_IDENTITIES; reversible by `unlink`.

        Codes `person.same`, `person.unknown`, `person.linked` (already part of another).
        """
        now = self._clock.now()
        actor.require(Permission.LINK_IDENTITIES, now)
        if keep == merged:
            raise ValidationError("person.same")
        with self._db.write() as work:
            work.link_people(keep, merged)
            _record(work, actor, "person.linked", keep, now, {"merged": merged})
        return ChangeSet(people=frozenset({keep, merged}))

    def unlink(self, actor: Actor, merged: PersonId) -> ChangeSet:
        """Undo a link. Needs LINK_IDENTITIES. Codes `person.unknown`, `person.not_linked`."""
        now = self._clock.now()
        actor.require(Permission.LINK_IDENTITIES, now)
        with self._db.write() as work:
            work.unlink_people(merged)
            _record(work, actor, "person.unlinked", merged, now, {})
        return ChangeSet(people=frozenset({merged}))


def _record(
    work: UnitOfWork,
    actor: Actor,
    kind: str,
    person: PersonId,
    now: datetime,
    payload: dict[str, object],
) -> None:
    work.append(Event(EventId(new_id()), kind, person, actor.staff.id, actor.desk, now, payload))
