"""Small painted marks: a badge with shape and word, an avatar with initials, a meter."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import current
from ui.widgets.shapes import paint_shape


class Badge(QWidget):
    """A shape and a word on the soft ground of a severity 0–4."""

    def __init__(
        self, level: int = 0, shape: str = "ring", text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._level, self._shape, self._text = level, shape, text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self.updateGeometry)

    def show_mark(self, level: int, shape: str, text: str) -> None:
        """Another mark."""
        self._level, self._shape, self._text = level, shape, text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Just the mark."""
        theme = current()
        words = QFontMetricsF(theme.font("small_strong")).horizontalAdvance(self._text)
        width = theme.px(9) + 2 * theme.space(7) + theme.space(5) + words
        return QSize(round(width + 0.5), theme.px(22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, shape, word."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = theme.severity(self._level)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.bg)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        side, pad = theme.px(9), theme.space(7)
        paint_shape(painter, self._shape, style.fg, QRectF(pad, (self.height() - side) / 2, side, side))
        painter.setFont(theme.font("small_strong"))
        painter.setPen(style.fg)
        left = pad + side + theme.space(5)
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignVCenter, self._text
        )
        painter.end()


class Avatar(QWidget):
    """Initials on a disc; never a picture from the platform."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initials = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        current().changed.connect(self._dress)
        self._dress()

    def show_name(self, name: str) -> None:
        """Initials of the first two words: «Personne 3187» gives P3."""
        words = [word.lstrip("0") or word for word in name.split() if word[0].isalnum()]
        self._initials = "".join(word[0] for word in words[:2]).upper()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The disc, then the letters."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_soft"))
        painter.drawEllipse(self.rect())
        painter.setPen(theme.color("accent"))
        painter.setFont(theme.font("strong"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()

    def _dress(self) -> None:
        side = current().px(38)
        self.setFixedSize(side, side)


class Meter(QWidget):
    """How sure, as a bar; the figure stands beside it in words."""

    def __init__(self, level: int, share: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level, self._share = level, share
        self.setFixedHeight(4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track, then the part that is sure."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        painter.setBrush(theme.color("line"))
        # With high contrast the line is as dark as the bar: there the track is a hair.
        thin = track.adjusted(0, 1.5, 0, -1.5) if theme.name == "contrast" else track
        painter.drawRoundedRect(thin, thin.height() / 2, thin.height() / 2)
        painter.setBrush(theme.severity(self._level).fg)
        painter.drawRoundedRect(QRectF(0, 0, track.width() * max(0.0, min(self._share, 1.0)), 4), 2, 2)
        painter.end()
