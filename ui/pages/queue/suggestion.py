"""The dashed frame: what the engine suggests and what that would lead to. A person decides."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.catalogue import Catalogue
from console.services.consequences import Consequence
from ui.pages.queue import words
from ui.pages.queue.case import Case
from ui.pages.queue.planned_ways import notes_of, ways_in_words
from ui.theme import current
from ui.widgets.label import Label


def consequence_lines(consequence: Consequence) -> list[str]:
    """One line each, in French."""
    label = Catalogue.load().label
    return [label("consequence", code) for code in consequence.notices]


class SuggestionFrame(QWidget):
    """Nothing in it can be pressed: the actions are below, none of them chosen beforehand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label("", "strong", wrap=True)
        self._lines = Label("", "small", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._lines)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dashes: it is only a suggestion."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(current().color("accent"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()

    def show_case(self, case: Case, now: datetime) -> None:
        """The suggestion for this message."""
        if case.suggested:
            title = self.tr("Suggestion\u00a0: {acts}").format(acts=words.acts(case.suggested))
        else:
            title = self.tr("Aucune suggestion")
        lines = [self.tr("À vous de décider.")]
        if case.suggestion is not None:
            said = consequence_lines(case.suggestion)
            lines += [*ways_in_words(case.suggestion, now), *said, *notes_of(case.suggestion, said)]
        self._title.setText(title)
        self._lines.setText(" ".join(lines))
