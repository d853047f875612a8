"""Protocols that services own and adapters fulfil. Fakes in tests stand at these, nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from console.domain.cases import CaseState
from console.domain.decisions import Action, Decision
from console.domain.emergency import Emergency
from console.domain.ids import (
    DecisionId,
    DeskId,
    EscalationId,
    ImportId,
    MessageId,
    OutgoingId,
    PersonId,
    RuleId,
    StaffId,
    WarningId,
)
from console.domain.journal import Event, Link
from console.domain.messages import Account, IncomingMessage, Platform
from console.domain.roles import Staff
from console.domain.sanctions import Delivery, IssuedWarning, LadderSettings
from console.domain.verdicts import Verdict
from console.services.carry_ports import CarryReplica, PeerBreak
from console.services.connecting_ports import ConnectingReads, ConnectingWrites
from console.services.delivery_ports import DeliveringReads, DeliveringWrites
from console.services.judged import Judged as Judged
from console.services.learning_ports import LearningReads, LearningWrites
from console.services.rows import (
    CaseDetail,
    Cursor,
    DecisionDetail,
    EscalationKind,
    EscalationOutcome,
    EscalationRow,
    HistoryFilter,
    HistoryRow,
    OutgoingRow,
    OutgoingState,
    Page,
    PersonEvent,
    PersonRow,
    QueueCounts,
    QueueFilter,
    QueueRow,
    SavedView,
    Sort,
)
from console.services.sharing_ports import ConflictRow, RefusalRow, Replica


@dataclass(frozen=True, slots=True)
class Known:
    """What the store already holds for an incoming message."""

    message_id: MessageId
    sha256: str
    revision: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier message, as context for repetition."""

    text: str
    posted_at: datetime
    post_external_id: str
    author: str = ""
    """Who wrote it on the platform (`author_key`), to tell a raid of many from one person's flood."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Asks for messages of nearly the same words: with such keys, posted from `since` to `until`.

    Of sixteen keys a single one means little: among a hundred thousand comments, thousands share it by
    chance. Texts that have 7 of 10 letter shingles in common share three keys 99 times in 100.
    """

    bands: tuple[int, ...]
    since: datetime
    until: datetime

    @property
    def needed(self) -> int:
        """How many keys a message must share to be worth comparing letter by letter."""
        return min(3, len(self.bands))


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Outcome of one stored batch."""

    added: tuple[MessageId, ...]
    updated: tuple[MessageId, ...]
    reopened: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """Outcome of one staged batch: how many rows are new, changed (applied on publishing), the same."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Published:
    """Outcome of a whole import: figures of all its batches. `reopened` counts within `updated`."""

    added: int
    updated: int
    unchanged: int
    reopened: int


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The mutable core of a case, read inside a write transaction."""

    message_id: MessageId
    state: CaseState
    revision: int
    sha256: str
    """Of the text (UTF-8) at this revision."""
    person_id: PersonId
    """The identity that wrote the message."""
    shown_as: PersonId
    """The person whom that identity belongs to: what cards and files name."""
    platform: Platform
    account: Account
    decision_id: DecisionId | None
    permalink: str
    posted_at: datetime
    deleted: bool
    by_city: bool
    suggested: tuple[Action, ...]
    policy: str
    engine: str


@dataclass(frozen=True, slots=True)
class NewOutgoing:
    """An outbox item to be stored with its decision."""

    id: OutgoingId
    decision_id: DecisionId
    message_id: MessageId
    operation: str
    text: str
    not_before: datetime
    warning_id: WarningId | None = None


class UnitOfWork(Replica, CarryReplica, DeliveringWrites, ConnectingWrites, LearningWrites, Protocol):
    """One write transaction (BEGIN IMMEDIATE). Leaving the block commits durably; raising rolls back."""

    # intake
    def known(
        self, keys: Sequence[tuple[Platform, str, str]]
    ) -> Mapping[tuple[Platform, str, str], Known]: ...
    def take_in(self, batch: Sequence[Judged], at: datetime) -> TakenIn: ...

    # imports, all or nothing. A batch (500 to 1,000 rows) is one short unit of work, so that decisions
    # pass between batches; nothing of it is seen by the screen until `publish_import`, but `known`,
    # `Reads.recent_by_author` and `Reads.sharing_bands` do see it: floods within one file are found.
    def begin_import(self, at: datetime) -> ImportId:
        """Open an import. One at a time: `ConflictError("import.running")`."""
        ...

    def stage(self, import_id: ImportId, batch: Sequence[Judged], at: datetime) -> Staged:
        """Store a batch out of sight. Code `import.gone` when the import is not open."""
        ...

    def publish_import(self, import_id: ImportId, at: datetime) -> Published:
        """Make all staged batches visible in this unit of work (append the journal entry in the same).

        Quick whatever the size (new rows become visible by one number); only messages that were
        known before and changed cost time. To stop an import: `Database.drop_import`.
        """
        ...

    def mark_deleted(self, message: MessageId, at: datetime) -> None: ...
    def replace_verdict(self, message: MessageId, verdict: Verdict) -> None: ...

    # cases and decisions
    def case(self, message: MessageId) -> CaseHead: ...
    def set_state(self, message: MessageId, state: CaseState) -> None: ...
    def add_decision(self, decision: Decision, state_before: CaseState) -> None: ...
    def decision(self, decision: DecisionId) -> tuple[Decision, CaseState, datetime | None]: ...
    def mark_undone(self, decision: DecisionId, at: datetime, by: StaffId) -> None: ...
    def latest_undoable(self, actor: StaffId) -> DecisionId | None:
        """The actor's newest decision that is not undone, is still its case's latest one, and whose
        case is in `UNDOABLE_STATES`. `Reads.undoable` lists by the same rule."""
        ...

    def add_note(self, message: MessageId, text: str, actor: StaffId, at: datetime) -> None: ...
    def approve(self, decision: DecisionId, by: StaffId, at: datetime) -> None: ...

    # warnings and the outbox
    def warnings_of(self, person: PersonId) -> tuple[IssuedWarning, ...]: ...
    def add_warning(self, warning: IssuedWarning) -> None: ...
    def deliver_warning(self, warning: WarningId, delivery: Delivery) -> None: ...
    def withdraw_warning(self, warning: WarningId, at: datetime) -> None: ...
    def add_outgoing(self, item: NewOutgoing) -> None: ...
    def outgoing(self, item: OutgoingId) -> tuple[NewOutgoing, OutgoingState]: ...
    def outgoing_of(self, decision: DecisionId) -> tuple[tuple[NewOutgoing, OutgoingState], ...]: ...
    def set_outgoing(
        self, item: OutgoingId, state: OutgoingState, at: datetime, by: StaffId | None = None, proof: str = ""
    ) -> None: ...

    # supervision
    def add_escalation(
        self,
        escalation: EscalationId,
        message: MessageId,
        kind: EscalationKind,
        actor: StaffId,
        at: datetime,
        reason: str,
        question: str,
        suggested: Sequence[str],
        decision: DecisionId | None,
    ) -> None: ...
    def escalation(self, escalation: EscalationId) -> tuple[EscalationRow, DecisionId | None]: ...
    def answer_escalation(
        self, escalation: EscalationId, outcome: EscalationOutcome, actor: StaffId, at: datetime, answer: str
    ) -> None: ...
    def open_escalation_of(self, message: MessageId) -> EscalationId | None: ...
    def mark_outcome_seen(self, escalation: EscalationId) -> None: ...

    # people, accounts, staff, settings
    def link_people(self, keep: PersonId, merged: PersonId) -> None: ...
    def unlink_people(self, merged: PersonId) -> None: ...
    def put_account(self, account: Account) -> None: ...
    def put_staff(self, staff: Staff) -> None: ...
    def put_setting(self, key: str, value: Any) -> None: ...
    def setting(self, key: str) -> Any | None: ...
    def put_view(self, view: SavedView) -> None: ...
    def drop_view(self, name: str) -> None: ...
    def put_emergency(self, emergency: Emergency) -> None: ...
    def emergency(self) -> Emergency | None: ...

    # journal
    def append(self, event: Event) -> Link: ...


class Reads(DeliveringReads, ConnectingReads, LearningReads, Protocol):
    """Consistent reads; each method is one short read transaction and may run on any thread."""

    def queue(self, where: QueueFilter, sort: Sort, after: Cursor | None, limit: int) -> Page[QueueRow]: ...
    def rows(self, ids: Sequence[MessageId]) -> tuple[QueueRow, ...]: ...
    def matches(self, where: QueueFilter, limit: int) -> int: ...
    def counts(self, actor: StaffId) -> QueueCounts: ...
    def arrivals(self, where: QueueFilter, since: int) -> int: ...
    def last_arrival(self) -> int: ...
    def case_detail(self, message: MessageId, at: datetime, ladder: LadderSettings) -> CaseDetail: ...
    def history(self, where: HistoryFilter, after: Cursor | None, limit: int) -> Page[HistoryRow]: ...
    def history_matches(self, where: HistoryFilter) -> int: ...
    def decision_detail(self, decision: DecisionId) -> DecisionDetail: ...
    def decision_details(self, decisions: Sequence[DecisionId]) -> tuple[DecisionDetail, ...]: ...
    def undoable(self, actor: StaffId, limit: int) -> tuple[HistoryRow, ...]: ...
    def outgoing(self, states: frozenset[OutgoingState], limit: int) -> tuple[OutgoingRow, ...]: ...
    def escalations(
        self, outcomes: frozenset[EscalationOutcome], submitted_by: StaffId | None, limit: int
    ) -> tuple[EscalationRow, ...]: ...
    def people(self, text: str, after: Cursor | None, limit: int) -> Page[PersonRow]: ...
    def person_history(self, person: PersonId) -> tuple[PersonEvent, ...]: ...
    def accounts(self) -> tuple[Account, ...]: ...
    def staff(self) -> tuple[Staff, ...]: ...
    def views(self) -> tuple[SavedView, ...]: ...
    def setting(self, key: str) -> Any | None: ...
    def emergency(self) -> Emergency | None: ...
    def recent_by_author(
        self, authors: Sequence[tuple[Platform, str]], since: datetime
    ) -> Mapping[tuple[Platform, str], tuple[Earlier, ...]]: ...
    def warnings_by_author(
        self, authors: Sequence[tuple[Platform, str]]
    ) -> Mapping[tuple[Platform, str], tuple[IssuedWarning, ...]]:
        """Warnings of these authors (platform, `author_key`) and of identities linked with them, oldest
        first; only authors who have any."""
        ...

    def sharing_bands(self, asked: Sequence[Likeness], limit: int) -> tuple[tuple[Earlier, ...], ...]:
        """For each of `asked`, the newest `limit` messages worth comparing, newest first."""
        ...

    def journal(self, after: int = 0) -> Iterator[Link]: ...
    def journal_head(self) -> tuple[int, str] | None: ...
    def summary(self, decided_since: datetime, actor: StaffId) -> int: ...
    def conflicts(self, actor: StaffId | None, settled: bool, limit: int) -> tuple[ConflictRow, ...]:
        """Contested decisions (of one person, or all), newest first."""
        ...

    def refusals(self, actor: StaffId | None, limit: int) -> tuple[RefusalRow, ...]:
        """What the hub refused of this desk's or, for `actor` None, of everybody's events."""
        ...

    def to_send(self) -> int:
        """How many messages and events of this desk the hub has not seen."""
        ...

    def peer_breaks(self) -> tuple[PeerBreak, ...]:
        """Check the journals of other desks as they are here: of each that does not hold or has gaps the
        first place, an altered one before a missing one."""
        ...


class Database(Protocol):
    """The desk's own store."""

    @property
    def path(self) -> Path: ...
    @property
    def desk(self) -> DeskId: ...
    @property
    def reads(self) -> Reads: ...
    def write(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work. Serialised, first come first served, and callable from any thread."""
        ...

    def drop_import(self, import_id: ImportId) -> None:
        """Forget a staged import, in short units of work. Imports left by a kill are dropped on opening."""
        ...

    def close(self) -> None: ...


class Judge(Protocol):
    """The verdict engine as services see it."""

    @property
    def version(self) -> str: ...
    def prepare(self) -> None:
        """Take over the policy in force; called once before a run of messages."""
        ...

    def judge(self, message: IncomingMessage, context: JudgeContext) -> Verdict: ...
    def bands(self, text: str) -> tuple[int, ...]: ...
    def similar(self, text: str, others: Sequence[str]) -> int: ...
    def with_picture(
        self, message: IncomingMessage, context: JudgeContext, verdict: Verdict, rule: RuleId, sure: float
    ) -> Verdict:
        """The verdict with the finding that a picture of the message was removed before for `rule`, with
        the confidence `sure` (0–1); its detector is named `picture`. A rule that is no more adds nothing."""
        ...


@dataclass(frozen=True, slots=True)
class JudgeContext:
    """What the engine may know beside the message itself."""

    author_recent: tuple[Earlier, ...] = ()
    similar_recent: tuple[Earlier, ...] = ()
    delivered_warnings: int = 0
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was not taken in: its place in the file (1-based, header included) and a reason code."""

    row: int
    code: str
    facts: Mapping[str, Any]


class MessageSource(Protocol):
    """A recognised file: its format and its messages, read lazily."""

    @property
    def format(self) -> str: ...
    @property
    def total(self) -> int | None: ...
    def read(self) -> Iterable[IncomingMessage | Skipped]: ...


Progress = Callable[[int, int | None], None]
"""(done, total or None); raises `CancelledError` to stop the work."""
