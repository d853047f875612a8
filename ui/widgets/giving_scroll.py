"""A scrolling area that asks for little and takes what is left: it scrolls before its neighbours shrink."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget


class GivingScroll(QScrollArea):
    """Holds one widget, vertically only. Its hint is its minimum height."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside.setProperty("surface", "clear")
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """As wide as what it holds, as high as it must be."""
        return QSize(super().sizeHint().width(), max(self.minimumHeight(), 1))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return QSize(0, max(self.minimumHeight(), 1))
