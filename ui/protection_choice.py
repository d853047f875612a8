"""What a person can do when the desk cannot be opened as it is protected: never silently in plain text."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.services.at_rest import CHOICE, KEY_LOST, PLAIN_FILE
from ui import theme
from ui.announce import announce
from ui.widgets.button import Button
from ui.widgets.choice import Choice
from ui.widgets.label import Label


class Way(StrEnum):
    """One way on."""

    RETRY = "retry"
    PLAIN = "plain"
    ENCRYPT = "encrypt"
    CODE = "code"


WAYS: dict[str, tuple[Way, ...]] = {
    CHOICE: (Way.RETRY, Way.PLAIN),
    PLAIN_FILE: (Way.ENCRYPT, Way.PLAIN),
    KEY_LOST: (Way.CODE, Way.RETRY),
    # The file is encrypted, and its keyring does not answer.
    "secret.locked": (Way.RETRY, Way.CODE),
    "secret.no_keyring": (Way.RETRY, Way.CODE),
    "secret.failed": (Way.RETRY, Way.CODE),
}
"""Errors of opening that a person can answer, by code."""


class ProtectionChoice(QWidget):
    """The ways on after one error. Nothing happens before one is chosen."""

    chosen = Signal(str)
    """A `Way`."""
    code_given = Signal(str)
    """The recovery code as it was typed."""

    def __init__(self, error: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices: dict[Way, Choice] = {}
        self.code = QLineEdit()
        self.problem = Label("", "note", "danger", wrap=True)
        self.open = Button(self.tr("Ouvrir avec ce code"), "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.current().space(10))
        for way in WAYS[error]:
            if way is Way.CODE:
                self._add_code(layout)
            else:
                layout.addWidget(self._choice(way))
        first = WAYS[error][0]
        self.setFocusProxy(self.code if first is Way.CODE else self.choices[first])

    def words(self, error: str) -> tuple[str, str]:
        """Title and explanation; empty where the catalogue's are used."""
        said = {
            CHOICE: (
                self.tr("Le trousseau du système n’est pas disponible."),
                self.tr(
                    "Vigie chiffre la base de ce poste et en garde la clé dans le trousseau de votre "
                    "session. Sans trousseau, rien n’a encore été enregistré\u00a0: à vous de choisir."
                ),
            ),
            PLAIN_FILE: (
                self.tr("La base de ce poste n’est pas chiffrée."),
                self.tr(
                    "Elle vient d’une version antérieure, ou une copie en clair a pris sa place. Elle est "
                    "intacte; choisissez comment continuer."
                ),
            ),
            KEY_LOST: (
                self.tr("Le trousseau n’a pas la clé de ce poste."),
                self.tr(
                    "La base est intacte et chiffrée. Le code de récupération qui a été imprimé remet la clé "
                    "dans le trousseau de votre session."
                ),
            ),
        }
        return said.get(error, ("", ""))

    def refuse(self, text: str) -> None:
        """The code was not right: why."""
        self.problem.setText(text)
        self.problem.show()
        self.code.setProperty("problem", True)
        self.code.style().polish(self.code)
        self.code.setAccessibleDescription(text)
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self.problem, text, at_once=True)

    def _choice(self, way: Way) -> Choice:
        title, text, icon = {
            Way.RETRY: (
                self.tr("Réessayer"),
                self.tr("Ouvrez ou déverrouillez d’abord le trousseau de votre session."),
                "refresh-cw",
            ),
            Way.ENCRYPT: (
                self.tr("Chiffrer la base maintenant"),
                self.tr(
                    "La clé va dans le trousseau de votre session; les copies en clair sont supprimées une "
                    "fois la base chiffrée vérifiée."
                ),
                "lock",
            ),
            Way.PLAIN: (
                self.tr("Continuer sans chiffrement"),
                self.tr(
                    "Quiconque a accès à ce disque pourra lire les messages, les noms et les décisions. Ce "
                    "choix est inscrit avec votre nom de session; vous pourrez chiffrer plus tard."
                ),
                "triangle-alert",
            ),
        }[way]
        made = Choice(title, text, icon)
        made.clicked.connect(lambda: self.chosen.emit(way.value))
        self.choices[way] = made
        return made

    def _add_code(self, layout: QVBoxLayout) -> None:
        label = Label(self.tr("Code de récupération"), "strong")
        label.setBuddy(self.code)
        self.code.setAccessibleName(self.tr("Code de récupération"))
        self.code.setPlaceholderText(self.tr("Huit groupes de cinq lettres et chiffres"))
        self.code.setMaxLength(80)
        self.code.returnPressed.connect(self._give)
        self.code.textEdited.connect(self._typing)
        self.problem.hide()
        self.open.clicked.connect(self._give)
        layout.addWidget(label)
        layout.addWidget(self.code)
        layout.addWidget(self.problem)
        layout.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)

    def _typing(self) -> None:
        self.problem.hide()
        self.code.setProperty("problem", False)
        self.code.style().polish(self.code)

    def _give(self) -> None:
        self.code_given.emit(self.code.text())
