"""The keys of every command: see them, change them, turn the single ones off."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QKeySequenceEdit, QVBoxLayout, QWidget

from console.errors import VigieError
from ui.commands import Command, Context, context_label
from ui.desk import Desk
from ui.widgets.button import Button, IconButton
from ui.widgets.form import Card, Column
from ui.widgets.keycap import CapRow
from ui.widgets.label import Label


class KeysSection(Column):
    """Every command has a row; a change is kept at once, a conflict is said in the row."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.add_title(
            self.tr("Touches"),
            self.tr(
                "Les touches n’agissent ni pendant la saisie d’un texte ni quand elles restent enfoncées."
            ),
        )
        self.single = QCheckBox(self.tr("Actives"))
        self.single.toggled.connect(lambda on: desk.change_settings(single_keys=on))
        single = Card()
        single.add_row(
            self.tr("Touches simples"),
            self.single,
            self.tr(
                "Une lettre, un chiffre ou un signe seul. Sans elles, tout reste possible avec Tab et Entrée."
            ),
        )
        self.body.addWidget(single)
        self.rows: dict[str, KeyRow] = {}
        for context in Context:
            commands = [each for each in desk.commands.commands() if each.context is context]
            if commands:
                card = Card(context_label(context))
                for command in commands:
                    self.rows[command.id] = KeyRow(desk, command)
                    card.add(self.rows[command.id], line=True)
                self.body.addWidget(card)
        self.reset = Button(self.tr("Remettre toutes les touches d’origine"))
        self.reset.clicked.connect(self._reset_all)
        self.body.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()
        desk.settings_changed.connect(self.load)
        self.load()

    def load(self) -> None:
        """Show what is chosen."""
        self.single.blockSignals(True)
        self.single.setChecked(self._desk.settings.single_keys)
        self.single.blockSignals(False)
        self.reset.setEnabled(bool(self._desk.commands.own))

    def _reset_all(self) -> None:
        self._desk.commands.reset()
        self._desk.change_settings(keys=self._desk.commands.own)


class KeyRow(QWidget):
    """One command: its keys, «Changer», and back to the default where it differs."""

    def __init__(self, desk: Desk, command: Command) -> None:
        super().__init__()
        self._desk, self._command = desk, command
        self._caps = CapRow(desk.commands.assigned(command.id))
        self.change = Button(self.tr("Changer"), "link")
        self.change.setAccessibleName(
            self.tr("Changer la touche\u00a0: {command}").format(command=command.label)
        )
        self.change.clicked.connect(self._capture)
        self.default = IconButton("undo-2", self.tr("Touche d’origine"))
        self.default.setAccessibleDescription(command.label)
        self.default.clicked.connect(lambda: self._assign(None))
        self.capture = _Capture()
        self.capture.setAccessibleName(
            self.tr("Nouvelle touche\u00a0: {command}").format(command=command.label)
        )
        self.capture.caught.connect(self._assign)
        self.capture.given_up.connect(self._stop)
        self.problem = Label("", "note", "danger", wrap=True)
        row = QHBoxLayout()
        row.addWidget(Label(command.label, wrap=True), 1)
        for widget in (self._caps, self.capture, self.change, self.default):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.problem)
        self.problem.hide()
        self.capture.hide()
        desk.commands.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._caps.show_keys(self._desk.commands.assigned(self._command.id))
        self.default.setVisible(self._command.id in self._desk.commands.own)

    def _capture(self) -> None:
        self.problem.hide()
        self._caps.hide()
        self.change.hide()
        self.capture.clear()
        self.capture.show()
        self.capture.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop(self) -> None:
        self.capture.hide()
        self._caps.show()
        self.change.show()
        self.change.setFocus(Qt.FocusReason.OtherFocusReason)

    def _assign(self, key: str | None) -> None:
        try:
            if key is None:
                self._desk.commands.reset(self._command.id)
            else:
                self._desk.commands.remap(self._command.id, (key,))
        except VigieError as error:
            notice = self._desk.notices.explain(error)
            self.problem.setText(f"{notice.title} {notice.next}")
            self.problem.show()
        else:
            self.problem.hide()
            self._desk.change_settings(keys=self._desk.commands.own)
        self._stop()


class _Capture(QKeySequenceEdit):
    """Takes the next key; Échap gives up."""

    caught = Signal(str)
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        self.editingFinished.connect(self._finished)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Échap keeps what was."""
        if event.key() == Qt.Key.Key_Escape and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def _finished(self) -> None:
        key = self.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if key and self.isVisible():
            self.caught.emit(key)
