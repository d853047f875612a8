"""Earlier messages of nearly the same words, for a whole batch at a time: asked one by one, a query costs
more than the judging of a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, func, select, text

from console.services.ports import Earlier, Likeness
from console.store.codes import week_of
from console.store.tables import bands, messages, people, posts
from console.store.writes.base import KEYS
from console.store.writes.registers import as_keys

Key = tuple[int, int]
"""Week and band."""


def sharing_bands(
    connection: Connection, asked: Sequence[Likeness], limit: int
) -> tuple[tuple[Earlier, ...], ...]:
    """For each of `asked`, the newest `limit` messages of its stretch of time that share enough keys,
    newest first."""
    weeks = connection.execute(_WEEKS).one()
    if weeks.first is None:
        return ((),) * len(asked)
    keys = [_keys(each, weeks.first, weeks.last) for each in asked]
    holders = _holders(connection, {key for each in keys for key in each}, limit)
    alike = [_alike(each, holders, like) for each, like in zip(keys, asked, strict=True)]
    found = _earlier(connection, {pk for each in alike for pk in each})
    return tuple(_newest(each, found, like, limit) for each, like in zip(alike, asked, strict=True))


def _keys(like: Likeness, first: int, last: int) -> list[Key]:
    weeks = range(max(week_of(like.since), first), min(week_of(like.until), last) + 1)
    return [(week, band) for week in weeks for band in like.bands]


def _holders(connection: Connection, keys: set[Key], most: int) -> Mapping[Key, list[str]]:
    """Who holds each key, the newest `most` only: a key that half a flood shares is not read to its end.

    Messages come as the digits of their keys, many in one row: handing over single rows took most of
    the time.
    """
    parameters = {"keys": msgspec.json.encode(sorted(keys)).decode(), "most": most}
    rows = connection.execute(_HOLDERS, parameters).all()
    return {(week, band): held.split(",") for week, band, held in rows}


def _alike(keys: Sequence[Key], holders: Mapping[Key, list[str]], like: Likeness) -> list[int]:
    shared: Counter[str] = Counter()
    for key in keys:
        shared.update(holders.get(key, ()))
    needed = like.needed
    return [int(pk) for pk, number in shared.items() if number >= needed]


def _earlier(connection: Connection, keys: set[int]) -> Mapping[int, Earlier]:
    rows = connection.execute(_EARLIER, as_keys(keys)).all() if keys else ()
    return {row.pk: Earlier(row.text, row.posted_at, row.post or "", row.author or "") for row in rows}


def _newest(
    keys: Sequence[int], found: Mapping[int, Earlier], like: Likeness, limit: int
) -> tuple[Earlier, ...]:
    within = [(found[pk].posted_at, pk) for pk in keys if like.since <= found[pk].posted_at <= like.until]
    return tuple(found[pk] for _, pk in sorted(within, reverse=True)[:limit])


_HOLDERS = text(
    """
    SELECT week, band, held FROM (
        SELECT week, band, (
            SELECT group_concat(message) FROM (
                SELECT message FROM bands
                WHERE bands.week = asked.week AND bands.band = asked.band
                ORDER BY message DESC LIMIT :most
            )
        ) AS held
        FROM (
            SELECT json_extract(value, '$[0]') AS week, json_extract(value, '$[1]') AS band
            FROM json_each(:keys)
        ) AS asked
    )
    WHERE held IS NOT NULL
    """
)
_WEEKS = select(func.min(bands.c.week).label("first"), func.max(bands.c.week).label("last"))
_EARLIER = (
    select(
        messages.c.pk,
        messages.c.text,
        messages.c.posted_at,
        posts.c.external_id.label("post"),
        people.c.external_id.label("author"),
    )
    .outerjoin_from(messages, posts, posts.c.pk == messages.c.post)
    .outerjoin(people, people.c.number == messages.c.author)
    .where(messages.c.pk.in_(select(KEYS.c.value)))
)
