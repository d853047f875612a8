"""What carrying out needs of the desk's store; parts of `UnitOfWork` and `Reads`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from console.domain.ids import AccountId, DecisionId, MessageId, OutgoingId, StaffId, WarningId
from console.domain.platforms import Act, Receipt, Target
from console.services.facts import ReceiptFact
from console.services.platform_ports import ConnectionState
from console.services.platform_rows import AttemptRow
from console.services.rows import OutgoingRow, OutgoingState


@dataclass(frozen=True, slots=True)
class Addressee:
    """A message as a platform names it, and how its account is connected at this desk."""

    account: AccountId
    target: Target
    connection: ConnectionState | None
    """None: never connected here."""
    message_used: bool
    """A private message was sent for it: some platforms allow one for each comment."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """An outbox item with all that carrying it out needs."""

    id: OutgoingId
    decision: DecisionId
    message: MessageId
    operation: str
    text: str
    not_before: datetime
    warning: WarningId | None
    state: OutgoingState
    retry_at: datetime | None
    to: Addressee
    blocked: bool
    """An earlier item of the same message comes first."""
    attempts: tuple[AttemptRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """Another decision's item that does the same to the same: hides this message, bans this person there."""

    undone: bool
    """Its decision was taken back."""
    state: OutgoingState
    lifted: bool
    """The opposite has been carried out for it or, when its decision was taken back, is on its way."""


class DeliveringWrites(Protocol):
    """Inside one write transaction."""

    def twins(self, decision: DecisionId, operation: str) -> tuple[Twin, ...]:
        """What other decisions sent to the same effect as `operation` of this one; none but for the
        operations of `console.domain.decisions.INVERSE`."""
        ...

    def dispatch(self, item: OutgoingId) -> Dispatch | None:
        """The item as it is now; None when it is no longer there (its decision did not stand)."""
        ...

    def put_outgoing(
        self,
        item: OutgoingId,
        state: OutgoingState,
        at: datetime,
        by: StaffId | None = None,
        *,
        code: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        """Move an item on, not finally. Code `outbox.unknown`."""
        ...

    def begin_attempt(self, item: OutgoingId, act: Act, at: datetime) -> None:
        """A call is about to be made. It takes the place of the last one when that never left the desk."""
        ...

    def end_attempt(self, item: OutgoingId, at: datetime, code: str) -> None:
        """The newest call ended without saying what became of the act."""
        ...

    def read_attempt(self, item: OutgoingId, at: datetime, code: str) -> None:
        """Looked up: the newest call surely did nothing."""
        ...

    def keep_receipt(self, item: OutgoingId, receipt: Receipt) -> None:
        """The platform's answer to the newest call."""
        ...

    def keep_receipts(self, item: OutgoingId, receipts: Sequence[ReceiptFact]) -> None:
        """Answers that another desk got, unless they are known."""
        ...

    def restore_progress(self, message: MessageId) -> None:
        """After a replay: calls that this desk made, and how far it had come, as before `clear_case`."""
        ...


class DeliveringReads(Protocol):
    """Each method one short read transaction."""

    def addressee(self, message: MessageId) -> Addressee:
        """Code `case.unknown`."""
        ...

    def dispatches(self, items: Sequence[OutgoingId]) -> tuple[Dispatch, ...]:
        """These items; unknown ones are left out."""
        ...

    def in_grace(self, now: datetime, limit: int) -> tuple[Dispatch, ...]:
        """Items whose grace has ended, and which nobody has taken on yet."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[Dispatch, ...]:
        """What this desk may send or look up now, accounts connected here only, in the order of ids."""
        ...

    def stranded(self, limit: int) -> tuple[Dispatch, ...]:
        """What waits for accounts that were disconnected here."""
        ...

    def next_due(self, now: datetime) -> datetime | None:
        """When something becomes due next."""
        ...

    def waiting_outgoing(self, now: datetime, limit: int) -> tuple[OutgoingRow, ...]:
        """Items that are not final, troubled ones first; the end of a ban not before its day."""
        ...

    def sent_outgoing(self, limit: int) -> tuple[OutgoingRow, ...]:
        """Final items, the latest first."""
        ...

    def trouble(self) -> int:
        """How many items need a person."""
        ...
