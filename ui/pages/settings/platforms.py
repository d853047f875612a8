"""How this desk calls platforms: how often, and whose certificates it trusts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from console.domain.roles import Permission
from console.services.platform_settings import PlatformChoices
from ui.desk import Desk
from ui.file_dialogs import ask_open
from ui.notify import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.form import Card, Column

_USUAL = (30, 60, 120, 300, 900, 1800, 3600)
"""Seconds that are offered; another one that was chosen elsewhere is shown beside them."""


class PlatformsSection(Column):
    """Read by everyone; changed by whoever may connect accounts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.add_title(
            self.tr("Plateformes"),
            self.tr(
                "Comment ce poste appelle les plateformes. Les comptes eux-mêmes sont à la page Comptes."
            ),
        )
        self._locked = Banner(Tone.INFO, inset=True)
        self._locked.hide()
        self.body.addWidget(self._locked)
        self.every, self.ca_file = QComboBox(), QLineEdit()
        self.choose = Button(self.tr("Choisir…"))
        self._build()
        self._problem = Banner(Tone.WARNING, inset=True)
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.save = Button(self.tr("Enregistrer"), "primary")
        self.save.clicked.connect(self._save)
        self.body.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()
        desk.actor_changed.connect(self._show_rights)
        self._show_rights()

    def _build(self) -> None:
        collecting = Card(self.tr("Collecte"))
        collecting.add_row(
            self.tr("Un compte est relu"),
            self.every,
            self.tr("Une plateforme qui demande d’attendre passe avant ce choix, et ses quotas aussi."),
        )
        network = Card(self.tr("Réseau de la Ville"))
        self.ca_file.setPlaceholderText(self.tr("Ceux du système"))
        file = QWidget()
        row = QHBoxLayout(file)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.ca_file, 1)
        row.addWidget(self.choose)
        name = self.tr("Certificats")
        self.ca_file.setAccessibleName(name)
        self.choose.setAccessibleName(self.tr("Choisir les certificats…"))
        self.choose.clicked.connect(self._choose)
        network.add_row(
            name,
            file,
            self.tr(
                "Facultatif\u00a0: le fichier de l’autorité de la Ville, là où le réseau déchiffre ce qui "
                "passe. Le serveur mandataire est celui du système (HTTPS_PROXY)."
            ),
        ).setBuddy(self.ca_file)
        self.body.addWidget(collecting)
        self.body.addWidget(network)

    def load(self) -> None:
        """Read what is in force."""
        settings = self._desk.services.platform_settings
        self._desk.tasks.read(settings.get, self._show, owner=self, lane="platforms")

    def _show(self, choices: PlatformChoices) -> None:
        self.every.clear()
        for seconds in sorted({*_USUAL, round(choices.every)}):
            self.every.addItem(self._said(seconds), seconds)
        self.every.setCurrentIndex(self.every.findData(round(choices.every)))
        self.ca_file.setText(choices.ca_file)
        self._problem.hide()

    def _said(self, seconds: int) -> str:
        if seconds < 60 or seconds % 60:
            return self.tr("toutes les {count} secondes").format(count=seconds)
        minutes = seconds // 60
        if minutes == 1:
            return self.tr("chaque minute")
        if minutes == 60:
            return self.tr("chaque heure")
        return self.tr("toutes les {count} minutes").format(count=minutes)

    def _choose(self) -> None:
        def chosen(path: Path) -> None:
            self.ca_file.setText(str(path))

        title = self.tr("Certificats de l’autorité de la Ville")
        ask_open(self, title, self.tr("Certificats (*.pem *.crt *.cer);;Tous les fichiers (*)"), chosen)

    def _save(self) -> None:
        actor, settings = self._desk.actor, self._desk.services.platform_settings
        choices = PlatformChoices(float(self.every.currentData()), self.ca_file.text().strip())
        self._problem.hide()
        self._desk.tasks.write(lambda: settings.put(actor, choices), self._saved, self._failed, owner=self)

    def _saved(self, _nothing: object) -> None:
        self._desk.notices.toast(self.tr("Réglages des plateformes enregistrés."))
        self.load()

    def _failed(self, error: Exception) -> None:
        notice = self._desk.notices.explain(error)
        self._problem.say(notice.title, notice.next)

    def _show_rights(self) -> None:
        may = self._desk.may(Permission.CONNECT_ACCOUNTS)
        for field in (self.every, self.ca_file, self.choose):
            field.setEnabled(may)
        self.save.setVisible(may)
        self._locked.setVisible(not may)
        if not may:
            self._locked.say(self.tr("La supervision ou l’administration peut changer ces réglages."))
