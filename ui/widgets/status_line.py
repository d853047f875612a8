"""The line at the foot: the state of the shared line, what waits, what was done, who is here."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui import theme
from ui.actions import Commands
from ui.models.line import LineWords
from ui.widgets.button import Button
from ui.widgets.keycap import KeyCap
from ui.widgets.label import Label
from ui.widgets.shapes import paint_shape

_TIGHT = 860


class StatusLine(QFrame):
    """Words only; the window says what they are. `line`, `who` and `waiting` are buttons that lead there."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "bar")
        self._dot = _Dot()
        self.line = Button("", "quiet", font="small")
        self.sync = Label("", "small", "muted")
        self.waiting = Button("", "quiet", font="small")
        self.done = Label("", "small", "muted")
        self.who = Button("", "quiet", font="small")
        self.keys = Button(self.tr("Touches"), "quiet", font="small")
        self._cap = KeyCap(commands, "keys")
        self._layout = QHBoxLayout(self)
        left: tuple[QWidget, ...] = (self._dot, self.line, self.sync, self.waiting)
        right: tuple[QWidget, ...] = (self.done, self.who, self._cap, self.keys)
        self._parts = (*left, *right)
        for widget in left:
            self._layout.addWidget(widget)
        self._layout.addStretch(1)
        for widget in right:
            self._layout.addWidget(widget)
        theme.current().changed.connect(self._dress)
        self._dress()

    def show_line(self, line: LineWords) -> None:
        """The state of the line: a shape and a colour, the word beside them, and what is counted."""
        self._dot.show_shape(line.shape, line.role)
        self.line.setText(line.word)
        self.line.setToolTip(self.tr("Ouvrir le partage"))
        self.line.setAccessibleName(line.word)
        self.line.setAccessibleDescription(self.tr("Ouvrir le partage"))
        self.sync.setText(line.detail)
        self.fit()

    def fit(self) -> None:
        """Make room, beginning with what can be seen elsewhere; called when words or width changed.

        It is decided before anything is shown or hidden: hiding a widget while it is being shown, which a
        layout can bring about, leaves it half visible.
        """
        look, margins = theme.current(), self._layout.contentsMargins()
        widths = {each: each.sizeHint().width() for each in self._parts}
        said, sign = self.who.words_width(), look.px(26)
        widths[self.who] = said
        optional: list[QWidget] = [self.sync, self.done, self.who, self._cap]
        empty = {each for each in (self.sync, self.done) if not each.text()}
        shown = set(self._parts) - empty
        room = self.width() - margins.left() - margins.right() - self._layout.spacing()
        while optional and sum(widths[each] + self._layout.spacing() for each in shown) > room:
            given = optional.pop(0)
            if given is self.who:
                widths[given] = sign
            else:
                shown.discard(given)
        self.who.fold(widths[self.who] != said, "user")
        for part in self._parts:
            if part.isHidden() == (part in shown):
                part.setVisible(part in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new width."""
        super().resizeEvent(event)
        self.fit()

    def _dress(self) -> None:
        look = theme.current()
        self._layout.setContentsMargins(look.space(16), 0, look.space(16), 0)
        self._layout.setSpacing(look.space(8))
        self.setFixedHeight(look.px(28))
        self._dot.setFixedSize(QSize(look.px(10), look.px(10)))
        self.fit()

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
        self._shape, self._role = "dot", "muted"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_shape(self, shape: str, role: str) -> None:
        self._shape, self._role = shape, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_shape(painter, self._shape, theme.current().color(self._role), QRectF(self.rect()))
        painter.end()
