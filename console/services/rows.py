"""Frozen rows that reads return and the screen shows. No ORM object ever leaves the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from console.domain.cases import CaseState
from console.domain.decisions import Action, Decision
from console.domain.delivery_plan import PlannedAct
from console.domain.ids import (
    AccountId,
    DecisionId,
    EscalationId,
    MessageId,
    OutgoingId,
    PersonId,
    RuleId,
    StaffId,
    WarningId,
)
from console.domain.messages import Account, Channel, Kind, Message, Person, Platform, Post, Snapshot
from console.domain.sanctions import IssuedWarning, Standing
from console.domain.verdicts import Route, Verdict

if TYPE_CHECKING:
    from console.services.platform_rows import AttemptRow

Row = TypeVar("Row")


class Sort(StrEnum):
    """Orders of the queue; each is total (ties by message id)."""

    PRIORITY = "priority"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the queue shows. Empty sets mean «all»; `text` searches (accents and spellings folded).

    `arrived_before` freezes the list: only messages with a smaller arrival number are seen, the
    newer ones wait behind the button. `emergency` puts danger to life first, whatever the sort.
    `posted_from` is included, `posted_to` is not. A text without a single word (only signs) finds
    nothing; one of two letters is a whole word, from three on the last word may be only begun.
    """

    states: frozenset[CaseState] = frozenset({CaseState.PENDING, CaseState.RETURNED})
    platforms: frozenset[Platform] = frozenset()
    accounts: frozenset[AccountId] = frozenset()
    channels: frozenset[Channel] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    rules: frozenset[RuleId] = frozenset()
    severities: frozenset[int] = frozenset()
    routes: frozenset[Route] = frozenset()
    author: PersonId | None = None
    submitted_by: StaffId | None = None
    """Only cases that this staff member once submitted to supervision («Mes dossiers»)."""
    posted_from: datetime | None = None
    posted_to: datetime | None = None
    text: str = ""
    arrived_before: int | None = None
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A rule on a card."""

    rule: RuleId
    article: str
    severity: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One card of the queue."""

    id: MessageId
    state: CaseState
    platform: Platform
    account: str
    author: str
    author_id: PersonId
    author_number: int
    """Stable small number, shown instead of the name with «masquer les noms»."""
    channel: Channel
    kind: Kind
    excerpt: str
    posted_at: datetime
    priority: int
    severity: int
    chips: tuple[Chip, ...]
    route: Route
    criticism: bool
    similar: int
    warnings: int
    revision: int
    arrival: int
    decided_by: str = ""
    decided_actions: tuple[Action, ...] = ()
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Keyset position: the sort key and id of the last row seen. Opaque to the screen."""

    key: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in order; `next` is None at the end."""

    rows: tuple[Row, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Figures of the chips above the queue."""

    pending: int = 0
    emergencies: int = 0
    private: int = 0
    mine_returned: int = 0
    submitted: int = 0


@dataclass(frozen=True, slots=True)
class NoteRow:
    """An internal note on a case."""

    at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonEvent:
    """One line of a person's history: a decision or a warning about an earlier message."""

    at: datetime
    message_id: MessageId
    excerpt: str
    actions: tuple[Action, ...]
    rules: tuple[RuleId, ...]
    route: Route
    warning_rank: int = 0
    """1 for «1er avertissement», 2 for «2e»; 0 when no warning."""
    delivered_at: datetime | None = None
    delivery_means: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """All that the message and verdict panes show."""

    message: Message
    state: CaseState
    account: Account
    post: Post | None
    author: Person
    author_number: int
    declared_warnings: int
    """Warnings that the imported file declares, without proof: shown, never counted."""
    verdict: Verdict
    judged_text: str
    snapshots: tuple[Snapshot, ...]
    siblings: tuple[QueueRow, ...]
    """Other messages of the same thread or post, oldest first, at most 20."""
    history: tuple[PersonEvent, ...]
    warnings: tuple[IssuedWarning, ...]
    standing: Standing
    notes: tuple[NoteRow, ...]
    decision: Decision | None
    decided_by: str
    returned_word: str
    """What the supervisor wrote when the case came back."""
    claimed_by: str = ""
    outgoing: tuple[OutgoingRow, ...] = ()
    """Everything that was to be carried out about this message, oldest first, with its receipts."""


class OutgoingState(StrEnum):
    """The life of one thing to carry out: grace → waiting → sending → one of the others."""

    GRACE = "grace"
    """A person may still take the decision back; the end of a ban rests here until its day."""
    WAITING = "waiting"
    """To be sent by the platform's interface, now or at `retry_at`."""
    SENDING = "sending"
    UNKNOWN = "unknown"
    """An answer was lost: it is looked up before anything else happens."""
    BY_HAND = "by_hand"
    DONE = "done"
    ALREADY = "already"
    """It was so before, or what it was about is gone."""
    REFUSED = "refused"
    """The platform said no: a person does it by hand, tries again or gives up."""
    FAILED = "failed"
    """Tried too often: as `REFUSED`."""
    CANCELLED = "cancelled"


FINAL_STATES = frozenset({OutgoingState.DONE, OutgoingState.ALREADY, OutgoingState.CANCELLED})
TROUBLED_STATES = frozenset({OutgoingState.REFUSED, OutgoingState.FAILED, OutgoingState.UNKNOWN})
"""A person has to look."""


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """Something decided that is to be carried out on a platform."""

    id: OutgoingId
    decision_id: DecisionId
    message_id: MessageId
    operation: str
    """An `Action` value, or `unhide`, `unban`."""
    platform: Platform
    channel: Channel
    account: str
    author: str
    author_number: int
    excerpt: str
    text: str
    permalink: str
    state: OutgoingState
    not_before: datetime
    done_at: datetime | None = None
    done_by: str = ""
    proof: str = ""
    retry_at: datetime | None = None
    """Not sent before."""
    code: str = ""
    """Why it waits, was refused, failed or is done by hand: an error code, the platform's own, or a code
    of the catalogue's group `ability`."""
    attempts: tuple[AttemptRow, ...] = ()
    """Every call that was made for it, oldest first."""
    planned: tuple[PlannedAct, ...] = ()
    """What is still to be done, by which way; filled by `Outbox.waiting`."""


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Past decisions: by person who decided, action, rule, platform, dates and words.

    `text` is looked for in what was decided and why (reason, note, texts sent) and in the message and
    its author's name. `decided_from` is included, `decided_to` is not.
    """

    text: str = ""
    actions: frozenset[Action] = frozenset()
    rules: frozenset[RuleId] = frozenset()
    platforms: frozenset[Platform] = frozenset()
    staff: frozenset[StaffId] = frozenset()
    decided_from: datetime | None = None
    decided_to: datetime | None = None
    include_undone: bool = True


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One past decision."""

    decision_id: DecisionId
    message_id: MessageId
    at: datetime
    decided_by: str
    actions: tuple[Action, ...]
    rules: tuple[RuleId, ...]
    reason: str
    platform: Platform
    account: str
    author: str
    author_number: int
    excerpt: str
    policy: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class JournalProof:
    """Where a decision stands in the journal, so that it can be checked outside Vigie."""

    sequence: int
    event_id: str
    at: datetime
    previous: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DecisionDetail:
    """A decision with its whole explanation, word for word."""

    row: HistoryRow
    decision: Decision
    message: Message
    post: Post | None
    judged_text: str
    verdict: Verdict
    proofs: tuple[JournalProof, ...]
    outgoing: tuple[OutgoingRow, ...]
    warnings: tuple[IssuedWarning, ...]
    approved_by: str = ""


class EscalationKind(StrEnum):
    """Why a case is on the supervisor's table."""

    QUESTION = "question"
    BAN_SIGNATURE = "ban_signature"


class EscalationOutcome(StrEnum):
    """How the supervisor answered."""

    OPEN = "open"
    HELD = "held"
    DECIDED = "decided"
    RETURNED = "returned"
    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Taken back by the person who submitted it."""


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """One case before supervision, open or answered."""

    id: EscalationId
    message_id: MessageId
    kind: EscalationKind
    outcome: EscalationOutcome
    submitted_at: datetime
    submitted_by: str
    submitted_by_id: StaffId
    reason: str
    question: str
    suggested: tuple[Action, ...]
    platform: Platform
    author: str
    author_number: int
    excerpt: str
    severity: int
    priority: int
    answered_at: datetime | None = None
    answered_by: str = ""
    answer: str = ""
    seen_by_submitter: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person who writes to the city, with what the console knows of them (L2: no more)."""

    id: PersonId
    number: int
    name: str
    platforms: tuple[Platform, ...]
    messages: int
    delivered_warnings: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A named filter and sort, kept per desk."""

    name: str
    filter: QueueFilter
    sort: Sort


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What a use case changed, so that views refresh exactly that and nothing else."""

    messages: frozenset[MessageId] = frozenset()
    people: frozenset[PersonId] = frozenset()
    counts: bool = False
    outgoing: bool = False
    escalations: bool = False
    decision: DecisionId | None = None
    warning: WarningId | None = None
    send_at: datetime | None = None
    """When the grace period ends, for the toast; None when nothing would go out."""
    facts: Mapping[str, str] = field(default_factory=dict)
