"""The queue's list of cards: knows which message still awaits a decision."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from console.domain.ids import MessageId
from ui.models.queue_model import QueueModel
from ui.widgets.row_list import RowList


class CardList(RowList[MessageId]):
    """Shows a `QueueModel`; the current card is the message on screen."""

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(model, QCoreApplication.translate("CardList", "Messages de la file"), parent)
        self._queue = model

    def current_message(self) -> MessageId | None:
        """The message of the current card."""
        return self.current_id()

    def pick_first(self) -> None:
        """The first card that awaits a decision, else the first."""
        first = self.next_awaiting(set())
        if first is not None:
            self.pick(first)
        else:
            super().pick_first()

    def next_awaiting(self, skipped: Container[MessageId]) -> MessageId | None:
        """The next loaded card that awaits a decision: below the current one first, else from the top."""
        here, count = self.currentIndex().row(), self._queue.rowCount()
        for place in (*range(here + 1, count), *range(min(here + 1, count))):
            message = self._queue.row_at(place).id
            if message not in skipped and self._queue.awaiting(place):
                return message
        return None

    def visible_messages(self) -> tuple[MessageId, ...]:
        """The messages on screen."""
        return self.visible_ids()
