"""What people write to the city's accounts, and who and where (policy, «Définitions»: contenu)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from console.domain.ids import AccountId, MessageId, PersonId, PostId

Platform = NewType("Platform", str)
"""A lower-case slug. The list stays open (R1); these are the ones the policy names."""

FACEBOOK = Platform("facebook")
INSTAGRAM = Platform("instagram")
YOUTUBE = Platform("youtube")
X = Platform("x")
LINKEDIN = Platform("linkedin")
TIKTOK = Platform("tiktok")
OTHER = Platform("other")
KNOWN_PLATFORMS = (FACEBOOK, INSTAGRAM, YOUTUBE, X, LINKEDIN, TIKTOK)


class Channel(StrEnum):
    """Who can read the message: everybody, or the city alone."""

    COMMENT = "comment"
    PRIVATE = "private"


class Kind(StrEnum):
    """Kinds of content of the policy's definition (R5)."""

    PUBLICATION = "publication"
    VIDEO = "video"
    IMAGE = "image"
    COMMENT = "comment"
    REPLY = "reply"
    PRIVATE_MESSAGE = "private_message"


class AccountType(StrEnum):
    """Official, related («connexe»), or out of the policy's field (R4): no sanction possible there."""

    OFFICIAL = "official"
    RELATED = "related"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Account:
    """One of the city's accounts (R1)."""

    id: AccountId
    platform: Platform
    name: str
    type: AccountType = AccountType.OFFICIAL
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """How one platform names a person; `external_id` is unique within the platform."""

    platform: Platform
    external_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """An author. Several identities only when a moderator linked them, reversibly."""

    id: PersonId
    name: str
    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A publication of the city under which comments stand."""

    id: PostId
    account_id: AccountId
    external_id: str
    text: str
    posted_at: datetime | None = None
    permalink: str = ""


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """An earlier message of the same thread, as context."""

    author: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """Metadata only; the media itself is fetched on demand."""

    name: str
    media_type: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One comment, reply or private message at its current revision.

    `external_id` is the platform's id, unique within (platform, account). `revision` starts at 1 and
    grows with each edit seen; earlier texts are kept as `Snapshot`.
    """

    id: MessageId
    platform: Platform
    external_id: str
    channel: Channel
    kind: Kind
    account_id: AccountId
    author_id: PersonId
    text: str
    posted_at: datetime
    received_at: datetime
    post_id: PostId | None = None
    parent_external_id: str = ""
    thread: tuple[ThreadEntry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    permalink: str = ""
    revision: int = 1
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The text of one revision, kept for evidence (L7: word for word, with hash and time)."""

    message_id: MessageId
    revision: int
    text: str
    sha256: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message as a file or platform gives it, before Vigie's own ids: the input of intake.

    Only `text` and `external_id` are required; a source that has no id gives a stable one
    derived from the content, so that importing twice doubles nothing.
    """

    external_id: str
    text: str
    platform: Platform = OTHER
    channel: Channel = Channel.COMMENT
    kind: Kind = Kind.COMMENT
    account: str = ""
    author_external_id: str = ""
    author_name: str = ""
    author_warnings: int = 0
    posted_at: datetime | None = None
    post_external_id: str = ""
    post_text: str = ""
    post_posted_at: datetime | None = None
    parent_external_id: str = ""
    thread: tuple[ThreadEntry, ...] = field(default=())
    attachments: tuple[Attachment, ...] = field(default=())
    permalink: str = ""
    by_city: bool = False
    """Written by the city's own account: kept as context, never judged."""


def author_key(message: IncomingMessage) -> str:
    """What tells authors of one platform apart: its id, else the name the source gives.

    A message without either is by a person of its own, so that strangers never share a ladder.
    """
    own = f"message:{message.account}/{message.external_id}"
    return message.author_external_id or message.author_name or own
