"""The window: rail, top bar, banners, pages made when first opened, status line, toast."""

from __future__ import annotations

import base64
import os
from functools import partial

from PySide6.QtCore import QByteArray, QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from console.domain.roles import Permission
from ui.commands import Context
from ui.desk import Desk
from ui.dialogs.emergency import EmergencyForm
from ui.dialogs.key_sheet import KeySheet
from ui.file_drop import FileDrop
from ui.notify import Toast
from ui.pages.page import Page
from ui.pages.registry import PageSpec, pages
from ui.widgets.banner import NoticeBanner
from ui.widgets.rail import Rail
from ui.widgets.side_panel import SidePanel
from ui.widgets.status_line import StatusLine
from ui.widgets.toast import ToastView
from ui.widgets.top_bar import TopBar
from ui.window_commands import WindowCommands
from ui.window_state import WindowState

MINIMUM = (1024, 640)
_FRAME = 40
"""Pixels that the title takes, where the system tells no sooner."""
FIRST = (1440, 900)
WORDS_ABOVE = 1280
"""Width at 100 % text from which the rail shows words (exclusive)."""


class MainWindow(QMainWindow):
    """One open desk. The application owns it, and closes the services after it."""

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setWindowTitle(self.tr("Vigie"))
        self.setMinimumSize(*MINIMUM)
        self._specs = {spec.id: spec for spec in pages()}
        self._made: dict[str, Page] = {}
        self._searched: dict[str, str] = {}
        self._front = ""
        self._build()
        self.state = WindowState(self, desk)
        WindowCommands(self, desk)
        FileDrop(self, desk)
        self._wire()
        self._restore_geometry()
        self._show_for_actor()
        self.state.start()

    def _build(self) -> None:
        self.rail = Rail()
        self.top = TopBar(self.desk.commands)
        self.notice = NoticeBanner()
        self.banners = QVBoxLayout()
        self.stack = QStackedWidget()
        self.status = StatusLine(self.desk.commands)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(self.banners)
        self.banners.addWidget(self.notice)
        column.addWidget(self.stack, 1)
        column.addWidget(self.status)
        central = QWidget()
        central.setProperty("surface", "page")
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(central)
        self.panel = SidePanel(central)
        self.toast = ToastView(self.desk.services.clock, self.desk.commands, central)

    def _wire(self) -> None:
        desk = self.desk
        self.rail.chosen.connect(self.go)
        self.top.searched.connect(self._search)
        self.top.emergency_asked.connect(self.show_emergency)
        self.status.keys.clicked.connect(self.show_keys)
        desk.open_page.connect(self.go)
        desk.show_panel.connect(self.panel.show_body)
        desk.hide_panel.connect(self.panel.dismiss)
        desk.actor_changed.connect(self._show_for_actor)
        desk.notices.noticed.connect(self.notice.show_notice)
        desk.notices.cleared.connect(self.notice.hide)
        desk.notices.toasted.connect(self._show_toast)
        desk.theme.changed.connect(self._fit)
        desk.commands.changed.connect(self._fill_rail)
        for name in self._specs:
            if f"go.{name}" in {command.id for command in desk.commands.commands()}:
                desk.commands.bind(f"go.{name}", self, partial(self.go, name))

    @property
    def front(self) -> str:
        """Id of the page that is shown."""
        return self._front

    def page(self, name: str) -> Page:
        """The page, made now when it was not before. Raises KeyError for an unknown id."""
        if name not in self._made:
            page = self._specs[name].make(self.desk)
            self._made[name] = page
            self.stack.addWidget(page)
        return self._made[name]

    def go(self, name: str, argument: object = None) -> None:
        """Bring a page to the front; a page that the role may not see is not opened."""
        if not self._visible(self._specs[name]):
            return
        if self._front and self._front != name:
            self._made[self._front].left()
            self.notice.let_go()
        page = self.page(name)
        self._front = name
        self.stack.setCurrentWidget(page)
        self.rail.select(name)
        self.top.show_page(
            name, page.title, page.search_hint, page.bar_widgets(), self._searched.get(name, "")
        )
        self.setWindowTitle(self.tr("{page} – Vigie").format(page=page.title))
        self._fit()
        page.entered()
        if argument is not None:
            page.open(argument)

    def show_keys(self) -> None:
        """The key sheet, in the panel."""
        self.panel.show_body(self.tr("Touches"), KeySheet(self.desk.commands, self._contexts()))

    def show_emergency(self) -> None:
        """Emergency measures, in the panel."""
        if self.desk.may(Permission.EMERGENCY):
            form = EmergencyForm(self.desk)
            form.finished.connect(self.panel.dismiss)
            self.panel.show_body(self.tr("Mesures d’urgence"), form)

    def _contexts(self) -> tuple[Context, ...]:
        here = self._specs[self._front].context if self._front else None
        others = [each for each in Context if each not in (here, Context.GLOBAL)]
        return tuple(each for each in (here, Context.GLOBAL, *others) if each is not None)

    def _visible(self, spec: PageSpec) -> bool:
        if not self.desk.introduced:
            return spec.before_introduction
        return spec.needs is None or self.desk.may(spec.needs)

    def _show_for_actor(self) -> None:
        self._fill_rail()
        self.rail.setVisible(self.desk.introduced)
        self.top.setVisible(self.desk.introduced)
        self.status.setVisible(self.desk.introduced)
        if not self.desk.introduced:
            self.go("welcome")
        elif not self._front or not self._visible(self._specs[self._front]) or self._front == "welcome":
            self.go(next(name for name, spec in self._specs.items() if spec.word and self._visible(spec)))

    def _fill_rail(self) -> None:
        known = {command.id for command in self.desk.commands.commands()}
        shown = []
        for spec in self._specs.values():
            if spec.word and self._visible(spec):
                name = next((each for each in (f"go.{spec.id}", spec.id) if each in known), "")
                shown.append((spec, self.desk.commands.hint(name) if name else spec.word))
        self.rail.show_pages(shown)
        self.rail.select(self._front)
        self.state.show_counts()

    def _search(self, text: str) -> None:
        self._searched[self._front] = text
        self._made[self._front].search(text)

    def _show_toast(self, toast: Toast) -> None:
        self.notice.let_go()
        self.toast.show_toast(toast)

    def _fit(self) -> None:
        room = round(self.width() / self.desk.theme.scale)
        self.rail.set_words(room > WORDS_ABOVE)
        self.top.set_room(room)
        if self._front:
            self._made[self._front].set_room(room)
        self.toast.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold and unfold at the breakpoints."""
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window's place, and let go."""
        place = base64.b64encode(self.saveGeometry().data()).decode()
        self.desk.change_settings(geometry=place)
        self.desk.sharing.close()
        self.desk.platforms.close()
        super().closeEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Refresh what shows the time when the window comes back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            QTimer.singleShot(0, self.state, self.state.refresh)

    def _restore_geometry(self) -> None:
        place = os.environ.get("VIGIE_WINDOW_PLACE")
        if place in ("left", "right"):
            # Two windows beside each other (`vigie hub demo`); where they do not fit, they overlap.
            screen = self.screen().availableGeometry()
            self.resize(max(screen.width() // 2, MINIMUM[0]), screen.height() - _FRAME)
            self.move(screen.left() if place == "left" else screen.right() + 1 - self.width(), screen.top())
            return
        kept = self.desk.settings.geometry
        if not kept or not self.restoreGeometry(QByteArray(base64.b64decode(kept))):
            room = self.screen().availableSize()
            self.resize(min(FIRST[0], room.width()), min(FIRST[1], room.height()))
