"""Identifiers. Time-ordered (UUIDv7, RFC 9562), so that keys sort by creation on every desk."""

from __future__ import annotations

from typing import NewType

from uuid6 import uuid7

MessageId = NewType("MessageId", str)
PersonId = NewType("PersonId", str)
PostId = NewType("PostId", str)
AccountId = NewType("AccountId", str)
DecisionId = NewType("DecisionId", str)
WarningId = NewType("WarningId", str)
OutgoingId = NewType("OutgoingId", str)
EscalationId = NewType("EscalationId", str)
EventId = NewType("EventId", str)
ImportId = NewType("ImportId", str)
StaffId = NewType("StaffId", str)
DeskId = NewType("DeskId", str)
RuleId = NewType("RuleId", str)


def new_id() -> str:
    """A fresh UUIDv7 as 32 hexadecimal digits."""
    return uuid7().hex
