"""«Historique»: past decisions, newest first, searched and filtered; export and proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.ids import DecisionId, RuleId
from console.domain.journal import Break
from console.domain.roles import Permission, Staff
from console.errors import CancelledError
from console.services.policy import RuleView
from console.services.rows import ChangeSet, Cursor, DecisionDetail, HistoryFilter, HistoryRow
from console.services.rows import Page as Rows
from ui import dates
from ui.desk import Desk
from ui.file_dialogs import ask_save
from ui.models.card import CardText
from ui.models.row_model import RowModel
from ui.notify import Tone
from ui.pages.history import words
from ui.pages.history.detail import DecisionPane
from ui.pages.history.filter_form import HistoryFilterForm
from ui.pages.page import Page
from ui.tasks import Advance, Ticket
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.facts import ProgressLine
from ui.widgets.row_panel import RowPanel
from ui.widgets.side_panel import SidePanel
from ui.widgets.two_panes import TwoPanes

T = TypeVar("T")
Explained = tuple[DecisionDetail, Mapping[RuleId, RuleView]]


class HistoryPage(Page):
    """`open` takes a `DecisionId` or a `HistoryFilter`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Historique")
        self.search_hint = self.tr("Rechercher un mot, une personne, un motif…")
        self.where = HistoryFilter()
        self._form: HistoryFilterForm | None = None
        self._ticket: Ticket | None = None
        self._ended = False
        self._stale = True
        self.model: RowModel[DecisionId, HistoryRow] = RowModel(lambda row: row.decision_id, self._card, self)
        self.rows: RowPanel[DecisionId, HistoryRow] = RowPanel(
            desk, self.model, self.tr("Décisions passées"), self._say_empty
        )
        self.decision = DecisionPane(desk)
        self.panel = SidePanel(self)
        self.progress = ProgressLine()
        self.outcome = Banner(Tone.DONE, closable=True)
        self._build()
        self._wire()

    # what the window asks

    def bar_widgets(self) -> Sequence[QWidget]:
        """Filters, export, proof."""
        return (self.filters, self.export, self.verify)

    def search(self, text: str) -> None:
        """Search within the filter in force."""
        self.apply(replace(self.where, text=text))

    def open(self, argument: object) -> None:
        """Show one decision, or those of a filter."""
        if isinstance(argument, HistoryFilter):
            self.apply(argument)
        elif isinstance(argument, str):
            self.rows.go_to(DecisionId(argument))
            self._read_detail(DecisionId(argument))

    def entered(self) -> None:
        """Read what may be stale."""
        self.export.setVisible(self.desk.may(Permission.EXPORT))
        if self._stale:
            self.apply(self.where)
        else:
            self.rows.refresh()
        self.rows.list.setFocus()

    def set_room(self, width: int) -> None:
        """The list folds where room is short."""
        self._panes.set_room(width)

    # reading

    def apply(self, where: HistoryFilter) -> None:
        """Show the decisions of a filter."""
        self.where, self._stale = where, False
        count = words.narrowed(where)
        self.filters.setText(
            self.tr("Filtres · {count}").format(count=count) if count else self.tr("Filtres")
        )
        if self._form is not None:
            self._form.show_filter(where)
        history, actor = self.desk.services.history, self.desk.actor

        def read(after: Cursor | None, limit: int) -> Rows[HistoryRow]:
            return history.page(actor, where, after, limit)

        self.rows.show_rows(read)

    def _on_picked(self, decision: DecisionId | None) -> None:
        if decision is None:
            self.decision.show_nothing()
        else:
            self._read_detail(decision)

    def _read_detail(self, decision: DecisionId) -> None:
        services, actor = self.desk.services, self.desk.actor

        def work() -> Explained:
            return services.history.detail(actor, decision), services.policy.rules()

        def show(explained: Explained) -> None:
            self.decision.show_detail(*explained)

        self.desk.tasks.read(work, show, owner=self, lane="detail")

    def _on_changes(self, changes: ChangeSet) -> None:
        if not (changes.messages or changes.outgoing or changes.decision):
            return
        if not self.isVisible():
            self._stale = True
            return
        self.rows.refresh()
        shown = self.decision.detail
        if shown is not None:
            self._read_detail(shown.decision.id)

    def _on_settings(self) -> None:
        self.model.reword()
        self.decision.reword()

    # filters

    def toggle_filters(self) -> None:
        """Open the panel, or close it."""
        if self._form is not None:
            self.panel.dismiss()
            return
        services = self.desk.services

        def work() -> tuple[Mapping[RuleId, RuleView], tuple[Staff, ...]]:
            return services.policy.rules(), services.access.staff()

        def show(read: tuple[Mapping[RuleId, RuleView], tuple[Staff, ...]]) -> None:
            form = HistoryFilterForm(self.where, *read, services.clock.now)
            form.changed.connect(self.apply)
            self.panel.show_body(self.tr("Filtres"), form)
            self._form = form

        self.desk.tasks.read(work, show, owner=self, lane="panel")

    def _panel_closed(self) -> None:
        self._form = None

    # taking back

    def _undo(self, decision: DecisionId) -> None:
        decisions, actor = self.desk.services.decisions, self.desk.actor

        def done(changes: ChangeSet) -> None:
            self.desk.announce(changes)
            self.desk.notices.toast(self.tr("Décision annulée."))

        self.desk.tasks.write(lambda: decisions.undo(actor, decision), done, owner=self)

    # export

    def ask_export(self) -> None:
        """Ask where, then export what is filtered."""
        if self._ticket is None and self.desk.may(Permission.EXPORT):
            day = dates.table_date(self.desk.services.clock.now())
            name = self.tr("decisions {day}.csv").format(day=day)
            filters = self.tr("Tableur (*.csv);;Données avec preuves (*.json)")
            dialog = ask_save(self, self.tr("Exporter les décisions"), name, filters, self.export_to)
            dialog.filterSelected.connect(
                lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else "csv")
            )

    def export_to(self, path: Path) -> None:
        """Export what is filtered to `path`, off the UI thread."""
        history, actor, where = self.desk.services.history, self.desk.actor, self.where

        def done(count: int) -> None:
            said = self.tr("1 décision exportée")
            if count != 1:
                said = self.tr("{n} décisions exportées").format(n=dates.number(count))
            self._say(Tone.DONE, said, str(path))

        self._begin(
            self.tr("Exportation"), lambda advance: history.export(actor, where, path, advance), done, True
        )

    # proof

    def check_journal(self) -> None:
        """Check the whole journal."""
        history = self.desk.services.history
        if self._ticket is None:
            self._begin(self.tr("Vérification de la piste"), history.verify, self._verified, False)

    def _verified(self, broken: Break | None) -> None:
        if broken is None:
            self._say(
                Tone.DONE,
                self.tr("La piste de vérification est entière."),
                self.tr("Chaque entrée porte l’empreinte de la précédente, de la première à la dernière."),
            )
            return
        reason = self.desk.catalogue.label("journal_break", broken.reason)
        self._say(
            Tone.PROBLEM,
            self.tr("La piste est rompue au maillon {n}\u00a0: {reason}.").format(
                n=dates.number(broken.sequence), reason=reason
            ),
            self.tr("Gardez la base telle quelle et prévenez l’administration."),
        )

    # long work

    def _begin(
        self,
        what: str,
        work: Callable[[Advance], T],
        done: Callable[[T], None],
        writes: bool,
    ) -> None:
        self.outcome.hide()
        self.progress.begin(what, self._stop)
        self._ended = False

        def finished(result: T) -> None:
            self._end()
            done(result)

        ticket = self.desk.tasks.long(
            work, finished, self._failed, advance=self.progress.advance, owner=self, writes=writes
        )
        # Run in place (synchronously), the end comes before the ticket.
        self._ticket = None if self._ended else ticket

    def _stop(self) -> None:
        ticket = self._ticket
        if ticket is not None:
            ticket.cancel()
            if not ticket.writes:
                self._end()  # of a read that was stopped nothing more is told

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, CancelledError):
            self._say(Tone.INFO, self.tr("Arrêté\u00a0: rien n’a été écrit."))
            return
        notice = self.desk.notices.explain(error)
        self._say(notice.tone, notice.title, notice.next)

    def _end(self) -> None:
        self._ended, self._ticket = True, None
        self.progress.hide()

    def _say(self, tone: Tone, title: str, text: str = "") -> None:
        self.outcome.set_kind(tone)
        self.outcome.say(title, text)

    # building

    def _build(self) -> None:
        commands = self.desk.commands
        self.filters = Button(self.tr("Filtres"), icon="funnel")
        self.filters.clicked.connect(self.toggle_filters)
        self.export = Button(self.tr("Exporter…"), icon="file-up")
        self.export.clicked.connect(self.ask_export)
        self.verify = Button(self.tr("Vérifier la piste"), icon="shield-check")
        self.verify.clicked.connect(self.check_journal)
        hints = (
            (self.filters, "history.filters"),
            (self.export, "history.export"),
            (self.verify, "history.verify"),
        )

        def hint() -> None:
            for button, command in hints:
                button.setToolTip(commands.hint(command))

        commands.changed.connect(hint)
        hint()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 4, 0)
        column.addWidget(self.rows)
        self._panes = TwoPanes(left, self.decision, self.rows.list)
        self.rows.loaded.connect(lambda count: self._panes.set_empty(not count))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.outcome)
        outer.addWidget(self.progress)
        outer.addWidget(self._panes, 1)
        self.outcome.hide()
        self.panel.raise_()

    def _wire(self) -> None:
        self.rows.picked.connect(self._on_picked)
        self.panel.closed.connect(self._panel_closed)
        self.decision.undo_wanted.connect(self._undo)
        self.desk.changed.connect(self._on_changes)
        self.desk.settings_changed.connect(self._on_settings)
        bind = self.desk.commands.bind
        bind("history.next", self, partial(self.rows.list.step, 1))
        bind("history.previous", self, partial(self.rows.list.step, -1))
        bind("history.filters", self, self.toggle_filters)
        bind("history.undo", self, self.decision.undo)
        bind("history.copy_proof", self, self.decision.copy_proof)
        bind("history.export", self, self.ask_export)
        bind("history.verify", self, self.check_journal)

    def _card(self, row: HistoryRow) -> CardText:
        person = self.desk.person(row.author, row.author_number)
        return words.history_card(row, self.desk.services.clock.now(), person)

    def _say_empty(self, empty: EmptyState) -> None:
        if self.where.text or words.narrowed(self.where):
            why = self.tr("Aucune décision ne répond aux filtres choisis.")
            if self.where.text:
                why = self.tr("Aucune décision ne contient «\u00a0{text}\u00a0».").format(
                    text=self.where.text
                )
            # The search field has its own cross; the button lets go of the filters alone.
            action = self.tr("Effacer les filtres") if words.narrowed(self.where) else ""
            empty.say(
                "search",
                self.tr("Aucune décision trouvée"),
                why,
                action,
                lambda: self.apply(HistoryFilter(text=self.where.text)),
            )
        else:
            empty.say(
                "history",
                self.tr("Aucune décision encore"),
                self.tr(
                    "Chaque décision prise dans la file s’inscrit ici, avec son explication et sa preuve."
                ),
                self.tr("Aller à la file"),
                lambda: self.desk.open_page.emit("queue", None),
            )
