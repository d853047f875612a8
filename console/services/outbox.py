"""What was decided and has to be carried out: by hand until a platform is connected."""

from __future__ import annotations

from console.clock import Clock
from console.domain.ids import OutgoingId
from console.domain.roles import Actor, Permission
from console.domain.sanctions import Delivery
from console.errors import ConflictError, ValidationError
from console.services.casework import Step
from console.services.facts import OutboxDone, OutboxGivenUp, payload_of
from console.services.ports import Database, NewOutgoing
from console.services.rows import ChangeSet, OutgoingRow, OutgoingState
from console.services.sharing_ports import HubLine

_WAITING = frozenset({OutgoingState.GRACE, OutgoingState.BY_HAND})
_SHOWN = 500


class Outbox:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock, line: HubLine) -> None:
        self._db, self._clock, self._line = db, clock, line

    def waiting(self, actor: Actor) -> tuple[OutgoingRow, ...]:
        """Items in grace or to be done by hand, oldest first, at most 500."""
        actor.require(Permission.READ_QUEUE, self._clock.now())
        return self._db.reads.outgoing(_WAITING, _SHOWN)

    def end_grace(self) -> int:
        """Move items whose grace has ended on to «by hand». Returns how many. Called by a timer."""
        now = self._clock.now()
        due = self._db.reads.outgoing(frozenset({OutgoingState.GRACE}), _SHOWN)
        if not any(row.not_before <= now for row in due):
            return 0
        with self._db.write() as work:
            return work.end_grace(now)

    def confirm(self, actor: Actor, item: OutgoingId, means: str, proof: str = "") -> ChangeSet:
        """«C'est fait»: record who and when; a warning becomes delivered and counts from now.

        With a hub, only what it accepted is carried out, and by one desk: the hub lends the item first.
        Codes `outbox.not_waiting`, `outbox.grace`, `outbox.means_missing`, `outbox.not_accepted`,
        `outbox.elsewhere`, and `hub.unreachable` without a line.
        """
        now = self._clock.now()
        actor.require(Permission.DELIVER, now)
        if not means.strip():
            raise ValidationError("outbox.means_missing")
        self._borrow(item)
        with self._db.write() as work:
            step = Step(work, actor, now)
            outgoing = _waiting_item(step, item)
            if outgoing.not_before > now:
                raise ConflictError("outbox.grace")
            said = " · ".join(part for part in (means.strip(), proof.strip()) if part)
            work.set_outgoing(item, OutgoingState.DONE, now, actor.staff.id, said)
            if outgoing.warning_id is not None:
                work.deliver_warning(outgoing.warning_id, Delivery(now, means.strip(), proof.strip()))
            done = OutboxDone(
                item,
                outgoing.decision_id,
                outgoing.operation,
                means.strip(),
                proof.strip(),
                outgoing.warning_id,
            )
            step.journal("outbox.done", outgoing.message_id, payload_of(done))
            head = work.case(outgoing.message_id)
        return ChangeSet(
            messages=frozenset({outgoing.message_id}),
            people=frozenset({head.person_id, head.shown_as}),
            outgoing=True,
            warning=outgoing.warning_id,
        )

    def _borrow(self, item: OutgoingId) -> None:
        """A decision that a colleague's came before must not go out, and nothing goes out twice."""
        with self._db.write() as work:
            if not work.is_accepted(work.outgoing(item)[0].decision_id):
                raise ConflictError("outbox.not_accepted")
        if not self._line.lease_item(item):
            raise ConflictError("outbox.elsewhere")

    def give_up(self, actor: Actor, item: OutgoingId, reason: str) -> ChangeSet:
        """It cannot be carried out: cancelled with a reason; its warning never counts."""
        now = self._clock.now()
        actor.require(Permission.DELIVER, now)
        if not reason.strip():
            raise ValidationError("decision.reason_missing")
        with self._db.write() as work:
            step = Step(work, actor, now)
            outgoing = _waiting_item(step, item)
            work.set_outgoing(item, OutgoingState.CANCELLED, now, actor.staff.id, reason.strip())
            if outgoing.warning_id is not None:
                work.withdraw_warning(outgoing.warning_id, now)
            given_up = OutboxGivenUp(
                item, outgoing.decision_id, outgoing.operation, reason.strip(), outgoing.warning_id
            )
            step.journal("outbox.given_up", outgoing.message_id, payload_of(given_up))
            head = work.case(outgoing.message_id)
        return ChangeSet(
            messages=frozenset({outgoing.message_id}),
            people=frozenset({head.person_id, head.shown_as}),
            outgoing=True,
        )


def _waiting_item(step: Step, item: OutgoingId) -> NewOutgoing:
    outgoing, state = step.work.outgoing(item)
    if state not in _WAITING:
        raise ConflictError("outbox.not_waiting")
    return outgoing
