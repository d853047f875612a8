"""Names and values in two columns, selectable; and one line of progress with its way out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QWidget

from ui import dates, theme
from ui.models.display_text import DisplayText
from ui.widgets.button import Button
from ui.widgets.label import Label


class Facts(QWidget):
    """`add` a name and its value; blank values are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.current().space(16))
        self._grid.setVerticalSpacing(theme.current().space(6))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 3)

    def add(self, name: str, value: str, tone: str = "") -> None:
        """One more line."""
        if not value.strip():
            return
        row = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        said = Label(DisplayText.of(value).text, "base", tone, wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said.setAccessibleName(f"{name}\u00a0: {value}")
        self._grid.addWidget(Label(name, "base", "muted", wrap=True), row, 0, top)
        self._grid.addWidget(said, row, 1, top)


class ProgressLine(QWidget):
    """What is being done, how far it is, and a button that stops it. Hidden while nothing is done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stop: Callable[[], object] | None = None
        self._what = Label("", "note")
        self._count = Label("", "note", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel = Button(self.tr("Arrêter"))
        self.cancel.clicked.connect(self._cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(12)
        row.addWidget(self._what)
        row.addWidget(self._bar, 1)
        row.addWidget(self._count)
        row.addWidget(self.cancel)
        self.hide()

    def begin(self, what: str, stop: Callable[[], object]) -> None:
        """Show it; `stop` is what the button does."""
        self._what.setText(what)
        self._bar.setAccessibleName(what)
        self._bar.setRange(0, 0)
        self._count.setText("")
        self._stop = stop
        self.cancel.setEnabled(True)
        self.show()

    def advance(self, done: int, total: int | None) -> None:
        """How far it is."""
        self._bar.setRange(0, total or 0)
        self._bar.setValue(done)
        shown = dates.number(done)
        self._count.setText(f"{shown} / {dates.number(total)}" if total else shown)

    def _cancelled(self) -> None:
        self.cancel.setEnabled(False)
        if self._stop is not None:
            self._stop()
