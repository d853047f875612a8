"""Supervision: what moderators submit, second signatures, and the answer that goes back."""

from __future__ import annotations

import msgspec

from console.clock import Clock
from console.domain.cases import OPEN_STATES, SUPERVISED_STATES, CaseState, move
from console.domain.decisions import Action, Decision
from console.domain.ids import DecisionId, EscalationId, MessageId, new_id
from console.domain.roles import Actor, Permission
from console.errors import ConflictError, PermissionDeniedError, ValidationError
from console.services import casework
from console.services.casework import Step
from console.services.decisions import DecisionRequest, Decisions
from console.services.facts import Asked, EscalationAnswered, Item, TakenBack, payload_of
from console.services.ports import Database
from console.services.rows import ChangeSet, EscalationKind, EscalationOutcome, EscalationRow

_WAITING = frozenset({EscalationOutcome.OPEN, EscalationOutcome.HELD})
_ANSWERED = frozenset(EscalationOutcome) - _WAITING
_SHOWN = 200


class Escalations:
    """Use cases over one `Database`; answers are journalled with the word that goes back."""

    def __init__(self, db: Database, clock: Clock, decisions: Decisions) -> None:
        self._db, self._clock, self._decisions = db, clock, decisions

    def submit(
        self,
        actor: Actor,
        message: MessageId,
        revision: int,
        reason: str,
        question: str,
        suggested: frozenset[Action],
    ) -> ChangeSet:
        """Hand a case to supervision; `undo` takes it back.

        Codes `escalation.reason_missing`, `case.changed`.
        """
        now = self._clock.now()
        actor.require(Permission.ESCALATE, now)
        if not reason.strip():
            raise ValidationError("escalation.reason_missing")
        with self._db.write() as work:
            step = Step(work, actor, now)
            head = casework.open_case(step, message, revision, OPEN_STATES)
            decision = Decision(
                id=DecisionId(new_id()),
                message_id=message,
                revision=revision,
                actions=(Action.ESCALATE,),
                rules=(),
                reason=reason.strip(),
                texts=(),
                actor=actor.staff.id,
                at=now,
                policy=head.policy,
                engine=head.engine,
                suggested=head.suggested,
                note=question.strip(),
            )
            asked = Asked(
                id=casework.new_escalation_id(),
                kind=EscalationKind.QUESTION,
                reason=reason.strip(),
                question=question.strip(),
                suggested=tuple(action for action in Action if action in suggested),
            )
            casework.record(step, head, decision, CaseState.ESCALATED, asked)
        return _changed(message, decision.id)

    def open(self, actor: Actor) -> tuple[EscalationRow, ...]:
        """What awaits supervision: questions, held cases and bans to sign, gravest first."""
        actor.require(Permission.SUPERVISE, self._clock.now())
        rows = self._db.reads.escalations(_WAITING, None, _SHOWN)
        return tuple(sorted(rows, key=lambda row: (-row.severity, -row.priority, row.submitted_at)))

    def mine(self, actor: Actor) -> tuple[EscalationRow, ...]:
        """What this person submitted, with outcomes, newest first."""
        return self._db.reads.escalations(frozenset(EscalationOutcome), actor.staff.id, _SHOWN)

    def answered(self, actor: Actor) -> tuple[EscalationRow, ...]:
        """Answered escalations, newest first, at most 200."""
        actor.require(Permission.SUPERVISE, self._clock.now())
        return self._db.reads.escalations(_ANSWERED, None, _SHOWN)

    def hold(self, actor: Actor, escalation: EscalationId) -> ChangeSet:
        """The supervisor keeps the case to decide personally."""
        with self._db.write() as work:
            step = self._supervise(Step(work, actor, self._clock.now()))
            row, decision = _waiting(step, escalation)
            _require_kind(row, EscalationKind.QUESTION)
            head = work.case(row.message_id)
            work.set_state(row.message_id, move(head.state, CaseState.HELD))
            _answer(step, row, EscalationOutcome.HELD, "", decision, CaseState.HELD)
        return _changed(row.message_id, decision)

    def give_back(self, actor: Actor, escalation: EscalationId, word: str) -> ChangeSet:
        """Return to the moderator with a word. Code `escalation.word_missing`."""
        _require_word(word)
        with self._db.write() as work:
            step = self._supervise(Step(work, actor, self._clock.now()))
            row, decision = _waiting(step, escalation)
            _require_kind(row, EscalationKind.QUESTION)
            head = work.case(row.message_id)
            work.set_state(row.message_id, move(head.state, CaseState.RETURNED))
            _answer(step, row, EscalationOutcome.RETURNED, word, decision, CaseState.RETURNED)
        return _changed(row.message_id, decision)

    def decide(
        self, actor: Actor, escalation: EscalationId, request: DecisionRequest, word: str
    ) -> ChangeSet:
        """Decide in the moderator's place; the moderator sees the outcome and why.

        Codes: those of `Decisions.decide`, `escalation.answered`.
        """
        with self._db.write() as work:
            step = self._supervise(Step(work, actor, self._clock.now()))
            row, submitted = _waiting(step, escalation)
            _require_kind(row, EscalationKind.QUESTION)
            state = work.case(row.message_id).state
            _answer(step, row, EscalationOutcome.DECIDED, word, submitted, state)
            return self._decisions.decide_within(step, request, SUPERVISED_STATES)

    def sign(self, actor: Actor, escalation: EscalationId, word: str = "") -> ChangeSet:
        """Second signature on a ban, never by the person who proposed it (`ban.same_person`)."""
        with self._db.write() as work:
            step = Step(work, actor, self._clock.now())
            actor.require(Permission.APPROVE_BAN, step.now)
            row, decision_id = _waiting(step, escalation)
            _require_kind(row, EscalationKind.BAN_SIGNATURE)
            if row.submitted_by_id == actor.staff.id:
                raise PermissionDeniedError("ban.same_person")
            decision = _decision(step, decision_id)
            head = work.case(row.message_id)
            work.set_state(row.message_id, move(head.state, CaseState.DECIDED))
            work.approve(decision.id, actor.staff.id, step.now)
            sent = casework.send_ban(step, decision, self._decisions.ban_days())
            signed = EscalationOutcome.SIGNED
            _answer(step, row, signed, word, decision.id, CaseState.DECIDED, outgoing=sent)
        return ChangeSet(
            messages=frozenset({row.message_id}),
            people=frozenset({head.person_id, head.shown_as}),
            counts=True,
            outgoing=True,
            escalations=True,
            decision=decision.id,
            send_at=sent[0].not_before,
        )

    def refuse(self, actor: Actor, escalation: EscalationId, word: str) -> ChangeSet:
        """Refuse the ban with a reason: the whole decision is taken back, the case returns."""
        _require_word(word)
        with self._db.write() as work:
            step = Step(work, actor, self._clock.now())
            actor.require(Permission.APPROVE_BAN, step.now)
            row, decision_id = _waiting(step, escalation)
            _require_kind(row, EscalationKind.BAN_SIGNATURE)
            head = work.case(row.message_id)
            taken = casework.take_back(step, _decision(step, decision_id))
            work.set_state(row.message_id, move(head.state, CaseState.RETURNED))
            refused = EscalationOutcome.REFUSED
            _answer(step, row, refused, word, decision_id, CaseState.RETURNED, taken)
        return _changed(row.message_id, decision_id)

    def mark_seen(self, actor: Actor, escalation: EscalationId) -> ChangeSet:
        """The moderator has read the outcome."""
        with self._db.write() as work:
            row, _ = work.escalation(escalation)
            if row.submitted_by_id == actor.staff.id:
                work.mark_outcome_seen(escalation)
        return ChangeSet(messages=frozenset({row.message_id}), counts=True, escalations=True)

    def _supervise(self, step: Step) -> Step:
        step.actor.require(Permission.SUPERVISE, step.now)
        return step


def _answer(
    step: Step,
    row: EscalationRow,
    outcome: EscalationOutcome,
    word: str,
    decision: DecisionId | None,
    state: CaseState,
    taken: TakenBack | None = None,
    outgoing: tuple[Item, ...] = (),
) -> None:
    step.work.answer_escalation(row.id, outcome, step.actor.staff.id, step.now, word.strip())
    fact = EscalationAnswered(
        escalation=row.id,
        outcome=outcome,
        word=word.strip(),
        decision=decision,
        state=state,
        outgoing=outgoing,
        **msgspec.structs.asdict(taken or TakenBack()),
    )
    step.journal("escalation.answered", row.message_id, payload_of(fact))


def _waiting(step: Step, escalation: EscalationId) -> tuple[EscalationRow, DecisionId | None]:
    row, decision = step.work.escalation(escalation)
    if row.outcome not in _WAITING:
        raise ConflictError("escalation.answered")
    return row, decision


def _decision(step: Step, decision_id: DecisionId | None) -> Decision:
    if decision_id is None:
        raise ConflictError("escalation.unknown")
    return casework.decision_of(step, decision_id)[0]


def _require_kind(row: EscalationRow, kind: EscalationKind) -> None:
    if row.kind is not kind:
        raise ConflictError("escalation.unknown")


def _require_word(word: str) -> None:
    if not word.strip():
        raise ValidationError("escalation.word_missing")


def _changed(message: MessageId, decision: DecisionId | None) -> ChangeSet:
    return ChangeSet(
        messages=frozenset({message}), counts=True, outgoing=True, escalations=True, decision=decision
    )
