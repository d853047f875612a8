"""The queue: what awaits a decision, in pages that never jump."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from console.clock import Clock
from console.domain.ids import EventId, MessageId, new_id
from console.domain.journal import Event
from console.domain.messages import Account
from console.domain.roles import Actor, Permission
from console.errors import ValidationError
from console.services.ports import Database
from console.services.preferences import Preferences
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
    """Use cases over one `Database`; `preferences` gives the ladder that a person's standing follows."""

    def __init__(self, db: Database, clock: Clock, preferences: Preferences) -> None:
        self._db, self._clock, self._preferences = db, clock, preferences

    def page(
        self, where: QueueFilter, sort: Sort, after: Cursor | None = None, limit: int = 100
    ) -> Page[QueueRow]:
        """One page after a cursor (keyset); the cursor belongs to this filter and sort."""
        return self._db.reads.queue(where, sort, after, limit)

    def rows(self, ids: Sequence[MessageId]) -> tuple[QueueRow, ...]:
        """Fresh rows of these messages in the order given, to refresh cards in place; unknown ids
        are left out."""
        return self._db.reads.rows(ids)

    def counts(self, actor: Actor) -> QueueCounts:
        """Figures of the chips, from counters."""
        return self._db.reads.counts(actor.staff.id)

    def matches(self, where: QueueFilter, limit: int = 10_000) -> int:
        """How many rows match, counted up to `limit`."""
        return self._db.reads.matches(where, limit)

    def watermark(self) -> int:
        """The newest arrival number, to freeze a list at (`arrived_before = watermark + 1`)."""
        return self._db.reads.last_arrival()

    def arrivals(self, where: QueueFilter, since: int) -> int:
        """How many matching messages arrived after the watermark `since`."""
        return self._db.reads.arrivals(where, since)

    def detail(self, message: MessageId) -> CaseDetail:
        """Everything about one case. Code `case.unknown`."""
        return self._db.reads.case_detail(message, self._clock.now(), self._preferences.ladder())

    def accounts(self) -> tuple[Account, ...]:
        """The accounts, for the filter."""
        return self._db.reads.accounts()

    def views(self) -> tuple[SavedView, ...]:
        """Saved views in their order."""
        return self._db.reads.views()

    def save_view(self, actor: Actor, view: SavedView) -> None:
        """Keep or replace a named view. Needs READ_QUEUE. Code `view.name_missing`.

        What belongs to the moment (the frozen list, emergency mode) is not kept.
        """
        actor.require(Permission.READ_QUEUE, self._clock.now())
        name = " ".join(view.name.split())
        if not name:
            raise ValidationError("view.name_missing")
        kept = replace(view.filter, arrived_before=None, emergency=False)
        with self._db.write() as work:
            work.put_view(SavedView(name, kept, view.sort))

    def drop_view(self, actor: Actor, name: str) -> None:
        """Remove a named view; nothing happens when there is none. Needs READ_QUEUE."""
        actor.require(Permission.READ_QUEUE, self._clock.now())
        with self._db.write() as work:
            work.drop_view(name)

    def add_note(self, actor: Actor, message: MessageId, text: str) -> ChangeSet:
        """Internal note on a case, with journal entry. Needs DECIDE. Codes `note.empty`, `case.unknown`.

        The journal keeps the note's hash, not its words: those may have to be destroyed one day by
        the city's retention calendar, the journal may not.
        """
        now = self._clock.now()
        actor.require(Permission.DECIDE, now)
        words = text.strip()
        if not words:
            raise ValidationError("note.empty")
        payload = {"sha256": hashlib.sha256(words.encode()).hexdigest()}
        with self._db.write() as work:
            work.case(message)
            work.add_note(message, words, actor.staff.id, now)
            work.append(
                Event(EventId(new_id()), "note.added", message, actor.staff.id, actor.desk, now, payload)
            )
        return ChangeSet(messages=frozenset({message}))
