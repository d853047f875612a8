"""Steps that deciding and supervising share, inside one write transaction of the caller.

Everything that happens to a case is recorded here: the decision, its warning, its outbox items
and its journal event stand or fall together (one unit of work).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.domain.cases import CaseState, move
from console.domain.decisions import INVERSE, OUTGOING, Action, Decision
from console.domain.ids import (
    DecisionId,
    EscalationId,
    EventId,
    MessageId,
    OutgoingId,
    WarningId,
    new_id,
)
from console.domain.journal import Event
from console.domain.roles import Actor
from console.domain.sanctions import IssuedWarning
from console.errors import ConflictError
from console.services.ports import CaseHead, NewOutgoing, UnitOfWork
from console.services.rows import OutgoingState

GRACE = timedelta(seconds=30)
"""Time in which a decision can be taken back before anything goes out."""

_IN_GIVEN_ORDER = (
    Action.HIDE,
    Action.DELETE,
    Action.REPORT,
    Action.REPLY,
    Action.REDIRECT_311,
    Action.WARN,
    Action.BAN,
)
"""The words go first: a warning refers to what was done, a ban closes the way for later messages."""


@dataclass(frozen=True, slots=True)
class Step:
    """One use case in progress: who, when, in which transaction."""

    work: UnitOfWork
    actor: Actor
    now: datetime

    def journal(self, kind: str, subject: str, payload: Mapping[str, Any]) -> None:
        """Append an event in the actor's name."""
        self.work.append(
            Event(EventId(new_id()), kind, subject, self.actor.staff.id, self.actor.desk, self.now, payload)
        )


def open_case(step: Step, message: MessageId, revision: int, allowed: frozenset[CaseState]) -> CaseHead:
    """The case, when it is still as the person saw it.

    Codes: `case.unknown`, `case.changed`, `case.already_decided`, `case.transition`.
    """
    head = step.work.case(message)
    if head.revision != revision:
        raise ConflictError("case.changed", message=message)
    if head.state is CaseState.DECIDED:
        raise ConflictError("case.already_decided", message=message)
    if head.state not in allowed:
        raise ConflictError("case.transition", state=head.state, to=CaseState.DECIDED)
    return head


def record(step: Step, head: CaseHead, decision: Decision, to: CaseState) -> datetime | None:
    """Store a decision and all that follows from it. Returns the end of grace, if anything goes out.

    A ban goes out at once only when the case ends here; while it awaits a signature, the other
    actions of the decision are carried out and the ban waits.
    """
    step.work.set_state(head.message_id, move(head.state, to))
    step.work.add_decision(decision, head.state)
    sends = {action for action in decision.actions if action in OUTGOING}
    if to is CaseState.AWAITING_SIGNATURE:
        sends.discard(Action.BAN)
    for action in _IN_GIVEN_ORDER:
        if action in sends:
            _send(step, head, decision, action)
    step.journal("decision.made", head.message_id, _payload(decision, head, to))
    return step.now + GRACE if sends else None


def _send(step: Step, head: CaseHead, decision: Decision, action: Action) -> None:
    warning_id = None
    if action is Action.WARN:
        warning_id = WarningId(new_id())
        step.work.add_warning(
            IssuedWarning(
                warning_id,
                head.person_id,
                decision.id,
                head.message_id,
                head.platform,
                decision.rules,
                step.now,
            )
        )
    step.work.add_outgoing(
        NewOutgoing(
            OutgoingId(new_id()),
            decision.id,
            head.message_id,
            action.value,
            decision.text_for(action),
            step.now + GRACE,
            warning_id,
        )
    )


def send_ban(step: Step, head: CaseHead, decision: Decision) -> datetime:
    """Put a signed ban into the outbox."""
    _send(step, head, decision, Action.BAN)
    return step.now + GRACE


def take_back(step: Step, decision: Decision) -> datetime | None:
    """Undo the effects of a decision; the caller sets the case's state.

    What has not been carried out is cancelled; what has been is reversed by an inverse operation
    where platforms know one; a deletion cannot be taken back (`undo.closed`). Warnings are withdrawn.
    Returns the end of grace of the inverse operations, if there are any.
    """
    inverse_at = None
    for item, state in step.work.outgoing_of(decision.id):
        if state in (OutgoingState.GRACE, OutgoingState.BY_HAND):
            step.work.set_outgoing(item.id, OutgoingState.CANCELLED, step.now, step.actor.staff.id)
        elif state is OutgoingState.DONE:
            inverse_at = _reverse(step, item) or inverse_at
        if item.warning_id is not None and state is not OutgoingState.CANCELLED:
            step.work.withdraw_warning(item.warning_id, step.now)
    step.work.mark_undone(decision.id, step.now, step.actor.staff.id)
    return inverse_at


def _reverse(step: Step, item: NewOutgoing) -> datetime | None:
    if item.operation == Action.DELETE:
        raise ConflictError("undo.closed", operation=item.operation)
    inverse = {action.value: name for action, name in INVERSE.items()}.get(item.operation)
    if inverse is None:
        return None
    step.work.add_outgoing(
        NewOutgoing(OutgoingId(new_id()), item.decision_id, item.message_id, inverse, "", step.now + GRACE)
    )
    return step.now + GRACE


def _payload(decision: Decision, head: CaseHead, to: CaseState) -> dict[str, Any]:
    return {
        "decision": decision.id,
        "revision": decision.revision,
        "person": head.person_id,
        "actions": [action.value for action in decision.actions],
        "rules": list(decision.rules),
        "reason": decision.reason,
        "texts": {action.value: text for action, text in decision.texts},
        "suggested": [action.value for action in decision.suggested],
        "note": decision.note,
        "exception": decision.exception.reason if decision.exception else None,
        "policy": decision.policy,
        "engine": decision.engine,
        "state": to.value,
    }


def decision_of(step: Step, decision_id: DecisionId) -> tuple[Decision, CaseState]:
    """A decision that still stands, and the state before it. Code `undo.nothing`."""
    decision, before, undone_at = step.work.decision(decision_id)
    if undone_at is not None:
        raise ConflictError("undo.nothing")
    return decision, before


def new_escalation_id() -> EscalationId:
    """A fresh id for an escalation."""
    return EscalationId(new_id())
