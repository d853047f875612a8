"""The journal on disk. The chain itself is `console.domain.journal`; here rows become links and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from console.domain.ids import DeskId, EventId, StaffId
from console.domain.journal import GENESIS, Event, Link, seal
from console.store.tables import journal, journal_head

_AT_ONCE = 500


def link_of(row: RowMapping) -> Link:
    """The link that a row of `journal` holds.

    A payload that is not the text which was hashed (not JSON, other spacing, doubled keys) comes back
    as something that cannot match the hash, so that checking the chain names the row.
    """
    event = Event(
        EventId(row["event_id"]),
        row["kind"],
        row["subject"],
        StaffId(row["actor"]),
        DeskId(row["desk"]),
        row["at"],
        _payload(row["payload"]),
    )
    return Link(row["sequence"], event, row["previous"], row["sha256"])


def links(connection: Connection, after: int = 0) -> Iterator[Link]:
    """Links in order after a sequence number, read as they are asked for."""
    rows = connection.execute(
        select(journal).where(journal.c.sequence > after).order_by(journal.c.sequence),
        execution_options={"yield_per": _AT_ONCE},
    )
    for row in rows.mappings():
        yield link_of(row)


def head(connection: Connection) -> tuple[int, str] | None:
    """Sequence and hash of the newest link as the store remembers it, or None when empty."""
    row = connection.execute(select(journal_head.c.sequence, journal_head.c.sha256)).one_or_none()
    return None if row is None else (row.sequence, row.sha256)


def append(connection: Connection, event: Event) -> Link:
    """Seal `event` behind the head and store both, in the transaction of the caller."""
    # As it will be read back: tuples have become lists, keys strings.
    payload = json.loads(_text(event.payload))
    sequence, previous = head(connection) or (0, GENESIS)
    link = seal(replace(event, payload=payload), sequence + 1, previous)
    connection.execute(
        insert(journal).values(
            sequence=link.sequence,
            event_id=event.id,
            kind=event.kind,
            subject=event.subject,
            actor=event.actor,
            desk=event.desk,
            at=event.at,
            payload=_text(payload),
            previous=link.previous,
            sha256=link.sha256,
        )
    )
    newest = {"sequence": link.sequence, "sha256": link.sha256}
    statement = upsert(journal_head).values(one=1, **newest)
    connection.execute(statement.on_conflict_do_update(index_elements=["one"], set_=newest))
    return link


def _text(payload: Mapping[str, Any]) -> str:
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # Half a surrogate pair (pasted from a broken source) has no UTF-8 form and could not be stored.
    return text.encode("utf-8", "replace").decode()


def _payload(text: str) -> Mapping[str, Any]:
    try:
        payload = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    if not isinstance(payload, dict) or _text(payload) != text:
        return {"unreadable": text}
    return payload
