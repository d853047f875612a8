"""The line at the foot: where the data is, what waits, what was done, who is here."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui import theme
from ui.actions import Commands
from ui.widgets.button import Button
from ui.widgets.keycap import KeyCap
from ui.widgets.label import Label
from ui.widgets.shapes import paint_shape

_TIGHT = 700


class StatusLine(QFrame):
    """Words only; the window says what they are. `who` and `waiting` are buttons that lead there."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "bar")
        self._dot = _Dot()
        self.line = Label("", "small", "muted")
        self.sync = Label("", "small", "muted")
        self.waiting = Button("", "quiet", font="small")
        self.done = Label("", "small", "muted")
        self.who = Button("", "quiet", font="small")
        self.keys = Button(self.tr("Touches"), "quiet", font="small")
        self._cap = KeyCap(commands, "keys")
        self._layout = QHBoxLayout(self)
        left: tuple[QWidget, ...] = (self._dot, self.line, self.sync, self.waiting)
        right: tuple[QWidget, ...] = (self.done, self.who, self._cap, self.keys)
        for widget in left:
            self._layout.addWidget(widget)
        self._layout.addStretch(1)
        for widget in right:
            self._layout.addWidget(widget)
        theme.current().changed.connect(self._dress)
        self._dress()

    def set_room(self, width: int) -> None:
        """Width at 100 % text: below `_TIGHT` what can be seen elsewhere makes room."""
        tight = width < _TIGHT
        for widget in (self.sync, self.done, self._cap):
            widget.setVisible(not tight)
        self.who.fold(tight, "user")

    def _dress(self) -> None:
        look = theme.current()
        self._layout.setContentsMargins(look.space(16), 0, look.space(16), 0)
        self._layout.setSpacing(look.space(8))
        self.setFixedHeight(look.px(28))
        self._dot.setFixedSize(QSize(look.px(10), look.px(10)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar, and a hairline above."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(theme.current().color("line"))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        painter.end()


class _Dot(QWidget):
    """The state of the line; the word stands beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_shape(painter, "dot", theme.current().color("fine"), QRectF(self.rect()))
        painter.end()
