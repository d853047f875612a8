"""Numbers under which enumerations lie in the file. Part of the file format: only ever added to."""

from __future__ import annotations

from datetime import datetime

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.messages import AccountType, Channel, Kind
from console.domain.roles import Role
from console.domain.verdicts import Route
from console.services.platform_ports import ConnectionState
from console.services.rows import EscalationKind, EscalationOutcome, OutgoingState
from console.services.sharing_ports import Standing
from console.store.types import to_micros

STATE_CODES = {
    CaseState.PENDING: 1,
    CaseState.RETURNED: 2,
    CaseState.ESCALATED: 3,
    CaseState.HELD: 4,
    CaseState.AWAITING_SIGNATURE: 5,
    CaseState.DECIDED: 6,
    CaseState.CLOSED: 7,
}
CHANNEL_CODES = {Channel.COMMENT: 0, Channel.PRIVATE: 1}
KIND_CODES = {
    Kind.COMMENT: 0,
    Kind.REPLY: 1,
    Kind.PRIVATE_MESSAGE: 2,
    Kind.PUBLICATION: 3,
    Kind.VIDEO: 4,
    Kind.IMAGE: 5,
}
ROUTE_CODES = {
    Route.NONE: 0,
    Route.SERVICE_311: 1,
    Route.COMPLAINT_311: 2,
    Route.ILLEGAL_311: 3,
    Route.QUESTION: 4,
    Route.EMERGENCY: 5,
}
ACTION_BITS = {action: 1 << position for position, action in enumerate(Action)}
"""Bits of `decisions.actions_mask`; the order of `Action` is part of the file format."""

_RULE_BITS = 62


def rule_bit(number: int) -> int:
    """The bit of the rule `rules.number` in `messages.rules` and `decisions.rules_mask`."""
    return 1 << (number % _RULE_BITS)


_WEEK = 7 * 86_400 * 1_000_000


def week_of(at: datetime) -> int:
    """Weeks since 1970: the part of `bands` in which a message posted at `at` is found."""
    return to_micros(at) // _WEEK


ACCOUNT_TYPE_CODES = {AccountType.OFFICIAL: 0, AccountType.RELATED: 1, AccountType.OUT_OF_SCOPE: 2}
ROLE_CODES = {
    Role.MODERATOR: 1,
    Role.SUPERVISOR: 2,
    Role.AGENT_311: 3,
    Role.ADMINISTRATOR: 4,
    Role.AUDITOR: 5,
    Role.COLLECTOR: 6,
}
OUTGOING_CODES = {
    OutgoingState.GRACE: 1,
    OutgoingState.BY_HAND: 2,
    OutgoingState.DONE: 3,
    OutgoingState.CANCELLED: 4,
    OutgoingState.WAITING: 5,
    OutgoingState.SENDING: 6,
    OutgoingState.UNKNOWN: 7,
    OutgoingState.ALREADY: 8,
    OutgoingState.REFUSED: 9,
    OutgoingState.FAILED: 10,
}
ESCALATION_KIND_CODES = {EscalationKind.QUESTION: 1, EscalationKind.BAN_SIGNATURE: 2}
OUTCOME_CODES = {
    EscalationOutcome.OPEN: 1,
    EscalationOutcome.HELD: 2,
    EscalationOutcome.DECIDED: 3,
    EscalationOutcome.RETURNED: 4,
    EscalationOutcome.SIGNED: 5,
    EscalationOutcome.REFUSED: 6,
    EscalationOutcome.WITHDRAWN: 7,
}
STANDING_CODES = {
    Standing.PENDING: 0,
    Standing.ACCEPTED: 1,
    Standing.CONTESTED: 2,
    Standing.REFUSED: 3,
}
CONNECTION_CODES = {
    ConnectionState.CONNECTED: 1,
    ConnectionState.EXPIRED: 2,
    ConnectionState.FORBIDDEN: 3,
    ConnectionState.BLOCKED: 4,
    ConnectionState.DISCONNECTED: 5,
}
