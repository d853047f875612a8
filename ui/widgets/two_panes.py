"""A list at the left and what is chosen at the right; where room is short, one of the two at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from ui.widgets.button import IconButton

_LIST = 372
_FOLD_BELOW = 820
"""Page width in pixels at 100 % text under which the list gives way to what is chosen in it."""


class TwoPanes(QWidget):
    """Both panes fill the page and the person moves the line between them. Where room is short, a button
    at the left shows the list in place of the right pane; choosing in `view` goes back."""

    def __init__(
        self,
        left: QWidget,
        right: QWidget,
        view: QAbstractItemView | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._left, self._right, self._view = left, right, view
        self._narrow = self._forced = False
        left.setMinimumWidth(280)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST, 1000])
        self.button = IconButton("panel-left", self.tr("Montrer la liste"))
        self.button.clicked.connect(lambda: self.show_list(self._left.isHidden()))
        self._strip = QWidget()
        self._strip.setProperty("surface", "panel")
        self._strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self._strip)
        column.setContentsMargins(4, 8, 4, 8)
        column.addWidget(self.button)
        column.addStretch(1)
        self._strip.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._strip)
        row.addWidget(splitter, 1)
        if view is not None:
            view.clicked.connect(lambda _index: self.show_list(False))
            view.activated.connect(lambda _index: self.show_list(False))

    def set_room(self, width: int) -> None:
        """Fold or unfold for a page so wide, in pixels at 100 % text."""
        narrow = width < _FOLD_BELOW
        if narrow != self._narrow:
            self._narrow = narrow
            self._strip.setVisible(narrow)
            self._left.setVisible(not narrow or self._forced)
            self._right.setVisible(not (narrow and self._forced))

    def set_empty(self, empty: bool) -> None:
        """The list has nothing to choose from: what it says of that must be seen."""
        if empty != self._forced:
            self._forced = empty
            if self._narrow:
                self._left.setVisible(empty)
                self._right.setVisible(not empty)

    def show_list(self, shown: bool) -> None:
        """Where room is short: the list, or what is chosen in it. Elsewhere both stand there anyway."""
        if not self._narrow or shown != self._left.isHidden():
            return
        self._left.setVisible(shown)
        self._right.setVisible(not shown)
        if shown and self._view is not None:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not shown:
            self._right.setFocus(Qt.FocusReason.OtherFocusReason)
