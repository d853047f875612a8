"""«Supervision»: what waits for an answer, what was answered, and what one submitted oneself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.ids import EscalationId, MessageId, RuleId
from console.domain.roles import Permission
from console.services.decisions import DecisionRequest
from console.services.policy import ArticleView, RuleView
from console.services.rows import ChangeSet, Cursor, EscalationRow
from console.services.rows import Page as Rows
from ui.desk import Desk
from ui.models.card import CardText
from ui.models.row_model import RowModel
from ui.pages.page import Page
from ui.pages.queue.article_body import ArticleBody, panel_title
from ui.pages.queue.case import Case, CaseReader
from ui.pages.queue.message_pane import MessagePane
from ui.pages.supervision import words
from ui.pages.supervision.answer import AnswerPane
from ui.pages.supervision.conflicts_link import ConflictsLink
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.label import rule
from ui.widgets.row_panel import RowPanel
from ui.widgets.side_panel import SidePanel
from ui.widgets.two_panes import TwoPanes


class View(StrEnum):
    """What the list shows."""

    WAITING = "waiting"
    ANSWERED = "answered"
    MINE = "mine"


class SupervisionPage(Page):
    """`open` takes an `EscalationId`. Moderators see what they submitted, and its outcome."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Supervision")
        self.view = View.MINE
        self.model: RowModel[EscalationId, EscalationRow] = RowModel(lambda row: row.id, self._card, self)
        self.rows: RowPanel[EscalationId, EscalationRow] = RowPanel(
            desk, self.model, self.tr("Dossiers"), self._say_empty
        )
        self.reader = CaseReader(desk, self)
        self.message = MessagePane(desk, "supervision.note")
        self.answer = AnswerPane(desk)
        self.panel = SidePanel(self)
        self._nothing = EmptyState()
        self._shown: MessageId | None = None
        self._seen: set[EscalationId] = set()
        """Outcomes that were marked as read from here; their rows may still be on their way."""
        self._chips: dict[View, Button] = {}
        self.conflicts = ConflictsLink(desk)
        self._build()
        self._wire()

    # what the window asks

    def open(self, argument: object) -> None:
        """Show one case."""
        if isinstance(argument, str):
            self.rows.go_to(EscalationId(argument))

    def entered(self) -> None:
        """Read what waits."""
        supervises = self.desk.may(Permission.SUPERVISE)
        self._chips[View.WAITING].setVisible(supervises)
        self._chips[View.ANSWERED].setVisible(supervises)
        if not supervises:
            self.view = View.MINE
        elif self.view is View.MINE and not self._chips[View.MINE].isChecked():
            self.view = View.WAITING
        self._chips[self.view].setChecked(True)
        self._read()
        self.conflicts.read()
        policy = self.desk.services.policy
        self.desk.tasks.read(
            policy.placeholders, self.answer.show_placeholders, owner=self, lane="placeholders"
        )
        self.rows.list.setFocus()

    def set_room(self, width: int) -> None:
        """The list folds where room is short."""
        self._panes.set_room(width - 300)

    # reading

    def _read(self) -> None:
        escalations, actor = self.desk.services.escalations, self.desk.actor
        reading = {
            View.WAITING: escalations.open,
            View.ANSWERED: escalations.answered,
            View.MINE: escalations.mine,
        }[self.view]

        def read(_after: Cursor | None, _limit: int) -> Rows[EscalationRow]:
            return Rows(reading(actor), None)

        self.rows.show_rows(read)

    def _on_view(self, view: View) -> None:
        self.view = view
        self._read()
        self.rows.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_picked(self, key: EscalationId | None) -> None:
        row = self.model.row(key) if key is not None else None
        if row is None:
            self.reader.forget()
            self._right.setCurrentWidget(self._nothing)
        else:
            self.reader.want(row.message_id)

    def _on_case(self, case: Case) -> None:
        row = self._current()
        if row is None or row.message_id != case.id:
            return
        self.message.show_case(case.detail, case.rules, same=case.id == self._shown)
        self._shown = case.id
        self.answer.show_case(row, case)
        self._right.setCurrentWidget(self._work)
        if self.view is View.MINE and row.outcome not in words.WAITING and not row.seen_by_submitter:
            self._mark_seen(row)

    def _on_row_changed(self) -> None:
        row = self._current()
        if row is not None:
            self.reader.want(row.message_id)

    def _on_changes(self, changes: ChangeSet) -> None:
        if (changes.escalations or changes.counts) and self.isVisible():
            self._read()

    def _current(self) -> EscalationRow | None:
        key = self.rows.list.current_id()
        return self.model.row(key) if key is not None else None

    # answering

    def _decide(self, request: DecisionRequest, word: str) -> None:
        self._write(
            lambda row, service, actor: service.decide(actor, row.id, request, word),
            self.tr("Décision enregistrée. La personne qui a soumis le dossier en verra la raison."),
        )

    def _give_back(self, word: str) -> None:
        self._write(
            lambda row, service, actor: service.give_back(actor, row.id, word),
            self.tr("Dossier retourné avec votre mot."),
        )

    def _hold(self) -> None:
        self._write(
            lambda row, service, actor: service.hold(actor, row.id),
            self.tr("Vous gardez ce dossier."),
        )

    def _sign(self, word: str) -> None:
        self._write(
            lambda row, service, actor: service.sign(actor, row.id, word),
            self.tr("Bannissement signé. Il part après le délai d’annulation."),
        )

    def _refuse(self, word: str) -> None:
        self._write(
            lambda row, service, actor: service.refuse(actor, row.id, word),
            self.tr("Bannissement refusé. Le dossier retourne à la modération."),
        )

    def _mark_seen(self, row: EscalationRow) -> None:
        if row.id in self._seen:
            return
        self._seen.add(row.id)
        service, actor = self.desk.services.escalations, self.desk.actor
        self.desk.tasks.write(lambda: service.mark_seen(actor, row.id), self.desk.announce, owner=self)

    def _write(self, work: Callable[..., ChangeSet], said: str) -> None:
        row, service, actor = self._current(), self.desk.services.escalations, self.desk.actor
        if row is None:
            return

        def done(changes: ChangeSet) -> None:
            self.desk.announce(changes)
            self.desk.notices.toast(said)

        def failed(error: Exception) -> None:
            self.answer.show_error(error)
            self.rows.refresh()

        self.desk.tasks.write(lambda: work(row, service, actor), done, failed, owner=self)

    def _show_article(self, number: str) -> None:
        policy = self.desk.services.policy

        def show(read: tuple[ArticleView, Mapping[RuleId, RuleView]]) -> None:
            article, rules = read
            self.panel.show_body(panel_title(article.number), ArticleBody(article, rules))

        self.desk.tasks.read(
            lambda: (policy.article(number), policy.rules()), show, owner=self, lane="article"
        )

    # building

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 4, 0)
        column.setSpacing(8)
        chips, group = QHBoxLayout(), QButtonGroup(self)
        names = {
            View.WAITING: self.tr("À répondre"),
            View.ANSWERED: self.tr("Répondus"),
            View.MINE: self.tr("Soumis par moi"),
        }
        for view, name in names.items():
            chip = Button(name, "chip")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._on_view, view))
            group.addButton(chip)
            chips.addWidget(chip)
            self._chips[view] = chip
        chips.addStretch(1)
        column.addLayout(chips)
        column.addWidget(self.conflicts)
        column.addWidget(self.rows, 1)
        self._work = QWidget()
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.message, 1)
        row.addWidget(rule(vertical=True))
        row.addWidget(self.answer)
        self._right = QStackedWidget()
        self._right.addWidget(self._nothing)
        self._right.addWidget(self._work)
        self._nothing.say(
            "scale",
            self.tr("Aucun dossier affiché"),
            self.tr("Le dossier choisi dans la liste apparait ici."),
        )
        self._panes = TwoPanes(left, self._right, self.rows.list)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._panes)
        self.panel.raise_()

    def _wire(self) -> None:
        self.rows.picked.connect(self._on_picked)
        self.model.dataChanged.connect(self._on_row_changed)
        self.reader.ready.connect(self._on_case)
        self.reader.failed.connect(self.desk.notices.error)
        self.answer.decided.connect(self._decide)
        self.answer.returned.connect(self._give_back)
        self.answer.held.connect(self._hold)
        self.answer.signed.connect(self._sign)
        self.answer.refused.connect(self._refuse)
        self.answer.findings.article_wanted.connect(self._show_article)
        self.answer.findings.disagreed.connect(self._disagree)
        self.answer.findings.hovered.connect(self.message.card.text.strengthen)
        self.answer.findings.chosen.connect(self.message.card.text.choose)
        self.message.hovered.connect(self.answer.findings.strengthen)
        self.message.chosen.connect(self.answer.findings.choose)
        self.message.note_written.connect(self._note)
        self.message.message_wanted.connect(self._open_in_queue)
        self.desk.changed.connect(self._on_changes)
        self.desk.settings_changed.connect(self.model.reword)
        bind = self.desk.commands.bind
        bind("supervision.next", self, partial(self.rows.list.step, 1))
        bind("supervision.previous", self, partial(self.rows.list.step, -1))
        bind("supervision.decide", self, self.answer.compose)
        bind("supervision.confirm", self, self.answer.confirm)
        bind("supervision.note", self, self.message.write_note)
        bind("supervision.disagree", self, self._disagree_with_chosen)
        for way in ("return", "hold", "sign", "refuse"):
            bind(f"supervision.{way}", self, partial(self.answer.press, way))

    def _disagree_with_chosen(self) -> None:
        finding = self.answer.findings.chosen_finding()
        if finding is not None:
            self._disagree(finding.rule)

    def _disagree(self, broken: RuleId) -> None:
        row, decisions, actor = self._current(), self.desk.services.decisions, self.desk.actor
        if row is None:
            return
        message = row.message_id

        def done(_changes: ChangeSet) -> None:
            self.answer.findings.mark_disputed(message, broken)

        self.desk.tasks.write(lambda: decisions.disagree(actor, message, broken), done, owner=self)

    def _note(self, text: str) -> None:
        row, queue, actor = self._current(), self.desk.services.queue, self.desk.actor
        if row is not None:
            self.desk.tasks.write(
                lambda: queue.add_note(actor, row.message_id, text), self.desk.announce, owner=self
            )

    def _open_in_queue(self, message: MessageId) -> None:
        self.desk.open_page.emit("queue", message)

    def _card(self, row: EscalationRow) -> CardText:
        person = self.desk.person(row.author, row.author_number)
        return words.escalation_card(row, self.desk.services.clock.now(), person)

    def _say_empty(self, empty: EmptyState) -> None:
        title, why = {
            View.WAITING: (
                self.tr("Rien à répondre"),
                self.tr("Aucun dossier n’attend la supervision et aucun bannissement n’est à signer."),
            ),
            View.ANSWERED: (
                self.tr("Aucune réponse encore"),
                self.tr("Les dossiers répondus apparaitront ici."),
            ),
            View.MINE: (
                self.tr("Aucun dossier soumis"),
                self.tr("Dans la file, E soumet un message à la supervision; sa réponse apparait ici."),
            ),
        }[self.view]
        empty.say(
            "scale", title, why, self.tr("Revenir à la file"), lambda: self.desk.open_page.emit("queue", None)
        )
