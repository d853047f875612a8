"""Where room is short, the list folds into a strip at the left and opens over the message when asked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ui.theme import current
from ui.widgets.button import IconButton

_WIDTH = 372
_LEAST, _MOST = 280, 720


class Fold(QObject):
    """Moves the list between its splitter and an overlay; keys go on working either way."""

    width_changed = Signal(int)
    """The person moved the handle: the list's new width in pixels."""

    def __init__(self, splitter: QSplitter, panel: QWidget) -> None:
        super().__init__(splitter)
        self._splitter, self._panel = splitter, panel
        self._width = _WIDTH
        splitter.splitterMoved.connect(self._moved)
        self._folded = False
        self.strip = QWidget()
        self.strip.setProperty("surface", "panel")
        self.strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._button = IconButton("panel-left", self.tr("Montrer la liste"))
        self._button.clicked.connect(self.toggle)
        column = QVBoxLayout(self.strip)
        column.setContentsMargins(4, 8, 4, 8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        column.addStretch(1)
        self.strip.hide()
        splitter.installEventFilter(self)

    @property
    def folded(self) -> bool:
        """Whether the list is folded away."""
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Fold or unfold; the width the person chose comes back."""
        if folded == self._folded:
            return
        self._folded = folded
        self.strip.setVisible(folded)
        if folded:
            self._panel.setParent(self._splitter.parentWidget() or self._splitter)
            self._panel.hide()
        else:
            self._splitter.insertWidget(0, self._panel)
            self._splitter.setStretchFactor(0, 0)
            self._splitter.setStretchFactor(1, 1)
            self._show_width()
            self._panel.show()

    def set_width(self, width: int) -> None:
        """The width that was kept, within bounds."""
        self._width = max(_LEAST, min(width, _MOST))
        if not self._folded:
            self._show_width()

    def _show_width(self) -> None:
        self._splitter.setSizes([self._width, max(self._splitter.width() - self._width, 1)])

    def _moved(self) -> None:
        if not self._folded:
            self._width = self._splitter.sizes()[0]
            self.width_changed.emit(self._width)

    def toggle(self) -> None:
        """Show the list over the message, or put it away."""
        if self._folded:
            self._panel.setVisible(not self._panel.isVisible())
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the page."""
        if event.type() == QEvent.Type.Resize and self._folded:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        area = self._splitter.geometry()
        width = min(current().px(_WIDTH), area.width())
        self._panel.setGeometry(area.left(), area.top(), width, area.height())
        self._panel.raise_()
