"""Key caps: the keys of a command shown where the command is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.actions import Commands, key_caps

_HEIGHT, _PAD, _GAP, _RADIUS = 18, 5, 3, 4


def caps_width(caps: Sequence[str]) -> float:
    """Width in pixels of a row of caps; 0 when there is none."""
    metrics = QFontMetricsF(theme.current().font("tiny"))
    return sum(_cap_width(metrics, cap) for cap in caps) + theme.current().px(_GAP) * max(0, len(caps) - 1)


def caps_height() -> int:
    """Height in pixels of a cap."""
    return theme.current().px(_HEIGHT)


def paint_caps(
    painter: QPainter,
    caps: Sequence[str],
    right: float,
    middle: float,
    ink: QColor,
    edge: QColor,
    ground: QColor,
) -> None:
    """Draw caps so that the row ends at x = `right`, centred on y = `middle`."""
    look = theme.current()
    font = look.font("tiny")
    metrics, height, radius = QFontMetricsF(font), caps_height(), look.px(_RADIUS)
    left = right - caps_width(caps)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    for cap in caps:
        box = QRectF(left, middle - height / 2, _cap_width(metrics, cap), height).adjusted(
            0.5, 0.5, -0.5, -0.5
        )
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, radius, radius)
        # The lower edge is a little heavier, as on a key.
        low = box.bottom() - 0.6
        painter.drawLine(QPointF(box.left() + radius, low), QPointF(box.right() - radius, low))
        painter.setPen(ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
        left += _cap_width(metrics, cap) + look.px(_GAP)
    painter.restore()


def _cap_width(metrics: QFontMetricsF, cap: str) -> float:
    return float(max(caps_height(), metrics.horizontalAdvance(cap) + 2 * theme.current().px(_PAD)))


class KeyCap(QWidget):
    """The keys of a command, up to date with the person's choice; nothing when no key acts."""

    def __init__(self, commands: Commands, command: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands, self._command = commands, command
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        commands.changed.connect(self._refresh)
        theme.current().changed.connect(self._refresh)
        self._refresh()

    def sizeHint(self) -> QSize:
        """Just the caps."""
        return QSize(round(caps_width(self._caps)), caps_height() if self._caps else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the caps in muted ink."""
        look, painter = theme.current(), QPainter(self)
        ink, edge, ground = look.color("muted"), look.color("line"), look.color("surface")
        paint_caps(painter, self._caps, self.width(), self.height() / 2, ink, edge, ground)
        painter.end()

    def _refresh(self) -> None:
        self._caps = self._commands.caps(self._command)
        self.updateGeometry()
        self.update()


class CapRow(QWidget):
    """All keys of one command in a row, «ou» between them; said as words to assistive technology."""

    def __init__(self, keys: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: list[tuple[str, ...]] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self.updateGeometry)
        self.show_keys(keys)

    def show_keys(self, keys: Sequence[str]) -> None:
        """Other keys (portable sequences)."""
        # Both keys named «Entrée» are one to the reader.
        self._keys = list(dict.fromkeys(key_caps(key) for key in keys))
        self.setAccessibleName(self.tr(" ou ").join("+".join(caps) for caps in self._keys))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All caps and the gaps between alternatives."""
        gaps = theme.current().px(10) * max(0, len(self._keys) - 1)
        return QSize(round(sum(caps_width(caps) for caps in self._keys) + gaps), caps_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint from the right."""
        look, painter = theme.current(), QPainter(self)
        right = float(self.width())
        for caps in reversed(self._keys):
            colours = look.color("text"), look.color("field_line"), look.color("bg")
            paint_caps(painter, caps, right, self.height() / 2, *colours)
            right -= caps_width(caps) + look.px(10)
        painter.end()
