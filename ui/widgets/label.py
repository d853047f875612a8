"""Words on the screen: a label with a font role and a tone, both by the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui import theme


class Label(QLabel):
    """`role` is a font of `theme.TYPES`; `tone` one of muted, accent, danger, warning, fine, or ""."""

    def __init__(
        self,
        text: str = "",
        role: str = "base",
        tone: str = "",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if tone:
            self.setProperty("tone", tone)
        theme.current().changed.connect(self._dress)
        self._dress()

    def set_tone(self, tone: str) -> None:
        """Another colour for the same words."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().polish(self)

    def _dress(self) -> None:
        self.setFont(theme.current().font(self._role))


class SectionLabel(Label):
    """Small capitals above a section. Assistive technology hears the words as they are written."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, "label", "muted", parent=parent)


def rule(vertical: bool = False) -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setProperty("rule", "vertical" if vertical else "horizontal")
    return line
