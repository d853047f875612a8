"""What sharing needs of its adapters: the desk's own side (store) and the line to the hub (hub)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from console.domain.decisions import Action
from console.domain.ids import AccountId, DecisionId, DeskId, EventId, MessageId, PersonId, RuleId, StaffId
from console.domain.journal import Event, Link
from console.domain.roles import Role, Staff
from console.errors import VigieError
from console.services.facts import ConflictSettled, DecisionMade
from console.services.judged import Judged
from console.services.rows import ChangeSet

if TYPE_CHECKING:
    from console.services.carry_ports import CarryReport
    from console.services.ports import Progress


class Standing(StrEnum):
    """What the hub said of an event."""

    PENDING = "pending"
    """Not seen by the hub yet."""
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    """Something came first; a person looks at both."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SharedEvent:
    """An event with its place in the order of the hub, or without one yet."""

    link: Link
    standing: Standing = Standing.PENDING
    code: str = ""
    """Why it is contested or refused."""
    seq: int | None = None
    accepted_at: datetime | None = None
    matter: str = ""
    """Words that go with the event but not into the chain (a note)."""
    own: bool = True
    seal: str = ""
    """HMAC by which the hub knows the author, whoever brings the event."""

    @property
    def event(self) -> Event:
        """The event itself."""
        return self.link.event


@dataclass(frozen=True, slots=True)
class Content:
    """A message's text as the hub holds it, at its place in the hub's order."""

    message: MessageId
    sha256: str
    judged: Judged | None
    """None where the desk sent it itself: then only its place is news."""
    seq: int
    revision: int
    """By the hub's count: from 2 on the text is an edit."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message whose present text the hub does not have yet."""

    pk: int
    message: MessageId
    person: PersonId
    judged: Judged


@dataclass(frozen=True, slots=True)
class HubAddress:
    """Where the hub is and as whom. `ca_file`: the city's own certificate authority, or empty for the
    system's. The password is never part of it."""

    host: str
    database: str
    login: str
    port: int = 5432
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """What a desk knows of the hub it joined. No password, no secret."""

    hub: str
    """The hub's id."""
    timeline: str
    """Changes when the hub was restored from a backup."""
    address: HubAddress
    staff: StaffId
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """How far a desk has come: the feed up to `cursor` (whose row is `cursor_id`), its own journal up to
    `pushed`."""

    cursor: int = 0
    cursor_id: str = ""
    pushed: int = 0
    loaded: bool = False
    """Whether the first load from the hub is done."""


@dataclass(frozen=True, slots=True)
class PeerDesk:
    """Another desk of the hub, and the Ed25519 key (raw, 32 bytes) that signs its files."""

    id: DeskId
    name: str
    staff: StaffId
    public_key: bytes


class LineState(StrEnum):
    """The state of the line to the hub."""

    ALONE = "alone"
    """This desk has joined no hub."""
    CONNECTING = "connecting"
    ONLINE = "online"
    SYNCING = "syncing"
    OFFLINE = "offline"
    """The hub cannot be reached; everything goes on here."""
    STOPPED = "stopped"
    """Something needs a person (`Line.error`): password, certificate, version, a forked desk."""


@dataclass(frozen=True, slots=True)
class Line:
    """One look at the line. `since`: of the state; `last_met`: when everything had been exchanged."""

    state: LineState = LineState.ALONE
    since: datetime | None = None
    last_met: datetime | None = None
    to_send: int = 0
    to_receive: int = 0
    loading: tuple[int, int] | None = None
    """(messages received, total) of the first load."""
    error: VigieError | None = None
    hub: str = ""
    """Host and database, for people."""
    login: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """«En cours chez»: a lease on a case, until it expires."""

    message: MessageId
    staff: StaffId
    name: str
    desk: DeskId
    until: datetime


@dataclass(frozen=True, slots=True)
class AccountLease:
    """Which desk collects an account of the city, until the lease ends unless it is renewed."""

    account: AccountId
    desk: DeskId
    name: str
    """Of the desk."""
    until: datetime


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody at work."""

    staff: StaffId
    name: str
    role: Role
    desk: DeskId
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """One of two decisions on one message."""

    decision: DecisionId
    by: str
    by_id: StaffId
    at: datetime
    """As claimed by the desk's clock."""
    accepted_at: datetime | None
    """By the hub's clock; None while the hub has not seen it."""
    actions: tuple[Action, ...]
    rules: tuple[RuleId, ...]
    reason: str
    policy: str


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A contested decision beside the one that stands."""

    message_id: MessageId
    code: str
    """`decided`, `edited`, `deleted`."""
    contested: Side
    standing: Side | None
    platform: str
    account: str
    author: str
    author_number: int
    excerpt: str
    text_decided_on: str
    """The text that the contested decision was made on, when it is another than today's; else empty."""
    settled_at: datetime | None = None
    settled_by: str = ""
    outcome: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """Something that the hub did not take, and why."""

    event: EventId
    kind: str
    code: str
    at: datetime
    by: str
    message_id: MessageId | None
    excerpt: str


class Replica(Protocol):
    """The desk's own side of sharing, inside one write transaction; a part of `UnitOfWork`."""

    def membership(self) -> Membership | None: ...
    def put_membership(self, membership: Membership | None) -> None:
        """Join, change or leave. On joining another hub every message becomes unsent."""
        ...

    def position(self) -> Position: ...
    def put_position(self, position: Position) -> None: ...

    # out
    def unsent(self, limit: int) -> tuple[Unsent, ...]: ...
    def sent(self, sent: Sequence[Unsent]) -> None:
        """These texts are in the hub; a message that changed meanwhile stays unsent."""
        ...

    def mark_unsent(self, messages: Sequence[MessageId]) -> None: ...
    def unsent_events(self, after: int, limit: int) -> tuple[SharedEvent, ...]:
        """The desk's own journal after a sequence, oldest first, with matters and standings."""
        ...

    # in
    def present_texts(self, messages: Sequence[MessageId]) -> Mapping[MessageId, tuple[str, bool]]:
        """For those that are here: SHA-256 of the present text, and whether it is still to be sent."""
        ...

    def place_contents(self, contents: Sequence[Content]) -> None:
        """Note the places of the texts that are the present ones here, which are then no longer unsent."""
        ...

    def known_event(self, event: EventId) -> SharedEvent | None:
        """What the hub said of an event, or another desk brought; None for one of neither."""
        ...

    def know_event(self, shared: SharedEvent) -> None: ...
    def events_about(self, subject: str) -> tuple[SharedEvent, ...]:
        """All events of a subject: those with a place in the hub's order, then the others by time."""
        ...

    def with_events(self, messages: Sequence[MessageId]) -> tuple[MessageId, ...]:
        """Those of the messages about which something was received."""
        ...

    def events_of_kinds(self, kinds: Sequence[str]) -> tuple[SharedEvent, ...]: ...
    def event_at(self, seq: int) -> str | None:
        """Id of the event or message that this desk has at a place of the hub's order."""
        ...

    def forget_after(self, seq: int) -> tuple[str, ...]:
        """The hub lost everything after `seq`: events and texts lose their places. Returns the subjects."""
        ...

    # replaying
    def clear_case(self, message: MessageId) -> None:
        """Take the case back to its beginning: no decisions, warnings, outbox items, escalations."""
        ...

    def edits_of(self, message: MessageId) -> tuple[int, ...]:
        """Places in the hub's order at which the text became another, rising."""
        ...

    def revision_of(self, message: MessageId, sha256: str) -> int | None: ...
    def reopen(self, message: MessageId) -> None:
        """The text was edited: it is on its platform, no decision stands, a person looks again."""
        ...

    def holds(self, message: MessageId) -> bool: ...
    def is_accepted(self, decision: DecisionId) -> bool:
        """Whether the hub accepted the decision; on a desk that works alone every decision counts."""
        ...

    def contest(self, shared: SharedEvent, fact: DecisionMade) -> None: ...
    def contested(self, decision: DecisionId) -> DecisionMade:
        """Code `conflict.unknown`."""
        ...

    def settle_conflict(self, fact: ConflictSettled, by: StaffId, at: datetime) -> None: ...
    def clear_links(self) -> None: ...
    def put_peers(self, desks: Sequence[PeerDesk]) -> None: ...


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What one exchange moved: messages and events sent, rows of the feed received."""

    sent: int
    received: int


class HubLine(Protocol):
    """The line to the hub: a thread of its own that pushes, pulls and listens."""

    def line(self) -> Line: ...
    def claims(self) -> Mapping[MessageId, Claim]: ...
    def presence(self) -> tuple[Presence, ...]: ...
    def wake(self) -> None:
        """There is something to send; returns at once."""
        ...

    def claim(self, message: MessageId) -> None:
        """Ask for the case, at best effort; returns at once. Claiming another one lets go of the last."""
        ...

    def release(self) -> None: ...
    def lease_item(self, item: str) -> bool:
        """Whether this desk may carry out an outbox item now (blocking). Raises `OfflineError`."""
        ...

    def lease_account(self, account: AccountId) -> bool:
        """Whether this desk collects the account from now, for 45 seconds (blocking). True when alone;
        raises `OfflineError`."""
        ...

    def collectors(self) -> tuple[AccountLease, ...]:
        """Which desks collect, this one included, as the hub last said."""
        ...

    def listen(self, listener: Callable[[ChangeSet], object]) -> None:
        """Call back (from the line's thread) whenever something came in or the line changed."""
        ...

    def start(self) -> None: ...
    def stop(self) -> None: ...

    def join(self, address: HubAddress, password: str, desk_name: str) -> Staff:
        """Log in, become a member, keep password and secrets in the keyring (blocking). Returns who the
        hub says the person is. Codes `hub.*`, `secret.*`."""
        ...

    def leave(self) -> None:
        """Let go of the hub; what was not sent stays on the desk (blocking)."""
        ...

    def change_password(self, password: str) -> None:
        """Another password for the same login (blocking). Codes as `join`."""
        ...

    def exchange(self) -> Exchanged:
        """Exchange once, here and now, until nothing is left (blocking). Codes `hub.*`, `secret.*`."""
        ...

    def carry_out(self, to: Path, everything: bool, progress: Progress) -> CarryReport:
        """Write a file for the other desks (blocking). Codes `carry.*`, `hub.not_joined`, `secret.*`."""
        ...

    def carry_in(self, file: Path, progress: Progress) -> CarryReport:
        """Take over another desk's file (blocking). Codes as `carry_out`, `hub.altered`,
        `hub.unreadable`."""
        ...
