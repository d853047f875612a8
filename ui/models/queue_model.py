"""The queue as a model of cards: a decided message is greyed where it stands, new ones wait until
`replace` is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QObject

from console.domain.ids import MessageId
from console.services.rows import QueueRow
from ui.models.card import CardContext, CardText, card_of
from ui.models.row_model import RowModel


class QueueModel(RowModel[MessageId, QueueRow]):
    """`RowModel` of `QueueRow`, with the words that depend on the time and on `CardContext`."""

    def __init__(self, now: datetime, parent: QObject | None = None) -> None:
        super().__init__(lambda row: row.id, self._card_in_words, parent)
        self._context = CardContext()
        self._now = now
        self._claims: Mapping[MessageId, str] = {}

    def awaiting(self, place: int) -> bool:
        """Whether the row at `place` is still of the kind that the list shows."""
        return self.row_at(place).state in self._context.states

    def set_context(self, context: CardContext) -> None:
        """Other words on every card (names masked, rules read, another filter)."""
        if context != self._context:
            self._context = context
            self.reword()

    def set_claims(self, claims: Mapping[MessageId, str]) -> None:
        """Who has which message open elsewhere, by name: only those cards change, each where it stands."""
        before, self._claims = self._claims, dict(claims)
        touched = {each for each in (*before, *claims) if before.get(each) != claims.get(each)}
        self.reword_only(touched)

    def set_now(self, now: datetime) -> None:
        """Time goes on: ages change."""
        self._now = now
        self.reword()

    def _card_in_words(self, row: QueueRow) -> CardText:
        return card_of(row, self._now, self._context, self._claims.get(row.id, ""))
