"""What was decided and has to be carried out: what waits, what went out, and what a person does by hand.

The console's own sending is `console.services.delivery`.
"""

from __future__ import annotations

from dataclasses import replace

from console.clock import Clock
from console.domain.decisions import Action
from console.domain.ids import OutgoingId
from console.domain.roles import Actor, Permission
from console.domain.sanctions import Delivery
from console.errors import ConflictError, ValidationError
from console.services.casework import UNBAN, Step
from console.services.delivery_ports import Dispatch
from console.services.facts import OutboxDone, OutboxGivenUp, OutboxTroubled, payload_of
from console.services.outlook import Outlook
from console.services.platform_ports import ConnectionState
from console.services.ports import Database, NewOutgoing, UnitOfWork
from console.services.rows import FINAL_STATES, TROUBLED_STATES, ChangeSet, OutgoingRow, OutgoingState
from console.services.sharing_ports import HubLine

_TAKEN = frozenset({OutgoingState.GRACE, OutgoingState.BY_HAND}) | TROUBLED_STATES
"""A person carries these out, or gives them up."""
_TO_HAND = frozenset({OutgoingState.WAITING}) | TROUBLED_STATES
_GIVEN_UP = _TAKEN | {OutgoingState.WAITING}
_SHOWN = 500


class Outbox:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock, line: HubLine, outlook: Outlook | None = None) -> None:
        self._db, self._clock, self._line = db, clock, line
        self._outlook = outlook or Outlook(db, clock)

    def waiting(self, actor: Actor) -> tuple[OutgoingRow, ...]:
        """Every item that is not final, troubled ones first, then the oldest, at most 500, with what is
        planned for it. The end of a ban is not among them before its day."""
        now = self._clock.now()
        actor.require(Permission.READ_QUEUE, now)
        rows = self._db.reads.waiting_outgoing(now, _SHOWN)
        found = {each.id: each for each in self._db.reads.dispatches([row.id for row in rows])}
        return tuple(self._seen(row, found[row.id]) if row.id in found else row for row in rows)

    def _seen(self, row: OutgoingRow, item: Dispatch) -> OutgoingRow:
        link = self._outlook.link(item.to) or row.permalink
        return replace(row, planned=self._outlook.left(item), permalink=link)

    def sent(self, actor: Actor, limit: int = 200) -> tuple[OutgoingRow, ...]:
        """What was carried out, was so before or was cancelled, the latest first, with its receipts."""
        actor.require(Permission.READ_QUEUE, self._clock.now())
        return self._db.reads.sent_outgoing(limit)

    def trouble(self, actor: Actor) -> int:
        """How many items were refused, failed, or ended in an answer that was lost: a person has to look."""
        actor.require(Permission.READ_QUEUE, self._clock.now())
        return self._db.reads.trouble()

    def end_grace(self) -> int:
        """Move items whose grace has ended on: to be sent where their account is connected and the platform
        has a way, else «by hand». Returns how many. Called by a timer."""
        return self._outlook.end_grace()

    def by_hand(self, actor: Actor, item: OutgoingId) -> ChangeSet:
        """A person takes over what waits or is in trouble. What was done of it stays done.

        Code `outbox.not_waiting`.
        """
        return self._choose(actor, item, _TO_HAND, OutgoingState.BY_HAND)

    def again(self, actor: Actor, item: OutgoingId) -> ChangeSet:
        """Send what was refused or failed once more. Of a lost answer the platform is asked first what
        became of it; while it cannot tell, nothing is sent. Codes `outbox.not_waiting`,
        `account.not_connected` (it is sent from where the account is connected)."""
        return self._choose(actor, item, TROUBLED_STATES, OutgoingState.WAITING)

    def _choose(
        self, actor: Actor, item: OutgoingId, allowed: frozenset[OutgoingState], to: OutgoingState
    ) -> ChangeSet:
        now = self._clock.now()
        actor.require(Permission.DELIVER, now)
        with self._db.write() as work:
            outgoing = _item_in(Step(work, actor, now), item, allowed)
            retry_at = None
            if to is OutgoingState.WAITING:
                to, retry_at = _resumed(work, item), now
            work.put_outgoing(item, to, now, actor.staff.id, retry_at=retry_at)
            if to is OutgoingState.BY_HAND:
                # Told to the other desks, one of which may be about to send it.
                taken = OutboxTroubled(item, outgoing.decision_id, outgoing.operation, None, to, "")
                Step(work, actor, now).journal("outbox.by_hand", outgoing.message_id, payload_of(taken))
        return ChangeSet(messages=frozenset({outgoing.message_id}), outgoing=True)

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
            outgoing = _item_in(step, item, _TAKEN)
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
        """It cannot be carried out: cancelled with a reason; its warning never counts.

        A ban that is given up takes its end along. Codes `outbox.not_waiting`, `decision.reason_missing`.
        """
        now = self._clock.now()
        actor.require(Permission.DELIVER, now)
        if not reason.strip():
            raise ValidationError("decision.reason_missing")
        with self._db.write() as work:
            step = Step(work, actor, now)
            outgoing = _item_in(step, item, _GIVEN_UP)
            for each in (outgoing, *_ends_of(step, outgoing)):
                _give_up(step, each, reason.strip())
            head = work.case(outgoing.message_id)
        return ChangeSet(
            messages=frozenset({outgoing.message_id}),
            people=frozenset({head.person_id, head.shown_as}),
            outgoing=True,
        )


def _resumed(work: UnitOfWork, item: OutgoingId) -> OutgoingState:
    """What is not known stays so until the platform was asked, here or by the desk that lost the answer."""
    found = work.dispatch(item)
    if found is None or found.to.connection in (None, ConnectionState.DISCONNECTED):
        raise ConflictError("account.not_connected")
    return OutgoingState.UNKNOWN if found.state is OutgoingState.UNKNOWN else OutgoingState.WAITING


def _ends_of(step: Step, ban: NewOutgoing) -> tuple[NewOutgoing, ...]:
    """The end of a ban that does not begin."""
    if ban.operation != Action.BAN:
        return ()
    items = step.work.outgoing_of(ban.decision_id)
    return tuple(item for item, state in items if item.operation == UNBAN and state not in FINAL_STATES)


def _give_up(step: Step, outgoing: NewOutgoing, reason: str) -> None:
    step.work.set_outgoing(outgoing.id, OutgoingState.CANCELLED, step.now, step.actor.staff.id, reason)
    if outgoing.warning_id is not None:
        step.work.withdraw_warning(outgoing.warning_id, step.now)
    given_up = OutboxGivenUp(
        outgoing.id, outgoing.decision_id, outgoing.operation, reason, outgoing.warning_id
    )
    step.journal("outbox.given_up", outgoing.message_id, payload_of(given_up))


def _item_in(step: Step, item: OutgoingId, allowed: frozenset[OutgoingState]) -> NewOutgoing:
    outgoing, state = step.work.outgoing(item)
    if state not in allowed:
        raise ConflictError("outbox.not_waiting")
    return outgoing
