"""Fields with arrows, their words set in as in other fields (style sheets forget that side of them)."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox, QDateTimeEdit, QLineEdit, QSpinBox

_INSET = 9


class NumberField(QSpinBox):
    """A whole number."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self.setRange(least, most)
        _set_in(self)


class MomentField(QDateTimeEdit):
    """A date and a time on the city's clock, as tables show them."""

    def __init__(self) -> None:
        super().__init__()
        self.setDisplayFormat("yyyy-MM-dd  HH 'h' mm")
        _set_in(self)


def _set_in(box: QAbstractSpinBox) -> None:
    inner = box.findChild(QLineEdit)
    if inner is not None:
        inner.setTextMargins(_INSET, 0, 0, 0)
