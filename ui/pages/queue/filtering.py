"""The filters' button, panel and saved views, and the order, of one queue page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from console.domain.messages import Account
from console.services.rows import CaseDetail, QueueFilter, SavedView, Sort
from ui import icons
from ui.desk import Desk
from ui.pages.queue.filter_form import Choices, FilterForm
from ui.pages.queue.loader import QueueLoader
from ui.pages.queue.quick_views import narrowed, view_of
from ui.widgets.button import Button
from ui.widgets.side_panel import SidePanel


class Filtering(QObject):
    """Holds the filter in force; `changed` when the list must follow it."""

    changed = Signal(object, object)
    """`QueueFilter`, `Sort`."""
    views_read = Signal(object)
    """Saved views."""

    def __init__(self, desk: Desk, loader: QueueLoader, panel: SidePanel) -> None:
        super().__init__(panel)
        self._desk, self._loader, self._panel = desk, loader, panel
        self._where, self._sort = QueueFilter(), Sort.PRIORITY
        self._short = False
        self._form: FilterForm | None = None
        self._detail: CaseDetail | None = None
        self.button = Button(self.tr("Filtres"), icon="funnel")
        self.button.clicked.connect(self.toggle)
        self.order = Button("", icon="chevron-down")
        self.order.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._menu = QMenu(self.order)
        self._actions = {sort: self._menu.addAction(_sort_word(self, sort)) for sort in Sort}
        for sort, action in self._actions.items():
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, sort=sort: self.apply(self._where, sort))
        self.order.setMenu(self._menu)
        panel.closed.connect(self._closed)
        desk.commands.changed.connect(self._hint)
        self._hint()
        self._show()

    def set_short(self, short: bool) -> None:
        """Pictures without words where the bar is short; names and tooltips say them."""
        if short != self._short:
            self._short = short
            self._show()

    @property
    def where(self) -> QueueFilter:
        """The filter in force."""
        return self._where

    @property
    def sort(self) -> Sort:
        """The order in force."""
        return self._sort

    def bar_widgets(self) -> Sequence[QWidget]:
        """For the top bar."""
        return (self.button, self.order)

    def apply(self, where: QueueFilter, sort: Sort | None = None) -> None:
        """Take a filter, and an order when one is given."""
        self._where, self._sort = where, sort or self._sort
        self._show()
        if self._form is not None:
            self._form.show_filter(where)
            self._count()
        self.changed.emit(self._where, self._sort)

    def search(self, text: str) -> None:
        """Words to search, within the filter in force."""
        if text != self._where.text:
            self.apply(replace(self._where, text=text))

    def about(self, detail: CaseDetail | None) -> None:
        """The message on screen: its author can be filtered by."""
        self._detail = detail

    def read_views(self) -> None:
        """Saved views, for the chips."""
        queue = self._desk.services.queue
        self._desk.tasks.read(queue.views, self.views_read.emit, owner=self, lane="views")

    def toggle(self) -> None:
        """Open the panel, or close it."""
        if self._form is not None:
            self._panel.dismiss()
            return
        queue = self._desk.services.queue

        def show(read: tuple[tuple[Account, ...], tuple[SavedView, ...]]) -> None:
            self._open(*read)

        self._desk.tasks.read(lambda: (queue.accounts(), queue.views()), show, owner=self, lane="panel")

    def _open(self, accounts: Sequence[Account], views: Sequence[SavedView]) -> None:
        detail = self._detail
        name = self._desk.person(detail.author.name, detail.author_number) if detail else ""
        choices = Choices(self._loader.context, accounts, views, detail.author.id if detail else None, name)
        form = FilterForm(self._where, choices, self._desk.services.clock.now)
        form.changed.connect(self.apply)
        form.save_wanted.connect(self._save)
        form.drop_wanted.connect(self._drop)
        self._panel.show_body(self.tr("Filtres"), form)
        self._form = form
        self._count()

    def _closed(self) -> None:
        self._form = None

    def _count(self) -> None:
        queue, where, form = self._desk.services.queue, self._where, self._form
        if form is not None:
            self._desk.tasks.read(lambda: queue.matches(where), form.show_found, owner=form, lane="matches")

    def _save(self, name: str) -> None:
        queue, actor = self._desk.services.queue, self._desk.actor
        view = SavedView(name, replace(self._where, text=self._where.text), self._sort)

        def done(_nothing: object) -> None:
            self._desk.notices.toast(self.tr("Vue enregistrée."))
            self.read_views()
            self._panel.dismiss()

        self._desk.tasks.write(lambda: queue.save_view(actor, view), done, owner=self)

    def _drop(self, name: str) -> None:
        queue, actor = self._desk.services.queue, self._desk.actor

        def done(_nothing: object) -> None:
            self._desk.notices.toast(self.tr("Vue supprimée."))
            self.read_views()
            self._panel.dismiss()

        self._desk.tasks.write(lambda: queue.drop_view(actor, name), done, owner=self)

    def _show(self) -> None:
        count = 0 if view_of(self._where) else narrowed(self._where)
        words = self.tr("Filtres · {count}").format(count=count) if count else self.tr("Filtres")
        order = self.tr("Ordre\u00a0: {sort}").format(sort=_sort_word(self, self._sort))
        self.button.setText((str(count) if count else "") if self._short else words)
        self.button.setAccessibleName(words)
        self.order.setText("" if self._short else _sort_word(self, self._sort))
        self.order.setIcon(icons.icon("arrow-down-up" if self._short else "chevron-down"))
        self.order.setAccessibleName(order)
        self.order.setToolTip(order)
        for sort, action in self._actions.items():
            action.setChecked(sort is self._sort)

    def _hint(self) -> None:
        self.button.setToolTip(self._desk.commands.hint("queue.filters"))


def _sort_word(owner: QObject, sort: Sort) -> str:
    return {
        Sort.PRIORITY: owner.tr("Priorité"),
        Sort.NEWEST: owner.tr("Plus récents"),
        Sort.OLDEST: owner.tr("Plus anciens"),
    }[sort]
