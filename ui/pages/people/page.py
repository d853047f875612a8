"""«Personnes»: who writes to the city, their warnings, and what was decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.cases import CaseState
from console.domain.ids import PersonId, RuleId
from console.services.policy import RuleView
from console.services.rows import ChangeSet, Cursor, PersonEvent, PersonRow, QueueFilter
from console.services.rows import Page as Rows
from ui import dates
from ui.desk import Desk
from ui.models.card import CardText, ChipText, platform_name
from ui.models.display_text import isolated, one_line
from ui.models.row_model import RowModel
from ui.models.tones import shape_of
from ui.pages.page import Page
from ui.pages.queue import words
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.form import Card, Column
from ui.widgets.label import Label
from ui.widgets.quote import DatedLines
from ui.widgets.row_panel import RowPanel
from ui.widgets.two_panes import TwoPanes

_LINGER_MS = 400
"""A file is read, and its reading journalled, only when the person stays on it."""


class PeoplePage(Page):
    """`open` takes a `PersonId`. Reading somebody's file is recorded (A-2.1, art. 62), and said."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Personnes")
        self.search_hint = self.tr("Rechercher une personne…")
        self._text = ""
        self._picked: PersonId | None = None
        self.model: RowModel[PersonId, PersonRow] = RowModel(lambda row: row.id, self._card, self)
        self.rows: RowPanel[PersonId, PersonRow] = RowPanel(
            desk, self.model, self.tr("Personnes"), self._say_empty
        )
        self.file = Column()
        self.file.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.file.setAccessibleName(self.tr("Personne choisie"))
        self._linger = QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.setInterval(_LINGER_MS)
        self._linger.timeout.connect(self.read_file)
        self._build()
        self.rows.picked.connect(self._on_picked)
        desk.changed.connect(self._on_changes)
        desk.settings_changed.connect(self._on_settings)
        desk.commands.bind("people.next", self, partial(self.rows.list.step, 1))
        desk.commands.bind("people.previous", self, partial(self.rows.list.step, -1))
        desk.commands.bind("people.messages", self, self._show_messages)

    # what the window asks

    def open(self, argument: object) -> None:
        """Show one person."""
        if isinstance(argument, str):
            self.rows.go_to(PersonId(argument))

    def entered(self) -> None:
        """Read the list."""
        self._read()
        self.rows.list.setFocus()

    def left(self) -> None:
        """Nobody looks any more."""
        self._linger.stop()

    def search(self, text: str) -> None:
        """By name."""
        self._text = text
        self._read()

    def set_room(self, width: int) -> None:
        """The list folds where room is short."""
        self._panes.set_room(width)

    # reading

    def _read(self) -> None:
        people, actor, text = self.desk.services.people, self.desk.actor, self._text

        def read(after: Cursor | None, limit: int) -> Rows[PersonRow]:
            return people.page(actor, text, after, limit)

        self.rows.show_rows(read)

    def _on_picked(self, person: PersonId | None) -> None:
        self._picked = person
        self.file.clear()
        self._linger.stop()
        if person is not None:
            self._linger.start()

    def read_file(self) -> None:
        """Read the file of the person on screen; the reading is journalled."""
        person = self._picked
        row = self.model.row(person) if person is not None else None
        if row is None:
            return
        people, policy, actor = self.desk.services.people, self.desk.services.policy, self.desk.actor

        def read() -> tuple[tuple[PersonEvent, ...], Mapping[RuleId, RuleView]]:
            return people.history(actor, row.id), policy.rules()

        def show(found: tuple[tuple[PersonEvent, ...], Mapping[RuleId, RuleView]]) -> None:
            if self._picked == row.id:
                self._show_file(row, *found)

        self.desk.tasks.write(read, show, owner=self)

    def _on_changes(self, changes: ChangeSet) -> None:
        if changes.people and self.isVisible():
            self.rows.refresh()
            if self._picked in changes.people:
                self._linger.start()

    def _on_settings(self) -> None:
        self.model.reword()
        self._on_picked(self._picked)

    def _show_file(
        self, row: PersonRow, events: tuple[PersonEvent, ...], rules: Mapping[RuleId, RuleView]
    ) -> None:
        self.file.clear()
        places = ", ".join(platform_name(each) for each in row.platforms)
        self.file.add_title(isolated(self.desk.person(row.name, row.number)), places)
        card = Card(self.tr("En bref"))
        card.add_row(self.tr("Messages reçus"), Label(dates.number(row.messages), "strong"))
        card.add_row(self.tr("Avertissements remis"), Label(str(row.delivered_warnings), "strong"))
        if row.last_at is not None:
            card.add_row(self.tr("Dernier message"), Label(dates.moment(row.last_at), "strong"))
        self.file.body.addWidget(card)
        messages = Button(
            self.tr("Voir ses messages"), "", "inbox", commands=self.desk.commands, command="people.messages"
        )
        messages.clicked.connect(self._show_messages)
        self.file.body.addWidget(messages, 0, Qt.AlignmentFlag.AlignLeft)
        history = Card(self.tr("Ce qui a été décidé"))
        history.add(self._lines(events, rules))
        self.file.body.addWidget(history)
        said = self.tr("La consultation de cette fiche est inscrite dans la piste de vérification.")
        self.file.body.addWidget(Label(said, "note", "muted", wrap=True))
        self.file.finish()

    def _lines(self, events: tuple[PersonEvent, ...], rules: Mapping[RuleId, RuleView]) -> QWidget:
        if not events:
            return Label(self.tr("Aucune décision pour cette personne."), "note", "muted", wrap=True)
        lines = DatedLines()
        for event in events:
            level = words.event_level(event)
            strong, rest = words.event_words(event, rules)
            lines.add(dates.table_date(event.at), level, "dot" if level else shape_of(0), strong, rest)
        return lines

    def _show_messages(self) -> None:
        if self._picked is not None:
            self.desk.open_page.emit("queue", QueueFilter(states=frozenset(CaseState), author=self._picked))

    # building

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 4, 0)
        column.addWidget(self.rows)
        self._panes = TwoPanes(left, self.file, self.rows.list)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._panes)

    def _card(self, row: PersonRow) -> CardText:
        name = self.desk.person(row.name, row.number)
        count = self.tr("1 message") if row.messages == 1 else self.tr("{count} messages")
        said = count.format(count=dates.number(row.messages))
        chips = [ChipText(0, shape_of(0), self.tr("Aucun avertissement"))]
        if row.delivered_warnings:
            chips = [ChipText(2, shape_of(2), words.warnings_word(row.delivered_warnings))]
        age = dates.age(row.last_at, self.desk.services.clock.now()) if row.last_at is not None else ""
        place = ", ".join(platform_name(each) for each in row.platforms)
        return CardText(
            place=place,
            who=one_line(name),
            account="",
            age=age,
            excerpt=said,
            level=2 if row.delivered_warnings else 0,
            chips=tuple(chips),
            remarks="",
            done=False,
            spoken=f"{one_line(name)}, {place}. {said}. {chips[0].text}.",
        )

    def _say_empty(self, empty: EmptyState) -> None:
        if self._text:
            empty.say(
                "search",
                self.tr("Personne à ce nom"),
                self.tr("Aucun nom ne contient «\u00a0{text}\u00a0».").format(text=self._text),
            )
        else:
            empty.say(
                "users",
                self.tr("Personne n’a encore écrit"),
                self.tr("Les personnes paraissent ici avec leurs messages."),
                self.tr("Importer un fichier"),
                lambda: self.desk.open_page.emit("import", None),
            )
