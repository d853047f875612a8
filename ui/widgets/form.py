"""A page's column of cards, and the rows of a form: words and a hint at the left, a field at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui import theme
from ui.widgets.label import Label, SectionLabel, rule

_WIDTH = 760


class Column(QScrollArea):
    """A page's scrolling column, at most 760 px of text wide; `centred` where nothing stands beside it."""

    def __init__(self, *, centred: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._wanted: QWidget | None = None
        self.verticalScrollBar().rangeChanged.connect(self._seek)
        self.verticalScrollBar().actionTriggered.connect(self._moved_by_hand)
        self._inner = QWidget()
        self.body = QVBoxLayout(self._inner)
        frame = QWidget()
        frame.setProperty("surface", "clear")
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        if centred:
            row.addStretch(1)
        row.addWidget(self._inner, 100)
        row.addStretch(1)
        self.setWidget(frame)
        theme.current().changed.connect(self._dress)
        self._dress()

    def add_title(self, text: str, hint: str = "") -> None:
        """Heading of the column, with a sentence below."""
        self.body.addWidget(Label(text, "display", wrap=True))
        if hint:
            self.body.addWidget(Label(hint, "base", "muted", wrap=True))

    def clear(self) -> None:
        """Take everything out."""
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()

    def bring_into_view(self, widget: QWidget) -> None:
        """Scroll so that `widget` begins at the top, now and while words above it find their height."""
        self._wanted = widget
        self._seek()

    def _seek(self) -> None:
        if self._wanted is not None and isValid(self._wanted):
            self.verticalScrollBar().setValue(self._wanted.pos().y() - theme.current().space(12))

    def _moved_by_hand(self) -> None:
        self._wanted = None

    def finish(self) -> None:
        """Nothing more is added: push everything up."""
        self.body.addStretch(1)

    def _dress(self) -> None:
        look = theme.current()
        self._inner.setMaximumWidth(look.px(_WIDTH))
        self.body.setContentsMargins(look.space(24), look.space(20), look.space(24), look.space(24))
        self.body.setSpacing(look.space(12))


class Card(QFrame):
    """A card of rows under a section label."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._rows = QVBoxLayout(self)
        self._title = title
        if title:
            self._rows.addWidget(SectionLabel(title))
        theme.current().changed.connect(self._dress)
        self._dress()

    def add_row(self, label: str, field: QWidget, hint: str = "", *, line: bool = True) -> Label:
        """A row: its words are the field's accessible name and buddy. Returns the label of the words."""
        if line and self._rows.count() > bool(self._title):
            self._rows.addWidget(rule())
        words = Label(label, "base", wrap=True)
        words.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(label)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(words)
        if hint:
            left.addWidget(Label(hint, "note", "muted", wrap=True))
            field.setAccessibleDescription(hint)
        row = QHBoxLayout()
        row.setSpacing(theme.current().space(16))
        row.addLayout(left, 3)
        row.addWidget(field, 2, Qt.AlignmentFlag.AlignVCenter)
        self._rows.addLayout(row)
        return words

    def add(self, widget: QWidget, *, line: bool = False) -> None:
        """A widget as wide as the card."""
        if line and self._rows.count() > bool(self._title):
            self._rows.addWidget(rule())
        self._rows.addWidget(widget)

    def _dress(self) -> None:
        look = theme.current()
        gap = look.space(16)
        self._rows.setContentsMargins(gap, look.space(12), gap, look.space(12))
        self._rows.setSpacing(look.space(10))
