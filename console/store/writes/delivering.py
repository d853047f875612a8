"""How far an outbox item has come, and every call that was made for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, delete, exists, insert, select, update

from console.domain.decisions import INVERSE, Action
from console.domain.ids import DecisionId, MessageId, OutgoingId, StaffId
from console.domain.platforms import Act, Receipt
from console.errors import ConflictError
from console.services.delivery_ports import Dispatch, Twin
from console.services.facts import ReceiptFact
from console.services.rows import FINAL_STATES, OutgoingState
from console.store.reads import delivering as reading
from console.store.tables import attempts, decisions, messages, outgoing
from console.store.writes.base import Writes

_CARRIED_OUT = (OutgoingState.DONE, OutgoingState.ALREADY)
_NOT_SENT = "platform.unreachable"
"""Of such a call nothing left the desk: one row stands for all of them until something does."""


class DeliveringWrites(Writes):
    """Fulfils `console.services.delivery_ports.DeliveringWrites`."""

    def dispatch(self, item: OutgoingId) -> Dispatch | None:
        """The item as it is in this transaction."""
        return next(iter(reading.dispatches(self.connection, [item])), None)

    def twins(self, decision: DecisionId, operation: str) -> tuple[Twin, ...]:
        """What other decisions sent to the same effect."""
        if operation not in INVERSE:
            return ()
        query = _TWINS_OF_PERSON if operation == Action.BAN else _TWINS_OF_MESSAGE
        rows = self.connection.execute(
            query, {"decision_": decision, "operation_": operation, "inverse_": INVERSE[Action(operation)]}
        )
        return tuple(Twin(row.undone, row.state, bool(row.lifted)) for row in rows)

    def put_outgoing(
        self,
        item: OutgoingId,
        state: OutgoingState,
        at: datetime,
        by: StaffId | None = None,
        *,
        code: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        """Move an item on. Code `outbox.unknown`."""
        values = {"state": state, "changed_at": at, "changed_by": by, "code": code, "retry_at": retry_at}
        changed = update(outgoing).where(outgoing.c.id == item).values(proof="", **values)
        if self.connection.execute(changed).rowcount == 0:
            raise ConflictError("outbox.unknown", item=item)

    # --- calls -----------------------------------------------------------------------------------

    def begin_attempt(self, item: OutgoingId, act: Act, at: datetime) -> None:
        """A call is about to be made."""
        newest = self._newest(item)
        if newest is not None and newest.code == _NOT_SENT and newest.act is act:
            self._set_attempt(newest.pk, begun_at=at, ended_at=None, code="")
            return
        self.connection.execute(insert(attempts).values(item=item, act=act, begun_at=at))

    def end_attempt(self, item: OutgoingId, at: datetime, code: str) -> None:
        """The newest call said nothing about the act."""
        newest = self._newest(item)
        if newest is not None:
            self._set_attempt(newest.pk, ended_at=at, code=code)

    def read_attempt(self, item: OutgoingId, at: datetime, code: str) -> None:
        """The newest call surely did nothing."""
        newest = self._newest(item)
        if newest is not None:
            self._set_attempt(newest.pk, ended_at=at, code=code, read_back=True)

    def keep_receipt(self, item: OutgoingId, receipt: Receipt) -> None:
        """What the platform answered to the newest call."""
        newest = self._newest(item)
        if newest is not None:
            self._set_attempt(newest.pk, ended_at=receipt.at, **_answer(receipt))

    def keep_receipts(self, item: OutgoingId, receipts: Sequence[ReceiptFact]) -> None:
        """What another desk was answered; what this desk knows itself is not told again."""
        if self._newest(item) is not None:
            return
        for receipt in receipts:
            values = {"act": receipt.act, "begun_at": receipt.at, "ended_at": receipt.at, **_answer(receipt)}
            self.connection.execute(insert(attempts).values(item=item, **values))

    def _newest(self, item: OutgoingId) -> Row[Any] | None:
        return self.connection.execute(_NEWEST, {"item_": item}).one_or_none()

    def _set_attempt(self, pk: int, **values: Any) -> None:
        self.connection.execute(update(attempts).where(attempts.c.pk == pk).values(**values))

    # --- across a replay -------------------------------------------------------------------------

    def set_aside(self, message_pk: int) -> None:
        """Take out what replaying cannot bring back: calls made here, and how far this desk had come."""
        items = self.connection.execute(_ITEMS_OF, {"pk_": message_pk}).all()
        if not items:
            return
        for row in items:
            tried = self.connection.execute(_TRIED, {"item_": row.id}).mappings().all()
            self.progress[row.id] = (row, [dict(each) for each in tried])
        self.connection.execute(_FORGET, {"pk_": message_pk})

    def restore_progress(self, message: MessageId) -> None:
        """Put back what was set aside, for items that are still there.

        What the hub's order made final stays final. Else this desk's own knowledge goes before what others
        told, when it made a call itself or a person here chose.
        """
        for row in self.connection.execute(_ITEMS_ABOUT, {"id_": message}).all():
            before, tried = self.progress.pop(row.id, (None, []))
            if before is None:
                continue
            if tried:
                self.connection.execute(delete(attempts).where(attempts.c.item == row.id))
                self.connection.execute(insert(attempts), tried)
            own = tried or before.changed_by is not None or row.state is OutgoingState.GRACE
            if own and row.state not in FINAL_STATES and before.state not in FINAL_STATES:
                kept = {name: before._mapping[name] for name in _PROGRESS}
                self.connection.execute(update(outgoing).where(outgoing.c.id == row.id).values(**kept))


def _answer(receipt: Receipt | ReceiptFact) -> dict[str, Any]:
    return {
        "result": receipt.result,
        "request_id": receipt.request_id,
        "external_id": receipt.external_id,
        "status": receipt.status,
        "code": receipt.code,
        "answer": receipt.answer[:500],
        "read_back": receipt.read_back,
    }


_PROGRESS = ("state", "changed_at", "changed_by", "proof", "retry_at", "code")
_NEWEST = (
    select(attempts).where(attempts.c.item == bindparam("item_")).order_by(attempts.c.pk.desc()).limit(1)
)
_TRIED = select(attempts).where(attempts.c.item == bindparam("item_")).order_by(attempts.c.pk)
_ITEMS_OF = select(outgoing).where(outgoing.c.message == bindparam("pk_"))
_ITEMS_ABOUT = (
    select(outgoing.c.id, outgoing.c.state)
    .join_from(outgoing, messages, messages.c.pk == outgoing.c.message)
    .where(messages.c.id == bindparam("id_"))
)
_own = messages.alias("own")
_decided = decisions.alias("decided")
_opposite = outgoing.alias("opposite")
_lifted = exists().where(
    _opposite.c.decision == outgoing.c.decision,
    _opposite.c.operation == bindparam("inverse_"),
    case(
        (decisions.c.undone_at.is_(None), _opposite.c.state.in_(_CARRIED_OUT)),
        else_=_opposite.c.state != OutgoingState.CANCELLED,
    ),
)
_TWINS = (
    select(decisions.c.undone_at.is_not(None).label("undone"), outgoing.c.state, _lifted.label("lifted"))
    .join_from(_decided, _own, _own.c.pk == _decided.c.message)
    .where(_decided.c.id == bindparam("decision_"))
)
_TWINS_OF_MESSAGE = (
    _TWINS.join(outgoing, outgoing.c.message == _own.c.pk)
    .join(decisions, decisions.c.id == outgoing.c.decision)
    .where(outgoing.c.operation == bindparam("operation_"), decisions.c.id != _decided.c.id)
)
_TWINS_OF_PERSON = (
    _TWINS.join(messages, and_(messages.c.author == _own.c.author, messages.c.account == _own.c.account))
    .join(outgoing, outgoing.c.message == messages.c.pk)
    .join(decisions, decisions.c.id == outgoing.c.decision)
    .where(outgoing.c.operation == bindparam("operation_"), decisions.c.id != _decided.c.id)
)
_FORGET = delete(attempts).where(
    attempts.c.item.in_(select(outgoing.c.id).where(outgoing.c.message == bindparam("pk_")))
)
