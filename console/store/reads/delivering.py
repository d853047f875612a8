"""The outbox: what waits, what was sent with its receipts, and what the console may carry out now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.sql.elements import ColumnElement

from console.domain.ids import DecisionId, MessageId, OutgoingId
from console.domain.messages import Channel
from console.domain.platforms import Act, Result, Target
from console.errors import ConflictError
from console.services.delivery_ports import Addressee, Dispatch
from console.services.platform_ports import ConnectionState
from console.services.platform_rows import AttemptRow
from console.services.rows import FINAL_STATES, TROUBLED_STATES, OutgoingRow, OutgoingState
from console.store.reads.cards import excerpt
from console.store.tables import accounts, attempts, connections, messages, outgoing, people, posts, staff
from console.store.types import Instant
from console.store.writes.base import KEYS, VISIBLE
from console.store.writes.registers import as_keys

_OURS = (OutgoingState.WAITING, OutgoingState.SENDING, OutgoingState.UNKNOWN)
"""The console itself goes on with these."""
_NOT_FINAL = tuple(state for state in OutgoingState if state not in FINAL_STATES)
_INVERSE = ("unhide", "unban")

_kept = people.alias("kept")
_doer = staff.alias("doer")
_earlier = outgoing.alias("earlier")
_said = outgoing.alias("said")
_inbound = messages.alias("inbound")


def outgoing_in(
    connection: Connection, states: Collection[OutgoingState], limit: int
) -> tuple[OutgoingRow, ...]:
    """Things to carry out in these states, the earliest due first."""
    query = _OUTGOING.where(outgoing.c.state.in_(sorted(states)))
    return _rows(connection, query.order_by(outgoing.c.not_before, outgoing.c.id).limit(limit))


def waiting(connection: Connection, now: datetime, limit: int) -> tuple[OutgoingRow, ...]:
    """All that is not final, troubled ones first; the end of a ban only from its day on."""
    query = _OUTGOING.where(
        outgoing.c.state.in_(_NOT_FINAL),
        or_(~_RESTS, outgoing.c.not_before <= bindparam("now", now, Instant)),
    )
    troubled = case((outgoing.c.state.in_(sorted(TROUBLED_STATES)), 0), else_=1)
    return _rows(connection, query.order_by(troubled, outgoing.c.not_before, outgoing.c.id).limit(limit))


def sent(connection: Connection, limit: int) -> tuple[OutgoingRow, ...]:
    """Final items, the latest first."""
    latest = (
        select(outgoing.c.id)
        .where(outgoing.c.state.in_(sorted(FINAL_STATES)))
        .order_by(outgoing.c.changed_at.desc(), outgoing.c.id.desc())
        .limit(limit)
    )
    query = _OUTGOING.where(outgoing.c.id.in_(latest))
    return _rows(connection, query.order_by(outgoing.c.changed_at.desc(), outgoing.c.id.desc()))


def outgoing_of(connection: Connection, decided: Collection[DecisionId]) -> tuple[OutgoingRow, ...]:
    """Everything that these decisions put into the outbox, in the order it was added."""
    return _rows(connection, _OUTGOING.where(outgoing.c.decision.in_(decided)).order_by(outgoing.c.id))


def outgoing_about(connection: Connection, message_pk: int) -> tuple[OutgoingRow, ...]:
    """Everything about a message, in the order it was added."""
    return _rows(connection, _OUTGOING.where(outgoing.c.message == message_pk).order_by(outgoing.c.id))


def trouble(connection: Connection) -> int:
    """How many items need a person."""
    query = select(func.count()).select_from(outgoing)
    return connection.scalar(query.where(outgoing.c.state.in_(sorted(TROUBLED_STATES)))) or 0


def _rows(connection: Connection, query: Select[Any]) -> tuple[OutgoingRow, ...]:
    found = connection.execute(query).all()
    tried = attempts_of(connection, [row.id for row in found])
    return tuple(_outgoing_row(row, tried.get(row.id, ())) for row in found)


def attempts_of(connection: Connection, items: Sequence[str]) -> Mapping[str, tuple[AttemptRow, ...]]:
    """The calls that were made for these items, oldest first."""
    if not items:
        return {}
    found: dict[str, list[AttemptRow]] = defaultdict(list)
    for row in connection.execute(_ATTEMPTS, as_keys(items)):
        found[row.item].append(
            AttemptRow(
                act=row.act,
                begun_at=row.begun_at,
                ended_at=row.ended_at,
                result=row.result,
                request_id=row.request_id,
                external_id=row.external_id,
                status=row.status,
                code=row.code,
                answer=row.answer,
                read_back=row.read_back,
            )
        )
    return {item: tuple(rows) for item, rows in found.items()}


def _outgoing_row(row: Row[Any], tried: tuple[AttemptRow, ...]) -> OutgoingRow:
    return OutgoingRow(
        id=row.id,
        decision_id=row.decision,
        message_id=row.message_id,
        operation=row.operation,
        platform=row.platform,
        channel=row.channel,
        account=row.account_name,
        author=row.author_name or row.kept_name,
        author_number=row.author_number,
        excerpt=excerpt(row.message_text),
        text=row.text,
        permalink=row.permalink,
        state=row.state,
        not_before=row.not_before,
        done_at=row.changed_at if row.state in FINAL_STATES else None,
        done_by=row.done_by or "",
        proof=row.proof,
        retry_at=row.retry_at,
        code=row.code,
        attempts=tried,
    )


# --- what the console carries out ----------------------------------------------------------------


def addressee(connection: Connection, message: MessageId) -> Addressee:
    """The message as its platform names it. Code `case.unknown`."""
    row = connection.execute(_ADDRESSED.where(messages.c.id == message, VISIBLE)).one_or_none()
    if row is None:
        raise ConflictError("case.unknown", message=message)
    return _addressee(row)


def dispatches(connection: Connection, items: Sequence[OutgoingId]) -> tuple[Dispatch, ...]:
    """These items, in the order of ids."""
    return _dispatches(connection, connection.execute(_THESE, as_keys(items)).all())


def in_grace(connection: Connection, now: datetime, limit: int) -> tuple[Dispatch, ...]:
    """Items whose grace has ended."""
    return _dispatches(connection, connection.execute(_IN_GRACE, {"now": now, "limit": limit}).all())


def due(connection: Connection, now: datetime, limit: int) -> tuple[Dispatch, ...]:
    """What this desk may send or look up now. A call of which nobody knows the end comes at once; one that
    the platform could not tell of waits for a person."""
    return _dispatches(connection, connection.execute(_DUE, {"now": now, "limit": limit}).all())


def stranded(connection: Connection, limit: int) -> tuple[Dispatch, ...]:
    """What waits for accounts that were disconnected here."""
    return _dispatches(connection, connection.execute(_STRANDED, {"limit": limit}).all())


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """The next end of a grace or of a wait, of accounts connected here."""
    found = [connection.scalar(query, {"now": now}) for query in (_NEXT_GRACE, _NEXT_WAIT)]
    return min((at for at in found if at is not None), default=None)


def _dispatches(connection: Connection, found: Sequence[Row[Any]]) -> tuple[Dispatch, ...]:
    tried = attempts_of(connection, [row.item for row in found])
    return tuple(
        Dispatch(
            id=row.item,
            decision=row.decision,
            message=row.message_id,
            operation=row.operation,
            text=row.text,
            not_before=row.not_before,
            warning=row.warning,
            state=row.state,
            retry_at=row.retry_at,
            to=_addressee(row),
            blocked=row.blocked,
            attempts=tried.get(row.item, ()),
        )
        for row in found
    )


def _addressee(row: Any) -> Addressee:
    target = Target(
        platform=row.platform,
        external_id=row.external_id,
        channel=row.channel,
        kind=row.kind,
        author_external_id=row.author_external_id,
        author_name=row.author_name or row.person_name,
        posted_at=row.posted_at,
        post_external_id=row.post_external_id or "",
        parent_external_id=row.parent_external_id,
        permalink=row.permalink,
        last_inbound_at=row.last_inbound_at,
    )
    return Addressee(row.account_id, target, row.connection, row.message_used)


_RESTS = and_(outgoing.c.operation == "unban", outgoing.c.state == OutgoingState.GRACE)
_ATTEMPTS = (
    select(attempts).where(attempts.c.item.in_(select(KEYS.c.value))).order_by(attempts.c.item, attempts.c.pk)
)
_OUTGOING = (
    select(
        outgoing,
        messages.c.id.label("message_id"),
        messages.c.channel,
        messages.c.author_name,
        func.substr(messages.c.text, 1, 1_200).label("message_text"),
        messages.c.permalink,
        accounts.c.platform,
        accounts.c.name.label("account_name"),
        _kept.c.number.label("author_number"),
        _kept.c.name.label("kept_name"),
        _doer.c.name.label("done_by"),
    )
    .join_from(outgoing, messages, messages.c.pk == outgoing.c.message)
    .join(accounts, accounts.c.pk == messages.c.account)
    .join(people, people.c.number == messages.c.author)
    .join(_kept, _kept.c.number == people.c.root)
    .outerjoin(_doer, _doer.c.id == outgoing.c.changed_by)
)
_LAST_INBOUND: ColumnElement[Any] = (
    select(func.max(_inbound.c.posted_at))
    .where(
        _inbound.c.author == messages.c.author,
        _inbound.c.account == messages.c.account,
        _inbound.c.channel == Channel.PRIVATE,
        ~_inbound.c.by_city,
    )
    .scalar_subquery()
)
_MESSAGE_USED = (
    exists()
    .where(_said.c.message == messages.c.pk)
    .where(attempts.c.item == _said.c.id, attempts.c.act == Act.MESSAGE, attempts.c.result == Result.DONE)
    .correlate(messages)
)
_TARGET = (
    messages.c.external_id,
    messages.c.channel,
    messages.c.kind,
    messages.c.author_name,
    messages.c.posted_at,
    messages.c.parent_external_id,
    messages.c.permalink,
    people.c.external_id.label("author_external_id"),
    people.c.name.label("person_name"),
    posts.c.external_id.label("post_external_id"),
    accounts.c.id.label("account_id"),
    accounts.c.platform,
    connections.c.state.label("connection"),
    _MESSAGE_USED.label("message_used"),
    sql_cast(case((messages.c.channel == Channel.PRIVATE, _LAST_INBOUND)), Instant).label("last_inbound_at"),
)
_ADDRESSED = (
    select(*_TARGET)
    .join_from(messages, accounts, accounts.c.pk == messages.c.account)
    .join(people, people.c.number == messages.c.author)
    .outerjoin(posts, posts.c.pk == messages.c.post)
    .outerjoin(connections, connections.c.account == messages.c.account)
)
# A warning refers to what was hidden before it, so what the console does keeps its order; what a person
# does by hand may take days and holds nothing up, but for its own reversal.
_BLOCKED = (
    exists()
    .where(_earlier.c.message == outgoing.c.message, _earlier.c.id < outgoing.c.id)
    .where(
        or_(
            _earlier.c.state.in_(_OURS),
            and_(
                outgoing.c.operation.in_(_INVERSE),
                _earlier.c.state.in_([OutgoingState.BY_HAND, OutgoingState.REFUSED, OutgoingState.FAILED]),
            ),
        )
    )
    .correlate(outgoing)
)
_DISPATCH = (
    select(
        outgoing.c.id.label("item"),
        outgoing.c.decision,
        outgoing.c.operation,
        outgoing.c.text,
        outgoing.c.not_before,
        outgoing.c.warning,
        outgoing.c.state,
        outgoing.c.retry_at,
        messages.c.id.label("message_id"),
        _BLOCKED.label("blocked"),
        *_TARGET,
    )
    .join_from(outgoing, messages, messages.c.pk == outgoing.c.message)
    .join(accounts, accounts.c.pk == messages.c.account)
    .join(people, people.c.number == messages.c.author)
    .outerjoin(posts, posts.c.pk == messages.c.post)
    .outerjoin(connections, connections.c.account == messages.c.account)
    .order_by(outgoing.c.id)
)
# Made once: building statements costs more than carrying them out.
_NOW = bindparam("now", type_=Instant)
_THESE = _DISPATCH.where(outgoing.c.id.in_(select(KEYS.c.value)))
_IN_GRACE = _DISPATCH.where(outgoing.c.state == OutgoingState.GRACE, outgoing.c.not_before <= _NOW).limit(
    bindparam("limit")
)
_DUE = _DISPATCH.where(
    outgoing.c.state.in_(_OURS),
    connections.c.state == ConnectionState.CONNECTED,
    or_(
        outgoing.c.retry_at <= _NOW,
        and_(outgoing.c.retry_at.is_(None), outgoing.c.state != OutgoingState.UNKNOWN),
    ),
).limit(bindparam("limit"))
_STRANDED = _DISPATCH.where(
    outgoing.c.state == OutgoingState.WAITING, connections.c.state == ConnectionState.DISCONNECTED
).limit(bindparam("limit"))
_NEXT_GRACE = select(func.min(outgoing.c.not_before)).where(
    outgoing.c.state == OutgoingState.GRACE, outgoing.c.not_before > _NOW
)
_NEXT_WAIT = (
    select(func.min(outgoing.c.retry_at))
    .join_from(outgoing, messages, messages.c.pk == outgoing.c.message)
    .join(connections, connections.c.account == messages.c.account)
    .where(
        outgoing.c.state.in_(_OURS),
        outgoing.c.retry_at > _NOW,
        connections.c.state == ConnectionState.CONNECTED,
    )
)
