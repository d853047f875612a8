"""The city's coordinates: blank until somebody fills them, and said so (R20)."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from console.domain.roles import Permission
from ui.desk import Desk
from ui.notify import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.form import Card, Column

_Directory = tuple[Mapping[str, str], Mapping[str, str], bool]


class CoordinatesSection(Column):
    """One field an entry of the directory; what changed is saved together."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.fields: dict[str, QLineEdit] = {}
        self._kept: dict[str, str] = {}
        self.add_title(
            self.tr("Coordonnées"),
            self.tr("Les modèles de réponse les reprennent. Vigie n’en invente aucune."),
        )
        self.state = Banner(Tone.WARNING, inset=True)
        self.state.hide()
        self.body.addWidget(self.state)
        self._card = Card(self.tr("Annuaire"))
        self.body.addWidget(self._card)
        self.save = Button(self.tr("Enregistrer"), "primary")
        self.save.clicked.connect(self._save)
        self.body.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()
        desk.actor_changed.connect(self._show_rights)

    def load(self) -> None:
        """Read the directory and its French names."""
        policy = self._desk.services.policy

        def work() -> _Directory:
            return policy.coordinates(), policy.placeholders(), policy.has_311_coordinates()

        self._desk.tasks.read(work, self._show, owner=self, lane="directory")

    def _show(self, directory: _Directory) -> None:
        values, names, reachable = directory
        for key, value in values.items():
            if key not in self.fields:
                field = QLineEdit()
                field.setPlaceholderText(self.tr("À remplir"))
                self._card.add_row(names.get(key, key), field)
                self.fields[key] = field
            self.fields[key].setText(value)
            self.fields[key].setCursorPosition(0)  # a long value shows its beginning
        self._kept = dict(values)
        blank = sum(not value for value in values.values())
        if not reachable:
            self.state.set_kind(Tone.WARNING)
            self.state.say(
                self.tr("Aucune façon de joindre le 311 n’est inscrite."),
                self.tr("Tant qu’elles manquent, un message ne peut pas être redirigé vers le 311."),
            )
        elif blank:
            self.state.set_kind(Tone.INFO)
            self.state.say(self.tr("Il reste des coordonnées à remplir\u00a0: {n}.").format(n=blank))
        else:
            self.state.hide()
        self._show_rights()

    def _show_rights(self) -> None:
        may = self._desk.may(Permission.MANAGE_SETTINGS)
        for field in self.fields.values():
            field.setReadOnly(not may)
            field.setPlaceholderText(
                self.tr("À remplir") if may else self.tr("À remplir par l’administration")
            )
        self.save.setVisible(may)

    def _save(self) -> None:
        actor, policy = self._desk.actor, self._desk.services.policy
        given = {key: field.text().strip() for key, field in self.fields.items()}
        changed = {key: text for key, text in given.items() if text != self._kept[key]}

        def work() -> None:
            for key, text in changed.items():
                policy.set_coordinate(actor, key, text)

        self._desk.tasks.write(work, self._saved, owner=self)

    def _saved(self, _nothing: object) -> None:
        self._desk.notices.toast(self.tr("Coordonnées enregistrées."))
        self.load()
