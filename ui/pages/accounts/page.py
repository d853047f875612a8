"""«Comptes»: the city's accounts on platforms, and connecting another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.domain.ids import AccountId
from console.domain.roles import Permission
from console.services.platform_rows import AccountRow
from console.services.rows import ChangeSet, Cursor
from console.services.rows import Page as Rows
from ui.desk import Desk
from ui.models import accounts as models
from ui.models.card import CardText
from ui.models.row_model import RowModel
from ui.pages.accounts.account_pane import AccountPane
from ui.pages.accounts.connecting import Connecting
from ui.pages.page import Page
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.row_panel import RowPanel
from ui.widgets.two_panes import TwoPanes

CONNECT = "connect"
_EVERY = 30_000
"""Milliseconds between two readings while the page is in front: collection goes on meanwhile."""


class AccountsPage(Page):
    """`open` takes an `AccountId`, or `CONNECT` for another account."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Comptes")
        self.model: RowModel[AccountId, AccountRow] = RowModel(lambda row: row.account.id, self._card, self)
        self.rows: RowPanel[AccountId, AccountRow] = RowPanel(
            desk, self.model, self.tr("Comptes de la Ville"), self._say_empty
        )
        self.pane = AccountPane(desk)
        self.connecting = Connecting(desk)
        self.add = Button(
            self.tr("Connecter un compte"), "", "plus", commands=desk.commands, command="accounts.add"
        )
        self.add.clicked.connect(self.begin)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.rows.refresh)
        self._build()
        self._wire()

    # what the window asks

    def bar_widgets(self) -> Sequence[QWidget]:
        """«Connecter un compte»."""
        return (self.add,)

    def open(self, argument: object) -> None:
        """One account, or connecting another."""
        if argument == CONNECT:
            self.begin()
        elif isinstance(argument, str):
            self._show_accounts()
            self.rows.go_to(AccountId(argument))

    def entered(self) -> None:
        """Read the accounts, and again while they are looked at."""
        self._read()
        self._timer.start()
        self._show_add()
        if self._stack.currentWidget() is self.connecting:
            self.connecting.take_focus()
        else:
            self._focus()

    def left(self) -> None:
        """No secret stays in a field that nobody looks at."""
        self._timer.stop()
        if self._stack.currentWidget() is self.connecting:
            self.connecting.forget()
            self._show_accounts()

    def set_room(self, width: int) -> None:
        """The list folds where room is short."""
        self._panes.set_room(width)

    def begin(self) -> None:
        """Connect another account."""
        self._begin(None)

    # inside

    def _begin(self, row: AccountRow | None) -> None:
        if not self.desk.may(Permission.CONNECT_ACCOUNTS):
            return
        self._stack.setCurrentWidget(self.connecting)
        self._show_add()
        self.connecting.begin(row.account.platform if row is not None else None)

    def _read(self) -> None:
        accounts, actor = self.desk.services.accounts, self.desk.actor

        def read(_after: Cursor | None, _limit: int) -> Rows[AccountRow]:
            return Rows(accounts.rows(actor), None)

        self.rows.show_rows(read)

    def _card(self, row: AccountRow) -> CardText:
        return models.account_card(row, self.desk.services.clock.now())

    def _on_picked(self, account: AccountId | None) -> None:
        self.pane.show_row(self.model.row(account) if account is not None else None)

    def _on_row_changed(self) -> None:
        shown = self.pane.row
        fresh = self.model.row(shown.account.id) if shown is not None else None
        if fresh is not None and fresh != shown:
            self.pane.show_row(fresh)

    def _on_loaded(self, count: int) -> None:
        self._panes.set_empty(not count)
        if count:
            self.model.reword()

    def _on_worker(self) -> None:
        if self.isVisible() and self._stack.currentWidget() is self._panes:
            self.rows.refresh()
            self.pane.reword()

    def _on_changes(self, changes: ChangeSet) -> None:
        if self.isVisible() and changes != ChangeSet():
            self.rows.refresh()

    # acts

    def _check(self, account: AccountId) -> None:
        accounts, actor = self.desk.services.accounts, self.desk.actor

        def done(row: AccountRow) -> None:
            self.pane.wait(waiting=False)
            self.model.refresh([row])
            word = models.state_words(row, self.desk.services.clock.now()).word
            self.desk.notices.toast(self.tr("Compte vérifié\u00a0: {state}.").format(state=word))

        self._ask(lambda: accounts.check(actor, account), done)

    def _disconnect(self, account: AccountId) -> None:
        accounts, actor = self.desk.services.accounts, self.desk.actor
        said = self.tr("Compte déconnecté; son jeton est oublié.")
        self._ask(lambda: accounts.disconnect(actor, account), partial(self._changed, said))

    def _resume(self, account: AccountId) -> None:
        accounts, actor = self.desk.services.accounts, self.desk.actor
        said = self.tr("La collecte et les envois reprennent.")
        self._ask(lambda: accounts.resume(actor, account), partial(self._changed, said))

    def _ask(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        """The network is asked on the thread of long work: a decision never waits for a platform."""
        self.pane.wait(waiting=True)

        def failed(error: Exception) -> None:
            self.pane.show_error(self.desk.notices.explain(error))
            self.rows.refresh()

        self.desk.tasks.long(lambda _advance: work(), done, failed, owner=self)

    def _changed(self, said: str, changes: ChangeSet) -> None:
        self.pane.wait(waiting=False)
        self.desk.announce(changes)
        self._read()
        self.desk.platforms.wake()
        self.desk.notices.toast(said)

    def _connected(self, changes: ChangeSet, name: str) -> None:
        self._show_accounts()
        self._changed(
            self.tr("Le compte «\u00a0{name}\u00a0» est connecté; la collecte commence.").format(name=name),
            changes,
        )
        found = next((each for each in self.model.ids() if self._named(each, name)), None)
        if found is not None:
            self.rows.go_to(found)
        self._focus()

    def _named(self, account: AccountId, name: str) -> bool:
        row = self.model.row(account)
        return row is not None and row.connection is not None and row.connection.name == name

    # building

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 4, 0)
        column.addWidget(self.rows, 1)
        self._panes = TwoPanes(left, self.pane, self.rows.list)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._panes)
        self._stack.addWidget(self.connecting)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _wire(self) -> None:
        desk, pane = self.desk, self.pane
        self.rows.picked.connect(self._on_picked)
        self.rows.loaded.connect(self._on_loaded)
        self.model.dataChanged.connect(self._on_row_changed)
        pane.connect_wanted.connect(self._begin)
        pane.check_wanted.connect(self._check)
        pane.disconnect_wanted.connect(self._disconnect)
        pane.resume_wanted.connect(self._resume)
        self.connecting.finished.connect(self._connected)
        self.connecting.left.connect(self._back)
        desk.changed.connect(self._on_changes)
        desk.platforms.changed.connect(self._on_worker)
        desk.actor_changed.connect(self._on_actor)
        desk.theme.changed.connect(pane.reword)
        bind = desk.commands.bind
        bind("accounts.next", self, partial(self.rows.list.step, 1))
        bind("accounts.previous", self, partial(self.rows.list.step, -1))
        bind("accounts.add", self, self.begin)
        for name in ("connect", "check", "resume", "disconnect"):
            bind(f"accounts.{name}", self, partial(self._press, name))

    def _press(self, name: str) -> None:
        if self._stack.currentWidget() is self._panes:
            self.pane.press(name)

    def _on_actor(self) -> None:
        self._show_add()
        self.pane.reword()

    def _show_add(self) -> None:
        free = self._stack.currentWidget() is self._panes
        self.add.setVisible(free and self.desk.may(Permission.CONNECT_ACCOUNTS))

    def _back(self) -> None:
        self._show_accounts()
        self._focus()

    def _show_accounts(self) -> None:
        self._stack.setCurrentWidget(self._panes)
        self._show_add()

    def _focus(self) -> None:
        if self.rows.showing:
            self.rows.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.rows.empty.take_focus()

    def _say_empty(self, empty: EmptyState) -> None:
        why = self.tr(
            "Un compte connecté apporte ses commentaires et ses messages privés, et reçoit les décisions. "
            "Sans compte, les messages viennent de fichiers et tout se fait à la main."
        )
        if self.desk.may(Permission.CONNECT_ACCOUNTS):
            empty.say(
                "link", self.tr("Aucun compte connecté"), why, self.tr("Connecter un compte"), self.begin
            )
            return
        who = self.tr("La supervision ou l’administration peut en connecter un.")
        empty.say("link", self.tr("Aucun compte connecté"), f"{why} {who}")
