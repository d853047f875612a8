"""Steps that deciding and supervising share, inside one write transaction of the caller.

Everything that happens to a case is recorded here: the decision, its warning, its outbox items
and its journal event stand or fall together (one unit of work).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
from console.domain.platforms import Act, Result
from console.domain.roles import Actor
from console.domain.sanctions import IssuedWarning
from console.errors import ConflictError
from console.services.delivery_ports import Twin
from console.services.facts import Asked, DecisionMade, Item, TakenBack, payload_of
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

UNBAN = "unban"
CARRIED_OUT = frozenset({OutgoingState.DONE, OutgoingState.ALREADY})
_HAPPENED = frozenset({Result.DONE, Result.ALREADY, Result.GONE})
_REVERSIBLE = {Action.HIDE.value: Act.HIDE, Action.BAN.value: Act.BAN, Action.DELETE.value: Act.DELETE}
"""What may have happened to these matters when a decision is taken back; a text that is out stays out."""
_ACTIONS = frozenset(action.value for action in Action)


def in_given_order(actions: Collection[Action]) -> tuple[Action, ...]:
    """Those that leave the console, in the order in which they are carried out."""
    return tuple(action for action in _IN_GIVEN_ORDER if action in actions)


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


def record(
    step: Step,
    head: CaseHead,
    decision: Decision,
    to: CaseState,
    asked: Asked | None = None,
    ban_days: int | None = None,
) -> datetime | None:
    """Store a decision and all that follows from it. Returns the end of grace, if anything goes out.

    A ban goes out at once only when the case ends here; while it awaits a signature, the other
    actions of the decision are carried out and the ban waits. `asked` goes before supervision; after
    `ban_days` a ban that goes out is lifted.
    """
    step.work.set_state(head.message_id, move(head.state, to))
    step.work.add_decision(decision, head.state)
    sends = {action for action in decision.actions if action in OUTGOING}
    if to is CaseState.AWAITING_SIGNATURE:
        sends.discard(Action.BAN)
    warning = _warn(step, head, decision) if Action.WARN in sends else None
    items = tuple(
        _send(step, decision, action.value, warning if action is Action.WARN else None)
        for action in in_given_order(sends)
    )
    if Action.BAN in sends:
        items += _end_of_ban(step, decision, ban_days)
    if asked is not None:
        put_before_supervision(step.work, decision, asked)
    step.journal(
        "decision.made", head.message_id, payload_of(_made(decision, head, to, warning, items, asked))
    )
    return step.now + GRACE if sends else None


def _warn(step: Step, head: CaseHead, decision: Decision) -> WarningId:
    warning = IssuedWarning(
        WarningId(new_id()),
        head.person_id,
        decision.id,
        head.message_id,
        head.platform,
        decision.rules,
        step.now,
    )
    step.work.add_warning(warning)
    return warning.id


def _end_of_ban(step: Step, decision: Decision, days: int | None) -> tuple[Item, ...]:
    """The item that lifts the ban, which rests until its day; none for a ban without an end."""
    return () if days is None else (_send(step, decision, UNBAN, after=timedelta(days=days)),)


def _send(
    step: Step,
    decision: Decision,
    operation: str,
    warning: WarningId | None = None,
    after: timedelta = timedelta(),
) -> Item:
    item = Item(OutgoingId(new_id()), operation, step.now + GRACE + after)
    step.work.add_outgoing(outgoing_of(decision, item, warning))
    return item


def outgoing_of(decision: Decision, item: Item, warning: WarningId | None = None) -> NewOutgoing:
    """The outbox item that carries out `item.operation` of a decision, with the text that goes with it."""
    text = dict(decision.texts).get(Action(item.operation), "") if item.operation in _ACTIONS else ""
    return NewOutgoing(
        item.id, decision.id, decision.message_id, item.operation, text, item.not_before, warning
    )


def put_before_supervision(work: UnitOfWork, decision: Decision, asked: Asked) -> None:
    """Add the escalation that goes with a decision."""
    work.add_escalation(
        escalation=asked.id,
        message=decision.message_id,
        kind=asked.kind,
        actor=decision.actor,
        at=decision.at,
        reason=asked.reason,
        question=asked.question,
        suggested=[action.value for action in asked.suggested],
        decision=decision.id,
    )


def send_ban(step: Step, decision: Decision, days: int | None = None) -> tuple[Item, ...]:
    """Put a signed ban into the outbox and, when it has one, its end."""
    return (_send(step, decision, Action.BAN.value), *_end_of_ban(step, decision, days))


def take_back(step: Step, decision: Decision) -> TakenBack:
    """Undo the effects of a decision; the caller sets the case's state.

    What has not been carried out is cancelled; what has been, or may have been, is reversed by an inverse
    operation where platforms know one, unless another decision still wants the same; a deletion cannot be
    taken back (`undo.closed`). Warnings are withdrawn.
    """
    cancelled, inverse, withdrawn = [], [], []
    items = step.work.outgoing_of(decision.id)
    lifted = any(item.operation == UNBAN and state in CARRIED_OUT for item, state in items)
    for item, state in items:
        if state is OutgoingState.CANCELLED:
            continue
        happened = _may_have_happened(step, item, state)
        name = _inverse_of(item) if happened or item.operation in INVERSE else ""
        if name and not (lifted and name == UNBAN) and _is_over(step, item, happened):
            inverse.append(_send(step, decision, name))
        if state not in CARRIED_OUT:
            step.work.set_outgoing(item.id, OutgoingState.CANCELLED, step.now, step.actor.staff.id)
            cancelled.append(item.id)
        if item.warning_id is not None:
            step.work.withdraw_warning(item.warning_id, step.now)
            withdrawn.append(item.warning_id)
    step.work.mark_undone(decision.id, step.now, step.actor.staff.id)
    return TakenBack(tuple(cancelled), tuple(inverse), tuple(withdrawn))


def _may_have_happened(step: Step, item: NewOutgoing, state: OutgoingState) -> bool:
    """Whether something of it may be on the platform: also where an answer was lost, and where another
    desk may be sending at this moment (only a hub knows of others)."""
    if state in CARRIED_OUT:
        return True
    dispatch = step.work.dispatch(item.id)
    act = _REVERSIBLE.get(item.operation)
    tried = dispatch.attempts if dispatch is not None else ()
    if any(each.act is act and (each.lost or each.result in _HAPPENED) for each in tried):
        return True
    elsewhere = state is OutgoingState.WAITING and step.work.membership() is not None
    return elsewhere and item.operation != Action.DELETE


def _is_over(step: Step, item: NewOutgoing, happened: bool) -> bool:
    """Whether the platform must be told the opposite now: this decision, or one taken back while this one
    still stood, had its effect there, and no other decision wants it any more."""
    twins = step.work.twins(item.decision_id, item.operation)
    if still_wanted(twins):
        return False
    return happened or any(each.undone and each.state in CARRIED_OUT and not each.lifted for each in twins)


def still_wanted(twins: Collection[Twin]) -> bool:
    """Whether a decision that stands wants what these items do: the person stays banned, the words hidden."""
    return any(not (each.undone or each.lifted or each.state is OutgoingState.CANCELLED) for each in twins)


def still_holds(twins: Collection[Twin]) -> bool:
    """Whether one of these items was carried out for a decision that stands."""
    return any(not (each.undone or each.lifted) and each.state in CARRIED_OUT for each in twins)


def what_stays(step: Step, decision: Decision) -> tuple[str, ...]:
    """Operations of a decision that were carried out and that no platform can take back."""
    items = step.work.outgoing_of(decision.id)
    return tuple(
        item.operation
        for item, state in items
        if state in CARRIED_OUT and item.operation not in (*INVERSE, UNBAN, Action.DELETE)
    )


def _inverse_of(item: NewOutgoing) -> str:
    if item.operation == Action.DELETE:
        raise ConflictError("undo.closed", operation=item.operation)
    return {action.value: name for action, name in INVERSE.items()}.get(item.operation, "")


def _made(
    decision: Decision,
    head: CaseHead,
    to: CaseState,
    warning: WarningId | None,
    items: tuple[Item, ...],
    asked: Asked | None,
) -> DecisionMade:
    return DecisionMade(
        decision=decision.id,
        revision=decision.revision,
        sha256=head.sha256,
        deleted=head.deleted,
        person=head.person_id,
        platform=head.platform,
        actions=decision.actions,
        rules=decision.rules,
        reason=decision.reason,
        texts=dict(decision.texts),
        suggested=decision.suggested,
        note=decision.note,
        exception=decision.exception.reason if decision.exception else None,
        policy=decision.policy,
        engine=decision.engine,
        state_before=head.state,
        state=to,
        warning=warning,
        outgoing=items,
        escalation=asked,
    )


def decision_of(step: Step, decision_id: DecisionId) -> tuple[Decision, CaseState]:
    """A decision that still stands, and the state before it. Code `undo.nothing`."""
    decision, before, undone_at = step.work.decision(decision_id)
    if undone_at is not None:
        raise ConflictError("undo.nothing")
    return decision, before


def new_escalation_id() -> EscalationId:
    """A fresh id for an escalation."""
    return EscalationId(new_id())
