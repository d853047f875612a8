"""People who write to the city, and the reversible linking of their identities."""

from __future__ import annotations

from console.clock import Clock
from console.domain.ids import PersonId
from console.domain.roles import Actor
from console.services.ports import Database
from console.services.rows import ChangeSet, Cursor, Page, PersonEvent, PersonRow


class People:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def page(
        self, actor: Actor, text: str = "", after: Cursor | None = None, limit: int = 100
    ) -> Page[PersonRow]:
        """People by name, with their delivered warnings."""
        raise NotImplementedError

    def history(self, actor: Actor, person: PersonId) -> tuple[PersonEvent, ...]:
        """Decisions and warnings about a person, newest first; the reading is journalled (art. 62)."""
        raise NotImplementedError

    def link(self, actor: Actor, keep: PersonId, merged: PersonId) -> ChangeSet:
        """Say that two identities are one person. Needs LINK_IDENTITIES; reversible by `unlink`."""
        raise NotImplementedError

    def unlink(self, actor: Actor, merged: PersonId) -> ChangeSet:
        """Undo a link."""
        raise NotImplementedError
