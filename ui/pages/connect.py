"""What a shared base will need. Honest: connecting comes later, and the desk works alone today."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from ui.desk import Desk
from ui.notify import Tone
from ui.pages.page import Page
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class ConnectPage(Page):
    """Read only: a list to prepare with the computing service."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Base partagée")
        column = Column(centred=True)
        column.add_title(
            self.tr("Se connecter à une base partagée"),
            self.tr("Plusieurs postes se partagent alors la même file et la même piste de vérification."),
        )
        today = Banner(Tone.INFO, inset=True)
        today.say(
            self.tr("Cette version de Vigie travaille sur un seul poste."),
            self.tr(
                "La connexion viendra dans une version à venir. D’ici là tout fonctionne ici, sans réseau, "
                "et ce qui est décidé sur ce poste est gardé."
            ),
        )
        column.body.addWidget(today)
        needs = Card(self.tr("Ce qu’il faudra"))
        for name, text in self._needs():
            needs.add_row(name, Label(text, "base", "muted", wrap=True))
        column.body.addWidget(needs)
        self.back = Button(self.tr("Revenir"), "", "arrow-left")
        self.back.clicked.connect(self._leave)
        column.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.finish()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column)
        self.setFocusProxy(self.back)

    def entered(self) -> None:
        """The way back first."""
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self.desk.open_page.emit("settings" if self.desk.introduced else "welcome", None)

    def _needs(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Adresse"), self.tr("Le nom du serveur PostgreSQL de la Ville et son port.")),
            (self.tr("Base"), self.tr("Le nom de la base de Vigie sur ce serveur.")),
            (
                self.tr("Certificat"),
                self.tr(
                    "Le certificat de l’autorité de la Ville, pour que la ligne soit chiffrée et vérifiée."
                ),
            ),
            (
                self.tr("Mot de passe"),
                self.tr("Le vôtre. Il est gardé dans le trousseau du système, jamais dans un fichier."),
            ),
            (
                self.tr("Rôle"),
                self.tr(
                    "Modération, supervision ou collecte\u00a0: le serveur lui-même en tient les droits."
                ),
            ),
        )
