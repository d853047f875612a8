"""What connecting and collecting need of the desk's store; parts of `UnitOfWork` and `Reads`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from console.domain.ids import AccountId, MessageId, RuleId, StaffId
from console.domain.messages import Account, Attachment, ThreadEntry
from console.services.platform_ports import Budget, Connection


@dataclass(frozen=True, slots=True)
class StoredConnection:
    """A connection with how far its account was collected."""

    connection: Connection
    cursor: str = ""
    """Of the connector; moves with the messages in one transaction."""
    collected_at: datetime | None = None
    waits_until: datetime | None = None
    """The platform asked not to be called before."""
    looked_at: datetime | None = None
    """Messages posted up to then were looked at again in the present round; None: a round begins."""
    budgets: tuple[Budget, ...] = ()


@dataclass(frozen=True, slots=True)
class Backlog:
    """Outbox items of an account: those that wait to be sent, and those that need a person."""

    waiting: int = 0
    trouble: int = 0


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A message that may have been edited or deleted where no list shows it."""

    message: MessageId
    external_id: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class ThreadPart:
    """A stored message of a thread: which one it is, and its words."""

    external_id: str
    entry: ThreadEntry


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """A picture that somebody removed for a rule. `hash`: 64 bits, signed (`console.services.pictures`)."""

    hash: int
    rule: RuleId
    label: str
    """Name of the attachment."""
    message: MessageId
    noted_at: datetime
    noted_by: StaffId


@dataclass(frozen=True, slots=True)
class PictureToNote:
    """A picture of a message that was hidden or deleted for rules, not hashed yet."""

    message: MessageId
    account: AccountId
    attachment: Attachment
    rules: tuple[RuleId, ...]
    decided_by: StaffId


class ConnectingWrites(Protocol):
    """Inside one write transaction."""

    def put_connection(self, connection: Connection) -> None:
        """Add or change it; how far it was collected stays, unless it names another thing on the platform.

        Code `account.unknown`: the account has to be there before.
        """
        ...

    def connection_of(self, account: AccountId) -> StoredConnection | None: ...
    def put_collected(
        self, account: AccountId, cursor: str, at: datetime, budgets: Sequence[Budget]
    ) -> None: ...
    def put_wait(self, account: AccountId, until: datetime | None, budgets: Sequence[Budget]) -> None: ...
    def put_looked(self, account: AccountId, until: datetime | None) -> None: ...
    def put_picture(self, picture: KnownPicture) -> None: ...
    def forget_pictures(self) -> int:
        """Drop those whose message has no standing decision any more; how many."""
        ...


class ConnectingReads(Protocol):
    """Each method one short read transaction."""

    def connections(self) -> tuple[StoredConnection, ...]:
        """All, by platform and name of the account."""
        ...

    def backlog(self) -> Mapping[AccountId, Backlog]:
        """Accounts that have items waiting or in trouble."""
        ...

    def to_look_at(
        self, account: AccountId, decided_since: datetime, after: datetime | None, limit: int
    ) -> tuple[ToLookAt, ...]:
        """Cases that are not closed, and those decided since, of messages posted `after`, oldest first.

        About `limit`: those of one moment are never parted.
        """
        ...

    def thread_parts(
        self, account: Account, roots: Sequence[str], conversations: Sequence[str], limit: int
    ) -> Mapping[str, tuple[ThreadPart, ...]]:
        """By root comment or conversation (ids of the platform), the newest `limit`, oldest first."""
        ...

    def attachments(self, message: MessageId) -> tuple[AccountId, tuple[Attachment, ...]]:
        """Of a message at its present revision. Code `case.unknown`."""
        ...

    def known_pictures(self) -> tuple[KnownPicture, ...]: ...
    def pictures_to_note(self, decided_since: datetime, limit: int) -> tuple[PictureToNote, ...]: ...
