"""What stands where a list would: why there is nothing, and the one thing to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import icons
from ui.theme import current
from ui.widgets.button import Button
from ui.widgets.label import Label


class Picture(QWidget):
    """An icon on a soft disc."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role = name, "muted"
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        current().changed.connect(self._dress)
        self._dress()

    def show_icon(self, name: str, role: str = "muted") -> None:
        """Another icon."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The disc, then the icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().color("hover"))
        painter.drawEllipse(self.rect())
        side = self.width() / 2
        corner = (self.width() - side) / 2
        icons.paint(painter, self._name, self._role, QRectF(corner, corner, side, side))
        painter.end()

    def _dress(self) -> None:
        side = current().px(48)
        self.setFixedSize(side, side)


class EmptyState(QWidget):
    """A picture, what is empty, why, and one button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = Picture("inbox")
        self._title = Label("", "title", wrap=True)
        self._why = Label("", "base", "muted", wrap=True)
        self._button = Button("")
        self._act: Callable[[], object] | None = None
        self._button.clicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._why):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            column.addWidget(label)
        column.addSpacing(8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def say(
        self, icon: str, title: str, why: str, action: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """Fill it; without `action` there is no button."""
        self._picture.show_icon(icon)
        self._title.setText(title)
        self._why.setText(why)
        self._act = act
        self._button.setText(action)
        self._button.setVisible(bool(action))

    @property
    def title(self) -> str:
        """What it says."""
        return self._title.text()

    def take_focus(self) -> None:
        """The button has the focus, when there is one: keys must not be lost with the list."""
        if not self._button.isHidden():
            self._button.setFocus()

    def _clicked(self) -> None:
        if self._act is not None:
            self._act()
