"""What the journal's events say, by kind: written when something is decided, read when it is replayed.

A desk that receives an event of another rebuilds from it all that the first one stored, so each fact
names every id that was given (warnings, outbox items, escalations). Fields are added with a default
only: journals are kept for years.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import (
    DecisionId,
    EscalationId,
    OutgoingId,
    PersonId,
    RuleId,
    WarningId,
)
from console.domain.platforms import Act, Result
from console.services.rows import EscalationKind, EscalationOutcome, OutgoingState

Fact = TypeVar("Fact", bound=msgspec.Struct)


class Item(msgspec.Struct, frozen=True):
    """Something put into the outbox; `operation` is an `Action` value, `unhide` or `unban`."""

    id: OutgoingId
    operation: str
    not_before: datetime


class Asked(msgspec.Struct, frozen=True):
    """What was put before supervision with a decision."""

    id: EscalationId
    kind: EscalationKind
    reason: str
    question: str
    suggested: tuple[Action, ...]


class DecisionMade(msgspec.Struct, frozen=True):
    """`decision.made`; the subject is the message."""

    decision: DecisionId
    revision: int
    sha256: str
    """SHA-256 of the text that was decided on: revisions are counted by each desk for itself."""
    deleted: bool
    """The person knew that the message was gone from its platform."""
    person: PersonId
    platform: str
    actions: tuple[Action, ...]
    rules: tuple[RuleId, ...]
    reason: str
    texts: Mapping[Action, str]
    suggested: tuple[Action, ...]
    note: str
    exception: str | None
    policy: str
    engine: str
    state_before: CaseState
    state: CaseState
    warning: WarningId | None = None
    outgoing: tuple[Item, ...] = ()
    escalation: Asked | None = None


class TakenBack(msgspec.Struct, frozen=True):
    """What taking a decision back did to its outbox items and warnings."""

    cancelled: tuple[OutgoingId, ...] = ()
    inverse: tuple[Item, ...] = ()
    withdrawn: tuple[WarningId, ...] = ()


class DecisionUndone(TakenBack, frozen=True, kw_only=True):
    """`decision.undone`; `escalation` was withdrawn with it."""

    decision: DecisionId
    state: CaseState
    escalation: EscalationId | None = None


class EscalationAnswered(TakenBack, frozen=True, kw_only=True):
    """`escalation.answered`. `outgoing` holds the ban that a signature sends; a refusal takes back."""

    escalation: EscalationId
    outcome: EscalationOutcome
    word: str
    decision: DecisionId | None
    state: CaseState
    outgoing: tuple[Item, ...] = ()


class ReceiptFact(msgspec.Struct, frozen=True):
    """What a platform answered to one act; see `console.domain.platforms.Receipt`."""

    act: Act
    result: Result
    at: datetime
    request_id: str = ""
    external_id: str = ""
    status: int = 0
    code: str = ""
    answer: str = ""
    read_back: bool = False


class OutboxDone(msgspec.Struct, frozen=True):
    """`outbox.done`: carried out; `warning` is delivered by it.

    By hand, `means` are a person's words; by the console they are `api.message`, `api.reply` or `api`, and
    `receipts` prove it. `state` is ALREADY when every act was so before, or its object gone.
    """

    item: OutgoingId
    decision: DecisionId
    operation: str
    means: str
    proof: str
    warning: WarningId | None
    receipts: tuple[ReceiptFact, ...] = ()
    state: OutgoingState = OutgoingState.DONE


class OutboxTroubled(msgspec.Struct, frozen=True):
    """`outbox.refused`, `outbox.failed`, `outbox.unknown`: the console did not get it done, a person looks;
    `outbox.by_hand`: a person took it over, or has to do the rest. Other desks leave the item alone as well.
    """

    item: OutgoingId
    decision: DecisionId
    operation: str
    act: Act | None
    state: OutgoingState
    code: str
    request_id: str = ""


class OutboxGivenUp(msgspec.Struct, frozen=True):
    """`outbox.given_up`: cannot be carried out; `warning` is withdrawn."""

    item: OutgoingId
    decision: DecisionId
    operation: str
    reason: str
    warning: WarningId | None


class ConflictSettled(msgspec.Struct, frozen=True):
    """`conflict.settled`: what supervision did about the contested decision (`kept` or `replaced`)."""

    decision: DecisionId
    outcome: str
    word: str


FACTS: Mapping[str, type[msgspec.Struct]] = {
    "decision.made": DecisionMade,
    "decision.undone": DecisionUndone,
    "escalation.answered": EscalationAnswered,
    "outbox.done": OutboxDone,
    "outbox.given_up": OutboxGivenUp,
    "outbox.refused": OutboxTroubled,
    "outbox.failed": OutboxTroubled,
    "outbox.unknown": OutboxTroubled,
    "outbox.by_hand": OutboxTroubled,
    "conflict.settled": ConflictSettled,
}
"""The kinds whose payload is a fact; their subject is a message."""


def payload_of(fact: msgspec.Struct) -> dict[str, Any]:
    """The fact as JSON values."""
    built: dict[str, Any] = msgspec.to_builtins(fact)
    return built


def read(kind: str, payload: Mapping[str, Any]) -> msgspec.Struct:
    """The fact of an event. Raises KeyError (another kind), `msgspec.ValidationError` (not a fact)."""
    return msgspec.convert(payload, FACTS[kind], strict=False)
