"""Forgetting a staged import bit by bit, so that decisions pass in between."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, select

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

_AT_ONCE = 1_000


def leftover(connection: Connection) -> ImportId | None:
    """The import that is staged, if there is one."""
    found = connection.execute(select(imports.c.id)).scalars().first()
    return None if found is None else ImportId(found)


def drop_some(connection: Connection, import_id: ImportId) -> bool:
    """Forget up to 1,000 messages of the import, or, with none left, the rest of it.

    Returns whether there is more to do. An import that is not (or no longer) staged is no error.
    """
    row = connection.execute(select(imports).where(imports.c.id == import_id)).one_or_none()
    if row is None:
        return False
    gone = connection.execute(_STAGED, {"first_": row.first_message}).all()
    if not gone:
        _drop_rest(connection, row)
        return False
    forget(connection, gone)
    keys = as_keys(message.pk for message in gone)
    for statement in _FORGET_MESSAGES:
        connection.execute(statement, keys)
    return True


def _drop_rest(connection: Connection, row: Any) -> None:
    own = {"first_message": row.first_message, "first_person": row.first_person}
    own |= {"first_post": row.first_post, "import_": row.id}
    for statement in _FORGET_REST:
        connection.execute(statement, {name: own[name] for name in statement.compile().params})


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
# The near-duplicate keys have no index by message: one pass over them at the end. Keys of messages
# are never given again, so that until then they lead nowhere.
_FORGET_REST = (
    delete(bands).where(
        bands.c.message >= bindparam("first_message"), ~exists().where(messages.c.pk == bands.c.message)
    ),
    delete(people).where(
        people.c.number >= bindparam("first_person"), ~exists().where(messages.c.author == people.c.number)
    ),
    delete(posts).where(
        posts.c.pk >= bindparam("first_post"), ~exists().where(messages.c.post == posts.c.pk)
    ),
    delete(accounts).where(
        accounts.c.import_id == bindparam("import_"), ~exists().where(messages.c.account == accounts.c.pk)
    ),
    delete(import_changes).where(import_changes.c.import_id == bindparam("import_")),
    delete(imports).where(imports.c.id == bindparam("import_")),
)
