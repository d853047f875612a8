"""«État»: the line and what to do about it, what waits, who is at work."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.services.sharing_ports import Line, LineState
from ui import dates
from ui.desk import Desk
from ui.models import line as line_words
from ui.pages.sharing import words
from ui.pages.sharing.without_line import WithoutLine
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState, Picture
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card, Column
from ui.widgets.label import Label
from ui.widgets.quote import RichLabel

_ICONS = {
    LineState.CONNECTING: ("refresh-cw", "accent"),
    LineState.ONLINE: ("circle-check", "fine"),
    LineState.SYNCING: ("refresh-cw", "accent"),
    LineState.OFFLINE: ("wifi-off", "severity_2"),
    LineState.STOPPED: ("circle-x", "severity_4"),
}
_PASSWORD = frozenset({"hub.wrong_password", "hub.secret_missing"})
_READABLE = 560
_MOST = 30
"""People shown by name; more are counted."""


class StateSection(QStackedWidget):
    """Everything is in memory: shown at once, and words are changed in place."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown_people: list[tuple[str, str]] = []
        self.alone = EmptyState()
        self._column = Column()
        self._title, self._text = Label("", "title", wrap=True), Label("", "base", wrap=True)
        self._picture = Picture("database")
        self.sync = Button(
            self.tr("Synchroniser maintenant"),
            "",
            "refresh-cw",
            commands=desk.commands,
            command="sharing.sync",
        )
        self.sync.clicked.connect(self.sync_now)
        self.password = Button(self.tr("Changer le mot de passe"), "primary", "lock")
        self.password.clicked.connect(lambda: desk.open_page.emit("connect", "password"))
        self.connection = Button(self.tr("Voir la connexion"), "", "database")
        self.connection.clicked.connect(lambda: desk.open_page.emit("connect", None))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Premier chargement"))
        self.progress = Label("", "note", "muted")
        self.to_send, self.to_receive, self.met = (_figure() for _ in range(3))
        self._people = QWidget()
        self._people_column = QVBoxLayout(self._people)
        self._people_column.setContentsMargins(0, 0, 0, 0)
        self._build()
        desk.sharing.line_changed.connect(self.show_line)

    def show_line(self) -> None:
        """The state as it is now."""
        line, now = self._desk.sharing.line, self._desk.services.clock.now()
        if line.state is LineState.ALONE:
            self.setCurrentWidget(self._alone)
            return
        self._title.setText(words.state_title(line, now))
        self._text.setText(self._said(line))
        self._picture.show_icon(*_ICONS[line.state])
        self._show_buttons(line)
        self._show_waiting(line)
        self._show_people()
        self.setCurrentWidget(self._column)

    def take_focus(self) -> None:
        """Where work begins: on what can be done about the line."""
        if self.currentWidget() is self._alone:
            self.alone.take_focus()
            return
        first = next((each for each in (self.password, self.sync) if not each.isHidden()), self.connection)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def sync_now(self) -> None:
        """Exchange now rather than at the next occasion."""
        if self.currentWidget() is self._alone:
            return
        self._desk.services.sharing.sync_now()
        self._desk.notices.toast(self.tr("Échange demandé."))

    # inside

    def _said(self, line: Line) -> str:
        if line.error is None:
            return words.state_words(line)
        notice = self._desk.notices.explain(line.error)
        if line.state is not LineState.STOPPED:
            return f"{notice.title} {words.state_words(line)}"  # the line mends itself: nothing to do
        return f"{notice.title} {notice.next} {words.state_words(line)}".strip()

    def _show_buttons(self, line: Line) -> None:
        stopped = line.state is LineState.STOPPED
        code = line.error.code if line.error is not None else ""
        self.password.setVisible(stopped and code in _PASSWORD)
        self.sync.set_look("primary" if stopped and code not in _PASSWORD else "")
        self.sync.setText(self.tr("Réessayer") if stopped else self.tr("Synchroniser maintenant"))

    def _show_waiting(self, line: Line) -> None:
        nothing, now = self.tr("Rien"), self._desk.services.clock.now()
        for label, count in ((self.to_send, line.to_send), (self.to_receive, line.to_receive)):
            label.setText(dates.number(count) if count else nothing)
        self.met.setText(words.met(line, now))
        self._loading.setVisible(line.loading is not None)
        if line.loading is not None:
            done, total = line.loading
            # A bar counts in 32 bits; a thousand steps are more than its width shows.
            self._bar.setRange(0, 1000 if total else 0)
            self._bar.setValue(1000 * done // total if total else 0)
            self.progress.setText(line_words.loading_words(line.loading))

    def _show_people(self) -> None:
        now, here = self._desk.services.clock.now(), self._desk.actor
        people = [
            words.presence_line(seen, now, me=(seen.staff, seen.desk) == (here.staff.id, here.desk))
            for seen in self._desk.sharing.presence()
        ]
        if people == self._shown_people:
            return
        self._shown_people = people
        while (item := self._people_column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for name, rest in people[:_MOST]:
            said = RichLabel("base")
            said.say(name, f" · {rest}")
            self._people_column.addWidget(said)
        if len(people) > _MOST:
            more = self.tr("et {n} autres").format(n=len(people) - _MOST)
            self._people_column.addWidget(Label(more, "base", "muted"))
        if not people:
            nobody = self.tr("Personne d’autre n’est au travail en ce moment.")
            self._people_column.addWidget(Label(nobody, "base", "muted", wrap=True))

    def _fit(self) -> None:
        self.alone.setMaximumWidth(self._desk.theme.px(_READABLE))

    def _build(self) -> None:
        self.alone.say(
            "database",
            self.tr("Ce poste travaille seul"),
            self.tr(
                "Une base partagée réunit plusieurs postes\u00a0: la même file, les mêmes dossiers, une "
                "seule piste de vérification. Le service informatique en donne l’adresse et un identifiant."
            ),
            self.tr("Se connecter à une base partagée"),
            lambda: self._desk.open_page.emit("connect", None),
        )
        self._alone = QWidget()
        row = QHBoxLayout(self._alone)
        row.addStretch(1)
        row.addWidget(self.alone, 100)
        row.addStretch(1)
        self._fit()
        self._desk.theme.changed.connect(self._fit)
        for widget in (self._alone, self._column):
            self.addWidget(widget)
        body = self._column.body
        body.addWidget(self._state_card())
        body.addWidget(self._waiting_card())
        people = Card(self.tr("Au travail"))
        people.add(self._people)
        body.addWidget(people)
        self.without_line = WithoutLine(self._desk)
        body.addWidget(self.without_line)
        self._column.finish()

    def _state_card(self) -> Card:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.setSpacing(4)
        said.addWidget(self._title)
        said.addWidget(self._text)
        row.addLayout(said, 1)
        buttons = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        flow = FlowLayout(buttons)
        for button in (self.password, self.sync, self.connection):
            flow.addWidget(button)
        card = Card()
        card.add(head)
        card.add(buttons)
        return card

    def _waiting_card(self) -> Card:
        self._loading = QWidget()
        column = QVBoxLayout(self._loading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._bar)
        column.addWidget(self.progress)
        card = Card(self.tr("Ce qui attend"))
        card.add(self._loading)
        card.add_row(
            self.tr("À envoyer"), self.to_send, self.tr("Ce qui a été reçu, décidé ou noté sur ce poste.")
        )
        card.add_row(self.tr("À recevoir"), self.to_receive, self.tr("Ce que les autres postes ont fait."))
        card.add_row(
            self.tr("Dernière rencontre"), self.met, self.tr("Quand tout avait été échangé, des deux côtés.")
        )
        return card


def _figure() -> Label:
    label = Label("", "strong", wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
