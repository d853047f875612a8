"""The bar above every page: its title, the search, the page's own buttons, the emergency measures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from ui import icons, theme
from ui.actions import Commands
from ui.widgets.button import Button
from ui.widgets.keycap import KeyCap
from ui.widgets.label import Label

_TIGHT = 700
_DEBOUNCE = 180
"""Milliseconds after the last key before a search starts."""


class SearchField(QLineEdit):
    """Search with its key shown inside while empty. `searched` is debounced; Entrée searches at once."""

    searched = Signal(str)

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        self._cap = KeyCap(commands, "search", self)
        self._last = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DEBOUNCE)
        self._timer.timeout.connect(self._emit)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._emit)
        commands.changed.connect(self._place)
        theme.current().changed.connect(self._place)

    def show_text(self, text: str) -> None:
        """Put text there without searching."""
        self._timer.stop()
        self._last = text
        self.blockSignals(True)
        self.setText(text)
        self.blockSignals(False)
        self._place()

    def sizeHint(self) -> QSize:
        """Wide enough for its placeholder."""
        return QSize(theme.current().px(420), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It gives way first where room is short."""
        return QSize(theme.current().px(90), super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Échap clears; once empty, it leaves the field."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.clearFocus()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, and a glass at its left that grows with the text."""
        super().paintEvent(event)
        look, painter = theme.current(), QPainter(self)
        side = look.px(16)
        icons.paint(painter, "search", "muted", QRectF(look.px(8), (self.height() - side) / 2, side, side))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cap at the right."""
        super().resizeEvent(event)
        self._place()

    def _typed(self) -> None:
        self._place()
        self._timer.start()

    def _place(self) -> None:
        size = self._cap.sizeHint()
        self._cap.setVisible(not self.text() and self.width() > 3 * size.width())
        look = theme.current()
        left = self.width() - look.px(8) - size.width()
        self._cap.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())
        self.setTextMargins(look.px(20), 0, size.width() if self._cap.isVisibleTo(self) else 0, 0)

    def _emit(self) -> None:
        self._timer.stop()
        if self.text() != self._last:
            self._last = self.text()
            self.searched.emit(self._last)


class TopBar(QFrame):
    """One for the window; the page in front lends it its title and widgets."""

    searched = Signal(str)
    emergency_asked = Signal()

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "bar")
        self.title = Label("", "title")
        self.search = SearchField(commands)
        self.search.setAccessibleName(self.tr("Rechercher"))
        self.search.searched.connect(self.searched)
        self.emergency = Button(self.tr("Mesures d’urgence…"), "danger")
        self.emergency.clicked.connect(self.emergency_asked)
        self._lent: dict[str, QWidget] = {}
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self.title)
        self._layout.addWidget(self.search, 4)
        self._layout.addStretch(1)
        self._layout.addWidget(self.emergency)
        theme.current().changed.connect(self._dress)
        self._dress()

    def show_page(self, page: str, title: str, hint: str, lent: Sequence[QWidget], searched: str) -> None:
        """Put a page's title, search placeholder ("" hides the field) and widgets in the bar. What a page
        lends stays in a holder of its own, so that what it hides stays hidden."""
        self.title.setText(title)
        self.search.setVisible(bool(hint))
        self.search.setPlaceholderText(hint)
        self.search.show_text(searched)
        if page not in self._lent and lent:
            self._lent[page] = self._holder(lent)
        for name, holder in self._lent.items():
            holder.setVisible(name == page)

    def _holder(self, lent: Sequence[QWidget]) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(12))
        for widget in lent:
            row.addWidget(widget)
        self._layout.insertWidget(3, holder)
        return holder

    def set_room(self, width: int) -> None:
        """Width at 100 % text: below `_TIGHT` the emergency measures are their sign alone."""
        self.emergency.fold(width < _TIGHT, "siren")

    def _dress(self) -> None:
        look = theme.current()
        self._layout.setContentsMargins(look.space(16), 6, look.space(16), 6)
        self._layout.setSpacing(look.space(12))
        self.setFixedHeight(look.px(48))
        self.search.setMaximumWidth(look.px(420))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar, and a hairline below."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(theme.current().color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
