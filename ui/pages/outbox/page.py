"""«Envois»: what was decided and is to be carried out, in four groups: what asks for a person comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from console.domain.ids import DecisionId, OutgoingId
from console.services.rows import ChangeSet, Cursor, OutgoingRow, OutgoingState
from console.services.rows import Page as Rows
from ui import dates
from ui.desk import Desk
from ui.models import delivery
from ui.models.card import CardText
from ui.models.delivery import Group, group_of
from ui.models.row_model import RowModel
from ui.pages.outbox import words
from ui.pages.outbox.task_pane import TaskPane
from ui.pages.page import Page
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.flow import FlowLayout
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
        self._heading = Label("", "note", "muted", wrap=True)
        self.group: Group | None = None
        """The group in front; None until the first reading chose one."""
        self._chips: dict[Group, Button] = {}
        self._groups: Mapping[OutgoingId, Group] = {}
        """Where each item that waits stands."""
        self._wanted: OutgoingId | None = None
        self._arriving = False
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
        self.task.again_wanted.connect(self._again)
        self.task.by_hand_wanted.connect(self._by_hand)
        desk.changed.connect(self._on_changes)
        desk.settings_changed.connect(self._on_settings)
        bind = desk.commands.bind
        bind("outbox.next", self, partial(self.rows.list.step, 1))
        bind("outbox.previous", self, partial(self.rows.list.step, -1))
        bind("outbox.copy", self, self.task.copy_text)
        bind("outbox.open_link", self, self.task.open_link)
        bind("outbox.done", self, self.task.submit)
        bind("outbox.impossible", self, self.task.ask_reason)
        bind("outbox.again", self, self.task.again)
        bind("outbox.take", self, self.task.take)
        for group in Group:
            bind(f"outbox.group.{group.value}", self, partial(self.show_group, group))

    # what the window asks

    def open(self, argument: object) -> None:
        """Show one item, or a group."""
        if isinstance(argument, Group):
            self.show_group(argument)
        elif isinstance(argument, str):
            self._wanted = OutgoingId(argument)
            self._read()

    def entered(self) -> None:
        """Read what waits, and count down. An empty group gives way to one that holds something."""
        self._arriving = True
        self._read()
        self._clock.start()
        self.rows.list.setFocus()

    def show_group(self, group: Group) -> None:
        """Bring a group to the front."""
        self.group = group
        self._read(follow=False)
        self._chips[group].setChecked(True)
        self.rows.list.setFocus()

    def left(self) -> None:
        """Nobody looks at the countdown."""
        self._clock.stop()

    def set_room(self, width: int) -> None:
        """The list folds where room is short."""
        self._panes.set_room(width)

    # reading

    def _read(self, *, follow: bool = True) -> None:
        """First where everything stands: the group in front may be empty, and another one press."""
        outbox, actor = self.desk.services.outbox, self.desk.actor

        def show(groups: Mapping[OutgoingId, Group]) -> None:
            self._groups = groups
            self._choose_group(follow=follow)
            self._count()
            self._read_group()

        def failed(_error: Exception) -> None:
            self.group = self.group or Group.BY_HAND
            self._read_group()  # fails for the same reason, and says so in the list's place

        def work() -> Mapping[OutgoingId, Group]:
            return {row.id: group_of(row) for row in outbox.waiting(actor)}

        self.desk.tasks.read(work, show, failed, owner=self, lane="groups")

    def _choose_group(self, *, follow: bool) -> None:
        """The wanted item's; else the one in front; else the first that holds something. What is looked at
        may have moved on: an empty group gives way to where it went."""
        held = set(self._groups.values())
        if self._wanted is not None:
            self.group = self._groups.get(self._wanted, Group.SENT)
            return
        arriving, self._arriving = self._arriving, False
        if self.group is None or (arriving and self.group not in held and self.group is not Group.SENT):
            self.group = next((each for each in Group if each in held), Group.BY_HAND)
        elif follow and self.group not in held | {Group.SENT} and self.task.row is not None:
            self.group = self._groups.get(self.task.row.id, self.group)

    def _read_group(self) -> None:
        outbox, actor, group = self.desk.services.outbox, self.desk.actor, self.group

        def read(_after: Cursor | None, _limit: int) -> Rows[OutgoingRow]:
            if group is Group.SENT:
                return Rows(outbox.sent(actor), None)
            return Rows(tuple(row for row in outbox.waiting(actor) if group_of(row) is group), None)

        if group is not None:
            self._chips[group].setChecked(True)
            self._heading.setText(words.group_hint(group))
        self.rows.show_rows(read)
        if self._wanted is not None:
            self.rows.go_to(self._wanted)
            self._wanted = None

    def _count(self) -> None:
        counts = Counter(self._groups.values())
        for group, chip in self._chips.items():
            word, count = words.group_word(group), counts[group]
            chip.setText(f"{word} {dates.number(count)}" if count else word)

    def _on_loaded(self, _count: int) -> None:
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

    def _again(self, item: OutgoingId) -> None:
        outbox, actor = self.desk.services.outbox, self.desk.actor
        said = self.tr("L’envoi reprend.")
        self._write(lambda: outbox.again(actor, item), lambda _changes: said)
        self.desk.platforms.wake()

    def _by_hand(self, item: OutgoingId) -> None:
        outbox, actor = self.desk.services.outbox, self.desk.actor
        said = self.tr("À faire à la main\u00a0: voici les étapes.")
        self._wanted = item
        self._write(lambda: outbox.by_hand(actor, item), lambda _changes: said)

    def _undo(self, decision: DecisionId) -> None:
        decisions, actor = self.desk.services.decisions, self.desk.actor
        self._write(lambda: decisions.undo(actor, decision), delivery.undone_words)

    def _said_done(self, changes: ChangeSet) -> str:
        if changes.warning is not None:
            return self.tr("Avertissement remis\u00a0: il compte à partir de maintenant.")
        return self.tr("Inscrit comme fait.")

    def _write(self, work: Callable[[], ChangeSet], said: Callable[[ChangeSet], str]) -> None:
        def done(changes: ChangeSet) -> None:
            self.rows.list.setFocus()
            self.desk.announce(changes)
            self.task.rest()
            self.desk.notices.toast(said(changes))

        def failed(error: Exception) -> None:
            self._wanted = None
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
        column.addWidget(self._chip_row())
        column.addWidget(self._heading)
        column.addWidget(self.rows, 1)
        self._panes = TwoPanes(left, self.task, self.rows.list)
        self.rows.loaded.connect(lambda count: self._panes.set_empty(not count))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._panes)

    def _chip_row(self) -> QWidget:
        box, together = QWidget(), QButtonGroup(self)
        flow = FlowLayout(box)
        for group in Group:
            chip = Button(words.group_word(group), "chip")
            chip.setCheckable(True)
            chip.setToolTip(words.group_hint(group))
            chip.clicked.connect(partial(self._on_chip, group))
            together.addButton(chip)
            flow.addWidget(chip)
            self._chips[group] = chip
        return box

    def _on_chip(self, group: Group, _on: bool = False) -> None:
        self.group = group
        self._read(follow=False)

    def _card(self, row: OutgoingRow) -> CardText:
        person = self.desk.person(row.author, row.author_number)
        return words.outgoing_card(row, self.desk.services.clock.now(), person)

    def _say_empty(self, empty: EmptyState) -> None:
        group = self.group or Group.BY_HAND
        title, why = words.empty_words(group)
        other = next(
            (each for each in Group if each in set(self._groups.values()) and each is not group), None
        )
        if not self._groups and group is not Group.SENT:
            title = self.tr("Rien à envoyer")
            why = self.tr("Tout ce qui a été décidé est fait. Les prochaines actions apparaitront ici.")
        if other is not None:
            action = self.tr("Voir «\u00a0{group}\u00a0»").format(group=words.group_word(other))
            empty.say("circle-check", title, why, action, lambda: self.show_group(other))
            return
        empty.say(
            "circle-check", title, why, self.tr("Revenir à la file"),
            lambda: self.desk.open_page.emit("queue", None),
        )  # fmt: skip
