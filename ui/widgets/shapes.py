"""The shapes that stand beside colours, drawn as paths: fonts may lack the signs, and do not scale alike."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF


def paint_shape(painter: QPainter, name: str, colour: QColor, rect: QRectF) -> None:
    """Draw `name` (one of `NAMES`) into the square `rect`. Raises KeyError for an unknown shape."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, rect.width() * 0.16)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if name in _OUTLINED:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
    painter.drawPath(_DRAWN[name](rect))
    painter.restore()


def _ring(rect: QRectF) -> QPainterPath:
    path, inset = QPainterPath(), rect.width() * 0.16
    path.addEllipse(rect.adjusted(inset, inset, -inset, -inset))
    return path


def _dot(rect: QRectF) -> QPainterPath:
    path, inset = QPainterPath(), rect.width() * 0.1
    path.addEllipse(rect.adjusted(inset, inset, -inset, -inset))
    return path


def _square(rect: QRectF) -> QPainterPath:
    path, inset = QPainterPath(), rect.width() * 0.12
    path.addRect(rect.adjusted(inset, inset, -inset, -inset))
    return path


def _diamond(rect: QRectF) -> QPainterPath:
    return _polygon(rect, (0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))


def _triangle(rect: QRectF) -> QPainterPath:
    return _polygon(rect, (0.5, 0.06), (1.0, 0.94), (0.0, 0.94))


def _arrow(rect: QRectF) -> QPainterPath:
    path = _line(rect, (0.08, 0.5), (0.92, 0.5))
    path.addPath(_line(rect, (0.6, 0.2), (0.92, 0.5), (0.6, 0.8)))
    return path


def _waves(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    for height in (0.28, 0.72):
        path.moveTo(_at(rect, 0.05, height))
        path.cubicTo(_at(rect, 0.3, height - 0.32), _at(rect, 0.45, height), _at(rect, 0.5, height))
        path.cubicTo(_at(rect, 0.6, height + 0.05), _at(rect, 0.75, height + 0.3), _at(rect, 0.95, height))
    return path


def _line(rect: QRectF, *points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(_at(rect, *points[0]))
    for point in points[1:]:
        path.lineTo(_at(rect, *point))
    return path


def _polygon(rect: QRectF, *points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([_at(rect, *point) for point in points]))
    path.closeSubpath()
    return path


def _at(rect: QRectF, x: float, y: float) -> QPointF:
    return QPointF(rect.x() + rect.width() * x, rect.y() + rect.height() * y)


_DRAWN: dict[str, Callable[[QRectF], QPainterPath]] = {
    "ring": _ring,
    "waves": _waves,
    "dot": _dot,
    "diamond": _diamond,
    "square": _square,
    "triangle": _triangle,
    "arrow": _arrow,
}
_OUTLINED = frozenset({"ring", "waves", "arrow"})
NAMES = tuple(_DRAWN)
