"""Before anybody confirms: by which way each action would go, and what it means on its platform."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.services.consequences import Consequence
from ui.models import delivery
from ui.pages.queue import words
from ui.widgets.label import Label, SectionLabel


def ways_in_words(consequence: Consequence, now: datetime) -> list[str]:
    """«Masquer: par Vigie.», «Avertir: message privé, par Vigie, à envoyer avant…», a sentence an action."""
    return [
        f"{delivery.way_line(words.button_word(action), action.value, planned, now)}."
        for action, planned in consequence.planned
        if planned
    ]


def notes_of(consequence: Consequence, said: Iterable[str]) -> list[str]:
    """What the acts mean there, each once, without what is `said` already."""
    told = set(said)
    every = delivery.notes(act for _action, planned in consequence.planned for act in planned)
    return [note for note in every if note not in told]


class PlatformNotes(QWidget):
    """What to know of the platform; hidden while there is nothing to know."""

    def __init__(self) -> None:
        super().__init__()
        self._said = Label("", "note", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(SectionLabel(self.tr("Sur la plateforme")))
        column.addWidget(self._said)
        self.hide()

    def say(self, notes: list[str]) -> None:
        """Other notes."""
        self._said.setText(" ".join(notes))
        self.setVisible(bool(notes))
