"""What a person may decide about a message, and which decisions go together (policy, art. 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.domain.ids import DecisionId, MessageId, RuleId, StaffId
from console.errors import ValidationError


class Action(StrEnum):
    """Actions of a moderator; hide, delete and report are three distinct acts (R22)."""

    KEEP = "keep"
    REPLY = "reply"
    WARN = "warn"
    HIDE = "hide"
    DELETE = "delete"
    REPORT = "report"
    BAN = "ban"
    REDIRECT_311 = "redirect_311"
    ESCALATE = "escalate"
    NO_REPLY = "no_reply"


SANCTIONS = frozenset({Action.WARN, Action.HIDE, Action.DELETE, Action.REPORT, Action.BAN})
"""Acts against a person or their words: each carries a rule and a reason."""

WRITTEN = frozenset({Action.REPLY, Action.WARN, Action.BAN, Action.REDIRECT_311})
"""Acts that send a text to the person (a ban sends its notice)."""

OUTGOING = SANCTIONS | WRITTEN
"""Acts that leave the console, after the grace period."""

_ALONE = frozenset({Action.ESCALATE, Action.NO_REPLY})
_CONFLICTS = (
    frozenset({Action.HIDE, Action.DELETE}),
    frozenset({Action.WARN, Action.BAN}),
    frozenset({Action.REPLY, Action.REDIRECT_311}),
    *(frozenset({Action.KEEP, sanction}) for sanction in SANCTIONS),
)
INVERSE = {Action.HIDE: "unhide", Action.BAN: "unban"}
"""Inverse operations a platform may offer; the rest cannot be taken back once carried out."""


def combinable(actions: frozenset[Action]) -> bool:
    """Whether these actions make sense as one decision."""
    if not actions or (len(actions) > 1 and actions & _ALONE):
        return False
    return not any(pair <= actions for pair in _CONFLICTS)


@dataclass(frozen=True, slots=True)
class BanException:
    """Immediate ban for the gravest cases: written reason; a supervisor signs (settings, N-)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as stored. `texts` maps each written action to the text that goes out."""

    id: DecisionId
    message_id: MessageId
    revision: int
    actions: tuple[Action, ...]
    rules: tuple[RuleId, ...]
    reason: str
    texts: tuple[tuple[Action, str], ...]
    actor: StaffId
    at: datetime
    policy: str
    engine: str
    suggested: tuple[Action, ...] = ()
    note: str = ""
    exception: BanException | None = None

    def text_for(self, action: Action) -> str:
        """The text that goes out with `action`, or ""."""
        return dict(self.texts).get(action, "")


def check_decision(
    actions: frozenset[Action], rules: tuple[RuleId, ...], reason: str, texts: dict[Action, str]
) -> None:
    """Raise `ValidationError` unless the decision is complete.

    Codes: `decision.combination`, `decision.rule_missing`, `decision.reason_missing`,
    `decision.text_missing`, `decision.placeholder_open`.
    """
    if not combinable(actions):
        raise ValidationError("decision.combination", actions=sorted(actions))
    if actions & SANCTIONS:
        if not rules:
            raise ValidationError("decision.rule_missing")
        if not reason.strip():
            raise ValidationError("decision.reason_missing")
    for action in sorted(actions & WRITTEN):
        text = texts.get(action, "")
        if not text.strip():
            raise ValidationError("decision.text_missing", action=action)
        if "{" in text or "}" in text:
            raise ValidationError("decision.placeholder_open", action=action)
