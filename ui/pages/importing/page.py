"""«Importer»: choose a file, look at it, import it, read what became of every row. No dialog in between."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.domain.messages import Account
from console.errors import CancelledError, ConflictError
from console.services.intake import ColumnMapping, Recognised
from console.services.intake_run import ImportReport
from console.services.rows import ChangeSet
from ui.desk import Desk
from ui.file_dialogs import ask_open
from ui.notify import Notice, Tone
from ui.pages.importing import words
from ui.pages.importing.choose import ChooseStep
from ui.pages.importing.look import LookStep
from ui.pages.importing.report import ReportStep
from ui.pages.importing.running import RunningStep
from ui.pages.page import Page
from ui.tasks import Ticket

log = logging.getLogger(__name__)

Found = tuple[Recognised, tuple[ColumnMapping, ...], tuple[Account, ...]]


class ImportPage(Page):
    """`open` takes the `Path` of a file. One import at a time; it goes on while other pages are open."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Importer")
        self.choose = ChooseStep(desk)
        self.running = RunningStep(desk)
        self.look: LookStep | None = None
        self.report: ReportStep | None = None
        self._ticket: Ticket | None = None
        self._ended = False
        self._stack = QStackedWidget()
        self._stack.addWidget(self.choose)
        self._stack.addWidget(self.running)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self.choose.chosen.connect(self.take)
        self.choose.ask.connect(self.ask)
        self.running.cancel_wanted.connect(self.cancel)
        bind = desk.commands.bind
        bind("import.choose", self, self.ask)
        bind("import.start", self, self._submit)
        bind("import.cancel", self, self.cancel)
        bind("import.copy", self, self._copy)

    # what the window asks

    def open(self, argument: object) -> None:
        """Look at a file."""
        if isinstance(argument, (str, Path)):
            self.take(Path(argument))

    def entered(self) -> None:
        """The focus where the present step goes on; a report that was read gives way to a new start."""
        step = self._stack.currentWidget()
        if step is self.choose:
            self.choose.zone.choose.setFocus()
        elif step is self.look and self.look is not None:
            self.look.take_focus()
        elif step is self.report and self.report is not None:
            self.report.take_focus()
        else:
            self.running.cancel.setFocus()

    @property
    def step(self) -> QWidget:
        """The step in front."""
        widget = self._stack.currentWidget()
        assert widget is not None  # noqa: S101  two steps are always there
        return widget

    # choosing and looking

    def ask(self) -> None:
        """Ask for a file."""
        if self._ticket is None:
            filters = self.tr(
                "Messages (*.csv *.tsv *.txt *.xlsx *.xlsm *.json *.jsonl *.zip);;Tous les fichiers (*)"
            )
            ask_open(self, self.tr("Choisir un fichier à importer"), filters, self.take)

    def take(self, path: Path, sheet: str = "") -> None:
        """Look at a file by its content, then show what was found."""
        if self._ticket is not None:
            self.desk.notices.error(ConflictError("import.running"))
            return
        intake, queue = self.desk.services.intake, self.desk.services.queue
        if self.step is not self.look or not sheet:
            self._show(self.choose)
        self.choose.wait_for(path)

        def work() -> Found:
            return intake.recognise(path, sheet), intake.mappings(), tuple(queue.accounts())

        self.desk.tasks.read(work, self._found, self._not_found, owner=self, lane="look")

    def _found(self, found: Found) -> None:
        recognised, presets, accounts = found
        self.choose.rest()
        self._drop_steps()
        look = LookStep(self.desk, recognised, presets, accounts)
        look.start.connect(self._start)
        look.another.connect(self._begin_again)
        look.sheet_wanted.connect(lambda sheet: self.take(recognised.path, sheet))
        look.keep_wanted.connect(self._keep)
        look.drop_wanted.connect(self._forget)
        self.look = look
        self._show(look)
        look.take_focus()

    def _not_found(self, error: Exception) -> None:
        self._drop_steps()
        self._show(self.choose)
        self.choose.say(self._explain(error))
        self.choose.zone.choose.setFocus()

    # presets

    def _keep(self, mapping: ColumnMapping) -> None:
        intake, actor = self.desk.services.intake, self.desk.actor

        def work() -> tuple[ColumnMapping, ...]:
            intake.save_mapping(actor, mapping)
            return intake.mappings()

        self._write_preset(work, mapping.name, self.tr("Correspondance enregistrée."))

    def _forget(self, name: str) -> None:
        intake, actor = self.desk.services.intake, self.desk.actor

        def work() -> tuple[ColumnMapping, ...]:
            intake.forget_mapping(actor, name)
            return intake.mappings()

        self._write_preset(work, "", self.tr("Correspondance supprimée."))

    def _write_preset(self, work: Callable[[], tuple[ColumnMapping, ...]], current: str, said: str) -> None:
        def done(presets: tuple[ColumnMapping, ...]) -> None:
            if self.look is not None:
                self.look.show_presets(presets, current)
            self.desk.notices.toast(said)

        self.desk.tasks.write(work, done, owner=self)

    # the import itself

    def _submit(self) -> None:
        if self.look is not None and self.step is self.look:
            self.look.submit()

    def _start(self, mapping: ColumnMapping) -> None:
        if self.look is None or self._ticket is not None:
            return
        path = self.look.recognised.path
        intake, actor = self.desk.services.intake, self.desk.actor
        self._show(self.running)
        self.running.begin(path.name)
        # Run in place (synchronously), the end comes before the ticket.
        self._ended = False
        ticket = self.desk.tasks.long(
            lambda advance: intake.import_file(actor, path, advance, mapping),
            lambda report: self._done(path.name, report),
            self._failed,
            advance=self.running.advance,
            owner=self,
        )
        self._ticket = None if self._ended else ticket

    def cancel(self) -> None:
        """Stop the import; nothing of it stays."""
        if self._ticket is not None:
            self._ticket.cancel()
            self.running.cancelling()

    def _done(self, name: str, report: ImportReport) -> None:
        self._end()
        self._drop_steps()
        shown = ReportStep(self.desk, name, report)
        shown.queue_wanted.connect(lambda: self.desk.open_page.emit("queue", None))
        shown.another.connect(self._begin_again)
        self.report = shown
        self._show(shown)
        if self.isVisible():
            shown.take_focus()
        else:
            added = words.count_word(
                report.added, self.tr("{n} message ajouté"), self.tr("{n} messages ajoutés")
            )
            self.desk.notices.toast(self.tr("Importation terminée\u00a0: {added}.").format(added=added))
        self.desk.announce(ChangeSet(counts=True))

    def _failed(self, error: Exception) -> None:
        self._end()
        look = self.look
        if look is None:
            self.desk.notices.error(error)
            return
        self._show(look)
        if isinstance(error, CancelledError):
            gone = self.tr("Importation annulée\u00a0: rien de ce fichier n’a été gardé.")
            look.say(Notice(Tone.INFO, gone))
        else:
            look.say(self._explain(error))

    def _end(self) -> None:
        self._ended, self._ticket = True, None

    def _copy(self) -> None:
        if self.report is not None and self.step is self.report:
            self.report.copy()

    def _begin_again(self) -> None:
        self._drop_steps()
        self._show(self.choose)
        self.choose.problem.hide()
        self.choose.zone.choose.setFocus()

    # helpers

    def _explain(self, error: Exception) -> Notice:
        notice = self.desk.notices.explain(error)
        if notice.code == "internal":
            log.error("the import met an unexpected error", exc_info=error)
        return notice

    def _drop_steps(self) -> None:
        for step in (self.look, self.report):
            if step is not None:
                self._stack.removeWidget(step)
                step.deleteLater()
        self.look = self.report = None

    def _show(self, step: QWidget) -> None:
        if self._stack.indexOf(step) < 0:
            self._stack.addWidget(step)
        self._stack.setCurrentWidget(step)
