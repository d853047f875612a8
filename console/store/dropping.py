"""Forgetting a staged import bit by bit, so that decisions pass in between."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, select

from console.domain.ids import ImportId
from console.store.search import forget
from console.store.tables import (
    accounts,
    bands,
    findings,
    import_changes,
    imports,
    messages,
    people,
    posts,
    snapshots,
    verdicts,
    watermark,
)
from console.store.writes.base import KEYS
from console.store.writes.registers import as_keys

_AT_ONCE = 500
_REFERRED_AT_ONCE = 2_000


def leftover(connection: Connection) -> ImportId | None:
    """The import that is staged, if there is one."""
    found = connection.execute(select(imports.c.id)).scalars().first()
    return None if found is None else ImportId(found)


class Dropping:
    """Forgets one import, a short step at a time: messages, then what only they referred to.

    An import that is not (or no longer) staged is no error. Interrupted, it is simply begun again.
    """

    def __init__(self, import_id: ImportId) -> None:
        self._import_id = import_id
        self._week = -(1 << 15)
        self._person = self._post = 0

    def step(self, connection: Connection) -> bool:
        """One step in a transaction of the caller; whether there is more to do."""
        row = connection.execute(select(imports).where(imports.c.id == self._import_id)).one_or_none()
        if row is None:
            return False
        if (
            _drop_messages(connection, row.first_message)
            or self._drop_week_of_bands(connection, row.first_message)
            or self._drop_people(connection, row.first_person)
            or self._drop_posts(connection, row.first_post)
        ):
            return True
        for statement in _FORGET_IMPORT:
            connection.execute(statement, {"import_": self._import_id})
        return False

    def _drop_week_of_bands(self, connection: Connection, first: int) -> bool:
        week = connection.execute(_NEXT_WEEK, {"week_": self._week}).scalar()
        if week is None:
            return False
        connection.execute(_FORGET_BANDS, {"week_": week, "first_": first})
        self._week = week
        return True

    def _drop_people(self, connection: Connection, first: int) -> bool:
        self._person = max(self._person, first)
        last = self._person + _REFERRED_AT_ONCE
        connection.execute(_FORGET_PEOPLE, {"from_": self._person, "before_": last})
        more = connection.execute(select(func.max(people.c.number))).scalar() or 0
        self._person = last
        return int(more) >= last

    def _drop_posts(self, connection: Connection, first: int) -> bool:
        self._post = max(self._post, first)
        last = self._post + _REFERRED_AT_ONCE
        connection.execute(_FORGET_POSTS, {"from_": self._post, "before_": last})
        more = connection.execute(select(func.max(posts.c.pk))).scalar() or 0
        self._post = last
        return int(more) >= last


def _drop_messages(connection: Connection, first: int) -> bool:
    gone: list[Any] = list(connection.execute(_STAGED, {"first_": first}))
    if not gone:
        return False
    forget(connection, gone)
    keys = as_keys(message.pk for message in gone)
    for statement in _FORGET_MESSAGES:
        connection.execute(statement, keys)
    return True


_keys = select(KEYS.c.value)
_STAGED = (
    select(messages.c.pk, messages.c.text, messages.c.author_name)
    .where(messages.c.arrival > select(watermark.c.arrival).scalar_subquery())
    .where(messages.c.pk >= bindparam("first_"))
    .limit(_AT_ONCE)
)
_FORGET_MESSAGES = (
    delete(findings).where(findings.c.message.in_(_keys)),
    delete(snapshots).where(snapshots.c.message.in_(_keys)),
    delete(verdicts).where(verdicts.c.message.in_(_keys)),
    delete(messages).where(messages.c.pk.in_(_keys)),
)
# Near-duplicate keys have no index by message: one pass over them, a week at a time. Keys of messages
# are never given again, so that until then they lead nowhere.
_NEXT_WEEK = select(func.min(bands.c.week)).where(bands.c.week > bindparam("week_"))
_FORGET_BANDS = delete(bands).where(
    bands.c.week == bindparam("week_"),
    bands.c.message >= bindparam("first_"),
    ~exists().where(messages.c.pk == bands.c.message),
)
_FORGET_PEOPLE = delete(people).where(
    people.c.number >= bindparam("from_"),
    people.c.number < bindparam("before_"),
    ~exists().where(messages.c.author == people.c.number),
)
_FORGET_POSTS = delete(posts).where(
    posts.c.pk >= bindparam("from_"),
    posts.c.pk < bindparam("before_"),
    ~exists().where(messages.c.post == posts.c.pk),
)
_FORGET_IMPORT = (
    delete(accounts).where(
        accounts.c.import_id == bindparam("import_"), ~exists().where(messages.c.account == accounts.c.pk)
    ),
    delete(import_changes).where(import_changes.c.import_id == bindparam("import_")),
    delete(imports).where(imports.c.id == bindparam("import_")),
)
