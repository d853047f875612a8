"""«Conflits»: decisions that met, and supervision's answer to each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.ids import DecisionId, RuleId
from console.domain.roles import Permission
from console.services.policy import RuleView
from console.services.rows import ChangeSet, Cursor
from console.services.rows import Page as Rows
from console.services.sharing_ports import ConflictRow
from ui.desk import Desk
from ui.models.card import CardText, platform_name
from ui.models.display_text import one_line
from ui.models.row_model import RowModel
from ui.pages.sharing import words
from ui.pages.sharing.comparison import Comparison
from ui.pages.sharing.settling import SettleForm
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.form import Column
from ui.widgets.label import Label
from ui.widgets.quote import Quote
from ui.widgets.row_panel import RowPanel
from ui.widgets.two_panes import TwoPanes


class ConflictsSection(QWidget):
    """The list at the left, the two decisions at the right."""

    message_wanted = Signal(object)
    """`MessageId`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.settled = False
        """Whether the list shows those that were answered."""
        self.model: RowModel[DecisionId, ConflictRow] = RowModel(
            lambda row: row.contested.decision, self._card, self
        )
        self.rows: RowPanel[DecisionId, ConflictRow] = RowPanel(
            desk, self.model, self.tr("Conflits"), self._say_empty
        )
        self.pane = ConflictPane(desk)
        self._chips: dict[bool, Button] = {}
        self._build()
        self.rows.picked.connect(self._on_picked)
        self.rows.loaded.connect(lambda count: self.panes.set_empty(not count))
        self.model.dataChanged.connect(self._show_current)
        self.pane.form.settled.connect(self._settle)
        self.pane.form.left.connect(self.take_focus)
        self.pane.message.clicked.connect(self.show_message)
        desk.settings_changed.connect(self._on_settings)
        desk.changed.connect(self._on_changes)

    def load(self) -> None:
        """Read what met."""
        sharing, policy = self._desk.services.sharing, self._desk.services.policy
        actor, settled = self._desk.actor, self.settled

        def read(_after: Cursor | None, _limit: int) -> Rows[ConflictRow]:
            return Rows(sharing.conflicts(actor, settled=settled), None)

        self._chips[settled].setChecked(True)
        self._desk.tasks.read(policy.rules, self.pane.show_rules, owner=self, lane="rules")
        self.rows.show_rows(read)

    def take_focus(self) -> None:
        """Where work begins."""
        if self.rows.showing:
            self.rows.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.rows.empty.take_focus()

    def show_message(self) -> None:
        """The message itself, in the queue."""
        if (row := self._current()) is not None:
            self.message_wanted.emit(row.message_id)

    def set_room(self, width: int) -> None:
        """The list folds where room is short."""
        self.panes.set_room(width)

    # inside

    def _on_settings(self) -> None:
        self.model.reword()
        self.pane.forget()
        self._show_current()

    def _on_changes(self, changes: ChangeSet) -> None:
        if self.isVisible() and (changes.messages or changes.counts):
            self.rows.refresh()

    def _on_view(self, settled: bool) -> None:
        self.settled = settled
        self.load()

    def _on_picked(self, _key: DecisionId | None) -> None:
        self._show_current()

    def _show_current(self) -> None:
        self.pane.show_row(self._current())

    def _current(self) -> ConflictRow | None:
        key = self.rows.list.current_id()
        return self.model.row(key) if key is not None else None

    def _settle(self, outcome: str, word: str) -> None:
        row = self._current()
        if row is None:
            return
        sharing, actor, decision = self._desk.services.sharing, self._desk.actor, row.contested.decision

        def done(changes: ChangeSet) -> None:
            self.take_focus()
            self._desk.announce(changes)
            self.rows.refresh()
            self._desk.notices.toast(self.tr("Conflit tranché; votre mot est gardé avec la réponse."))

        def failed(error: Exception) -> None:
            self.pane.form.show_error(error)
            self.rows.refresh()

        work = partial(sharing.settle, actor, decision, outcome, word)
        self._desk.tasks.write(work, done, failed, owner=self)

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 4, 0)
        column.setSpacing(8)
        chips, group = QHBoxLayout(), QButtonGroup(self)
        for settled, name in ((False, self.tr("À trancher")), (True, self.tr("Tranchés"))):
            chip = Button(name, "chip")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._on_view, settled))
            group.addButton(chip)
            chips.addWidget(chip)
            self._chips[settled] = chip
        chips.addStretch(1)
        column.addLayout(chips)
        column.addWidget(self.rows, 1)
        self.panes = TwoPanes(left, self.pane, self.rows.list)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)

    def _card(self, row: ConflictRow) -> CardText:
        person = self._desk.person(row.author, row.author_number)
        return words.conflict_card(row, self._desk.services.clock.now(), person)

    def _say_empty(self, empty: EmptyState) -> None:
        if self.settled:
            why = self.tr("Les conflits auxquels la supervision a répondu apparaitront ici.")
            empty.say("scale", self.tr("Aucun conflit tranché"), why)
            return
        empty.say(
            "circle-check",
            self.tr("Aucun conflit"),
            self.tr("Aucun message n’a reçu deux décisions à la fois. S’il en vient, vous les verrez ici."),
            self.tr("Revenir à la file"),
            lambda: self._desk.open_page.emit("queue", None),
        )


class ConflictPane(QStackedWidget):
    """One conflict."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._rules: Mapping[RuleId, RuleView] = {}
        self._row: ConflictRow | None = None
        self._shown: DecisionId | None = None
        self._nothing = EmptyState()
        self._nothing.say(
            "scale",
            self.tr("Aucun conflit affiché"),
            self.tr("Le conflit choisi dans la liste apparait ici."),
        )
        self._column = Column()
        self._about = QWidget()
        self._about_column = QVBoxLayout(self._about)
        self._about_column.setContentsMargins(0, 0, 0, 0)
        self._about_column.setSpacing(desk.theme.space(10))
        self.message = Button(
            self.tr("Voir le message"), "link", "inbox", commands=desk.commands, command="sharing.message"
        )
        self.form = SettleForm(desk)
        self._waits = Label(
            self.tr("La supervision tranchera; sa réponse apparaitra ici."), "strong", wrap=True
        )
        body = self._column.body
        body.addWidget(self._about)
        body.addWidget(self.message, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self.form)
        body.addWidget(self._waits)
        self._column.finish()
        for widget in (self._nothing, self._column):
            self.addWidget(widget)
        self.setFocusProxy(self.message)

    @property
    def row(self) -> ConflictRow | None:
        """What is shown."""
        return self._row

    def show_rules(self, rules: Mapping[RuleId, RuleView]) -> None:
        """Titles of the rules, read once they are needed."""
        row, changed = self._row, rules != self._rules
        self._rules = rules
        if row is not None and changed:
            self.forget()
            self.show_row(row)

    def forget(self) -> None:
        """Build anew what is shown next, even if it is the same: other names, other rules."""
        self._row = None

    def show_row(self, row: ConflictRow | None) -> None:
        """Another conflict, or the same one changed: what is being written about it stays."""
        if row is None:
            self._row = None
            self.setCurrentWidget(self._nothing)
            return
        if row == self._row:
            self.form.setEnabled(True)
            return
        same = self._shown == row.contested.decision
        self._row = row
        self._shown = row.contested.decision
        self._fill(row)
        waits = row.settled_at is None
        answers = waits and self._desk.may(Permission.SUPERVISE)
        self.form.setVisible(answers)
        self._waits.setVisible(waits and not answers)
        self.form.show_row(row, same=same)
        if not same:
            self._column.verticalScrollBar().setValue(0)
        self.setCurrentWidget(self._column)

    def _fill(self, row: ConflictRow) -> None:
        while (item := self._about_column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for widget in self._parts(row):
            self._about_column.addWidget(widget)

    def _parts(self, row: ConflictRow) -> list[QWidget]:
        person = one_line(self._desk.person(row.author, row.author_number))
        place = f"{platform_name(row.platform)} · {one_line(row.account)} · {person}"
        parts: list[QWidget] = [
            Label(words.conflict_word(row), "title", wrap=True),
            Label(place, "note", "muted", wrap=True),
            Quote(one_line(row.excerpt)),
            Label(words.conflict_sentence(row), "base", wrap=True),
        ]
        if said := words.settled_line(row, self._desk.services.clock.now()):
            parts.append(Label(said, "strong", wrap=True))
            if row.word.strip():
                parts.append(Quote(one_line(row.word)))
        parts.append(Comparison(row, self._rules))
        return parts
