"""How a task ended: done, by which means and with what proof; or impossible, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.actions import Commands
from ui.notify import Notice
from ui.pages.outbox import words
from ui.widgets.button import Button
from ui.widgets.form import Card
from ui.widgets.label import Label
from ui.widgets.text_field import TextField


class Confirmation(QWidget):
    """Nothing is chosen beforehand except the means that served last for the same kind of task."""

    done = Signal(str, str)
    """Means, proof."""
    given_up = Signal(str)
    """The reason."""

    def __init__(self, operation: str, means: str, commands: Commands) -> None:
        super().__init__()
        self._operation = operation
        self.means = QComboBox()
        self.means.setEditable(True)
        self.means.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.means.addItems(words.usual_means(operation))
        self.means.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.means.setCurrentText(means)
        if not means:
            self.means.setCurrentIndex(-1)
        line = self.means.lineEdit()
        if line is not None:
            line.setPlaceholderText(self.tr("Choisissez ou écrivez"))
            line.setMaxLength(200)
        self.proof = QLineEdit()
        self.proof.setMaxLength(2_000)
        self.proof.setPlaceholderText(self.tr("Lien, numéro, heure de lecture…"))
        self.confirm = Button(
            self.tr("C’est fait"), "primary", "check", commands=commands, command="outbox.done"
        )
        self.confirm.clicked.connect(self._on_done)
        self.impossible = Button(
            self.tr("Impossible…"), "ghost", commands=commands, command="outbox.impossible"
        )
        self.impossible.clicked.connect(self.ask_reason)
        self.reason = TextField(self.tr("Pourquoi est-ce impossible?"), least=2, most=6)
        self.reason.setPlaceholderText(self.tr("Pourquoi, en une phrase"))
        self.reason.sent.connect(self._on_given_up)
        self.reason.left.connect(self.ask_reason)
        self.close_task = Button(self.tr("Fermer sans l’avoir fait"), "danger")
        self.close_task.clicked.connect(self._on_given_up)
        self._problem = Label("", "note", "danger", wrap=True)
        self._problem.hide()
        self._build()

    def start(self) -> None:
        """The focus where the answer begins."""
        self.means.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """The key of «C’est fait»: sends whichever of the two answers is being given."""
        if not self.isEnabled():
            return
        if self._why.isHidden():
            self._on_done()
        else:
            self._on_given_up()

    def ask_reason(self) -> None:
        """Open the reason, or close it again."""
        opening = self._why.isHidden()
        self._why.setVisible(opening)
        self._doing.setVisible(not opening)
        self._say("")
        if opening:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.start()

    def show_error(self, notice: Notice) -> None:
        """What stands in the way; what was written stays."""
        self.setEnabled(True)
        self._say(f"{notice.title} {notice.next}".strip())

    def _build(self) -> None:
        said = Label(words.consequence_of_doing(self._operation), "note", "muted", wrap=True)
        self.confirm.setAccessibleDescription(said.text())
        self._doing = Card(self.tr("Quand c’est fait"))
        self._doing.add_row(self.tr("Moyen utilisé"), self.means)
        self._doing.add_row(
            self.tr("Preuve"), self.proof, self.tr("Facultative. Elle se retrouve dans l’historique.")
        )
        self._doing.add(said, line=True)
        self._doing.add(_row(self.confirm, self.impossible))
        said = Label(words.consequence_of_giving_up(self._operation), "note", "muted", wrap=True)
        self.close_task.setAccessibleDescription(said.text())
        back = Button(self.tr("Revenir"))
        back.clicked.connect(self.ask_reason)
        self._why = Card(self.tr("Impossible à faire"))
        self._why.add(self.reason)
        self._why.add(said)
        self._why.add(_row(self.close_task, back))
        self._why.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._doing, self._why, self._problem):
            column.addWidget(part)

    def _on_done(self) -> None:
        means = self.means.currentText().strip()
        if not means:
            self._say(self.tr("Dites comment\u00a0: choisissez un moyen ou écrivez-le."))
            self.start()
            return
        self._say("")
        self.setEnabled(False)
        self.done.emit(means, self.proof.text().strip())

    def _on_given_up(self) -> None:
        reason = self.reason.toPlainText().strip()
        if not reason:
            self._say(self.tr("Écrivez pourquoi, en une phrase."))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.setEnabled(False)
        self.given_up.emit(reason)

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))


def _row(*buttons: Button) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return box
