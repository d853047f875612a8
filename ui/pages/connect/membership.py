"""The connection of a desk that has joined: what it is, another password, and leaving."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.domain.roles import Permission
from ui import dates
from ui.desk import Desk
from ui.models import line as line_words
from ui.notify import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class MembershipView(Column):
    """Asks nothing of the services itself."""

    password_given = Signal(str)
    leaving = Signal()
    back_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(centred=True)
        self._desk = desk
        self.hub, self.login, self.person, self.state = (Label("", "strong", wrap=True) for _ in range(4))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.returnPressed.connect(self._give)
        self.change = Button(self.tr("Changer le mot de passe"), "", "lock")
        self.change.clicked.connect(self._give)
        self.leave = Button(self.tr("Quitter la base partagée…"), "danger")
        self.leave.clicked.connect(lambda: self._ask(asking=True))
        self.really = Button(self.tr("Quitter"), "danger")
        self.really.clicked.connect(self._leave)
        self.stay = Button(self.tr("Rester"))
        self.stay.clicked.connect(lambda: self._ask(asking=False))
        self.back = Button(self.tr("Voir le partage"), "", "arrow-left")
        self.back.clicked.connect(self.back_wanted)
        self.problem = Banner(Tone.WARNING, inset=True)
        self.problem.hide()
        self._unsent = Label("", "base", "warning", wrap=True)
        self._no_right = Label(
            self.tr("La supervision ou l’administration peut quitter la base partagée."),
            "note",
            "muted",
            wrap=True,
        )
        self._build()
        self._ask(asking=False)

    def show_line(self) -> None:
        """The connection as it is now."""
        if not self._desk.introduced:
            return
        line, now, staff = (
            self._desk.sharing.line,
            self._desk.services.clock.now(),
            self._desk.actor.staff,
        )
        self.hub.setText(line.hub)
        self.login.setText(line.login)
        role = self._desk.catalogue.label("role", staff.role)
        self.person.setText(f"{staff.name} · {role}")
        self.state.setText(line_words.line_words(line, now).word)
        count = dates.number(line.to_send)
        said = self.tr("{n} éléments de ce poste ne sont pas encore envoyés.").format(n=count)
        one = self.tr("1 élément de ce poste n’est pas encore envoyé.")
        self._unsent.setText(one if line.to_send == 1 else said)
        self._unsent.setVisible(line.to_send > 0)
        may = self._desk.may(Permission.SUPERVISE) or self._desk.may(Permission.MANAGE_SETTINGS)
        self._no_right.setVisible(not may)
        self._ways.setVisible(may)

    def forget(self) -> None:
        """The page is left: no password stays in a field, and leaving has to be asked again."""
        self.password.clear()
        self.problem.hide()
        self._ask(asking=False)

    def wait(self, *, waiting: bool) -> None:
        """While the server is asked."""
        for widget in (self.password, self.change, self.leave, self.really, self.stay):
            widget.setEnabled(not waiting)

    def show_error(self, error: Exception) -> None:
        """What went wrong, and the next step."""
        notice = self._desk.notices.explain(error)
        self.problem.say(notice.title, notice.next)
        self.take_focus_of_password()

    def take_focus(self) -> None:
        """The way back first: nothing here is done every day."""
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_focus_of_password(self) -> None:
        """Another password is what one came for."""
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)
        self.password.selectAll()

    # inside

    def _give(self) -> None:
        self.problem.hide()
        if not self.password.text():
            self.problem.say(self.tr("Écrivez votre mot de passe."))
            self.take_focus_of_password()
            return
        self.password_given.emit(self.password.text())

    def _leave(self) -> None:
        self.problem.hide()
        self.leaving.emit()

    def _ask(self, *, asking: bool) -> None:
        focus = self.focusWidget()
        had_focus = focus is not None and self._ways.isAncestorOf(focus)  # type: ignore[redundant-expr]  # it may be
        self.leave.setVisible(not asking)
        self.really.setVisible(asking)
        self.stay.setVisible(asking)
        if asking:
            self.stay.setFocus(Qt.FocusReason.OtherFocusReason)  # the harmless answer has the focus
        elif had_focus:
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self.add_title(self.tr("Base partagée"), self.tr("Ce poste partage sa file avec d’autres."))
        card = Card(self.tr("Connexion"))
        for place, (name, value) in enumerate(
            (
                (self.tr("Base"), self.hub),
                (self.tr("Identifiant"), self.login),
                (self.tr("Personne au poste"), self.person),
                (self.tr("État"), self.state),
            )
        ):
            card.add_row(name, value, line=bool(place))
        self.body.addWidget(card)
        secret = Card(self.tr("Mot de passe"))
        secret.add_row(
            self.tr("Mot de passe actuel du serveur"),
            self.password,
            self.tr("À écrire ici quand il a changé sur le serveur. Gardé dans le trousseau du système."),
        )
        buttons = QWidget()
        FlowLayout(buttons).addWidget(self.change)
        secret.add(buttons)
        self.body.addWidget(secret)
        self.body.addWidget(self.problem)
        self.body.addWidget(self._leaving_card())
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()

    def _leaving_card(self) -> Card:
        card = Card(self.tr("Quitter la base partagée"))
        card.add(
            Label(
                self.tr(
                    "Ce poste travaille de nouveau seul. Ce qu’il a reçu reste ici; ce qui est dans la base "
                    "partagée y reste aussi. Il pourra s’y joindre de nouveau."
                ),
                "base",
                wrap=True,
            )
        )
        card.add(self._unsent)
        self._ways = QWidget()
        column = QVBoxLayout(self._ways)
        column.setContentsMargins(0, 0, 0, 0)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.leave, self.stay, self.really):
            flow.addWidget(button)
        column.addWidget(buttons)
        card.add(self._ways)
        card.add(self._no_right)
        return card
