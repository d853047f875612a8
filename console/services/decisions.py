"""Deciding, undoing, and the ladder that is shown before (policy, art. 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.clock import Clock
from console.domain.decisions import Action, BanException
from console.domain.ids import DecisionId, MessageId, RuleId
from console.domain.roles import Actor
from console.domain.sanctions import Rung
from console.services.ports import Database
from console.services.rows import ChangeSet, HistoryRow


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """What the person chose. `revision` is the one they saw; `rules` those the sanction rests on."""

    message: MessageId
    revision: int
    actions: frozenset[Action]
    rules: tuple[RuleId, ...] = ()
    reason: str = ""
    texts: Mapping[Action, str] | None = None
    note: str = ""
    exception: BanException | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a set of actions would do, said before anyone confirms. Codes are said by the catalogue.

    `blocked` is the error code that `decide` would raise now ("" when it may go on);
    `needs_signature`: a supervisor has to sign, the case will wait.
    """

    rung: Rung
    counted: int
    undelivered: int
    blocked: str
    needs_signature: bool
    notices: tuple[str, ...]
    """Codes of one-line consequences, e.g. `consequence.hide.facebook`, `consequence.warn.second`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled template. `open_fields` are the placeholders that only a person can fill."""

    text: str
    open_fields: tuple[str, ...]
    template: str
    template_revised: str


class Decisions:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def consequence(self, actor: Actor, message: MessageId, actions: frozenset[Action]) -> Consequence:
        """The ladder and the effects of these actions on this message, read only."""
        raise NotImplementedError

    def draft(self, actor: Actor, message: MessageId, action: Action, rules: tuple[RuleId, ...]) -> Draft:
        """The template for `action` (and rule and rung), filled with what is known; unknown
        coordinates stay as open `{placeholders}`."""
        raise NotImplementedError

    def decide(self, actor: Actor, request: DecisionRequest) -> ChangeSet:
        """Decide in one transaction: decision, journal, warning, outbox items with 30 s of grace,
        case state. A ban that needs a signature makes the case wait and an escalation. Codes: those
        of `check_decision`, `permission.denied`, `case.changed` (edited since `revision`),
        `case.already_decided`, `ban.warnings_missing`, `ban.exception_reason_missing`,
        `scope.no_sanction`, `redirect.coordinates_missing`."""
        raise NotImplementedError

    def undo(self, actor: Actor, decision: DecisionId | None = None) -> ChangeSet:
        """Undo the given decision or the latest of this person that still can be. Within the grace
        period nothing has gone out and items are cancelled; afterwards the inverse operation is put
        in the outbox where one exists. History is never edited. Codes: `undo.nothing`,
        `undo.not_yours`, `undo.superseded`."""
        raise NotImplementedError

    def undoable(self, actor: Actor, limit: int = 20) -> tuple[HistoryRow, ...]:
        """What `undo` would take back, newest first."""
        raise NotImplementedError

    def disagree(self, actor: Actor, message: MessageId, rule: RuleId, reason: str = "") -> ChangeSet:
        """«Pas d'accord»: record that a finding is wrong, for the journal and later learning."""
        raise NotImplementedError
