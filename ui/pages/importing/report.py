"""The last step: what became of every row, and the rows that were not taken in with their reason."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from console.errors import EnvironmentProblemError
from console.services.intake_run import ImportReport
from ui import dates, theme
from ui.desk import Desk
from ui.file_dialogs import ask_save
from ui.models.display_text import DisplayText, one_line
from ui.pages.importing import words
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card, Column
from ui.widgets.label import Label

Index = QModelIndex | QPersistentModelIndex


class SkippedModel(QAbstractTableModel):
    """Place, reason, next step; at most the 1,000 that the report holds."""

    def __init__(self, report: ImportReport, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = [words.skipped_line(each) for each in report.skipped]
        self._heads = (self.tr("Où"), self.tr("Pourquoi"), self.tr("Que faire"))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default; never changed
        """Skipped rows."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default; never changed
        """Three."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The heads of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a cell, in full as its tooltip."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self._lines[index.row()]
        said = (line.place, line.reason, line.next)[index.column()]
        return DisplayText.of(said).text.replace("\n", " ")


class ReportStep(Column):
    """One finished import. Made anew for another."""

    queue_wanted = Signal()
    another = Signal()

    def __init__(self, desk: Desk, name: str, report: ImportReport) -> None:
        super().__init__(centred=True)
        self._desk, self._file = desk, name
        self.text = words.report_text(name, report)
        self.queue = Button(self.tr("Voir la file"), "primary", "inbox")
        self.queue.clicked.connect(self.queue_wanted)
        label = desk.catalogue.label("format", report.format)
        seconds = f"{report.seconds:.1f}".replace(".", ",")
        self.add_title(
            self.tr("Importation terminée"),
            self.tr("{name} · {format} · {seconds}\u00a0s").format(
                name=one_line(name), format=label, seconds=seconds
            ),
        )
        self.body.addWidget(_figures(report))
        self.body.addWidget(self._buttons())
        if report.skipped:
            self.body.addWidget(self._skipped(report), 1)
        if report.columns:
            self.body.addWidget(_columns(self.tr("Colonnes lues"), report))
        self.finish()

    def take_focus(self) -> None:
        """On to the queue."""
        self.queue.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> None:
        """The report as text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)
        self._desk.notices.toast(self.tr("Rapport copié."))

    def save(self) -> None:
        """Ask where, then write."""
        stem = Path(self._file).stem
        name = self.tr("rapport {name}.txt").format(name=stem)
        ask_save(self, self.tr("Enregistrer le rapport"), name, self.tr("Texte (*.txt)"), self.write)

    def write(self, path: Path) -> None:
        """Write the report to `path` (UTF-8)."""
        text = self.text

        def work() -> None:
            try:
                path.write_text(text, "utf-8")
            except OSError as error:
                problem = error.strerror or type(error).__name__
                raise EnvironmentProblemError("export.write", path=str(path), problem=problem) from error

        def done(_nothing: None) -> None:
            self._desk.notices.toast(self.tr("Rapport enregistré."))

        self._desk.tasks.write(work, done, owner=self)

    def _buttons(self) -> QWidget:
        box = QWidget()
        row = FlowLayout(box, gap=8)
        again = Button(self.tr("Importer un autre fichier"))
        again.clicked.connect(self.another)
        copy = Button(
            self.tr("Copier le rapport"), "", "copy", commands=self._desk.commands, command="import.copy"
        )
        copy.clicked.connect(self.copy)
        save = Button(self.tr("Enregistrer le rapport…"), "", "save")
        save.clicked.connect(self.save)
        for button in (self.queue, again, copy, save):
            row.addWidget(button)
        return box

    def _skipped(self, report: ImportReport) -> Card:
        shown, total = len(report.skipped), report.skipped_total
        heading = words.count_word(total, self.tr("{n} ligne ignorée"), self.tr("{n} lignes ignorées"))
        card = Card(heading)
        if total > shown:
            first = self.tr("Les {shown} premières sont montrées ici.").format(shown=dates.number(shown))
            card.add(Label(first, "note", "muted", wrap=True))
        self.skipped = _table(SkippedModel(report, self), heading)
        card.add(self.skipped)
        return card


def _table(model: SkippedModel, name: str) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(name)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setProperty("look", "bare")
    table.setWordWrap(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    head = table.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    rows = min(model.rowCount() + 1, 9)
    table.setMinimumHeight(theme.current().px(44) * rows)
    return table


def _figures(report: ImportReport) -> QWidget:
    box = Card()
    inner = QWidget()
    grid = QGridLayout(inner)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.current().space(24))
    grid.setVerticalSpacing(theme.current().space(16))
    for place, (word, number, why) in enumerate(words.figures(report)):
        tile = QWidget()
        column = QVBoxLayout(tile)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(dates.number(number), "display", "" if number else "muted"))
        column.addWidget(Label(word, "strong"))
        column.addWidget(Label(why, "small", "muted", wrap=True))
        column.addStretch(1)
        tile.setAccessibleName(f"{word}\u00a0: {dates.number(number)}, {why}")
        grid.addWidget(tile, place // 3, place % 3)
    for column_place in range(3):
        grid.setColumnStretch(column_place, 1)
    box.add(inner)
    return box


def _columns(title: str, report: ImportReport) -> Card:
    card = Card(title)
    for field, column in report.columns.items():
        card.add(Label(f"{words.field_word(field)}\u00a0: {one_line(column)}", "note", "muted", wrap=True))
    return card
