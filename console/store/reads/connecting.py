"""Connected accounts, what waits for them, what is to be looked at again, threads and removed pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, FromClause, Row, Select, bindparam, func, select, text, union, union_all
from sqlalchemy import Connection as SqlConnection

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import AccountId, MessageId, RuleId, StaffId
from console.domain.messages import Account, Attachment, Channel, Platform, ThreadEntry
from console.errors import ConflictError
from console.services.connecting_ports import (
    Backlog,
    KnownPicture,
    PictureToNote,
    StoredConnection,
    ThreadPart,
    ToLookAt,
)
from console.services.pictures import is_picture
from console.services.platform_ports import Connection
from console.services.rows import OutgoingState
from console.store.codes import ACTION_BITS
from console.store.tables import accounts, connections, decisions, known_pictures, messages, outgoing, posts
from console.store.writes.base import KEYS, VISIBLE

_WAITING = (OutgoingState.WAITING, OutgoingState.SENDING)
_TROUBLE = (OutgoingState.REFUSED, OutgoingState.FAILED, OutgoingState.UNKNOWN)
_OPEN = tuple(state for state in CaseState if state not in (CaseState.DECIDED, CaseState.CLOSED))
_REMOVED = ACTION_BITS[Action.HIDE] | ACTION_BITS[Action.DELETE]

CONNECTIONS = select(
    connections, accounts.c.id.label("account_id"), accounts.c.platform, accounts.c.name
).join_from(connections, accounts, accounts.c.pk == connections.c.account)


def stored_connection(row: Row[Any]) -> StoredConnection:
    """One row of `CONNECTIONS`."""
    connection = Connection(
        account=AccountId(row.account_id),
        platform=Platform(row.platform),
        name=row.name,
        external_id=row.external_id,
        state=row.state,
        code=row.code,
        connected_at=row.connected_at,
        scopes=row.scopes,
        expires_at=row.expires_at,
        client_id=row.client_id,
        base_url=row.base_url,
        settings=row.settings,
    )
    return StoredConnection(
        connection, row.cursor, row.collected_at, row.waits_until, row.looked_at, row.budgets
    )


def all_connections(connection: SqlConnection) -> tuple[StoredConnection, ...]:
    """By platform and name."""
    rows = connection.execute(CONNECTIONS.order_by(accounts.c.platform, accounts.c.name))
    return tuple(stored_connection(row) for row in rows)


def backlog(connection: SqlConnection) -> Mapping[AccountId, Backlog]:
    """How many items wait for each account, and how many need a person."""
    counted: dict[AccountId, dict[bool, int]] = defaultdict(dict)
    for account, state, number in connection.execute(_BACKLOG):
        waits = state in _WAITING
        counted[account][waits] = counted[account].get(waits, 0) + number
    return {each: Backlog(found.get(True, 0), found.get(False, 0)) for each, found in counted.items()}


def to_look_at(
    connection: SqlConnection, account: AccountId, decided_since: datetime, after: datetime | None, limit: int
) -> tuple[ToLookAt, ...]:
    """See `ConnectingReads.to_look_at`."""
    pk = connection.execute(select(accounts.c.pk).where(accounts.c.id == account)).scalar()
    here = [messages.c.account == pk, messages.c.deleted_at.is_(None), VISIBLE]
    if after is not None:
        here.append(messages.c.posted_at > after)
    columns = (messages.c.pk, messages.c.id, messages.c.external_id, messages.c.posted_at)
    lanes: list[Select[Any]] = [
        select(*columns).where(messages.c.state == state, *here).order_by(messages.c.posted_at).limit(limit)
        for state in _OPEN
    ]
    decided = select(*columns).join_from(decisions, messages, messages.c.decision == decisions.c.id)
    decided = decided.where(decisions.c.at >= decided_since, decisions.c.message == messages.c.pk, *here)
    lanes.append(decided.order_by(messages.c.posted_at).limit(limit))
    merged = union(*(select(lane.subquery()) for lane in lanes)).subquery()
    found = connection.execute(select(merged).order_by(merged.c.posted_at, merged.c.pk).limit(limit)).all()
    if len(found) == limit:
        found = _with_the_same_moment(connection, found, lanes)
    return tuple(ToLookAt(row.id, row.external_id, row.posted_at) for row in found)


def _with_the_same_moment(
    connection: SqlConnection, found: Sequence[Row[Any]], lanes: Sequence[Select[Any]]
) -> Sequence[Row[Any]]:
    """The rows with all others of the last one's moment: the next round goes on behind it."""
    last, known = found[-1].posted_at, {row.pk for row in found}
    rest = [
        row
        for lane in lanes
        for row in connection.execute(lane.where(messages.c.posted_at == last).limit(None))
    ]
    different = {row.pk: row for row in rest if row.pk not in known}
    return [*found, *different.values()]


def thread_parts(
    connection: SqlConnection,
    account: Account,
    roots: Sequence[str],
    conversations: Sequence[str],
    limit: int,
) -> Mapping[str, tuple[ThreadPart, ...]]:
    """See `ConnectingReads.thread_parts`."""
    pk = connection.execute(select(accounts.c.pk).where(accounts.c.id == account.id)).scalar()
    if pk is None:
        return {}
    found: dict[str, tuple[ThreadPart, ...]] = {}
    for query, asked in ((_THREADS, roots), (_CONVERSATIONS, conversations)):
        if not asked:
            continue
        facts = {"account_": pk, "limit_": limit, "keys": msgspec.json.encode(sorted(set(asked))).decode()}
        grouped: dict[str, list[ThreadPart]] = defaultdict(list)
        for root, external_id, author, words, at in connection.execute(query, facts):
            grouped[root].append(ThreadPart(external_id, ThreadEntry(author, words, at)))
        found |= {root: tuple(parts) for root, parts in grouped.items()}
    return found


def attachments(connection: SqlConnection, message: MessageId) -> tuple[AccountId, tuple[Attachment, ...]]:
    """The account and the attachments of a visible message. Code `case.unknown`."""
    row = connection.execute(_ATTACHMENTS, {"id_": message}).one_or_none()
    if row is None:
        raise ConflictError("case.unknown", message=message)
    return AccountId(row.account_id), row.attachments or ()


def all_known_pictures(connection: SqlConnection) -> tuple[KnownPicture, ...]:
    """Every removed picture that is remembered."""
    return tuple(KnownPicture(**row._mapping) for row in connection.execute(select(known_pictures)))


def pictures_to_note(
    connection: SqlConnection, decided_since: datetime, limit: int
) -> tuple[PictureToNote, ...]:
    """Pictures of messages hidden or deleted since for a rule, none of whose pictures is known yet."""
    rows = connection.execute(_TO_NOTE, {"since_": decided_since, "limit_": limit})
    return tuple(
        PictureToNote(
            MessageId(row.id),
            AccountId(row.account_id),
            attachment,
            tuple(RuleId(rule) for rule in row.rules),
            StaffId(row.actor),
        )
        for row in rows
        for attachment in row.attachments
        if row.rules and is_picture(attachment)
    )


_BACKLOG = (
    select(accounts.c.id, outgoing.c.state, func.count())
    .join_from(outgoing, messages, messages.c.pk == outgoing.c.message)
    .join(accounts, accounts.c.pk == messages.c.account)
    .where(outgoing.c.state.in_((*_WAITING, *_TROUBLE)))
    .group_by(accounts.c.id, outgoing.c.state)
)
_ATTACHMENTS = (
    select(accounts.c.id.label("account_id"), messages.c.attachments)
    .join_from(messages, accounts, accounts.c.pk == messages.c.account)
    .where(messages.c.id == bindparam("id_"), VISIBLE)
)
_TO_NOTE = (
    select(
        messages.c.id,
        accounts.c.id.label("account_id"),
        messages.c.attachments,
        decisions.c.rules,
        decisions.c.actor,
    )
    .join_from(decisions, messages, messages.c.pk == decisions.c.message)
    .join(accounts, accounts.c.pk == messages.c.account)
    .where(
        decisions.c.at >= bindparam("since_", type_=decisions.c.at.type),
        decisions.c.actions_mask.bitwise_and(_REMOVED) > 0,
        messages.c.decision == decisions.c.id,
        messages.c.attachments.is_not(None),
        messages.c.id.not_in(select(known_pictures.c.message)),
        VISIBLE,
    )
    .order_by(decisions.c.at)
    .limit(bindparam("limit_"))
)


def _newest(parts: FromClause) -> Select[Any]:
    """The newest of each root, oldest first."""
    c = parts.c
    place = func.row_number().over(partition_by=c.root, order_by=(c.posted_at.desc(), c.pk.desc()))
    ranked = select(parts, place.label("place")).subquery().c
    return (
        select(ranked.root, ranked.external_id, ranked.author_name, ranked.text, ranked.posted_at)
        .where(ranked.place <= bindparam("limit_"))
        .order_by(ranked.posted_at, ranked.pk)
    )


def _part(root: ColumnElement[str]) -> Select[Any]:
    m = messages.c
    columns = (m.external_id, m.author_name, m.text, m.posted_at, m.pk)
    return select(root.label("root"), *columns).where(m.account == bindparam("account_"))


_ASKED = select(KEYS.c.value)
_PARENT = messages.c.parent_external_id
# Two halves, each with an index of its own; the second is partial and asks for its own condition.
_THREADS = _newest(
    union_all(
        _part(messages.c.external_id).where(messages.c.external_id.in_(_ASKED)),
        _part(_PARENT).where(_PARENT.in_(_ASKED), _PARENT.op("!=", is_comparison=True)(text("''"))),
    ).subquery()
)
_CONVERSATIONS = _newest(
    _part(posts.c.external_id)
    .join_from(posts, messages, messages.c.post == posts.c.pk)
    .where(
        posts.c.account == bindparam("account_"),
        posts.c.external_id.in_(_ASKED),
        messages.c.channel == Channel.PRIVATE,
    )
    .subquery()
)
