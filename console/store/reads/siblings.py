"""What stands beside a message: its thread, its private conversation, its post."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select, text

from console.domain.messages import Channel
from console.services.rows import QueueRow
from console.store.reads.cards import cards
from console.store.tables import messages
from console.store.writes.base import VISIBLE

_SIBLINGS = 20


def siblings(connection: Connection, row: Row[Any]) -> tuple[QueueRow, ...]:
    """Other messages of the same thread, then of the same post, the nearest in time; oldest first."""
    found: dict[int, datetime] = {}
    for condition in _circles(row):
        for before in (True, False):
            near = _near(row, condition, before=before).limit(_SIBLINGS - len(found))
            found |= {pk: at for pk, at in connection.execute(near) if pk != row.pk}
            if len(found) >= _SIBLINGS:
                break
    order = sorted(found, key=lambda pk: (found[pk], pk))
    return cards(connection, order[:_SIBLINGS])


def _circles(row: Row[Any]) -> list[ColumnElement[bool]]:
    """From the closest: the thread of replies, the private conversation, the post."""
    parents = {row.external_id, row.parent_external_id} - {""}
    circles: list[ColumnElement[bool]] = [
        (messages.c.account == row.account)
        & messages.c.parent_external_id.in_(sorted(parents))
        & (messages.c.parent_external_id != text("''"))
    ]
    if row.parent_external_id:
        circles.append(
            (messages.c.account == row.account) & (messages.c.external_id == row.parent_external_id)
        )
    if row.channel is Channel.PRIVATE:
        circles.append(
            (messages.c.author == row.author)
            & (messages.c.account == row.account)
            & (messages.c.channel == Channel.PRIVATE)
        )
    if row.post is not None:
        circles.append(messages.c.post == row.post)
    return circles


def _near(row: Row[Any], condition: ColumnElement[bool], *, before: bool) -> Select[Any]:
    query = select(messages.c.pk, messages.c.posted_at).where(condition, VISIBLE, messages.c.pk != row.pk)
    if before:
        return query.where(messages.c.posted_at <= row.posted_at).order_by(
            messages.c.posted_at.desc(), messages.c.pk.desc()
        )
    return query.where(messages.c.posted_at > row.posted_at).order_by(messages.c.posted_at, messages.c.pk)
