"""From one day to another, either end left open."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import QDate, QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QGridLayout, QWidget

from ui.dates import CITY, local


class Period(QWidget):
    """Days of the city's calendar, given as instants: [first midnight, midnight after the last)."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._from_on, self._from = self._end(self.tr("À partir du"))
        self._to_on, self._to = self._end(self.tr("Jusqu’au"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for row, (check, edit) in enumerate(((self._from_on, self._from), (self._to_on, self._to))):
            grid.addWidget(check, row, 0)
            grid.addWidget(edit, row, 1)
        grid.setColumnStretch(1, 1)

    def instants(self) -> tuple[datetime | None, datetime | None]:
        """Aware, in UTC; None where the end is open."""
        first = _midnight(_day(self._from)) if self._from_on.isChecked() else None
        last = _midnight(_day(self._to) + timedelta(days=1)) if self._to_on.isChecked() else None
        return first, last

    def show_instants(self, first: datetime | None, last: datetime | None, today: datetime) -> None:
        """Show a filter's period, silently."""
        for check, edit, at, shift in (
            (self._from_on, self._from, first, timedelta()),
            (self._to_on, self._to, last, timedelta(days=1)),
        ):
            day = local(at) - shift if at is not None else local(today)
            with QSignalBlocker(check), QSignalBlocker(edit):
                check.setChecked(at is not None)
                edit.setDate(QDate(day.year, day.month, day.day))
            edit.setEnabled(at is not None)

    def _end(self, word: str) -> tuple[QCheckBox, QDateEdit]:
        check, edit = QCheckBox(word), QDateEdit()
        edit.setDisplayFormat("yyyy-MM-dd")
        edit.setCalendarPopup(True)
        edit.setAccessibleName(word)
        edit.setEnabled(False)
        check.toggled.connect(edit.setEnabled)
        check.toggled.connect(lambda _on: self.changed.emit())
        edit.dateChanged.connect(lambda _date: self.changed.emit())
        return check, edit


def _day(edit: QDateEdit) -> date:
    shown = edit.date()
    return date(shown.year(), shown.month(), shown.day())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CITY).astimezone(UTC)
