"""Notices when the UI thread was held up, and logs it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QObject

log = logging.getLogger(__name__)

LIMIT = 0.1
"""Seconds of work in one turn of the event loop that a person begins to feel."""


class Watchdog(QObject):
    """Measures each turn of the event loop between waking and sleeping; costs no timer of its own."""

    def __init__(self, parent: QCoreApplication, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(parent)
        self._clock = clock
        self._since = clock()
        self._watching = True
        self.blocks = 0
        """How often the limit was passed."""
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.connect(self.awake)
            dispatcher.aboutToBlock.connect(self.about_to_block)

    def close(self) -> None:
        """Watch no longer: the application may outlive what is watched."""
        self._watching = False

    def awake(self) -> None:
        """A turn begins."""
        self._since = self._clock()

    def about_to_block(self) -> None:
        """A turn ends."""
        held = self._clock() - self._since
        if self._watching and held > LIMIT:
            self.blocks += 1
            log.warning("the UI thread was held for %.0f ms", held * 1000)
