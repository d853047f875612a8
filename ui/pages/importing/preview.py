"""The first rows of a table as they are, and what was recognised in an archive."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from console.catalogue import Catalogue
from console.services.intake import Recognised
from ui import theme
from ui.models.display_text import one_line
from ui.pages.importing import words
from ui.widgets.form import Card
from ui.widgets.label import Label

_SHOWN = 200
_MEMBERS = 12


class Preview(QTableWidget):
    """At most five rows; read only, one line a row."""

    def __init__(self, recognised: Recognised) -> None:
        super().__init__(len(recognised.sample), len(recognised.headers))
        self.setAccessibleName(self.tr("Premières lignes du fichier"))
        self.setHorizontalHeaderLabels(list(recognised.headers))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setProperty("look", "bare")
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for place, row in enumerate(recognised.sample):
            for column, value in enumerate(row[: len(recognised.headers)]):
                item = QTableWidgetItem(one_line(value[:_SHOWN]))
                item.setToolTip(value[:1_000])
                self.setItem(place, column, item)
        theme.current().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        look = theme.current()
        line = look.px(30)
        self.verticalHeader().setDefaultSectionSize(line)
        self.horizontalHeader().setFixedHeight(look.px(36))
        self.resizeColumnsToContents()
        for column in range(self.columnCount()):
            self.setColumnWidth(column, max(look.px(70), min(self.columnWidth(column), look.px(240))))
        self.setFixedHeight(line * self.rowCount() + look.px(36) + look.px(18))


def members_card(recognised: Recognised) -> Card:
    """Which files of an archive will be read, by format."""
    card = Card(_tr("Dans l’archive"))
    label = Catalogue.load().label
    for code, count in Counter(each.format for each in recognised.members).items():
        files = words.count_word(count, _tr("{n} fichier"), _tr("{n} fichiers"))
        card.add(Label(f"{files}\u00a0: {label('format', code)}", "base", wrap=True))
    names = [each.name for each in recognised.members[:_MEMBERS]]
    more = len(recognised.members) - len(names)
    said = ", ".join(names) + (" " + _tr("et {n} autres").format(n=more) if more > 0 else "")
    card.add(Label(said, "note", "muted", wrap=True))
    return card


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportPreview", text)
