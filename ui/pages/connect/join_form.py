"""The form that joins a shared database: where it is, who one is, and what joining means."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSysInfo, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from console.errors import VigieError
from console.services.sharing_ports import HubAddress
from ui.announce import announce
from ui.desk import Desk
from ui.file_dialogs import ask_open
from ui.notify import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.fields import NumberField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card, Column
from ui.widgets.label import Label

_FIELDS = {
    "hub.address": "host",
    "hub.certificate": "ca_file",
    "hub.certificate_file": "ca_file",
    "hub.denied": "login",
    "hub.desk_taken": "desk_name",
    "hub.login_disabled": "login",
    "hub.mandate_ended": "login",
    "hub.no_database": "database",
    "hub.no_tls": "host",
    "hub.not_a_member": "login",
    "hub.not_allowed_from_here": "host",
    "hub.not_installed": "database",
    "hub.unreachable": "host",
    "hub.wrong_password": "password",
}
"""Where a person mends what an error says; what is not here is nobody's at this desk."""


class JoinForm(Column):
    """Asks nothing of the services itself. The password is in its field only, until `forget_password`."""

    asked = Signal(object, str, str)
    """`HubAddress`, password, name of the desk."""
    abandoned = Signal()
    """Do not wait any longer."""
    back_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(centred=True)
        self._desk = desk
        self.host, self.database, self.login = QLineEdit(), QLineEdit("vigie"), QLineEdit()
        self.port = NumberField(1, 65535)
        self.port.setValue(5432)
        self.port.setGroupSeparatorShown(False)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.ca_file, self.desk_name = QLineEdit(), QLineEdit(QSysInfo.machineHostName())
        self.choose = Button(self.tr("Choisir…"), "", "folder")
        self.choose.clicked.connect(self._choose)
        self.join = Button(self.tr("Rejoindre la base partagée"), "primary", "database")
        self.join.clicked.connect(self.submit)
        self.back = Button(self.tr("Revenir"), "", "arrow-left")
        self.back.clicked.connect(self.back_wanted)
        self.stop = Button(self.tr("Ne plus attendre"))
        self.stop.clicked.connect(self.abandoned)
        self.problem = Banner(Tone.WARNING, inset=True)
        self.problem.hide()
        self._fields: dict[str, QWidget] = {
            "host": self.host, "port": self.port, "database": self.database, "ca_file": self.ca_file,
            "login": self.login, "password": self.password, "desk_name": self.desk_name,
        }  # fmt: skip
        self._build()
        for field in self._lines():
            field.returnPressed.connect(self.submit)
            field.textEdited.connect(self._mended)
        self.wait(waiting=False)

    def address(self) -> HubAddress:
        """What is written, without the password."""
        return HubAddress(
            self.host.text().strip(),
            self.database.text().strip(),
            self.login.text().strip(),
            self.port.value(),
            self.ca_file.text().strip(),
        )

    def submit(self) -> None:
        """Hand it over; what is missing is said by the service, one place for the button and Entrée."""
        if not self.join.isEnabled():
            return
        self._mended()
        if not self.password.text():
            self._say(self.tr("Écrivez votre mot de passe."), "", "password")
            return
        self.asked.emit(self.address(), self.password.text(), self.desk_name.text().strip())

    def forget_password(self) -> None:
        """It has served, or the page is left."""
        self.password.clear()

    def wait(self, *, waiting: bool) -> None:
        """While the server is asked nothing can be changed; the way out is at hand."""
        for field in (*self._fields.values(), self.choose):
            field.setEnabled(not waiting)
        self.join.setEnabled(not waiting)
        self.back.setVisible(not waiting)
        self.stop.setVisible(waiting)
        self._progress.setVisible(waiting)
        if waiting:
            self.stop.setFocus(Qt.FocusReason.OtherFocusReason)
            announce(self, self._progress_words.text())

    def show_error(self, error: Exception) -> None:
        """What went wrong, the next step, and the focus where it can be mended."""
        notice = self._desk.notices.explain(error)
        following, code = notice.next, error.code if isinstance(error, VigieError) else ""
        if code == "hub.unreachable":
            following = self.tr("Vérifiez l’adresse du serveur, le port et le réseau, puis recommencez.")
        where = _FIELDS.get(code, "")
        if code == "hub.address_missing" and isinstance(error, VigieError):
            where = str(error.facts.get("field", ""))
        self._say(notice.title, following, where)

    def take_focus(self) -> None:
        """The first field that is still empty."""
        first = next((each for each in self._lines() if not each.text()), self.host)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # inside

    def _lines(self) -> tuple[QLineEdit, ...]:
        return tuple(each for each in self._fields.values() if isinstance(each, QLineEdit))

    def _say(self, title: str, following: str, where: str) -> None:
        field = self._fields.get(where)
        # Where it is mended: under the card of the field, or above the buttons.
        card = self._cards.get(where, self._person_card)
        self.body.removeWidget(self.problem)
        self.body.insertWidget(self.body.indexOf(card) + 1, self.problem)
        self.problem.say(title, following)
        QTimer.singleShot(0, self, self._show_problem)  # once the layout has given it its place
        if field is None:
            self.join.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        _mark(field, f"{title} {following}".strip())
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(field, QLineEdit):
            field.selectAll()

    def _show_problem(self) -> None:
        focus, layout = self.focusWidget(), self.body
        layout.activate()
        self.ensureWidgetVisible(self.problem)
        if focus is not None:
            self.ensureWidgetVisible(focus)

    def _mended(self) -> None:
        self.problem.hide()
        for field in self._fields.values():
            _mark(field, "")

    def _choose(self) -> None:
        def chosen(path: Path) -> None:
            self.ca_file.setText(str(path))
            self._mended()

        title = self.tr("Certificat de l’autorité de la Ville")
        filters = self.tr("Certificats (*.pem *.crt *.cer);;Tous les fichiers (*)")
        ask_open(self, title, filters, chosen)

    def _build(self) -> None:
        self.add_title(
            self.tr("Se connecter à une base partagée"),
            self.tr(
                "Plusieurs postes se partagent alors la même file et la même piste de vérification. "
                "Le service informatique vous donne ce qu’il faut écrire ici."
            ),
        )
        self.body.addWidget(self._meaning())
        server, self._person_card = self._server(), self._person()
        self._cards = dict.fromkeys(("host", "port", "database", "ca_file"), server)
        self.body.addWidget(server)
        self.body.addWidget(self._person_card)
        self.body.addWidget(self.problem)
        self._progress = QWidget()
        column = QVBoxLayout(self._progress)
        column.setContentsMargins(0, 0, 0, 0)
        self._progress_words = Label(self.tr("Vigie rejoint la base partagée…"), "note", wrap=True)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(self._progress_words.text())
        column.addWidget(self._progress_words)
        column.addWidget(bar)
        self.body.addWidget(self._progress)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.join, self.back, self.stop):
            flow.addWidget(button)
        self.body.addWidget(buttons)
        self.finish()

    def _meaning(self) -> Card:
        card = Card(self.tr("Ce que cela change"))
        for said in (
            self.tr(
                "L’historique de ce poste rejoint la base partagée\u00a0: messages, décisions, "
                "avertissements, notes. Celui des autres postes arrive ici."
            ),
            self.tr(
                "Vos droits viennent du serveur\u00a0: votre nom et votre fonction sont ceux de votre "
                "identifiant."
            ),
            self.tr("Sans réseau, tout continue ici; l’échange reprend de lui-même."),
        ):
            card.add(Label(said, "base", wrap=True))
        return card

    def _server(self) -> Card:
        self.host.setPlaceholderText("vigie.ville.example")
        card = Card(self.tr("Serveur"))
        card.add_row(self.tr("Adresse"), self.host, self.tr("Le nom du serveur PostgreSQL de la Ville."))
        card.add_row(self.tr("Port"), self.port, line=False)
        card.add_row(self.tr("Base"), self.database, line=False)
        self.ca_file.setPlaceholderText(self.tr("Celui du système"))
        file = QWidget()
        row = QHBoxLayout(file)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.ca_file, 1)
        row.addWidget(self.choose)
        name = self.tr("Certificat")
        self.ca_file.setAccessibleName(name)
        self.choose.setAccessibleName(self.tr("Choisir le certificat…"))
        card.add_row(
            name,
            file,
            self.tr(
                "Facultatif\u00a0: le fichier de l’autorité de la Ville, qui prouve que le serveur est "
                "le sien."
            ),
        ).setBuddy(self.ca_file)
        return card

    def _person(self) -> Card:
        card = Card(self.tr("Vous"))
        card.add_row(self.tr("Identifiant"), self.login, self.tr("Celui de la base de données, à votre nom."))
        card.add_row(
            self.tr("Mot de passe"),
            self.password,
            self.tr("Gardé dans le trousseau du système, jamais dans un fichier."),
        )
        card.add_row(
            self.tr("Nom de ce poste"), self.desk_name, self.tr("Pour que vos collègues le reconnaissent.")
        )
        return card


def _mark(field: QWidget, problem: str) -> None:
    if bool(field.property("problem")) == bool(problem):
        return
    field.setProperty("problem", bool(problem))
    field.style().polish(field)
    if problem:
        field.setProperty("hint", field.accessibleDescription())
        field.setAccessibleDescription(problem)
    else:
        field.setAccessibleDescription(str(field.property("hint") or ""))
