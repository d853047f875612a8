"""Keeps the width that a person gave the list, with the preferences of this desk."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ui.desk import Desk
from ui.pages.queue.fold import Fold

_PAUSE = 600
"""Milliseconds after the last move of the handle before its place is kept."""
_KEY = "ui.queue.list_width"


class ListWidth(QObject):
    """Reads it when the page is entered, writes it when the handle comes to rest."""

    def __init__(self, desk: Desk, fold: Fold) -> None:
        super().__init__(fold)
        self._desk, self._fold, self._width = desk, fold, 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._write)
        fold.width_changed.connect(self._moved)

    def read(self) -> None:
        """The width the person chose last."""
        preferences = self._desk.services.preferences

        def show(width: object) -> None:
            if isinstance(width, int) and width > 0:
                self._fold.set_width(width)

        self._desk.tasks.read(lambda: preferences.get(_KEY), show, owner=self, lane="width")

    def _moved(self, width: int) -> None:
        self._width = width
        self._timer.start()

    def _write(self) -> None:
        preferences, width = self._desk.services.preferences, self._width
        self._desk.tasks.write(lambda: preferences.put({_KEY: width}), owner=self)
