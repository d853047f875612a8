"""A list at the left and what is chosen at the right; the list folds away where room is short."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from ui.pages.queue.fold import Fold

_LIST = 372
_FOLD_BELOW = 820
"""Page width in pixels at 100 % text under which the list folds into a strip."""


class TwoPanes(QWidget):
    """Both panes fill the page; the person moves the line between them."""

    def __init__(self, left: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        left.setMinimumWidth(280)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST, 1000])
        self._fold = Fold(splitter, left)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._fold.strip)
        row.addWidget(splitter, 1)

    def set_room(self, width: int) -> None:
        """Fold or unfold for a page so wide, in pixels at 100 % text."""
        self._fold.set_folded(width < _FOLD_BELOW)
