"""«Envois»: what was decided and waits, in its grace period or to be done by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.ids import DecisionId, OutgoingId
from console.services.rows import ChangeSet, Cursor, OutgoingRow, OutgoingState
from console.services.rows import Page as Rows
from ui.desk import Desk
from ui.models.card import CardText
from ui.models.row_model import RowModel
from ui.pages.outbox import words
from ui.pages.outbox.task_pane import TaskPane
from ui.pages.page import Page
from ui.widgets.empty import EmptyState
from ui.widgets.label import Label
from ui.widgets.row_panel import RowPanel
from ui.widgets.two_panes import TwoPanes

_TICK_MS = 500


class OutboxPage(Page):
    """`open` takes an `OutgoingId`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Envois")
        self.model: RowModel[OutgoingId, OutgoingRow] = RowModel(lambda row: row.id, self._card, self)
        self.rows: RowPanel[OutgoingId, OutgoingRow] = RowPanel(
            desk, self.model, self.tr("Envois en attente"), self._say_empty
        )
        self.task = TaskPane(desk)
        self._heading = Label("", "note", "muted")
        self._moving = False
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self.tick)
        self._build()
        self.rows.picked.connect(self._on_picked)
        self.rows.loaded.connect(self._on_loaded)
        self.model.dataChanged.connect(self._on_row_changed)
        self.task.done.connect(self._confirm)
        self.task.given_up.connect(self._give_up)
        self.task.undo_wanted.connect(self._undo)
        desk.changed.connect(self._on_changes)
        desk.settings_changed.connect(self._on_settings)
        bind = desk.commands.bind
        bind("outbox.next", self, partial(self.rows.list.step, 1))
        bind("outbox.previous", self, partial(self.rows.list.step, -1))
        bind("outbox.copy", self, self.task.copy_text)
        bind("outbox.open_link", self, self.task.open_link)
        bind("outbox.done", self, self.task.submit)
        bind("outbox.impossible", self, self.task.ask_reason)

    # what the window asks

    def open(self, argument: object) -> None:
        """Show one item."""
        if isinstance(argument, str):
            self.rows.go_to(OutgoingId(argument))

    def entered(self) -> None:
        """Read what waits, and count down."""
        self._read()
        self._clock.start()
        self.rows.list.setFocus()

    def left(self) -> None:
        """Nobody looks at the countdown."""
        self._clock.stop()

    def set_room(self, width: int) -> None:
        """The list folds where room is short."""
        self._panes.set_room(width)

    # reading

    def _read(self) -> None:
        outbox, actor = self.desk.services.outbox, self.desk.actor

        def read(_after: Cursor | None, _limit: int) -> Rows[OutgoingRow]:
            return Rows(outbox.waiting(actor), None)

        self.rows.show_rows(read)

    def _on_loaded(self, count: int) -> None:
        rows = tuple(self.model.row_at(place) for place in range(count))
        self._heading.setText(words.heading(rows) if rows else "")
        self._heading.setVisible(bool(rows))
        self.tick()

    def _on_picked(self, item: OutgoingId | None) -> None:
        self.task.show_row(self.model.row(item) if item is not None else None)

    def _on_row_changed(self) -> None:
        shown = self.task.row
        fresh = self.model.row(shown.id) if shown is not None else None
        if fresh is not None and fresh != shown:
            self.task.show_row(fresh)

    def _on_changes(self, changes: ChangeSet) -> None:
        if changes.outgoing and self.isVisible():
            self._read()

    def _on_settings(self) -> None:
        self.model.reword()
        row = self.task.row
        self.task.show_row(None)
        self.task.show_row(row)

    # time

    def tick(self) -> None:
        """One step of the countdown; what has had its time moves on."""
        now = self.desk.services.clock.now()
        waiting = [
            row
            for row in (self.model.row_at(place) for place in range(self.model.rowCount()))
            if row.state is OutgoingState.GRACE
        ]
        if not waiting:
            return
        self.model.reword()
        self.task.show_time(now)
        if not self._moving and any(row.not_before <= now for row in waiting):
            self._moving = True
            self.desk.tasks.write(self.desk.services.outbox.end_grace, self._moved, self._not_moved)

    def _moved(self, count: int) -> None:
        self._moving = False
        if count:
            self.desk.announce(ChangeSet(outgoing=True))

    def _not_moved(self, error: Exception) -> None:
        self._moving = False
        self._clock.stop()  # said once, not twice a second; coming back to the page tries again
        self.desk.notices.error(error)

    # answers

    def _confirm(self, item: OutgoingId, means: str, proof: str) -> None:
        outbox, actor = self.desk.services.outbox, self.desk.actor
        self._write(lambda: outbox.confirm(actor, item, means, proof), self._said_done)

    def _give_up(self, item: OutgoingId, reason: str) -> None:
        outbox, actor = self.desk.services.outbox, self.desk.actor
        closed = self.tr("Envoi fermé sans avoir été fait.")
        self._write(lambda: outbox.give_up(actor, item, reason), lambda _changes: closed)

    def _undo(self, decision: DecisionId) -> None:
        decisions, actor = self.desk.services.decisions, self.desk.actor
        undone = self.tr("Décision annulée.")
        self._write(lambda: decisions.undo(actor, decision), lambda _changes: undone)

    def _said_done(self, changes: ChangeSet) -> str:
        if changes.warning is not None:
            return self.tr("Avertissement remis\u00a0: il compte à partir de maintenant.")
        return self.tr("Inscrit comme fait.")

    def _write(self, work: Callable[[], ChangeSet], said: Callable[[ChangeSet], str]) -> None:
        def done(changes: ChangeSet) -> None:
            self.rows.list.setFocus()
            self.desk.announce(changes)
            self.desk.notices.toast(said(changes))

        def failed(error: Exception) -> None:
            if self.task.form is not None:
                self.task.show_error(self.desk.notices.explain(error))
            else:
                self.desk.notices.error(error)
            self.rows.refresh()

        self.desk.tasks.write(work, done, failed, owner=self)

    # building

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 4, 0)
        column.setSpacing(8)
        column.addWidget(self._heading)
        column.addWidget(self.rows, 1)
        self._panes = TwoPanes(left, self.task, self.rows.list)
        self.rows.loaded.connect(lambda count: self._panes.set_empty(not count))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._panes)

    def _card(self, row: OutgoingRow) -> CardText:
        person = self.desk.person(row.author, row.author_number)
        return words.outgoing_card(row, self.desk.services.clock.now(), person)

    def _say_empty(self, empty: EmptyState) -> None:
        empty.say(
            "circle-check",
            self.tr("Rien à envoyer"),
            self.tr("Tout ce qui a été décidé est fait. Les prochaines actions à faire à la main "
                    "apparaitront ici."),
            self.tr("Revenir à la file"),
            lambda: self.desk.open_page.emit("queue", None),
        )  # fmt: skip
