"""Who works at this desk, and who is there now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.ids import StaffId
from console.domain.roles import Actor, Permission, Role, Staff
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class PeopleSection(Column):
    """On a desk alone the session of the operating system is the guard, and that is said."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.add_title(
            self.tr("Équipe du poste"),
            self.tr(
                "Chaque décision porte le nom de la personne au poste. Sans base partagée, c’est la session "
                "de l’ordinateur qui protège le poste\u00a0: Vigie ne demande pas de mot de passe."
            ),
        )
        self._card = Card(self.tr("Personnes"))
        self._list = QVBoxLayout()
        holder = QWidget()
        holder.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._card.add(holder)
        self.body.addWidget(self._card)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Prénom et nom"))
        self.name.setMaxLength(120)
        self.role = QComboBox()
        self.add = Button(self.tr("Ajouter et lui laisser le poste"), "primary")
        self.add.clicked.connect(self._introduce)
        new = Card(self.tr("Ajouter une personne"))
        new.add_row(self.tr("Nom"), self.name)
        new.add_row(
            self.tr("Fonction"),
            self.role,
            self.tr(
                "Toute personne peut ajouter une ou un collègue à la modération; les autres "
                "fonctions relèvent de l’administration."
            ),
        )
        self.body.addWidget(new)
        self.body.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()
        desk.actor_changed.connect(self._fill_roles)
        desk.actor_changed.connect(self.load)
        self._fill_roles()

    def load(self) -> None:
        """Read who is registered."""
        self._desk.tasks.read(self._desk.services.access.staff, self._show, owner=self, lane="staff")

    def _fill_roles(self) -> None:
        self.role.clear()
        roles = tuple(Role) if self._desk.may(Permission.MANAGE_STAFF) else (Role.MODERATOR,)
        for role in roles:
            self.role.addItem(self._role(role), role.value)

    def _role(self, role: Role) -> str:
        words = self._desk.catalogue.label("role", role)
        return words[:1].upper() + words[1:]

    def _show(self, staff: tuple[Staff, ...]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for person in staff:
            self._list.addWidget(self._row(person))

    def _row(self, person: Staff) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 2, 0, 2)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(person.name, "strong", wrap=True))
        words.addWidget(Label(self._role(person.role), "note", "muted"))
        layout.addLayout(words, 1)
        if self._desk.introduced and person.id == self._desk.actor.staff.id:
            layout.addWidget(Label(self.tr("Au poste"), "small_strong", "accent"))
        else:
            take = Button(self.tr("Prendre le poste"))
            take.setAccessibleName(self.tr("Prendre le poste, {name}").format(name=person.name))
            take.clicked.connect(lambda _on=False, who=person.id: self._switch(who))
            layout.addWidget(take)
        return row

    def _switch(self, staff: StaffId) -> None:
        access = self._desk.services.access
        self._desk.tasks.write(lambda: access.switch(staff), self._seated, owner=self)

    def _introduce(self) -> None:
        name, role, access = self.name.text(), Role(self.role.currentData()), self._desk.services.access
        self._desk.tasks.write(lambda: access.introduce(name, role), self._seated, owner=self)

    def _seated(self, actor: Actor) -> None:
        self.name.clear()
        self._desk.seat(actor)
        self._desk.notices.toast(self.tr("{name} est au poste.").format(name=actor.staff.name))
