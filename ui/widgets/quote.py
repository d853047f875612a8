"""Small pieces of the context around a message: a quote with its bar, and dated lines with a dot."""

from __future__ import annotations

import html

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import current
from ui.widgets.label import Label
from ui.widgets.shapes import paint_shape

_BAR = 3
_LARGE = 1.4
"""Text setting above which the words stand below their date."""


class RichLabel(Label):
    """A wrapping label whose words may be bold, struck out or underlined; selectable with the pointer."""

    def __init__(self, role: str = "note", tone: str = "") -> None:
        self._markup = ""
        super().__init__("", role, tone, wrap=True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def say(self, strong: str, rest: str) -> None:
        """Words, the first of them in bold; both are escaped here."""
        first = f"<b>{html.escape(strong)}</b>" if strong else ""
        self.say_markup(strong + rest, first + html.escape(rest).replace("\n", "<br>"))

    def say_markup(self, plain: str, markup: str) -> None:
        """`markup` as it is (made from escaped words), `plain` for `text()`."""
        self._markup = markup
        self.setText(plain)

    def _show(self) -> None:
        line = current().line_height(self._role)
        style = f"line-height:{line}px; -qt-line-height-type: fixed; margin: 0"
        QLabel.setText(self, f'<p style="{style}">{self._markup}</p>')


class Quote(QWidget):
    """Words of somebody else, behind a bar at the left."""

    def __init__(self, text: str, strong: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = RichLabel("note", "muted")
        self._label.say(strong, text)
        column = QVBoxLayout(self)
        column.setContentsMargins(_BAR + 12, 3, 0, 3)
        column.addWidget(self._label)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bar."""
        painter = QPainter(self)
        painter.fillRect(0, 0, _BAR, self.height(), current().color("line"))
        painter.end()


class Dot(QWidget):
    """The shape of a severity 0–4, alone; the words beside it say the same."""

    def __init__(self, level: int, shape: str = "dot", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level, self._shape = level, shape
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        current().changed.connect(self._dress)
        self._dress()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The shape in the middle of the first line."""
        painter = QPainter(self)
        side = current().px(10)
        top = (self.height() - side) / 2
        paint_shape(painter, self._shape, current().severity(self._level).fg, QRectF(0, top, side, side))
        painter.end()

    def _dress(self) -> None:
        self.setFixedSize(current().px(10), current().line_height("note"))


class DatedLines(QWidget):
    """Lines of date, dot and words: a person's history."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)

    def add(self, date: str, level: int, shape: str, strong: str, rest: str) -> None:
        """Append a line."""
        row = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        day = Label(date, "note", "muted")
        day.setFixedHeight(current().line_height("note"))
        self._grid.addWidget(day, row, 0, top)
        self._grid.addWidget(Dot(level, shape), row, 1, top)
        words = RichLabel("note")
        words.say(strong, rest)
        if current().scale > _LARGE:
            self._grid.addWidget(words, row + 1, 0, 1, 3)
        else:
            self._grid.addWidget(words, row, 2)

    def add_below(self, widget: QWidget) -> None:
        """Something that belongs to the line above."""
        row = self._grid.rowCount()
        if current().scale > _LARGE:
            self._grid.addWidget(widget, row, 0, 1, 3)
        else:
            self._grid.addWidget(widget, row, 2)
