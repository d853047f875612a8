"""What a person can do about an item that was refused, failed, or may or may not have been done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.services.rows import OutgoingRow
from ui.actions import Commands
from ui.notify import Notice
from ui.pages.outbox import words
from ui.pages.outbox.confirmation import Reason
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card
from ui.widgets.label import Label


class TroubleForm(QWidget):
    """Three ways on, none chosen beforehand."""

    again = Signal()
    by_hand = Signal()
    given_up = Signal(str)
    """The reason."""

    def __init__(self, row: OutgoingRow, commands: Commands) -> None:
        super().__init__()
        self.retry = Button(self.tr("Réessayer"), "", "refresh-cw", commands=commands, command="outbox.again")
        self.take = Button(self.tr("Faire à la main"), "", "pencil", commands=commands, command="outbox.take")
        self.abandon = Button(self.tr("Abandonner…"), "ghost", commands=commands, command="outbox.impossible")
        self.retry.clicked.connect(self._retry)
        self.take.clicked.connect(self._take)
        self.abandon.clicked.connect(self.ask_reason)
        self._ways = Card(self.tr("Et maintenant?"))
        self._ways.add(Label(words.trouble_hint(row), "note", "muted", wrap=True))
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.retry, self.take, self.abandon):
            flow.addWidget(button)
        self._ways.add(buttons)
        self._why = Reason(
            row.operation,
            self.tr("Abandonner"),
            self.tr("Pourquoi abandonner?"),
            self.tr("Abandonner cet envoi"),
        )
        self.reason = self._why.text
        self._why.given.connect(self._on_given_up)
        self._why.left.connect(self.ask_reason)
        self._why.hide()
        self._problem = Label("", "note", "danger", wrap=True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._ways, self._why, self._problem):
            column.addWidget(part)

    def submit(self) -> None:
        """Ctrl+Entrée: hands over the reason that is being written; chooses nothing."""
        if self.isEnabled() and not self._why.isHidden():
            self._why.submit()

    def ask_reason(self) -> None:
        """Open the reason, or close it again."""
        opening = self._why.isHidden()
        self._why.setVisible(opening)
        self._ways.setVisible(not opening)
        if opening:
            self._why.start()
        else:
            self.abandon.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, notice: Notice) -> None:
        """What stands in the way; what was written stays."""
        self.setEnabled(True)
        self._problem.setText(f"{notice.title} {notice.next}".strip())
        self._problem.show()

    def _retry(self) -> None:
        self.setEnabled(False)
        self.again.emit()

    def _take(self) -> None:
        self.setEnabled(False)
        self.by_hand.emit()

    def _on_given_up(self, reason: str) -> None:
        self.setEnabled(False)
        self.given_up.emit(reason)
