"""Line-drawn icons (Lucide, resources/icons), tinted by a role of the theme and crisp at any scale."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from console.paths import RESOURCES
from ui.theme import current


def icon(name: str, role: str = "text", on: str = "") -> QIcon:
    """The icon `name` (file of resources/icons without suffix) in the colour of `role`.

    It is drawn with the colours of the moment, so that a change of theme needs no new icon. `on` is
    the role while checked or selected. Raises FileNotFoundError for an unknown name.
    """
    _source(name)
    return QIcon(_ThemedEngine(name, role, on or role))


def pixmap(name: str, role: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of `size` logical pixels for a screen of `ratio`; cached. Not for keeping
    across a change of theme."""
    return _pixmap(name, current().color(role).name(), round(size * ratio), ratio)


def paint(painter: QPainter, name: str, role: str, rect: QRectF) -> None:
    """Draw the icon into `rect` with an open painter (delegates)."""
    renderer(name, current().color(role).name()).render(painter, rect)


@lru_cache(maxsize=256)
def renderer(name: str, colour: str) -> QSvgRenderer:
    """The drawing with its strokes in `colour` (`#RRGGBB`)."""
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


@cache
def _source(name: str) -> str:
    return (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, pixels: int, ratio: float) -> QPixmap:
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer(name, colour).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class _ThemedEngine(QIconEngine):
    """Asks the theme for its colour each time it paints."""

    def __init__(self, name: str, role: str, on: str) -> None:
        super().__init__()
        self._name, self._role, self._on = name, role, on

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = current().color(self._role_for(mode, state)).name()
        side = min(rect.width(), rect.height())
        renderer(self._name, colour).render(painter, QRectF(rect.x(), rect.y(), side, side))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # Qt asks in device pixels. A box wider than high keeps the icon at its left: the rest is the gap
        # before the words, which style sheets cannot set.
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        picture.setDevicePixelRatio(scale)
        return picture

    def clone(self) -> _ThemedEngine:
        return _ThemedEngine(self._name, self._role, self._on)

    def _role_for(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode is QIcon.Mode.Disabled:
            return "disabled"
        return self._on if state is QIcon.State.On else self._role
