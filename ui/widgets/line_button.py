"""A button that is a line of a list: words at the left, cut at the right when room is short."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from ui.theme import current


class LineButton(QPushButton):
    """Its whole text is its accessible name; the drawing is elided."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = text
        self.setProperty("look", "ghost")
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """One line, at least 28 px high."""
        return QSize(120, max(28, current().line_height("note") + 8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The styled ground, then the words."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        painter.setFont(current().font("note"))
        painter.setPen(current().color("text"))
        room = self.rect().adjusted(8, 0, -8, 0)
        metrics = QFontMetrics(current().font("note"))
        shown = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()
