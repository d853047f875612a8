"""«Base partagée»: joining one, or the connection of a desk that has joined."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from console.domain.roles import Actor
from console.services.sharing_ports import HubAddress
from ui.desk import Desk
from ui.pages.connect.join_form import JoinForm
from ui.pages.connect.membership import MembershipView
from ui.pages.page import Page
from ui.widgets.empty import EmptyState

PASSWORD = "password"  # noqa: S105  the argument of `open`, not a secret


class ConnectPage(Page):
    """Works before anybody introduced themselves, too: who the person is comes from the server. `open` takes
    `PASSWORD` to go where another one is given."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Base partagée")
        self.form = JoinForm(desk)
        self.membership = MembershipView(desk)
        self._sample = EmptyState()
        self._sample.say(
            "database",
            self.tr("La file d’exemple ne se partage pas"),
            self.tr("Rien n’y est réel. Quittez l’exemple pour rejoindre une base partagée."),
            self.tr("Quitter l’exemple"),
            lambda: desk.reopen.emit(False, "", None),
        )
        self._attempt = 0
        """Number of the attempt that is waited for; an abandoned one is an older number."""
        self._stack = QStackedWidget()
        for widget in (self.form, self.membership, self._sample):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.form.asked.connect(self._join)
        self.form.abandoned.connect(self._abandon)
        self.form.back_wanted.connect(self._back)
        self.membership.password_given.connect(self._change_password)
        self.membership.leaving.connect(self._leave)
        self.membership.back_wanted.connect(lambda: desk.open_page.emit("sharing", None))
        desk.sharing.line_changed.connect(self._show)
        desk.actor_changed.connect(self._show)

    def entered(self) -> None:
        """The form, or the connection."""
        self._show()
        shown = self._stack.currentWidget()
        if isinstance(shown, (EmptyState, JoinForm, MembershipView)):
            shown.take_focus()

    def left(self) -> None:
        """No password stays in a field that nobody looks at."""
        self.form.forget_password()
        self.membership.forget()

    def open(self, argument: object) -> None:
        """Go where another password is given."""
        if argument == PASSWORD and self.desk.sharing.joined:
            self.membership.take_focus_of_password()

    # inside

    def _show(self) -> None:
        if self.desk.services.sample:
            self._stack.setCurrentWidget(self._sample)
        elif self.desk.sharing.joined and self.desk.introduced:
            self.membership.show_line()
            self._stack.setCurrentWidget(self.membership)
        else:
            self._stack.setCurrentWidget(self.form)

    def _join(self, address: HubAddress, password: str, desk_name: str) -> None:
        sharing = self.desk.services.sharing
        actor = self.desk.actor if self.desk.introduced else None
        self._attempt += 1
        attempt = self._attempt
        self.form.wait(waiting=True)

        def failed(error: Exception) -> None:
            # What was not waited for any longer failed for nobody.
            if attempt == self._attempt:
                self.form.wait(waiting=False)
                self.form.show_error(error)

        self.desk.tasks.long(
            lambda _advance: sharing.join(actor, address, password, desk_name),
            self._joined,
            failed,
            owner=self,
        )

    def _joined(self, actor: Actor) -> None:
        self.form.wait(waiting=False)
        self.form.forget_password()
        self.desk.seat(actor)
        said = self.tr("Ce poste a rejoint la base partagée. Vous pouvez travailler pendant le chargement.")
        self.desk.notices.toast(said)
        self.desk.open_page.emit("sharing", None)

    def _abandon(self) -> None:
        self._attempt += 1
        self.form.wait(waiting=False)
        self.form.take_focus()

    def _change_password(self, password: str) -> None:
        sharing, view = self.desk.services.sharing, self.membership
        view.wait(waiting=True)

        def done(_nothing: None) -> None:
            view.wait(waiting=False)
            view.password.clear()
            view.take_focus()
            self.desk.notices.toast(self.tr("Mot de passe gardé; l’échange reprend."))

        self.desk.tasks.long(
            lambda _advance: sharing.change_password(password), done, self._failed, owner=self
        )

    def _leave(self) -> None:
        sharing, actor, view = self.desk.services.sharing, self.desk.actor, self.membership
        view.wait(waiting=True)

        def done(_nothing: None) -> None:
            view.wait(waiting=False)
            view.forget()
            self.desk.sharing.line_changed.emit()
            self.desk.notices.toast(self.tr("Ce poste travaille de nouveau seul."))
            self.entered()

        self.desk.tasks.long(lambda _advance: sharing.leave(actor), done, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        self.membership.wait(waiting=False)
        self.membership.show_error(error)

    def _back(self) -> None:
        self.desk.open_page.emit("sharing" if self.desk.introduced else "welcome", None)
