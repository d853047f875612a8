"""«Partage»: the state of the line, decisions that met, what was refused."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from console.domain.ids import MessageId
from console.services.rows import ChangeSet
from ui.desk import Desk
from ui.pages.page import Page
from ui.pages.sharing.conflicts import ConflictsSection
from ui.pages.sharing.refusals import RefusalsSection
from ui.pages.sharing.state import StateSection
from ui.widgets.section_list import SectionList

STATE, CONFLICTS, REFUSALS = "state", "conflicts", "refusals"
_WORDS_ABOVE = 1000


class SharingPage(Page):
    """`open` takes the name of a section, or the `Path` of another desk's file."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Partage")
        self.state = StateSection(desk)
        self.conflicts = ConflictsSection(desk)
        self.refusals = RefusalsSection(desk)
        self._by_name: dict[str, StateSection | ConflictsSection | RefusalsSection] = {
            STATE: self.state,
            CONFLICTS: self.conflicts,
            REFUSALS: self.refusals,
        }
        self.sections = SectionList(self.tr("Sections du partage"))
        self.sections.add(STATE, self.tr("État de la ligne"), "database")
        self.sections.add(CONFLICTS, self.tr("Conflits"), "scale")
        self.sections.add(REFUSALS, self.tr("Refus"), "circle-x")
        self.sections.select(STATE)
        self._stack = QStackedWidget()
        for section in self._by_name.values():
            self._stack.addWidget(section)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sections)
        row.addWidget(self._stack, 1)
        self._room = 0
        self._wire()

    def open(self, argument: object) -> None:
        """Show a section, and go to work there."""
        if argument in self._by_name:
            self.sections.select(str(argument))
            self.show_section(str(argument))
            self._focus()
        elif isinstance(argument, Path):
            self.sections.select(STATE)
            self.show_section(STATE)
            self.state.without_line.carrying.offer(argument)

    def entered(self) -> None:
        """Read what may be stale."""
        self.show_section(self._front())
        self._focus()

    def show_section(self, name: str) -> None:
        """Bring a section to the front."""
        section = self._by_name[name]
        self._stack.setCurrentWidget(section)
        self._count()
        if isinstance(section, StateSection):
            section.show_line()
        else:
            section.load()

    def set_room(self, width: int) -> None:
        """The sections shrink to icons and the lists fold where room is short."""
        self.sections.set_words(width > _WORDS_ABOVE)
        for section in (self.conflicts, self.refusals):
            section.set_room(width - (220 if width > _WORDS_ABOVE else 60))

    # inside

    def _front(self) -> str:
        shown = self._stack.currentWidget()
        return next(name for name, section in self._by_name.items() if section is shown)

    def _focus(self) -> None:
        self._by_name[self._front()].take_focus()

    def _wire(self) -> None:
        self.sections.chosen.connect(self.show_section)
        self.conflicts.message_wanted.connect(self._to_queue)
        self.refusals.message_wanted.connect(self._to_queue)
        self.desk.changed.connect(self._on_changes)
        bind = self.desk.commands.bind
        bind("sharing.next", self, partial(self._step, 1))
        bind("sharing.previous", self, partial(self._step, -1))
        bind("sharing.sync", self, self.state.sync_now)
        bind("sharing.keep", self, partial(self._press, "keep"))
        bind("sharing.replace", self, partial(self._press, "replace"))
        bind("sharing.message", self, self._show_message)

    def _step(self, by: int) -> None:
        section = self._by_name[self._front()]
        if not isinstance(section, StateSection):
            section.rows.list.step(by)

    def _press(self, way: str) -> None:
        form = self.conflicts.pane.form
        button = {"keep": form.keep, "replace": form.replace}[way]
        if button.isVisible() and button.isEnabled():
            button.click()

    def _show_message(self) -> None:
        section = self._by_name[self._front()]
        if not isinstance(section, StateSection):
            section.show_message()

    def _to_queue(self, message: MessageId) -> None:
        self.desk.open_page.emit("queue", message)

    def _on_changes(self, changes: ChangeSet) -> None:
        if self.isVisible() and (changes.messages or changes.counts):
            self._count()

    def _count(self) -> None:
        sharing, actor = self.desk.services.sharing, self.desk.actor
        self.desk.tasks.read(
            lambda: (len(sharing.conflicts(actor)), len(sharing.refusals(actor))),
            self._show_counts,
            owner=self,
            lane="counts",
        )

    def _show_counts(self, counts: tuple[int, int]) -> None:
        self.sections.set_count(CONFLICTS, counts[0])
        self.sections.set_count(REFUSALS, counts[1])
