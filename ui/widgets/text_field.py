"""A field for a few lines of text that grows with what is written, and keeps its own keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.theme import current

_OWN = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp,
                  Qt.Key.Key_PageDown})  # fmt: skip


class TextField(QPlainTextEdit):
    """`least` to `most` lines high; Tab leaves it. Arrows move the caret, never the list behind."""

    sent = Signal()
    """Ctrl+Entrée."""
    left = Signal()
    """Échap."""

    def __init__(self, name: str, least: int = 1, most: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least, self._most = least, most
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self.fit)
        current().changed.connect(self.fit)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Plain arrows belong to the caret although the queue binds them, too."""
        if event.type() is QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)  # noqa: S101  Qt sends no other class for this type
            if event.key() in _OWN or self._asks(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Entrée sends, Échap leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif self._asks(event):
            self.sent.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The style sheet has given its edges by now."""
        super().showEvent(event)
        self.fit()

    def _asks(self, event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return (control and enter) or event.key() == Qt.Key.Key_Escape

    def fit(self) -> None:
        """As high as its text, between its bounds."""
        line = self.fontMetrics().lineSpacing()
        lines = max(self._least, min(self._most, round(self.document().size().height())))
        edges = self.contentsMargins()
        self.setFixedHeight(lines * line + edges.top() + edges.bottom() + 2)
