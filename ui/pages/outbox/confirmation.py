"""How a task ended: done, by which means and with what proof; or impossible, and why."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.actions import Commands
from ui.notify import Notice
from ui.pages.outbox import words
from ui.widgets.button import Button
from ui.widgets.form import Card
from ui.widgets.label import Label
from ui.widgets.text_field import TextField


class Reason(Card):
    """Why something will not be done: a sentence, what follows, and two buttons."""

    given = Signal(str)
    left = Signal()

    def __init__(self, operation: str, title: str, question: str, close: str) -> None:
        super().__init__(title)
        self.text = TextField(question, least=2, most=6)
        self.text.setPlaceholderText(_tr("Pourquoi, en une phrase"))
        self.text.sent.connect(self.submit)
        self.text.left.connect(self.left)
        self.close_task = Button(close, "danger")
        self.close_task.clicked.connect(self.submit)
        said = Label(words.consequence_of_giving_up(operation), "note", "muted", wrap=True)
        self.close_task.setAccessibleDescription(said.text())
        back = Button(_tr("Revenir"))
        back.clicked.connect(self.left)
        self._problem = Label("", "note", "danger", wrap=True)
        self._problem.hide()
        for widget in (self.text, said, _row(self.close_task, back), self._problem):
            self.add(widget)

    def start(self) -> None:
        """The focus where the reason is written."""
        self.say("")
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Hand the reason over, or ask for it."""
        reason = self.text.toPlainText().strip()
        if not reason:
            self.say(_tr("Écrivez pourquoi, en une phrase."))
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.given.emit(reason)

    def say(self, problem: str) -> None:
        """What stands in the way; "" for nothing."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))


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
        self._why = Reason(
            operation,
            self.tr("Impossible à faire"),
            self.tr("Pourquoi est-ce impossible?"),
            self.tr("Fermer sans l’avoir fait"),
        )
        self.reason = self._why.text
        self._why.given.connect(self._on_given_up)
        self._why.left.connect(self.ask_reason)
        self._why.hide()
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
            self._why.submit()

    def ask_reason(self) -> None:
        """Open the reason, or close it again."""
        opening = self._why.isHidden()
        self._why.setVisible(opening)
        self._doing.setVisible(not opening)
        self._say("")
        if opening:
            self._why.start()
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

    def _on_given_up(self, reason: str) -> None:
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


def _tr(text: str) -> str:
    return QCoreApplication.translate("Confirmation", text)
