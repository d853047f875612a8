"""Settings: a list of sections at the left, the section at the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from ui.desk import Desk
from ui.pages.page import Page
from ui.pages.settings.about import AboutSection
from ui.pages.settings.appearance import AppearanceSection
from ui.pages.settings.coordinates import CoordinatesSection
from ui.pages.settings.data import DataSection
from ui.pages.settings.keys import KeysSection
from ui.pages.settings.ladder import LadderSection
from ui.pages.settings.people import PeopleSection
from ui.pages.settings.platforms import PlatformsSection
from ui.widgets.form import Column
from ui.widgets.section_list import SectionList


@dataclass(frozen=True, slots=True)
class _Section:
    id: str
    word: str
    icon: str
    make: Callable[[Desk], Column]


class SettingsPage(Page):
    """`open` takes the id of a section. Sections are made when first shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Réglages")
        self._sections = (
            _Section("appearance", self.tr("Apparence"), "contrast", AppearanceSection),
            _Section("keys", self.tr("Touches"), "keyboard", KeysSection),
            _Section("people", self.tr("Équipe du poste"), "users", PeopleSection),
            _Section("ladder", self.tr("Échelle des mesures"), "scale", LadderSection),
            _Section("coordinates", self.tr("Coordonnées"), "phone", CoordinatesSection),
            _Section("platforms", self.tr("Plateformes"), "link", PlatformsSection),
            _Section("data", self.tr("Données"), "folder", DataSection),
            _Section("about", self.tr("À propos"), "info", AboutSection),
        )
        self._made: dict[str, Column] = {}
        self.sections = SectionList(self.tr("Sections des réglages"))
        for section in self._sections:
            self.sections.add(section.id, section.word, section.icon)
        self.sections.chosen.connect(self.show_section)
        self._stack = QStackedWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sections)
        row.addWidget(self._stack, 1)

    def entered(self) -> None:
        """Begin with the first section, or come back to the last one."""
        if not self._made:
            self.sections.select(self._sections[0].id)
            self.show_section(self._sections[0].id)
        else:
            self._load()
        self.sections.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self, argument: object) -> None:
        """Show one section by its id."""
        self.sections.select(str(argument))
        self.show_section(str(argument))

    def show_section(self, name: str) -> None:
        """Bring a section to the front."""
        if name not in self._made:
            section = next(each for each in self._sections if each.id == name)
            self._made[name] = section.make(self.desk)
            self._stack.addWidget(self._made[name])
        self._stack.setCurrentWidget(self._made[name])
        self._load()

    def set_room(self, width: int) -> None:
        """The list shrinks to icons where room is short."""
        self.sections.set_words(width > 900)

    def _load(self) -> None:
        section = self._stack.currentWidget()
        load = getattr(section, "load", None)
        if load is not None:
            load()
