"""Deciding, undoing, and the ladder that is shown before (policy, art. 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec

from console.clock import Clock
from console.domain.cases import OPEN_STATES, UNDOABLE_STATES, CaseState
from console.domain.decisions import (
    Action,
    BanException,
    Decision,
    check_decision,
    combinable,
)
from console.domain.delivery_plan import PlannedAct
from console.domain.ids import DecisionId, EscalationId, MessageId, RuleId, new_id
from console.domain.roles import Actor, Permission
from console.domain.sanctions import LadderSettings, standing
from console.errors import ConflictError, ValidationError, VigieError
from console.services import casework
from console.services.casework import Step
from console.services.consequences import Consequence, check_ban, check_scope, needs_signature, notices
from console.services.drafting import Draft, drafts_for, situation_of
from console.services.facts import Asked, DecisionUndone, payload_of
from console.services.outlook import Outlook
from console.services.policy import PolicyDesk
from console.services.ports import CaseHead, Database
from console.services.preferences import Preferences
from console.services.rows import (
    ChangeSet,
    EscalationKind,
    EscalationOutcome,
    HistoryRow,
)


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """What the person chose. `revision` is the one they saw; `rules` those the sanction rests on."""

    message: MessageId
    revision: int
    actions: frozenset[Action]
    rules: tuple[RuleId, ...] = ()
    reason: str = ""
    texts: Mapping[Action, str] = field(default_factory=dict)
    note: str = ""
    exception: BanException | None = None


_TO_WRITE = "…"
"""Stands for a text that is still to be written when its way is planned."""


class Decisions:
    """Use cases over one `Database`; see each method."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        policy: PolicyDesk,
        preferences: Preferences,
        outlook: Outlook | None = None,
    ) -> None:
        self._db, self._clock, self._policy, self._preferences = db, clock, policy, preferences
        self._outlook = outlook or Outlook(db, clock)

    def consequence(
        self,
        actor: Actor,
        message: MessageId,
        actions: frozenset[Action],
        exception: BanException | None = None,
        texts: Mapping[Action, str] | None = None,
    ) -> Consequence:
        """The ladder and the effects of these actions on this message, read only.

        With the `texts` as they stand, the planned acts say as well what is too long for the platform.
        """
        now, ladder = self._clock.now(), self._preferences.ladder()
        detail = self._db.reads.case_detail(message, now, ladder)
        blocked: VigieError | None = None
        try:
            self._permit(actor, actions)
            if actions and not combinable(actions):
                raise ValidationError("decision.combination", actions=sorted(actions))
            check_scope(detail.account.type, actions)
            check_ban(actions, detail.standing.rung, len(detail.standing.counted), ladder, exception)
        except VigieError as error:
            blocked = error
        return Consequence(
            detail.standing.rung,
            len(detail.standing.counted),
            len(detail.standing.undelivered),
            blocked,
            Action.BAN in actions and needs_signature(ladder, exception),
            tuple(notices(actions, detail, exception is not None, ladder)),
            self._planned(message, actions, texts or {}),
        )

    def _planned(
        self, message: MessageId, actions: frozenset[Action], texts: Mapping[Action, str]
    ) -> tuple[tuple[Action, tuple[PlannedAct, ...]], ...]:
        sends = casework.in_given_order(actions)
        if not sends:
            return ()
        to = self._db.reads.addressee(message)
        return tuple(
            (action, self._outlook.planned(to, action.value, texts.get(action) or _TO_WRITE))
            for action in sends
        )

    def ban_days(self) -> int | None:
        """After how many days a ban is lifted; None: never by itself."""
        return self._preferences.ladder().ban_days

    def draft(
        self,
        actor: Actor,
        message: MessageId,
        action: Action,
        rules: tuple[RuleId, ...] = (),
        measures: frozenset[Action] = frozenset(),
        exception_reason: str = "",
    ) -> Draft:
        """The first of `drafts`. Code `template.none` when no template fits."""
        found = self.drafts(actor, message, action, rules, measures, exception_reason)
        if not found:
            raise ValidationError("template.none", action=action)
        return found[0]

    def drafts(
        self,
        actor: Actor,
        message: MessageId,
        action: Action,
        rules: tuple[RuleId, ...] = (),
        measures: frozenset[Action] = frozenset(),
        exception_reason: str = "",
    ) -> tuple[Draft, ...]:
        """Every template that fits `action`, the best first, filled with what is known.

        What only a person or the city knows stays as open `{placeholders}`. `measures` are the other
        acts of the same decision, `rules` default to those found. Codes `decision.rule_missing`,
        `template.never_warns`.
        """
        ladder, now = self._preferences.ladder(), self._clock.now()
        detail = self._db.reads.case_detail(message, now, ladder)
        situation = replace(
            situation_of(detail, action, rules, now),
            measures=measures,
            exception_reason=exception_reason,
            emergency=self._emergency_active(),
            ban_days=ladder.ban_days,
            actor=actor.staff.name,
        )
        return drafts_for(self._policy.policy(), situation)

    def decide(self, actor: Actor, request: DecisionRequest) -> ChangeSet:
        """Decide in one transaction: decision, journal, warning, outbox with 30 s of grace, case state.

        A ban that needs a signature makes the case wait before supervision. Codes: those of
        `check_decision`, `permission.denied`, `case.changed`, `case.already_decided`,
        `ban.warnings_missing`, `ban.not_allowed`, `ban.exception_reason_missing`,
        `scope.no_sanction`, `redirect.coordinates_missing`, `decision.rule_unknown`.
        """
        self._permit(actor, request.actions)
        if Action.ESCALATE in request.actions:
            raise ValidationError("decision.combination", actions=sorted(request.actions))
        with self._db.write() as work:
            step = Step(work, actor, self._clock.now())
            return self.decide_within(step, request, OPEN_STATES)

    def decide_within(self, step: Step, request: DecisionRequest, allowed: frozenset[CaseState]) -> ChangeSet:
        """`decide` inside a transaction of the caller (supervision answers and decides at once)."""
        check_decision(request.actions, request.rules, request.reason, dict(request.texts))
        self._check_references(request)
        head = casework.open_case(step, request.message, request.revision, allowed)
        ladder = self._preferences.ladder()
        self._check_case(step, head, request, ladder)
        waits = Action.BAN in request.actions and needs_signature(ladder, request.exception)
        decision = _decision(step, head, request)
        to = CaseState.AWAITING_SIGNATURE if waits else CaseState.DECIDED
        asked = _signature(decision) if waits else None
        send_at = casework.record(step, head, decision, to, asked, ladder.ban_days)
        return ChangeSet(
            messages=frozenset({head.message_id}),
            people=frozenset({head.person_id, head.shown_as}),
            counts=True,
            outgoing=send_at is not None,
            escalations=waits,
            decision=decision.id,
            send_at=send_at,
        )

    def undo(self, actor: Actor, decision: DecisionId | None = None) -> ChangeSet:
        """Take back the given decision, or the latest of this person that still can be.

        Within the grace period nothing has gone out and items are cancelled; afterwards the inverse
        operation is put in the outbox where one exists; the fact `stays` names operations that cannot be
        taken back, as a text that the person has read. History is never edited. Codes:
        `undo.nothing`, `undo.not_yours`, `undo.superseded`, `undo.closed`.
        """
        now = self._clock.now()
        actor.require(Permission.DECIDE, now)
        with self._db.write() as work:
            step = Step(work, actor, now)
            chosen = decision or work.latest_undoable(actor.staff.id)
            if chosen is None:
                raise ConflictError("undo.nothing")
            made, before = casework.decision_of(step, chosen)
            head = work.case(made.message_id)
            if made.actor != actor.staff.id and not actor.may(Permission.SUPERVISE, now):
                raise ConflictError("undo.not_yours")
            if head.decision_id != made.id or head.state not in UNDOABLE_STATES:
                raise ConflictError("undo.superseded")
            stays = casework.what_stays(step, made)
            taken = casework.take_back(step, made)
            withdrawn = self._withdraw_escalation(step, made.message_id)
            # A supervisor's answer stays answered: the case goes back to a moderator.
            restored = before if before in OPEN_STATES else CaseState.RETURNED
            work.set_state(made.message_id, restored)
            undone = DecisionUndone(
                decision=made.id, state=restored, escalation=withdrawn, **msgspec.structs.asdict(taken)
            )
            step.journal("decision.undone", made.message_id, payload_of(undone))
        return ChangeSet(
            messages=frozenset({made.message_id}),
            people=frozenset({head.person_id, head.shown_as}),
            counts=True,
            outgoing=True,
            escalations=withdrawn is not None,
            decision=made.id,
            send_at=step.now + casework.GRACE if taken.inverse else None,
            facts={"stays": ",".join(stays)} if stays else {},
        )

    def undoable(self, actor: Actor, limit: int = 20) -> tuple[HistoryRow, ...]:
        """What `undo` would take back, newest first."""
        return self._db.reads.undoable(actor.staff.id, limit)

    def disagree(self, actor: Actor, message: MessageId, rule: RuleId, reason: str = "") -> ChangeSet:
        """«Pas d'accord»: record that a finding is wrong, for the journal and for later learning."""
        now = self._clock.now()
        actor.require(Permission.DECIDE, now)
        with self._db.write() as work:
            head = work.case(message)
            payload = {"rule": rule, "reason": reason.strip(), "engine": head.engine, "policy": head.policy}
            Step(work, actor, now).journal("finding.disputed", message, payload)
        return ChangeSet(messages=frozenset({message}))

    # --- checks -------------------------------------------------------------------------------

    def _permit(self, actor: Actor, actions: frozenset[Action]) -> None:
        now = self._clock.now()
        actor.require(Permission.DECIDE, now)
        if Action.BAN in actions:
            actor.require(Permission.BAN, now)

    def _check_references(self, request: DecisionRequest) -> None:
        known = self._policy.rules()
        for rule in request.rules:
            if rule not in known:
                raise ValidationError("decision.rule_unknown", rule=rule)
        if Action.REDIRECT_311 in request.actions and not self._policy.has_311_coordinates():
            raise ValidationError("redirect.coordinates_missing")

    def _check_case(
        self, step: Step, head: CaseHead, request: DecisionRequest, ladder: LadderSettings
    ) -> None:
        check_scope(head.account.type, request.actions)
        warnings = step.work.warnings_of(head.person_id)
        place = standing(warnings, step.now, ladder, head.platform)
        check_ban(request.actions, place.rung, len(place.counted), ladder, request.exception)

    def _withdraw_escalation(self, step: Step, message: MessageId) -> EscalationId | None:
        waiting = step.work.open_escalation_of(message)
        if waiting is not None:
            by, at = step.actor.staff.id, step.now
            step.work.answer_escalation(waiting, EscalationOutcome.WITHDRAWN, by, at, "")
        return waiting

    def _emergency_active(self) -> bool:
        period = self._db.reads.emergency()
        return period is not None and period.active


def _decision(step: Step, head: CaseHead, request: DecisionRequest) -> Decision:
    ordered = tuple(action for action in Action if action in request.actions)
    return Decision(
        id=DecisionId(new_id()),
        message_id=head.message_id,
        revision=head.revision,
        actions=ordered,
        rules=request.rules,
        reason=request.reason.strip(),
        texts=tuple((action, request.texts[action]) for action in ordered if request.texts.get(action)),
        actor=step.actor.staff.id,
        at=step.now,
        policy=head.policy,
        engine=head.engine,
        suggested=head.suggested,
        note=request.note.strip(),
        exception=request.exception,
    )


def _signature(decision: Decision) -> Asked:
    return Asked(
        id=casework.new_escalation_id(),
        kind=EscalationKind.BAN_SIGNATURE,
        reason=decision.exception.reason if decision.exception else decision.reason,
        question="",
        suggested=decision.actions,
    )
