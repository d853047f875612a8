"""Supervision: what moderators submit, second signatures, and the answer that goes back."""

from __future__ import annotations

from console.clock import Clock
from console.domain.decisions import Action
from console.domain.ids import EscalationId, MessageId
from console.domain.roles import Actor
from console.services.decisions import DecisionRequest
from console.services.ports import Database
from console.services.rows import ChangeSet, EscalationRow


class Escalations:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def submit(
        self,
        actor: Actor,
        message: MessageId,
        revision: int,
        reason: str,
        question: str,
        suggested: frozenset[Action],
    ) -> ChangeSet:
        """Hand a case to supervision. Codes `escalation.reason_missing`, `case.changed`."""
        raise NotImplementedError

    def open(self, actor: Actor) -> tuple[EscalationRow, ...]:
        """What awaits a supervisor: questions, held cases and bans to sign, gravest first. Needs
        SUPERVISE."""
        raise NotImplementedError

    def mine(self, actor: Actor) -> tuple[EscalationRow, ...]:
        """What this person submitted, with outcomes, newest first."""
        raise NotImplementedError

    def answered(self, actor: Actor) -> tuple[EscalationRow, ...]:
        """Answered escalations, newest first, at most 200."""
        raise NotImplementedError

    def hold(self, actor: Actor, escalation: EscalationId) -> ChangeSet:
        """The supervisor keeps the case."""
        raise NotImplementedError

    def give_back(self, actor: Actor, escalation: EscalationId, word: str) -> ChangeSet:
        """Return to the moderator with a word. Code `escalation.word_missing`."""
        raise NotImplementedError

    def decide(
        self, actor: Actor, escalation: EscalationId, request: DecisionRequest, word: str
    ) -> ChangeSet:
        """Decide in the moderator's place; the moderator sees outcome and why."""
        raise NotImplementedError

    def sign(self, actor: Actor, escalation: EscalationId, word: str = "") -> ChangeSet:
        """Second signature on a ban: never by the person who proposed it (`ban.same_person`)."""
        raise NotImplementedError

    def refuse(self, actor: Actor, escalation: EscalationId, word: str) -> ChangeSet:
        """Refuse the ban with a reason; the case returns."""
        raise NotImplementedError

    def mark_seen(self, actor: Actor, escalation: EscalationId) -> ChangeSet:
        """The moderator has read the outcome."""
        raise NotImplementedError
