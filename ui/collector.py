"""Python's cycle collector, run on the UI thread only.

Left alone it runs on whichever thread allocates, so that a worker could free a widget of a closed window:
Qt objects must die on the thread they live on.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY = 2000
"""Milliseconds between looks."""


class Collector(QObject):
    """Takes the collector over; `stop` gives it back."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_EVERY)

    def settle(self) -> None:
        """What lives now stays for good (modules, the window): leave it out of every later look."""
        gc.collect()
        gc.freeze()

    def look(self) -> int:
        """Collect the oldest generation that has grown past its threshold, as Python itself would; returns
        how many objects were found dead."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                return gc.collect(generation)
        return 0

    def stop(self) -> None:
        """Give the collector back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
