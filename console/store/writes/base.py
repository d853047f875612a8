"""What all parts of a unit of work share: the connection and the counters."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from console.domain.cases import CaseState
from console.domain.ids import MessageId, PersonId
from console.domain.messages import Channel
from console.errors import ConflictError, ValidationError
from console.store.tables import counters, messages, people, watermark

Cell = tuple[CaseState, Channel, bool]
"""A counter: state, channel, whether the route is «emergency»."""
Tally = Counter[Cell]

VISIBLE = messages.c.arrival <= select(watermark.c.arrival).scalar_subquery()
KEYS = func.json_each(bindparam("keys")).table_valued("value")
"""Any number of values in one parameter, a JSON array: the statement stays the same and is cached."""


class Writes:
    """One write transaction. `finish` stores what was only counted so far; the owner commits."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tally: Tally = Counter()
        self.seen_outcomes: set[str] = set()
        """Escalations whose answer was seen here before their case was taken back to be replayed."""
        self.judged_on: dict[str, int | None] = {}
        """Decision → the verdict it was made on, likewise."""
        self.progress: dict[str, tuple[Row[Any], list[dict[str, Any]]]] = {}
        """Outbox item → its row and the calls made for it, likewise."""

    def finish(self) -> None:
        """Bring the counters up to date: once a transaction, however many messages it touched."""
        rows = [
            {"state": state, "channel": channel, "emergency": emergency, "number": number}
            for (state, channel, emergency), number in self.tally.items()
            if number
        ]
        self.tally.clear()
        if rows:
            statement = upsert(counters)
            grown = counters.c.number + statement.excluded.number
            self.connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["state", "channel", "emergency"], set_={"number": grown}
                ),
                rows,
            )

    def next_key(self, table: str) -> int:
        """The next integer key of an AUTOINCREMENT table (sqlite.org/autoinc.html): never reused."""
        newest = self.connection.execute(_SEQUENCE, {"name": table}).scalar_one_or_none()
        return int(newest or 0) + 1

    def message_pk(self, message: MessageId) -> int:
        """The key of a visible message. Code `case.unknown`."""
        pk = self.connection.execute(_MESSAGE, {"id_": message}).scalar_one_or_none()
        if pk is None:
            raise ConflictError("case.unknown", message=message)
        return int(pk)

    def person_number(self, person: PersonId) -> int:
        """The number of a person. Code `person.unknown`."""
        number = self.connection.execute(_PERSON, {"id_": person}).scalar_one_or_none()
        if number is None:
            raise ValidationError("person.unknown", person=person)
        return int(number)

    def next_arrival(self) -> int:
        """Take the next visible arrival number."""
        moved = update(watermark).values(arrival=watermark.c.arrival + 1).returning(watermark.c.arrival)
        return int(self.connection.execute(moved).scalar_one())

    def change_message(self, pk: int, **values: Any) -> None:
        """Set columns of one message."""
        self.connection.execute(update(messages).where(messages.c.pk == pk).values(**values))


_SEQUENCE = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_MESSAGE = select(messages.c.pk).where(messages.c.id == bindparam("id_"), VISIBLE)
_PERSON = select(people.c.number).where(people.c.id == bindparam("id_"))
