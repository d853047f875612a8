"""Supervision's answer to a conflict: a word, and one of two decisions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from console.errors import ValidationError
from console.services.sharing import KEPT, REPLACED
from console.services.sharing_ports import ConflictRow
from ui.announce import announce
from ui.desk import Desk
from ui.pages.sharing import words
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card
from ui.widgets.label import Label
from ui.widgets.text_field import TextField


class SettleForm(Card):
    """Nothing is chosen beforehand; what was written stays until the answer is on disk."""

    settled = Signal(str, str)
    """Outcome, word."""
    left = Signal()
    """Échap in the word."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Réponse de la supervision"), parent)
        self._desk = desk
        self.word = TextField(self.tr("Votre mot aux deux personnes"), least=2, most=6)
        self.word.setPlaceholderText(self.tr("Pourquoi, en une phrase; les deux personnes le liront"))
        self.word.left.connect(self.left)
        self.keep = Button("", "", "check", commands=desk.commands, command="sharing.keep")
        self.keep.clicked.connect(lambda: self.answer(KEPT))
        self.replace = Button("", "", "arrow-down-up", commands=desk.commands, command="sharing.replace")
        self.replace.clicked.connect(lambda: self.answer(REPLACED))
        self._meaning = Label("", "note", "muted", wrap=True)
        self._problem = Label("", "note", "danger", wrap=True)
        self._problem.hide()
        buttons = QWidget()
        policy = buttons.sizePolicy()
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        flow = FlowLayout(buttons)
        flow.addWidget(self.keep)
        flow.addWidget(self.replace)
        for widget in (self.word, self._problem, buttons, self._meaning):
            self.add(widget)
        self.word.textChanged.connect(self._problem.hide)

    def show_row(self, row: ConflictRow, *, same: bool) -> None:
        """What the two answers do to this conflict; another one starts with an empty word."""
        if not same:
            self.word.clear()
            self._problem.hide()
        self.setEnabled(True)
        stands = row.standing is not None
        self.keep.setText(self.tr("Garder ce qui s’applique") if stands else self.tr("Laisser sans décision"))
        self.replace.setText(
            self.tr("Remplacer par l’autre décision") if stands else self.tr("Appliquer cette décision")
        )
        acts = words.acts_of(row.contested).lower()
        meaning = self.tr(
            "Remplacer annule ce qui s’applique et décide en votre nom comme la décision contestée ({acts})."
        )
        if not stands:
            meaning = self.tr("Appliquer décide en votre nom comme la décision contestée ({acts}).")
        self._meaning.setText(meaning.format(acts=acts))

    def answer(self, outcome: str) -> None:
        """Hand the answer over when the word is there, else say so and go there."""
        if self.isHidden() or not self.isEnabled():
            return
        word = self.word.toPlainText().strip()
        if not word:
            self.show_error(ValidationError("escalation.word_missing"))
            self.word.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.setEnabled(False)
        self.settled.emit(outcome, word)

    def show_error(self, error: Exception) -> None:
        """What stands in the way; the word stays."""
        notice = self._desk.notices.explain(error)
        said = f"{notice.title} {notice.next}".strip()
        self.setEnabled(True)
        self._problem.setText(said)
        self._problem.show()
        announce(self._problem, said)
