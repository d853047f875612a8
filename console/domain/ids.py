"""Identifiers: 32 hexadecimal digits of a UUID (RFC 9562).

What happens here is named in order of time (UUIDv7). What exists outside (accounts, posts, people,
messages) is named after the platform's own name for it (UUIDv5): two desks that take in the same
comment mean the same message, and what one decides about it can be told to the other.
"""

from __future__ import annotations

from typing import NewType
from uuid import UUID, uuid5

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


_OUTSIDE = UUID("6f6d3c5e-3a0c-5e0b-9d0e-8a8b6a1d2f47")
"""The namespace of everything that is named after what a platform calls it; never changes."""


def account_id(platform: str, name: str) -> AccountId:
    """An account of the city, by platform and name as it was first met."""
    return AccountId(_outside("account", platform, name))


def person_id(platform: str, external_id: str) -> PersonId:
    """An author, by platform and `author_key`."""
    return PersonId(_outside("person", platform, external_id))


def post_id(platform: str, account: str, external_id: str) -> PostId:
    """A publication, by the platform's id within an account."""
    return PostId(_outside("post", platform, account, external_id))


def message_id(platform: str, account: str, external_id: str) -> MessageId:
    """A message, by the platform's id within an account."""
    return MessageId(_outside("message", platform, account, external_id))


def _outside(*parts: str) -> str:
    # Half a surrogate pair (a broken source) has no UTF-8 form, which the digest needs.
    whole = "\x1f".join(parts).encode("utf-8", "replace").decode()
    return uuid5(_OUTSIDE, whole).hex


def new_id() -> str:
    """A fresh UUIDv7 as 32 hexadecimal digits."""
    return uuid7().hex
