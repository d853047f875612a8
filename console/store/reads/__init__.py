"""All reads of a desk's file: frozen rows, each method one short transaction, on any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from console.domain.emergency import Emergency
from console.domain.ids import AccountId, DecisionId, MessageId, OutgoingId, PersonId, StaffId
from console.domain.journal import Link
from console.domain.messages import Account, Attachment, Platform
from console.domain.roles import Staff
from console.domain.sanctions import IssuedWarning, LadderSettings
from console.services.carry_ports import PeerBreak
from console.services.connecting_ports import (
    Backlog,
    KnownPicture,
    PictureToNote,
    StoredConnection,
    ThreadPart,
    ToLookAt,
)
from console.services.delivery_ports import Addressee, Dispatch
from console.services.learning_ports import Adoption, Dispute, Judgement, StoredLayer
from console.services.ports import Earlier, Likeness
from console.services.rows import (
    CaseDetail,
    Cursor,
    DecisionDetail,
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
from console.services.sharing_ports import ConflictRow, RefusalRow
from console.store import journal as chain
from console.store.reads import (
    case,
    connecting,
    context,
    decided,
    delivering,
    desk,
    history,
    ladder,
    learning,
    likeness,
    persons,
    queue,
    sharing,
)
from console.store.reads.wanted import visible_arrival

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_LINKS = 2_000
"""Links of the journal read in one transaction."""
_EVENTS = 500
"""Newest decisions of a person that a reading of their file shows."""


class SqlReads:
    """Fulfils `console.services.ports.Reads`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _read(
        self,
        query: Callable[Concatenate[Connection, Asked], Answer],
        *asked: Asked.args,
        **options: Asked.kwargs,
    ) -> Answer:
        with self._engine.begin() as connection:
            return query(connection, *asked, **options)

    def queue(self, where: QueueFilter, sort: Sort, after: Cursor | None, limit: int) -> Page[QueueRow]:
        """One page of the queue; the cursor belongs to the same filter and sort."""
        return self._read(queue.page, where, sort, after, limit)

    def rows(self, ids: Sequence[MessageId]) -> tuple[QueueRow, ...]:
        """Cards in the order of `ids`; unknown ids are left out."""
        return self._read(queue.cards_by_id, ids)

    def matches(self, where: QueueFilter, limit: int) -> int:
        """How many messages match, counted up to `limit`."""
        return self._read(queue.matches, where, limit)

    def counts(self, actor: StaffId) -> QueueCounts:
        """Figures of the chips."""
        return self._read(desk.counts, actor)

    def arrivals(self, where: QueueFilter, since: int) -> int:
        """How many matching messages have a greater arrival number."""
        return self._read(queue.arrivals, where, since)

    def last_arrival(self) -> int:
        """The newest visible arrival number."""
        return self._read(visible_arrival)

    def case_detail(self, message: MessageId, at: datetime, ladder: LadderSettings) -> CaseDetail:
        """One case, the person's standing as of `at`. Code `case.unknown`."""
        return self._read(case.case_detail, message, at, ladder)

    def history(self, where: HistoryFilter, after: Cursor | None, limit: int) -> Page[HistoryRow]:
        """One page of decisions, newest first."""
        return self._read(history.history, where, after, limit)

    def history_matches(self, where: HistoryFilter) -> int:
        """How many decisions match."""
        return self._read(history.history_matches, where)

    def decision_detail(self, decision: DecisionId) -> DecisionDetail:
        """One decision with its explanation and proofs. Code `decision.unknown`."""
        return self._read(decided.decision_detail, decision)

    def decision_details(self, decisions: Sequence[DecisionId]) -> tuple[DecisionDetail, ...]:
        """The same for many; unknown ids are left out."""
        return self._read(decided.decision_details, decisions)

    def undoable(self, actor: StaffId, limit: int) -> tuple[HistoryRow, ...]:
        """What the actor can still take back, newest first."""
        return self._read(history.undoable, actor, limit)

    def outgoing(self, states: frozenset[OutgoingState], limit: int) -> tuple[OutgoingRow, ...]:
        """Things to carry out, the earliest due first."""
        return self._read(delivering.outgoing_in, states, limit)

    def addressee(self, message: MessageId) -> Addressee:
        """A message as its platform names it. Code `case.unknown`."""
        return self._read(delivering.addressee, message)

    def dispatches(self, items: Sequence[OutgoingId]) -> tuple[Dispatch, ...]:
        """Outbox items with all that carrying them out needs."""
        return self._read(delivering.dispatches, items)

    def in_grace(self, now: datetime, limit: int) -> tuple[Dispatch, ...]:
        """Items whose grace has ended, and which nobody has taken on yet."""
        return self._read(delivering.in_grace, now, limit)

    def due(self, now: datetime, limit: int) -> tuple[Dispatch, ...]:
        """What this desk may send or look up now."""
        return self._read(delivering.due, now, limit)

    def stranded(self, limit: int) -> tuple[Dispatch, ...]:
        """What waits for accounts that were disconnected here."""
        return self._read(delivering.stranded, limit)

    def next_due(self, now: datetime) -> datetime | None:
        """When something becomes due next."""
        return self._read(delivering.next_due, now)

    def waiting_outgoing(self, now: datetime, limit: int) -> tuple[OutgoingRow, ...]:
        """Items that are not final, troubled ones first."""
        return self._read(delivering.waiting, now, limit)

    def sent_outgoing(self, limit: int) -> tuple[OutgoingRow, ...]:
        """Final items, the latest first."""
        return self._read(delivering.sent, limit)

    def trouble(self) -> int:
        """How many items need a person."""
        return self._read(delivering.trouble)

    def escalations(
        self, outcomes: frozenset[EscalationOutcome], submitted_by: StaffId | None, limit: int
    ) -> tuple[EscalationRow, ...]:
        """Escalations, newest first; where all still wait for supervision, the gravest first."""
        return self._read(desk.submitted, outcomes, submitted_by, limit)

    def people(self, text: str, after: Cursor | None, limit: int) -> Page[PersonRow]:
        """People by name."""
        return self._read(persons.people_page, text, after, limit)

    def person_history(self, person: PersonId) -> tuple[PersonEvent, ...]:
        """Decisions about a person and all linked identities, newest first. Code `person.unknown`."""
        return self._read(persons.person_history, person, _EVENTS)

    def accounts(self) -> tuple[Account, ...]:
        """Accounts by platform and name."""
        return self._read(desk.all_accounts)

    def staff(self) -> tuple[Staff, ...]:
        """Everyone registered, by name."""
        return self._read(desk.all_staff)

    def views(self) -> tuple[SavedView, ...]:
        """Saved views in their order."""
        return self._read(desk.saved_views)

    def setting(self, key: str) -> Any | None:
        """A JSON value, or None."""
        return self._read(desk.setting, key)

    def emergency(self) -> Emergency | None:
        """The latest period of emergency measures, active or ended."""
        return self._read(desk.latest_emergency)

    def recent_by_author(
        self, authors: Sequence[tuple[Platform, str]], since: datetime
    ) -> Mapping[tuple[Platform, str], tuple[Earlier, ...]]:
        """What these authors posted since, oldest first, at most the newest 200 of each."""
        return self._read(context.recent_by_author, authors, since)

    def warnings_by_author(
        self, authors: Sequence[tuple[Platform, str]]
    ) -> Mapping[tuple[Platform, str], tuple[IssuedWarning, ...]]:
        """Warnings of these authors and of identities linked with them, oldest first."""
        return self._read(ladder.warnings_by_author, authors)

    def sharing_bands(self, asked: Sequence[Likeness], limit: int) -> tuple[tuple[Earlier, ...], ...]:
        """Messages worth comparing, for a whole batch."""
        return self._read(likeness.sharing_bands, asked, limit)

    def journal(self, after: int = 0) -> Iterator[Link]:
        """Links in order after a sequence number, as they are asked for.

        Read in stretches, each a short transaction: a long journal never holds the file's log back.
        """
        while stretch := self._read(_stretch, after):
            yield from stretch
            after = stretch[-1].sequence

    def journal_head(self) -> tuple[int, str] | None:
        """Sequence and hash of the newest link as remembered apart from the chain."""
        return self._read(chain.head)

    def summary(self, decided_since: datetime, actor: StaffId) -> int:
        """How many messages this person decided since."""
        return self._read(desk.summary, decided_since, actor)

    def conflicts(self, actor: StaffId | None, settled: bool, limit: int) -> tuple[ConflictRow, ...]:
        """Contested decisions beside what stands."""
        return self._read(sharing.conflicts, actor, settled, limit)

    def refusals(self, actor: StaffId | None, limit: int) -> tuple[RefusalRow, ...]:
        """What the hub refused."""
        return self._read(sharing.refusals, actor, limit)

    def to_send(self) -> int:
        """How much waits for the hub."""
        return self._read(sharing.to_send)

    def peer_breaks(self) -> tuple[PeerBreak, ...]:
        """Other desks' journals, link by link; read in stretches like one's own."""
        walks: dict[str, sharing.PeerWalk] = {}
        after: tuple[str, int, str] = ("", 0, "")
        while stretch := self._read(sharing.peer_rows, after, _LINKS):
            for row in stretch:
                walks.setdefault(row.desk, sharing.PeerWalk()).step(row)
            after = (stretch[-1].desk, stretch[-1].sequence, stretch[-1].event_id)
        return self._read(sharing.breaks_of, walks)

    # connected accounts ------------------------------------------------------------------------

    def connections(self) -> tuple[StoredConnection, ...]:
        """Connected accounts."""
        return self._read(connecting.all_connections)

    def backlog(self) -> Mapping[AccountId, Backlog]:
        """What waits for accounts."""
        return self._read(connecting.backlog)

    def to_look_at(
        self, account: AccountId, decided_since: datetime, after: datetime | None, limit: int
    ) -> tuple[ToLookAt, ...]:
        """Messages that may have changed unseen."""
        return self._read(connecting.to_look_at, account, decided_since, after, limit)

    def thread_parts(
        self, account: Account, roots: Sequence[str], conversations: Sequence[str], limit: int
    ) -> Mapping[str, tuple[ThreadPart, ...]]:
        """Threads and private conversations that are here already; staged ones included."""
        return self._read(connecting.thread_parts, account, roots, conversations, limit)

    def attachments(self, message: MessageId) -> tuple[AccountId, tuple[Attachment, ...]]:
        """What hangs on a message. Code `case.unknown`."""
        return self._read(connecting.attachments, message)

    def judgements(self, limit: int) -> tuple[Judgement, ...]:
        """Decisions that stand, newest first."""
        return self._read(learning.judgements, limit)

    def disputes(self, limit: int) -> tuple[Dispute, ...]:
        """Disagreements with findings, newest first."""
        return self._read(learning.disputes, limit)

    def layer_in_force(self) -> tuple[str, bytes] | None:
        """Id and body of the learned layer in force."""
        return self._read(learning.layer_in_force)

    def layers(self) -> tuple[StoredLayer, ...]:
        """Learned layers, newest first."""
        return self._read(learning.all_layers)

    def adoptions(self) -> tuple[Adoption, ...]:
        """Which layers were put in force, newest first."""
        return self._read(learning.all_adoptions)

    def known_pictures(self) -> tuple[KnownPicture, ...]:
        """Pictures that were removed before."""
        return self._read(connecting.all_known_pictures)

    def pictures_to_note(self, decided_since: datetime, limit: int) -> tuple[PictureToNote, ...]:
        """Pictures that were removed and are not known yet."""
        return self._read(connecting.pictures_to_note, decided_since, limit)


def _stretch(connection: Connection, after: int) -> list[Link]:
    return list(islice(chain.links(connection, after), _LINKS))
