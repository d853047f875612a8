"""First start: who is at the desk, then the three ways to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QLineEdit, QVBoxLayout

from console.domain.roles import Actor, Role
from console.paths import RESOURCES
from ui import theme
from ui.desk import Desk
from ui.pages.page import Page
from ui.widgets.choice import Choice
from ui.widgets.form import Column
from ui.widgets.label import Label, SectionLabel

_SIDE_BY_SIDE = 700


class WelcomePage(Page):
    """Nothing is written before the person chooses how to begin."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Bienvenue")
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Votre nom"))
        self.name.setPlaceholderText(self.tr("Prénom et nom, comme vos collègues les connaissent"))
        self.name.setMaxLength(120)
        self.problem = Label("", "note", "danger", wrap=True)
        self.problem.hide()
        self.roles = QButtonGroup(self)
        self._build()
        self.name.textEdited.connect(lambda: self._say_problem(""))
        self.setFocusProxy(self.name)

    def entered(self) -> None:
        """The name first."""
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def role(self) -> Role:
        """The role that is chosen."""
        return self._by_button[self.roles.checkedButton()]

    def _build(self) -> None:
        look = theme.current()
        page = Column(centred=True)
        column = page.body
        column.addSpacing(look.space(16))
        sign = Label()
        sign.setPixmap(QIcon(str(RESOURCES / "icons" / "vigie.svg")).pixmap(look.px(44), look.px(44)))
        column.addWidget(sign)
        column.addWidget(Label(self.tr("Bienvenue dans Vigie"), "display", wrap=True))
        column.addWidget(
            Label(
                self.tr(
                    "Les messages reçus par la Ville, le verdict de la nétiquette à côté de chacun, "
                    "et vous qui décidez. Tout reste sur ce poste."
                ),
                "message",
                "muted",
                wrap=True,
            )
        )
        column.addSpacing(look.space(12))
        column.addWidget(SectionLabel(self.tr("Qui êtes-vous?")))
        column.addWidget(self.name)
        column.addWidget(self.problem)
        column.addLayout(self._roles())
        column.addSpacing(look.space(12))
        column.addWidget(SectionLabel(self.tr("Par où commencer?")))
        for choice in self._ways():
            column.addWidget(choice)
        page.finish()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(page)

    def set_room(self, width: int) -> None:
        """The functions stand side by side, or one above the other where room is short."""
        aside, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(aside if width > _SIDE_BY_SIDE else above)

    def _roles(self) -> QBoxLayout:
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(theme.current().space(10))
        said = {
            Role.MODERATOR: self.tr("Traite la file, avertit, masque, soumet les cas délicats."),
            Role.SUPERVISOR: self.tr("Tranche les cas soumis, signe les bannissements, déclenche l’urgence."),
            Role.ADMINISTRATOR: self.tr("Tient aussi les réglages, la nétiquette et l’équipe du poste."),
        }
        self._by_button: dict[object, Role] = {}
        for role, text in said.items():
            words = self.desk.catalogue.label("role", role)
            choice = Choice(words[:1].upper() + words[1:], text, checkable=True)
            self.roles.addButton(choice)
            self._by_button[choice] = role
            row.addWidget(choice, 1)
        self.roles.buttons()[0].setChecked(True)
        return row

    def _ways(self) -> tuple[Choice, ...]:
        self.sample = Choice(
            self.tr("Essayer avec une file d’exemple"),
            self.tr("Des messages inventés, à part de vos données. Rien n’est réel, rien n’est envoyé."),
            "life-buoy",
        )
        self.import_file = Choice(
            self.tr("Importer un fichier"),
            self.tr("Commentaires et messages privés exportés d’une plateforme ou d’un tableur."),
            "file-down",
        )
        self.connect_hub = Choice(
            self.tr("Se connecter à une base partagée"),
            self.tr(
                "Pour travailler à plusieurs postes, avec l’adresse et l’identifiant que donne le service "
                "informatique."
            ),
            "database",
        )
        self.sample.clicked.connect(self._try_sample)
        self.import_file.clicked.connect(lambda: self._introduce(self._to_import))
        self.connect_hub.clicked.connect(lambda: self.desk.open_page.emit("connect", None))
        return self.sample, self.import_file, self.connect_hub

    def _try_sample(self) -> None:
        name = self.name.text().strip() or self.tr("Personne à l’essai")
        self.desk.reopen.emit(True, name, self.role)

    def _to_import(self) -> None:
        self.desk.open_page.emit("import", None)

    def _introduce(self, then: Callable[[], None]) -> None:
        name, role, access = self.name.text(), self.role, self.desk.services.access
        if not name.strip():
            self._say_problem(self.tr("Écrivez votre nom d’abord\u00a0: il accompagne chaque décision."))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return

        def seated(actor: Actor) -> None:
            self.desk.seat(actor)
            then()

        self.desk.tasks.write(lambda: access.introduce(name, role), seated, owner=self)

    def _say_problem(self, text: str) -> None:
        self.name.setProperty("problem", bool(text))
        self.name.style().polish(self.name)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.name.setAccessibleDescription(text)
