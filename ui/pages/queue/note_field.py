"""The field for an internal note: one line until it is written in; its key is shown inside."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import Commands
from ui.theme import current
from ui.widgets.button import Button
from ui.widgets.keycap import KeyCap
from ui.widgets.text_field import TextField


class NoteField(QWidget):
    """Notes are for colleagues: in French, kept with the case, never sent."""

    saved = Signal(str)
    left = Signal()

    def __init__(self, commands: Commands, command: str = "queue.note") -> None:
        super().__init__()
        self.field = TextField(self.tr("Note interne"))
        self.field.setPlaceholderText(self.tr("Ajouter une note…"))
        self._cap = KeyCap(commands, command, self.field)
        self._save = Button(self.tr("Garder la note"), commands=commands, command="queue.confirm")
        self._save.clicked.connect(self._keep)
        self._save.hide()
        self.field.textChanged.connect(self._changed)
        self.field.sent.connect(self._keep)
        self.field.left.connect(self.left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._save)
        column.addLayout(row)
        current().changed.connect(self._place)

    def clear(self) -> None:
        """Empty it (the note is kept, or the message changed)."""
        self.field.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cap beside the placeholder."""
        super().resizeEvent(event)
        self._place()

    def _keep(self) -> None:
        if self.field.toPlainText().strip():
            self.saved.emit(self.field.toPlainText().strip())

    def _changed(self) -> None:
        written = bool(self.field.toPlainText())
        self._save.setVisible(written)
        self._place()

    def _place(self) -> None:
        self._cap.setVisible(not self.field.toPlainText())
        size = self._cap.sizeHint()
        words = self.field.fontMetrics().horizontalAdvance(self.field.placeholderText())
        left = words + current().px(20)
        self._cap.setGeometry(left, (self.field.height() - size.height()) // 2, size.width(), size.height())
