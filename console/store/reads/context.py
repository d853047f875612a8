"""What the verdict engine may know beside a message: the same person's words. `likeness` has the others'.

These reads see the rows of an import under way too: a flood within one file is a flood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from console.domain.messages import Platform
from console.services.ports import Earlier
from console.store.tables import messages, people, posts
from console.store.writes.base import KEYS
from console.store.writes.registers import as_keys

_PER_AUTHOR = 200
"""Newest messages of one person that are looked at: a flood is one long before that."""


def recent_by_author(
    connection: Connection, authors: Sequence[tuple[Platform, str]], since: datetime
) -> Mapping[tuple[Platform, str], tuple[Earlier, ...]]:
    """What these authors (platform, key of `author_key`) posted since, oldest first; those who did."""
    asked: dict[Platform, list[str]] = defaultdict(list)
    for platform, external_id in dict.fromkeys(authors):
        asked[platform].append(external_id)
    found: dict[tuple[Platform, str], list[Earlier]] = defaultdict(list)
    for platform, external_ids in asked.items():
        parameters = {"platform_": platform, "since_": since, **as_keys(external_ids)}
        for row in connection.execute(_RECENT, parameters):
            found[platform, row.external_id].append(Earlier(row.text, row.posted_at, row.post or ""))
    return {author: tuple(each) for author, each in found.items()}


_ranked = (
    select(
        messages.c.pk,
        people.c.external_id,
        func.row_number()
        .over(partition_by=messages.c.author, order_by=(messages.c.posted_at.desc(), messages.c.pk.desc()))
        .label("rank"),
    )
    .join_from(people, messages, messages.c.author == people.c.number)
    .where(
        people.c.platform == bindparam("platform_"),
        people.c.external_id.in_(select(KEYS.c.value)),
        messages.c.posted_at >= bindparam("since_", type_=messages.c.posted_at.type),
    )
    .subquery()
)
_RECENT = (
    select(_ranked.c.external_id, messages.c.text, messages.c.posted_at, posts.c.external_id.label("post"))
    .join_from(_ranked, messages, messages.c.pk == _ranked.c.pk)
    .outerjoin(posts, posts.c.pk == messages.c.post)
    .where(_ranked.c.rank <= _PER_AUTHOR)
    .order_by(messages.c.posted_at, messages.c.pk)
)
