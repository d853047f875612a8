"""People and their links, accounts, staff, settings, saved views, emergency mode, and the journal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from console.domain.emergency import Emergency
from console.domain.ids import PersonId
from console.domain.journal import Event, Link
from console.domain.messages import Account
from console.domain.roles import Staff
from console.errors import ValidationError
from console.services.rows import SavedView
from console.store import journal as chain
from console.store.tables import accounts, emergencies, people, settings, staff, views
from console.store.writes.base import Writes


class DeskWrites(Writes):
    """What belongs to the desk rather than to a case."""

    # people ------------------------------------------------------------------------------------

    def link_people(self, keep: PersonId, merged: PersonId) -> None:
        """Put `merged`, with all that was linked to it, under `keep`.

        Codes `person.unknown`, `person.same` (also when they are one person already by other
        links), `person.linked` (`merged` already stands under somebody).
        """
        above, below = self._person(keep), self._person(merged)
        if below.merged_into is not None:
            raise ValidationError("person.linked", person=merged)
        if above.root == below.root:
            raise ValidationError("person.same")
        self._merge(below.number, above.number)
        self._set_root(below.number, above.root)

    def unlink_people(self, merged: PersonId) -> None:
        """Undo the link of one person; what was linked below stays with them.

        Codes `person.unknown`, `person.not_linked`.
        """
        person = self._person(merged)
        if person.merged_into is None:
            raise ValidationError("person.not_linked", person=merged)
        self._merge(person.number, None)
        self._set_root(person.number, person.number)

    def _person(self, person: PersonId) -> Any:
        row = self.connection.execute(_PERSON, {"id_": person}).one_or_none()
        if row is None:
            raise ValidationError("person.unknown", person=person)
        return row

    def _merge(self, number: int, into: int | None) -> None:
        self.connection.execute(update(people).where(people.c.number == number).values(merged_into=into))

    def _set_root(self, top: int, root: int) -> None:
        below = select(people.c.number).where(people.c.number == top).cte("below", recursive=True)
        below = below.union_all(select(people.c.number).where(people.c.merged_into == below.c.number))
        members = select(below.c.number)
        self.connection.execute(update(people).where(people.c.number.in_(members)).values(root=root))

    # registers ---------------------------------------------------------------------------------

    def put_account(self, account: Account) -> None:
        """Add or change an account, by its id. Code `account.exists` (same platform and name)."""
        taken = self.connection.execute(
            select(accounts.c.id).where(
                accounts.c.platform == account.platform,
                accounts.c.name == account.name,
                accounts.c.id != account.id,
            )
        ).first()
        if taken is not None:
            raise ValidationError("account.exists", name=account.name, platform=account.platform)
        values = {
            "platform": account.platform,
            "name": account.name,
            "type": account.type,
            "archived_at": account.archived_at,
            "import_id": None,
        }
        self._put(accounts, "id", account.id, values)

    def put_staff(self, staff_member: Staff) -> None:
        """Add or change somebody who works with Vigie."""
        values = {
            "name": staff_member.name,
            "role": staff_member.role,
            "valid_until": staff_member.valid_until,
        }
        self._put(staff, "id", staff_member.id, values)

    def put_setting(self, key: str, value: Any) -> None:
        """Keep a JSON value."""
        self._put(settings, "key", key, {"value": value})

    def setting(self, key: str) -> Any | None:
        """A value kept before, or None."""
        query = select(settings.c.value).where(settings.c.key == key)
        return self.connection.execute(query).scalar_one_or_none()

    def put_view(self, view: SavedView) -> None:
        """Keep or replace a saved view by its name; a replaced one keeps its place."""
        self._put(views, "name", view.name, {"body": view})

    def drop_view(self, name: str) -> None:
        """Forget a saved view; nothing happens when there is none."""
        self.connection.execute(delete(views).where(views.c.name == name))

    def put_emergency(self, emergency: Emergency) -> None:
        """Keep a period of emergency measures, by its beginning."""
        values = {
            "reason": emergency.reason,
            "started_by": emergency.started_by,
            "planned_end": emergency.planned_end,
            "ended_at": emergency.ended_at,
            "ended_by": emergency.ended_by,
        }
        self._put(emergencies, "started_at", emergency.started_at, values)

    def emergency(self) -> Emergency | None:
        """The latest period, active or ended."""
        row = self.connection.execute(LATEST_EMERGENCY).one_or_none()
        return None if row is None else Emergency(**row._mapping)

    def _put(self, table: Any, key: str, identity: Any, values: dict[str, Any]) -> None:
        statement = upsert(table).values({key: identity, **values})
        self.connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=values))

    # journal -----------------------------------------------------------------------------------

    def append(self, event: Event) -> Link:
        """Seal an event into the journal; it stands or falls with this transaction."""
        return chain.append(self.connection, event)


_PERSON = select(people.c.number, people.c.merged_into, people.c.root).where(people.c.id == bindparam("id_"))
LATEST_EMERGENCY = (
    select(*(column for column in emergencies.c if column.name != "pk"))
    .order_by(emergencies.c.started_at.desc())
    .limit(1)
)
