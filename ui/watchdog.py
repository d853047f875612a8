"""Notices when the UI thread was held up, and logs it."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QObject

log = logging.getLogger(__name__)

LIMIT = 0.1
"""Seconds of work in one turn of the event loop that a person begins to feel."""


class Watchdog(QObject):
    """Measures each turn of the event loop between waking and sleeping; costs no timer of its own."""

    def __init__(self, parent: QCoreApplication) -> None:
        super().__init__(parent)
        self._since = time.perf_counter()
        self.blocks = 0
        """How often the limit was passed."""
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.connect(self._awake)
            dispatcher.aboutToBlock.connect(self._about_to_block)

    def _awake(self) -> None:
        self._since = time.perf_counter()

    def _about_to_block(self) -> None:
        held = time.perf_counter() - self._since
        if held > LIMIT:
            self.blocks += 1
            log.warning("the UI thread was held for %.0f ms", held * 1000)
