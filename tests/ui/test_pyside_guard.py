"""PySide6 6.12.0 loses a reference to None at each call that returns nothing, until the process aborts."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject


def test_calls_that_return_nothing_keep_none_alive() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(2000):
        thing.setObjectName("a")
    assert sys.getrefcount(None) > before - 1000
