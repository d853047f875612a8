"""What an event of another desk does here; and one case anew from all its events.

The hub decides which events count and in which order. Events that it has not seen yet come last, and
only as far as they still fit: what does not is shown as contested until the hub has spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import msgspec

from console.domain.cases import OPEN_STATES, UNDOABLE_STATES, CaseState
from console.domain.decisions import BanException, Decision
from console.domain.ids import DecisionId, MessageId, PersonId
from console.domain.messages import Platform
from console.domain.sanctions import Delivery, IssuedWarning
from console.errors import ConflictError, ValidationError
from console.services import casework
from console.services.facts import (
    FACTS,
    ConflictSettled,
    DecisionMade,
    DecisionUndone,
    EscalationAnswered,
    Item,
    OutboxDone,
    OutboxGivenUp,
    OutboxTroubled,
    TakenBack,
    read,
)
from console.services.ports import UnitOfWork
from console.services.rows import FINAL_STATES, EscalationOutcome, OutgoingState
from console.services.sharing_ports import SharedEvent, Standing

LINKS = ("person.linked", "person.unlinked")
CASE_KINDS = frozenset({*FACTS, "message.gone"})
"""Kinds that move a case: they are replayed in order."""

_DOES_NOT_FIT = "decided"


def rebuild(work: UnitOfWork, message: MessageId) -> None:
    """The case anew from all its events. Notes stay: they are only ever added to."""
    work.clear_case(message)
    head = work.case(message)
    start = CaseState.CLOSED if head.by_city else CaseState.PENDING
    if head.state is not start:
        work.set_state(message, start)
    case = Case(work, message)
    edits = list(work.edits_of(message))
    for shared in work.events_about(message):
        while edits and (shared.seq is None or edits[0] < shared.seq):
            edits.pop(0)
            case.edited()
        if shared.event.kind in CASE_KINDS:
            case.take(shared)
    for _ in edits:
        case.edited()
    case.settle()
    work.restore_progress(message)


class Case:
    """One case to which events are applied in order."""

    def __init__(self, work: UnitOfWork, message: MessageId) -> None:
        self._work, self._message = work, message
        self._sha256 = ""
        """Of the text that the case was decided or closed on."""

    def take(self, shared: SharedEvent) -> None:
        """Apply one event: what the hub accepted as it is, what it has not seen as far as it fits."""
        if shared.standing is Standing.REFUSED:
            return
        kind = shared.event.kind
        if kind == "message.gone":
            self._gone(shared)
            return
        fact = read(kind, shared.event.payload)
        if shared.standing is Standing.CONTESTED:
            if isinstance(fact, DecisionMade):
                self._work.contest(shared, fact)
            return
        try:
            _APPLY[type(fact)](self, shared, fact)
        except ConflictError:
            # Its ground is gone (an item or a decision that the hub did not take); the hub will say so.
            if shared.standing is Standing.ACCEPTED:
                raise

    def edited(self) -> None:
        """The text became another: what was decided or closed waits again."""
        head = self._work.case(self._message)
        if head.state in (CaseState.DECIDED, CaseState.CLOSED) and not head.by_city:
            self._work.reopen(self._message)
            self._work.set_state(self._message, CaseState.PENDING)
            self._sha256 = ""

    def settle(self) -> None:
        """An edit that the hub has not seen yet comes last."""
        here = self._work.present_texts([self._message])[self._message]
        if here[1] and self._sha256 not in ("", here[0]):
            self.edited()

    # --- by kind -------------------------------------------------------------------------------

    def _gone(self, shared: SharedEvent) -> None:
        self._work.mark_deleted(self._message, shared.event.at)
        self._sha256 = str(shared.event.payload.get("sha256", ""))
        if self._work.case(self._message).state in OPEN_STATES:
            self._work.set_state(self._message, CaseState.CLOSED)

    def made(self, shared: SharedEvent, fact: DecisionMade) -> None:
        """A decision: accepted ones end the case as they say; others only where they still fit."""
        head = self._work.case(self._message)
        if head.state is CaseState.DECIDED and fact.state_before in OPEN_STATES:
            if shared.standing is Standing.ACCEPTED or self._sha256 != fact.sha256 == head.sha256:
                self.edited()
                head = self._work.case(self._message)
            else:
                self._work.contest(_provisional(shared), fact)
                return
        fits = head.state is fact.state_before or {head.state, fact.state_before} <= OPEN_STATES
        if shared.standing is Standing.PENDING and not fits and head.state is not CaseState.DECIDED:
            self._work.contest(_provisional(shared), fact)
            return
        self._sha256 = fact.sha256
        decision = decision_of(self._work, shared, fact)
        self._state(fact.state)
        self._work.add_decision(decision, fact.state_before)
        if fact.warning is not None:
            self._work.add_warning(
                IssuedWarning(
                    fact.warning,
                    fact.person,
                    fact.decision,
                    self._message,
                    Platform(fact.platform),
                    fact.rules,
                    shared.event.at,
                )
            )
        self._send(decision, fact.outgoing, fact)
        if fact.escalation is not None:
            casework.put_before_supervision(self._work, decision, fact.escalation)

    def undone(self, shared: SharedEvent, fact: DecisionUndone) -> None:
        """A decision taken back."""
        self._expect(shared, fact.decision)
        self._take_back(shared, fact.decision, fact)
        if fact.escalation is not None:
            at, by = shared.event.at, shared.event.actor
            self._work.answer_escalation(fact.escalation, EscalationOutcome.WITHDRAWN, by, at, "")
        self._state(fact.state)

    def answered(self, shared: SharedEvent, fact: EscalationAnswered) -> None:
        """Supervision's answer."""
        event = shared.event
        self._work.answer_escalation(fact.escalation, fact.outcome, event.actor, event.at, fact.word)
        if fact.outcome is EscalationOutcome.SIGNED and fact.decision is not None:
            self._work.approve(fact.decision, event.actor, event.at)
            self._send(self._work.decision(fact.decision)[0], fact.outgoing, None)
        if fact.outcome is EscalationOutcome.REFUSED and fact.decision is not None:
            self._take_back(shared, fact.decision, fact)
        self._state(fact.state)

    def done(self, shared: SharedEvent, fact: OutboxDone) -> None:
        """Carried out."""
        event = shared.event
        said = " · ".join(part for part in (fact.means, fact.proof) if part)
        self._work.set_outgoing(fact.item, fact.state, event.at, event.actor, said)
        self._work.keep_receipts(fact.item, fact.receipts)
        if fact.warning is not None:
            self._work.deliver_warning(fact.warning, Delivery(event.at, fact.means, fact.proof))

    def given_up(self, shared: SharedEvent, fact: OutboxGivenUp) -> None:
        """Cannot be carried out."""
        event = shared.event
        self._work.set_outgoing(fact.item, OutgoingState.CANCELLED, event.at, event.actor, fact.reason)
        if fact.warning is not None:
            self._work.withdraw_warning(fact.warning, event.at)

    def troubled(self, shared: SharedEvent, fact: OutboxTroubled) -> None:
        """A console did not get it done. The hub keeps such an event without judging it, so it may come
        after the end of its item, or of its decision."""
        item = self._work.dispatch(fact.item)
        if item is not None and item.state not in FINAL_STATES:
            self._work.put_outgoing(fact.item, fact.state, shared.event.at, code=fact.code)

    def settled(self, shared: SharedEvent, fact: ConflictSettled) -> None:
        """Supervision looked at two decisions."""
        self._work.settle_conflict(fact, shared.event.actor, shared.event.at)

    # --- steps ---------------------------------------------------------------------------------

    def _expect(self, shared: SharedEvent, decision: DecisionId) -> None:
        head = self._work.case(self._message)
        stands = head.decision_id == decision and head.state in UNDOABLE_STATES
        if shared.standing is Standing.PENDING and not stands:
            raise ConflictError("undo.superseded")

    def _state(self, state: CaseState) -> None:
        if self._work.case(self._message).state is not state:
            self._work.set_state(self._message, state)

    def _send(self, decision: Decision, items: tuple[Item, ...], fact: DecisionMade | None) -> None:
        for item in items:
            warning = fact.warning if fact is not None and item.operation == "warn" else None
            self._work.add_outgoing(casework.outgoing_of(decision, item, warning))

    def _take_back(self, shared: SharedEvent, decision: DecisionId, taken: TakenBack) -> None:
        at, by = shared.event.at, shared.event.actor
        for item in taken.cancelled:
            self._work.set_outgoing(item, OutgoingState.CANCELLED, at, by)
        for warning in taken.withdrawn:
            self._work.withdraw_warning(warning, at)
        made = self._work.decision(decision)[0]
        self._send(made, taken.inverse, None)
        self._work.mark_undone(decision, at, by)


_APPLY: Mapping[type[msgspec.Struct], Callable[[Case, SharedEvent, Any], None]] = {
    DecisionMade: Case.made,
    DecisionUndone: Case.undone,
    EscalationAnswered: Case.answered,
    OutboxDone: Case.done,
    OutboxGivenUp: Case.given_up,
    OutboxTroubled: Case.troubled,
    ConflictSettled: Case.settled,
}


def decision_of(work: UnitOfWork, shared: SharedEvent, fact: DecisionMade) -> Decision:
    """The decision that an event tells of, at this desk's own number of the revision."""
    message = MessageId(shared.event.subject)
    return Decision(
        id=fact.decision,
        message_id=message,
        revision=work.revision_of(message, fact.sha256) or fact.revision,
        actions=fact.actions,
        rules=fact.rules,
        reason=fact.reason,
        texts=tuple((action, fact.texts[action]) for action in fact.actions if action in fact.texts),
        actor=shared.event.actor,
        at=shared.event.at,
        policy=fact.policy,
        engine=fact.engine,
        suggested=fact.suggested,
        note=fact.note,
        exception=BanException(fact.exception) if fact.exception else None,
    )


def relink(work: UnitOfWork) -> None:
    """All links between identities anew: each as far as it fits, in the order that counts."""
    work.clear_links()
    for shared in work.events_of_kinds(LINKS):
        if shared.standing in (Standing.REFUSED, Standing.CONTESTED):
            continue
        event = shared.event
        try:
            if event.kind == "person.linked":
                work.link_people(PersonId(event.subject), PersonId(cast(str, event.payload["merged"])))
            else:
                work.unlink_people(PersonId(event.subject))
        except ValidationError:
            continue  # two desks linked the same identities: the first link holds


def _provisional(shared: SharedEvent) -> SharedEvent:
    return replace(shared, code=_DOES_NOT_FIT)
