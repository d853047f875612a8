"""Handing a case to supervision: why one hesitates, the question, and what one would do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from console.domain.decisions import Action
from console.errors import ConflictError, ValidationError
from ui.desk import Desk
from ui.pages.queue import words
from ui.pages.queue.case import Case
from ui.theme import current
from ui.widgets.button import Button
from ui.widgets.label import Label, SectionLabel
from ui.widgets.text_field import TextField
from ui.widgets.toggles import Toggles

_LARGE = 1.4
"""Text setting above which the buttons stand one below the other."""


class EscalateForm(QWidget):
    """Needs a reason; question and suggestion are welcome."""

    confirmed = Signal(str, str, object)
    """Reason, question, `frozenset[Action]` suggested."""
    dismissed = Signal()

    def __init__(self, desk: Desk, case: Case) -> None:
        super().__init__()
        self._desk, self._case = desk, case
        self.reason = TextField(self.tr("Raison"), least=2, most=5)
        self.reason.setPlaceholderText(self.tr("Ce qui vous fait hésiter"))
        self.question = TextField(self.tr("Question à la supervision"), least=2, most=5)
        self.question.setPlaceholderText(self.tr("Facultative"))
        self.suggested: Toggles[Action] = Toggles(self.tr("Ce que vous feriez"))
        for action in words.ORDER:
            if action is not Action.ESCALATE:
                self.suggested.add(action, words.button_word(action))
        self._problem = Label("", "note", "danger", wrap=True)
        self._problem.hide()
        self._confirm = Button(
            self.tr("Soumettre"), "primary", commands=desk.commands, command="queue.confirm"
        )
        self._confirm.clicked.connect(self.confirm)
        back = Button(self.tr("Revenir"), commands=desk.commands, command="dismiss")
        back.clicked.connect(self.dismissed)
        for field in (self.reason, self.question):
            field.sent.connect(self.confirm)
            field.left.connect(self.dismissed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Label(self.tr("Soumettre à la supervision"), "strong"))
        for title, widget in (
            (self.tr("Raison"), self.reason),
            (self.tr("Question"), self.question),
            (self.tr("Ce que vous feriez"), self.suggested),
        ):
            column.addSpacing(4)
            column.addWidget(SectionLabel(title))
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self._problem)
        large = current().scale > _LARGE
        flow = QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        buttons = QBoxLayout(flow)
        buttons.setSpacing(6)
        buttons.addWidget(self._confirm, 3)
        buttons.addWidget(back, 2)
        column.addLayout(buttons)

    @property
    def case(self) -> Case:
        """What is handed over."""
        return self._case

    def renew(self, case: Case) -> None:
        """The same case read again. An edited message is said: it has to be read again before deciding."""
        edited = case.detail.message.revision != self._case.detail.message.revision
        self._case = case
        self._confirm.setEnabled(True)
        if edited:
            self.show_error(ConflictError("case.changed"))

    def rest(self) -> None:
        """The case was settled meanwhile: nothing to send, and nothing written is taken away."""
        self._confirm.setEnabled(False)

    def written(self) -> bool:
        """Whether the person wrote anything."""
        return bool(self.reason.toPlainText().strip() or self.question.toPlainText().strip())

    def take_focus(self) -> None:
        """The reason comes first."""
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def confirm(self) -> None:
        """Hand it over when the reason is there."""
        if not self.reason.toPlainText().strip():
            self.show_error(ValidationError("escalation.reason_missing"))
            self.take_focus()
            return
        self._confirm.setEnabled(False)
        self.confirmed.emit(
            self.reason.toPlainText().strip(),
            self.question.toPlainText().strip(),
            frozenset(self.suggested.chosen()),
        )

    def show_error(self, error: Exception) -> None:
        """What stands in the way; everything written stays."""
        notice = self._desk.notices.explain(error)
        self._problem.setText(f"{notice.title} {notice.next}")
        self._problem.show()
        self._confirm.setEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Entrée and Échap are the form's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Entrée hands over, Échap goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        elif _own(event):
            self.confirm()
        else:
            super().keyPressEvent(event)


def _own(event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return event.key() == Qt.Key.Key_Escape or (control and enter)
