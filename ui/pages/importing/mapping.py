"""Which column holds what: one row a field, with the values that would be read, live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.services.intake import ColumnMapping, Recognised
from ui import icons, theme
from ui.models.display_text import one_line
from ui.pages.importing import words
from ui.widgets.button import Button
from ui.widgets.form import Card
from ui.widgets.label import Label, rule

_SHOWN = 60
"""Characters of a sample value."""


class ColumnRow(QWidget):
    """A field of a message and the column that holds it."""

    changed = Signal()

    def __init__(self, field: str, recognised: Recognised) -> None:
        super().__init__()
        self.field = field
        self._headers, self._sample = recognised.headers, recognised.sample
        self.box = QComboBox()
        self.box.addItem(self.tr("Aucune colonne"))
        self.box.addItems(list(recognised.headers))
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.box.setMaxVisibleItems(16)
        need = _need(self, field)
        self.box.setAccessibleName(f"{words.field_word(field)} {need}".strip())
        self._example = Label("", "small", "muted", wrap=True)
        name = Label(words.field_word(field), "strong" if field == "text" else "base", wrap=True)
        name.setBuddy(self.box)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(name)
        if need:
            left.addWidget(Label(need, "small", "muted"))
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(self.box)
        right.addWidget(self._example)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(16))
        row.addLayout(left, 2)
        row.addLayout(right, 3)
        self.box.currentIndexChanged.connect(self._on_change)
        self._show_example()

    @property
    def column(self) -> str:
        """The header that is chosen, "" for none."""
        place = self.box.currentIndex()
        return self._headers[place - 1] if place > 0 else ""

    def choose(self, header: str) -> None:
        """Choose a column silently; one that is not there chooses none."""
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self._headers.index(header) + 1 if header in self._headers else 0)
        self._show_example()

    def _on_change(self) -> None:
        self._show_example()
        self.changed.emit()

    def _show_example(self) -> None:
        place = self.box.currentIndex() - 1
        values = [one_line(row[place]) for row in self._sample if 0 <= place < len(row)]
        values = [value if len(value) <= _SHOWN else value[:_SHOWN].rstrip() + "…" for value in values]
        shown = list(dict.fromkeys(value for value in values if value))[:2]
        said = " · ".join(f"«\u00a0{value}\u00a0»" for value in shown)
        if place >= 0 and not shown:
            said = self.tr("Cette colonne est vide dans les premières lignes.")
        self._example.setText(said)
        self._example.setVisible(bool(said))
        self.box.setAccessibleDescription(said)


class MappingCard(Card):
    """All fields; the rarer ones wait behind a button unless one of them is mapped."""

    changed = Signal()

    def __init__(self, recognised: Recognised) -> None:
        super().__init__()
        self.add(Label(self.tr("Correspondance des colonnes"), "label", "muted"))
        self.add(
            Label(
                self.tr("Vigie propose; vérifiez avec les exemples. Le texte est obligatoire."),
                "note",
                "muted",
                wrap=True,
            )
        )
        self.rows: dict[str, ColumnRow] = {}
        self._more = QWidget()
        column = QVBoxLayout(self._more)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(10))
        for field in (*words.MAIN_FIELDS, *words.OTHER_FIELDS):
            row = self.rows[field] = ColumnRow(field, recognised)
            row.changed.connect(self.changed)
            if field in words.MAIN_FIELDS:
                self.add(row, line=True)
            else:
                column.addWidget(row)
                column.addWidget(rule())
        self.unfold = Button("", "ghost", "chevron-down")
        self.unfold.clicked.connect(lambda: self._show_more(self._more.isHidden()))
        self.add(self.unfold, line=True)
        self.add(self._more)
        self._show_more(False)

    def columns(self) -> dict[str, str]:
        """Field → header, for the fields that have one."""
        return {field: row.column for field, row in self.rows.items() if row.column}

    def show_columns(self, columns: Mapping[str, str]) -> None:
        """Show a mapping silently; columns that this file lacks are left out."""
        for field, row in self.rows.items():
            row.choose(columns.get(field, ""))
        self._show_more(any(self.rows[field].column for field in words.OTHER_FIELDS))

    def _show_more(self, shown: bool) -> None:
        self._more.setVisible(shown)
        folded = self.tr("Autres colonnes ({n})").format(n=len(words.OTHER_FIELDS))
        self.unfold.setIcon(icons.icon("chevron-up" if shown else "chevron-down", "text"))
        self.unfold.setText(self.tr("Replier les autres colonnes") if shown else folded)


def first_choice(recognised: Recognised, presets: Sequence[ColumnMapping]) -> ColumnMapping | None:
    """What is shown first: the newest preset that fits the file, else what the reader proposes."""
    return next((each for each in presets if each.fits(recognised.headers)), recognised.proposed)


def _need(row: QWidget, field: str) -> str:
    if field == "text":
        return row.tr("obligatoire")
    return row.tr("recommandé") if field in ("posted_at", "author_name") else ""
