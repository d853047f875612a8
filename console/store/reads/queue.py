"""Pages and figures of the queue: from filters to keys, from keys to cards."""

from __future__ import annotations

from sqlalchemy import Connection

from console.services.rows import Cursor, Page, QueueFilter, QueueRow, Sort
from console.store.reads import keys
from console.store.reads.cards import cards, cards_by_id
from console.store.reads.keys import Place
from console.store.reads.wanted import resolve

__all__ = ["arrivals", "cards_by_id", "matches", "page"]

_MOST_COUNTED = 100_000


def page(
    connection: Connection, where: QueueFilter, sort: Sort, after: Cursor | None, limit: int
) -> Page[QueueRow]:
    """One page of cards behind a cursor; one row more is looked for, to know whether it goes on."""
    places = keys.page(connection, resolve(connection, where), sort, Place.of(after), limit + 1)
    shown = places[:limit]
    more = shown[-1].cursor() if len(places) > limit and shown else None
    return Page(cards(connection, [place.pk for place in shown]), more)


def matches(connection: Connection, where: QueueFilter, limit: int) -> int:
    """How many messages match, counted up to `limit`."""
    return keys.count(connection, resolve(connection, where), limit)


def arrivals(connection: Connection, where: QueueFilter, since: int) -> int:
    """How many matching messages arrived after `since`."""
    return keys.count(connection, resolve(connection, where), _MOST_COUNTED, since)
