"""Before anybody confirms: by which way each action would go, and what it means on its platform."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.services.consequences import Consequence
from ui.desk import Desk
from ui.models import delivery
from ui.pages.queue import words
from ui.widgets.label import Label, SectionLabel


def ways_in_words(consequence: Consequence) -> list[str]:
    """«Masquer: par Vigie.», a sentence an action."""
    return [
        f"{delivery.way_line(words.button_word(action), action.value, planned)}."
        for action, planned in consequence.planned
        if planned
    ]


def notes_of(consequence: Consequence, said: Iterable[str]) -> list[str]:
    """What the acts mean there, each once, without what is `said` already."""
    every = delivery.notes(act for _action, planned in consequence.planned for act in planned)
    return [note for note in every if note not in set(said)]


class PlannedWays(QWidget):
    """One line an action; hidden while nothing would go out."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(SectionLabel(self.tr("Comment cela part")))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self._column.addLayout(self._lines)
        self.hide()

    def show_consequence(self, consequence: Consequence, said: Iterable[str]) -> None:
        """Another decision; `said` stands elsewhere already."""
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        told, now = set(said), self._desk.services.clock.now()
        for action, planned in consequence.planned:
            if planned:
                line = delivery.planned_line(words.button_word(action), action.value, planned, now, told)
                told.update(delivery.notes(planned))
                self._lines.addWidget(Label(line, "note", "muted", wrap=True))
        self.setVisible(self._lines.count() > 0)
