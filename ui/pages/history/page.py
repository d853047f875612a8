"""«Historique»: past decisions, newest first, searched and filtered; export and proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.ids import DecisionId, RuleId
from console.domain.roles import Permission, Staff
from console.services.policy import RuleView
from console.services.rows import ChangeSet, Cursor, DecisionDetail, HistoryFilter, HistoryRow
from console.services.rows import Page as Rows
from ui import dates
from ui.desk import Desk
from ui.file_dialogs import ask_save
from ui.models.card import CardText
from ui.models.delivery import undone_words
from ui.models.row_model import RowModel
from ui.pages.history import words
from ui.pages.history.detail import DecisionPane
from ui.pages.history.filter_form import HistoryFilterForm
from ui.pages.history.long_works import LongWorks
from ui.pages.page import Page
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.row_panel import RowPanel
from ui.widgets.side_panel import SidePanel
from ui.widgets.two_panes import TwoPanes

_TIGHT, _TIGHTEST = 1000, 640
"""Page widths in pixels at 100 % text under which the bar has no room for all words, for any."""
Explained = tuple[DecisionDetail, Mapping[RuleId, RuleView]]


class HistoryPage(Page):
    """`open` takes a `DecisionId` or a `HistoryFilter`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Historique")
        self.search_hint = self.tr("Rechercher un mot, une personne, un motif…")
        self.where = HistoryFilter()
        self._form: HistoryFilterForm | None = None
        self._stale = True
        self.model: RowModel[DecisionId, HistoryRow] = RowModel(lambda row: row.decision_id, self._card, self)
        self.rows: RowPanel[DecisionId, HistoryRow] = RowPanel(
            desk, self.model, self.tr("Décisions passées"), self._say_empty
        )
        self.decision = DecisionPane(desk)
        self.panel = SidePanel(self)
        self.works = LongWorks(desk)
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
        """The list folds where room is short; buttons of the bar keep their sign alone."""
        self._panes.set_room(width)
        self.filters.fold(width < _TIGHTEST, "funnel")
        self.export.fold(width < _TIGHT, "file-up")
        self.verify.fold(width < _TIGHT, "shield-check")
        self._hint()

    # reading

    def apply(self, where: HistoryFilter) -> None:
        """Show the decisions of a filter."""
        self.where, self._stale = where, False
        count = words.narrowed(where)
        self.filters.say(self.tr("Filtres · {count}").format(count=count) if count else self.tr("Filtres"))
        self._hint()
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
            self.desk.notices.toast(undone_words(changes))

        self.desk.tasks.write(lambda: decisions.undo(actor, decision), done, owner=self)

    def ask_export(self) -> None:
        """Ask where, then export what is filtered."""
        if not self.works.busy and self.desk.may(Permission.EXPORT):
            day = dates.table_date(self.desk.services.clock.now())
            name = self.tr("decisions {day}.csv").format(day=day)
            filters = self.tr("Tableur (*.csv);;Données avec preuves (*.json)")
            dialog = ask_save(self, self.tr("Exporter les décisions"), name, filters, self.export_to)
            dialog.filterSelected.connect(
                lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else "csv")
            )

    def export_to(self, path: Path) -> None:
        """Export what is filtered to `path` (.csv or .json)."""
        self.works.export(self.where, path)

    # building

    def _build(self) -> None:
        commands = self.desk.commands
        self.filters = Button(self.tr("Filtres"), icon="funnel")
        self.filters.clicked.connect(self.toggle_filters)
        self.export = Button(self.tr("Exporter…"), icon="file-up")
        self.export.clicked.connect(self.ask_export)
        self.verify = Button(self.tr("Vérifier la piste"), icon="shield-check")
        self.verify.clicked.connect(self.works.check_journal)
        commands.changed.connect(self._hint)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 4, 0)
        column.addWidget(self.rows)
        self._panes = TwoPanes(left, self.decision, self.rows.list)
        self.rows.loaded.connect(lambda count: self._panes.set_empty(not count))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.works)
        outer.addWidget(self._panes, 1)
        self.panel.raise_()

    def _hint(self) -> None:
        for button, command in (
            (self.filters, "history.filters"),
            (self.export, "history.export"),
            (self.verify, "history.verify"),
        ):
            button.setToolTip(self.desk.commands.hint(command))

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
        bind("history.verify", self, self.works.check_journal)

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
