"""Words on the screen: a label with a font role and a tone, both by the theme."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui import theme


class Label(QLabel):
    """`role` is a font of `theme.TYPES`; `tone` one of muted, accent, danger, warning, fine, or "".

    Words that wrap are set on the line height of their role; `text()` gives them as they are.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "base",
        tone: str = "",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._plain = role, text
        self.setTextFormat(Qt.TextFormat.RichText if wrap else Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if tone:
            self.setProperty("tone", tone)
        theme.current().changed.connect(self._dress)
        self._dress()

    def text(self) -> str:
        """The words, without markup."""
        return self._plain

    def setText(self, text: str) -> None:
        """Other words; never markup."""
        self._plain = text
        self._show()

    def set_tone(self, tone: str) -> None:
        """Another colour for the same words."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().polish(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Another text size while it was hidden: the style sheet then brings its former font back."""
        super().showEvent(event)
        if self.font().pixelSize() != theme.current().font(self._role).pixelSize():
            self._dress()

    def _dress(self) -> None:
        self.setFont(theme.current().font(self._role))
        self._show()

    def _show(self) -> None:
        shown = self._plain
        if self.wordWrap() and shown:
            high = theme.current().line_height(self._role)
            style = f"line-height:{high}px; -qt-line-height-type: fixed; white-space: pre-wrap; margin: 0"
            shown = f'<p style="{style}">{html.escape(shown)}</p>'
        super().setText(shown)


class SectionLabel(Label):
    """Small capitals above a section. Assistive technology hears the words as they are written."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, "label", "muted", parent=parent)


def rule(vertical: bool = False) -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setProperty("rule", "vertical" if vertical else "horizontal")
    return line
