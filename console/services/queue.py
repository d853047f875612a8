"""The queue: what awaits a decision, in pages that never jump."""

from __future__ import annotations

from collections.abc import Sequence

from console.clock import Clock
from console.domain.ids import MessageId
from console.domain.messages import Account
from console.domain.roles import Actor
from console.services.ports import Database
from console.services.rows import (
    CaseDetail,
    ChangeSet,
    Cursor,
    Page,
    QueueCounts,
    QueueFilter,
    QueueRow,
    SavedView,
    Sort,
)


class Queue:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def page(
        self, where: QueueFilter, sort: Sort, after: Cursor | None = None, limit: int = 100
    ) -> Page[QueueRow]:
        """One page after a cursor (keyset)."""
        raise NotImplementedError

    def rows(self, ids: Sequence[MessageId]) -> tuple[QueueRow, ...]:
        """Fresh rows of these messages, to refresh cards in place."""
        raise NotImplementedError

    def counts(self, actor: Actor) -> QueueCounts:
        """Figures of the chips, from counters."""
        raise NotImplementedError

    def matches(self, where: QueueFilter, limit: int = 10_000) -> int:
        """How many rows match, counted up to `limit`."""
        raise NotImplementedError

    def watermark(self) -> int:
        """The newest arrival number, to freeze a list at (`arrived_before = watermark + 1`)."""
        raise NotImplementedError

    def arrivals(self, where: QueueFilter, since: int) -> int:
        """How many matching messages arrived after the watermark `since`."""
        raise NotImplementedError

    def detail(self, message: MessageId) -> CaseDetail:
        """Everything about one case. Code `case.unknown`."""
        raise NotImplementedError

    def accounts(self) -> tuple[Account, ...]:
        """The accounts, for the filter."""
        raise NotImplementedError

    def views(self) -> tuple[SavedView, ...]:
        """Saved views in their order."""
        raise NotImplementedError

    def save_view(self, actor: Actor, view: SavedView) -> None:
        """Keep or replace a named view. Code `view.name_missing`."""
        raise NotImplementedError

    def drop_view(self, actor: Actor, name: str) -> None:
        """Remove a named view."""
        raise NotImplementedError

    def add_note(self, actor: Actor, message: MessageId, text: str) -> ChangeSet:
        """Internal note on a case, with journal entry. Code `note.empty`."""
        raise NotImplementedError
