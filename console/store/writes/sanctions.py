"""Warnings and the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from console.domain.ids import DecisionId, OutgoingId, PersonId, StaffId, WarningId
from console.domain.sanctions import Delivery, IssuedWarning
from console.errors import ConflictError
from console.services.ports import NewOutgoing
from console.services.rows import OutgoingState
from console.store.tables import messages, outgoing, people, warnings
from console.store.writes.base import Writes


class SanctionWrites(Writes):
    """What follows from a decision outside the console."""

    def warnings_of(self, person: PersonId) -> tuple[IssuedWarning, ...]:
        """Warnings of a person and of all identities linked with them, oldest first."""
        self.person_number(person)
        rows = self.connection.execute(_WARNINGS, {"id_": person})
        return tuple(issued_warning(row) for row in rows)

    def add_warning(self, warning: IssuedWarning) -> None:
        """Store a warning, delivered or not. Codes `person.unknown`, `case.unknown`."""
        delivery = warning.delivery
        self.connection.execute(
            insert(warnings).values(
                id=warning.id,
                person=self.person_number(warning.person_id),
                decision=warning.decision_id,
                incident=self.message_pk(warning.incident),
                platform=warning.platform,
                rules=warning.rules,
                issued_at=warning.issued_at,
                delivered_at=delivery.at if delivery else None,
                delivery_means=delivery.means if delivery else "",
                delivery_proof=delivery.proof if delivery else "",
                withdrawn_at=warning.withdrawn_at,
            )
        )

    def deliver_warning(self, warning: WarningId, delivery: Delivery) -> None:
        """Record the proof of delivery. Code `warning.unknown`."""
        self._change_warning(
            warning,
            delivered_at=delivery.at,
            delivery_means=delivery.means,
            delivery_proof=delivery.proof,
        )

    def withdraw_warning(self, warning: WarningId, at: datetime) -> None:
        """The warning counts no longer. Code `warning.unknown`."""
        self._change_warning(warning, withdrawn_at=at)

    def _change_warning(self, warning: WarningId, **values: Any) -> None:
        done = self.connection.execute(update(warnings).where(warnings.c.id == warning).values(**values))
        if done.rowcount == 0:
            raise ConflictError("warning.unknown", warning=warning)

    def add_outgoing(self, item: NewOutgoing) -> None:
        """Put something into the outbox, in its grace period. Code `case.unknown`."""
        self.connection.execute(
            insert(outgoing).values(
                id=item.id,
                decision=item.decision_id,
                message=self.message_pk(item.message_id),
                operation=item.operation,
                text=item.text,
                not_before=item.not_before,
                warning=item.warning_id,
                state=OutgoingState.GRACE,
            )
        )

    def outgoing(self, item: OutgoingId) -> tuple[NewOutgoing, OutgoingState]:
        """An item and its state. Code `outbox.unknown`."""
        row = self.connection.execute(_OUTGOING.where(outgoing.c.id == item)).one_or_none()
        if row is None:
            raise ConflictError("outbox.unknown", item=item)
        return _new_outgoing(row), row.state

    def outgoing_of(self, decision: DecisionId) -> tuple[tuple[NewOutgoing, OutgoingState], ...]:
        """All items of a decision, in the order they were added."""
        rows = self.connection.execute(_OUTGOING.where(outgoing.c.decision == decision))
        return tuple((_new_outgoing(row), row.state) for row in rows)

    def set_outgoing(
        self, item: OutgoingId, state: OutgoingState, at: datetime, by: StaffId | None = None, proof: str = ""
    ) -> None:
        """Move an item on. Code `outbox.unknown`."""
        done = self.connection.execute(
            update(outgoing)
            .where(outgoing.c.id == item)
            .values(state=state, changed_at=at, changed_by=by, proof=proof, code="", retry_at=None)
        )
        if done.rowcount == 0:
            raise ConflictError("outbox.unknown", item=item)


def issued_warning(row: Row[Any]) -> IssuedWarning:
    """A row of `warnings` with `person_id` and `incident_id` of the domain beside it."""
    delivery = None
    if row.delivered_at is not None:
        delivery = Delivery(row.delivered_at, row.delivery_means, row.delivery_proof)
    return IssuedWarning(
        id=row.id,
        person_id=row.person_id,
        decision_id=row.decision,
        incident=row.incident_id,
        platform=row.platform,
        rules=row.rules,
        issued_at=row.issued_at,
        delivery=delivery,
        withdrawn_at=row.withdrawn_at,
    )


def _new_outgoing(row: Row[Any]) -> NewOutgoing:
    return NewOutgoing(
        row.id, row.decision, row.message_id, row.operation, row.text, row.not_before, row.warning
    )


_asked = people.alias("asked")
_WARNINGS = (
    select(warnings, people.c.id.label("person_id"), messages.c.id.label("incident_id"))
    .join_from(_asked, people, people.c.root == _asked.c.root)
    .join(warnings, warnings.c.person == people.c.number)
    .join(messages, messages.c.pk == warnings.c.incident)
    .where(_asked.c.id == bindparam("id_"))
    .order_by(warnings.c.issued_at, warnings.c.id)
)
_OUTGOING = (
    select(outgoing, messages.c.id.label("message_id"))
    .join_from(outgoing, messages, messages.c.pk == outgoing.c.message)
    .order_by(outgoing.c.id)
)
