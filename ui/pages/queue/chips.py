"""The chips above the list: five fixed views with their figures, then the person's saved views."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.domain.ids import StaffId
from console.services.rows import QueueCounts, QueueFilter, SavedView, Sort
from ui import dates
from ui.pages.queue.quick_views import QuickView, quick_views, view_of
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout


class ViewChips(QWidget):
    """Shows which view is in force; at most one chip is checked."""

    chosen = Signal(object, object)
    """`QueueFilter` and, for a saved view, its `Sort` (else None)."""

    def __init__(self, me: Callable[[], StaffId], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._me = me
        self.setAccessibleName(self.tr("Vues de la file"))
        self._flow = FlowLayout(self)
        self._fixed: dict[str, tuple[QuickView, Button]] = {}
        self._saved: list[tuple[SavedView, Button]] = []
        self._where, self._sort = QueueFilter(), Sort.PRIORITY
        for view in quick_views(StaffId("")):
            chip = self._chip(view.word)
            chip.clicked.connect(lambda _checked=False, name=view.id: self._choose(name))
            self._fixed[view.id] = (view, chip)
        self.show_filter(self._where, self._sort)

    def _choose(self, name: str) -> None:
        """Made anew: whose cases are «mes dossiers» depends on who works here now."""
        view = next(each for each in quick_views(self._me()) if each.id == name)
        self.chosen.emit(view.filter, None)

    def show_counts(self, counts: QueueCounts) -> None:
        """Figures beside the words."""
        for view, chip in self._fixed.values():
            figure = view.figure(counts)
            chip.setText(f"{view.word} {dates.number(figure)}")
        self._flow.invalidate()
        self.updateGeometry()

    def show_views(self, views: Sequence[SavedView]) -> None:
        """The person's own views, after the fixed ones."""
        for _view, chip in self._saved:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._saved = []
        for view in views:
            chip = self._chip(view.name)
            chip.clicked.connect(lambda _checked=False, view=view: self.chosen.emit(view.filter, view.sort))
            chip.show()
            self._saved.append((view, chip))
        self.show_filter(self._where, self._sort)

    def show_filter(self, where: QueueFilter, sort: Sort) -> None:
        """Check the chip whose view this is."""
        self._where, self._sort = where, sort
        fixed = view_of(where)
        for name, (_view, chip) in self._fixed.items():
            chip.setChecked(name == fixed)
        for view, chip in self._saved:
            chip.setChecked(not fixed and view.filter == where and view.sort is sort)

    def _chip(self, word: str) -> Button:
        chip = Button(word, "chip")
        chip.setCheckable(True)
        # Clicking the checked chip keeps it checked; what is checked follows the filter in force.
        chip.clicked.connect(lambda: self.show_filter(self._where, self._sort))
        self._flow.addWidget(chip)
        return chip
