"""The queue as a model of cards: a decided message is greyed where it stands, new ones wait until
`replace` is called."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject

from console.domain.ids import MessageId
from console.services.rows import QueueRow
from ui.models.card import CardContext, card_of
from ui.models.row_model import RowModel


class QueueModel(RowModel[MessageId, QueueRow]):
    """`RowModel` of `QueueRow`, with the words that depend on the time and on `CardContext`."""

    def __init__(self, now: datetime, parent: QObject | None = None) -> None:
        super().__init__(lambda row: row.id, lambda row: card_of(row, self._now, self._context), parent)
        self._context = CardContext()
        self._now = now

    def awaiting(self, place: int) -> bool:
        """Whether the row at `place` is still of the kind that the list shows."""
        return self.row_at(place).state in self._context.states

    def set_context(self, context: CardContext) -> None:
        """Other words on every card (names masked, rules read, another filter)."""
        if context != self._context:
            self._context = context
            self.reword()

    def set_now(self, now: datetime) -> None:
        """Time goes on: ages change."""
        self._now = now
        self.reword()
