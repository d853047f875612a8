"""«Refus»: what the shared database did not take, why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.domain.ids import EventId
from console.services.rows import ChangeSet, Cursor
from console.services.rows import Page as Rows
from console.services.sharing_ports import RefusalRow
from ui import dates
from ui.desk import Desk
from ui.models.card import CardText
from ui.models.display_text import one_line
from ui.models.row_model import RowModel
from ui.pages.queue.words import sentence
from ui.pages.sharing import words
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.form import Card, Column
from ui.widgets.label import Label
from ui.widgets.quote import Quote
from ui.widgets.row_panel import RowPanel
from ui.widgets.two_panes import TwoPanes


class RefusalsSection(QWidget):
    """The list at the left, the reason at the right."""

    message_wanted = Signal(object)
    """`MessageId`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.model: RowModel[EventId, RefusalRow] = RowModel(lambda row: row.event, self._card, self)
        self.rows: RowPanel[EventId, RefusalRow] = RowPanel(
            desk, self.model, self.tr("Refus"), self._say_empty
        )
        self.pane = RefusalPane(desk)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 4, 0)
        column.addWidget(self.rows)
        self.panes = TwoPanes(left, self.pane, self.rows.list)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        self.rows.picked.connect(lambda _key: self.pane.show_row(self._current()))
        self.rows.loaded.connect(lambda count: self.panes.set_empty(not count))
        self.pane.message.clicked.connect(self.show_message)
        desk.changed.connect(self._on_changes)

    def load(self) -> None:
        """Read what was refused."""
        sharing, actor = self._desk.services.sharing, self._desk.actor

        def read(_after: Cursor | None, _limit: int) -> Rows[RefusalRow]:
            return Rows(sharing.refusals(actor), None)

        self.rows.show_rows(read)

    def take_focus(self) -> None:
        """Where work begins."""
        if self.rows.showing:
            self.rows.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.rows.empty.take_focus()

    def show_message(self) -> None:
        """The message itself, in the queue."""
        row = self._current()
        if row is not None and row.message_id is not None:
            self.message_wanted.emit(row.message_id)

    def set_room(self, width: int) -> None:
        """The list folds where room is short."""
        self.panes.set_room(width)

    def _current(self) -> RefusalRow | None:
        key = self.rows.list.current_id()
        return self.model.row(key) if key is not None else None

    def _on_changes(self, changes: ChangeSet) -> None:
        if self.isVisible() and (changes.messages or changes.counts):
            self.rows.refresh()

    def _card(self, row: RefusalRow) -> CardText:
        return words.refusal_card(row, self._desk.services.clock.now())

    def _say_empty(self, empty: EmptyState) -> None:
        empty.say(
            "circle-check",
            self.tr("Aucun refus"),
            self.tr("La base partagée a retenu tout ce que ce poste lui a envoyé."),
            self.tr("Revenir à la file"),
            lambda: self._desk.open_page.emit("queue", None),
        )


class RefusalPane(QStackedWidget):
    """One refusal."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._nothing = EmptyState()
        self._nothing.say(
            "info", self.tr("Aucun refus affiché"), self.tr("Le refus choisi dans la liste apparait ici.")
        )
        self._column = Column()
        self._card = QWidget()
        self._holder = QVBoxLayout(self._card)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self.message = Button(
            self.tr("Voir le message"), "", "inbox", commands=desk.commands, command="sharing.message"
        )
        self._column.body.addWidget(self._card)
        self._column.body.addWidget(self.message, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.finish()
        for widget in (self._nothing, self._column):
            self.addWidget(widget)
        self.setFocusProxy(self.message)

    def show_row(self, row: RefusalRow | None) -> None:
        """Another refusal, or none."""
        while (item := self._holder.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if row is None:
            self.setCurrentWidget(self._nothing)
            return
        self._holder.addWidget(self._card_of(row))
        self.message.setVisible(row.message_id is not None)
        self.setCurrentWidget(self._column)

    def _card_of(self, row: RefusalRow) -> Card:
        why = words.reason_of(row)
        kind = self._desk.catalogue.label("event", row.kind)
        card = Card()
        card.add(Label(self.tr("Refusé\u00a0: {kind}").format(kind=kind), "title", wrap=True))
        if row.excerpt.strip():
            card.add(Quote(one_line(row.excerpt)))
        facts = Facts()
        facts.add(self.tr("Pourquoi"), why.title)
        facts.add(self.tr("Que faire"), why.next)
        facts.add(self.tr("Par"), one_line(row.by))
        facts.add(self.tr("Quand"), sentence(dates.moment(row.at)))
        card.add(facts, line=True)
        kept = self.tr(
            "Rien n’est perdu\u00a0: l’entrée reste dans la piste de ce poste, marquée comme refusée."
        )
        card.add(Label(kept, "note", "muted", wrap=True), line=True)
        return card
