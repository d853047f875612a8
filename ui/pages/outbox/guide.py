"""A task by hand, step by step: each step with what it needs at hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.services.rows import OutgoingRow
from ui import theme
from ui.actions import Commands
from ui.models.display_text import DisplayText
from ui.pages.outbox import words
from ui.pages.outbox.words import Does, Step
from ui.widgets.button import Button
from ui.widgets.form import Card
from ui.widgets.label import Label


class Guide(Card):
    """The steps with their buttons; the text to send stands in the step that sends it."""

    open_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self, row: OutgoingRow, person: str, commands: Commands, *, link: bool) -> None:
        super().__init__(self.tr("Étapes"))
        self._commands = commands
        for number, step in enumerate(words.steps(row, person, link=link), start=1):
            self.add(self._step(number, step, row), line=number > 1)

    def _step(self, number: int, step: Step, row: OutgoingRow) -> QWidget:
        box, inside = QWidget(), QVBoxLayout()
        inside.setSpacing(theme.current().space(8))
        inside.addWidget(Label(step.words, "base", wrap=True))
        if step.does is Does.OPEN:
            link = self._button(self.tr("Ouvrir le message"), "external-link", "outbox.open_link")
            link.setToolTip(row.permalink)
            link.clicked.connect(self.open_wanted)
            inside.addWidget(_at_left(link))
        elif step.does is Does.COPY:
            inside.addWidget(_letter(row.text))
            copy = self._button(self.tr("Copier le texte"), "copy", "outbox.copy")
            copy.clicked.connect(self.copy_wanted)
            inside.addWidget(_at_left(copy))
        line = QHBoxLayout(box)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.current().space(10))
        line.addWidget(Label(f"{number}.", "strong", "accent"), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(inside, 1)
        return box

    def _button(self, text: str, icon: str, command: str) -> Button:
        return Button(text, "", icon, commands=self._commands, command=command)


def _letter(text: str) -> QWidget:
    said = Label(DisplayText.of(text).text, "base", "muted", wrap=True)
    said.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return said


def _at_left(widget: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return box
