"""Grey shapes of cards while the first page is read."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import current

_CARD, _GAP = 114, 8


class CardSkeleton(QWidget):
    """Still (no shimmer: nothing moves that does not have to)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Chargement"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As many outlines as fit."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height, y = theme.px(_CARD), 1.0
        while y < self.height():
            card = QRectF(1.5, y + 0.5, self.width() - 4, height - 1)
            painter.setPen(QPen(theme.color("line"), 1))
            painter.setBrush(theme.color("surface"))
            painter.drawRoundedRect(card, 10, 10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            left, line = card.left() + 16, theme.px(20)
            for place, part in enumerate((0.45, 0.85, 0.7, 0.3)):
                bar = QRectF(
                    left, card.top() + theme.px(14) + place * line * 1.2, (card.width() - 32) * part, 10
                )
                painter.drawRoundedRect(bar, 5, 5)
            y += height + theme.space(_GAP)
        painter.end()
