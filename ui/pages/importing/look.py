"""The second step: what the file is, its first rows, and what a person must say before it is read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.messages import Account
from console.services.intake import ColumnMapping, Recognised
from ui.desk import Desk
from ui.models.display_text import one_line
from ui.notify import Notice, Tone
from ui.pages.importing import words
from ui.pages.importing.mapping import MappingCard, first_choice
from ui.pages.importing.options import OptionsCard
from ui.pages.importing.presets import PresetsCard
from ui.pages.importing.preview import Preview, members_card
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.form import Card, Column
from ui.widgets.label import rule

_AMBIGUOUS = "import.dates_ambiguous"


class LookStep(QWidget):
    """One recognised file, the button always in sight below. Made anew for another."""

    start = Signal(object)
    """`ColumnMapping`: import with it."""
    another = Signal()
    """Choose another file."""
    sheet_wanted = Signal(str)
    keep_wanted = Signal(object)
    """`ColumnMapping` with a name, to be saved."""
    drop_wanted = Signal(str)

    def __init__(
        self,
        desk: Desk,
        recognised: Recognised,
        presets: Sequence[ColumnMapping],
        accounts: Sequence[Account],
    ) -> None:
        super().__init__()
        self.column = Column(centred=True)
        self._desk, self.recognised = desk, recognised
        self.problem = Banner(Tone.WARNING, inset=True)
        self.mapping: MappingCard | None = None
        self.presets: PresetsCard | None = None
        self.options = OptionsCard(recognised, accounts)
        self.go = Button(
            self.tr("Importer"), "primary", "file-down", commands=desk.commands, command="import.start"
        )
        self.go.clicked.connect(self.submit)
        self._build(presets)

    def submit(self) -> None:
        """Ask for the import, or say what is missing and go there."""
        if self.mapping is not None and "text" not in self.mapping.columns():
            self.say(
                Notice(
                    Tone.WARNING,
                    self.tr("Vigie ne sait pas quelle colonne contient le texte des messages."),
                    self.tr("Choisissez-la ci-dessous, puis importez."),
                )
            )
            self._go_to(self.mapping.rows["text"].box)
            return
        self.problem.hide()
        self.start.emit(self.chosen())

    def chosen(self, name: str = "") -> ColumnMapping:
        """What is said on the page, under a name."""
        constants = self.options.constants()
        if self.recognised.sheet:
            constants["sheet"] = self.recognised.sheet
        return ColumnMapping(name, self.mapping.columns() if self.mapping else {}, constants)

    def show_presets(self, presets: Sequence[ColumnMapping], current: str) -> None:
        """The presets after one was kept or dropped."""
        if self.presets is not None:
            self.presets.show_presets(presets, current)

    def say(self, notice: Notice) -> None:
        """Why the import did not take place; what was said stays."""
        self.problem.set_kind(notice.tone)
        self.problem.say(notice.title, notice.next)
        self.column.verticalScrollBar().setValue(0)
        if notice.code == _AMBIGUOUS:
            self._go_to(self.options.dates)

    def take_focus(self) -> None:
        """On the button: what is proposed is often right."""
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel that passes over a closed box scrolls the page, and changes nothing."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _build(self, presets: Sequence[ColumnMapping]) -> None:
        recognised = self.recognised
        facts = (
            words.format_word(recognised),
            words.encoding_word(recognised.encoding),
            words.size_word(recognised.size),
        )
        self.column.add_title(one_line(recognised.path.name), " · ".join(fact for fact in facts if fact))
        self.column.body.addWidget(self.problem)
        self.problem.hide()
        if len(recognised.sheets) > 1:
            self.column.body.addWidget(self._sheets())
        if recognised.headers:
            first = Card(self.tr("Premières lignes"))
            first.add(Preview(recognised))
            self.column.body.addWidget(first)
            self._build_mapping(presets)
        if recognised.members:
            self.column.body.addWidget(members_card(recognised))
        self.column.body.addWidget(self.options)
        self.column.finish()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.column, 1)
        outer.addWidget(rule())
        outer.addWidget(self._foot())
        for box in self.findChildren(QComboBox):
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.installEventFilter(self)

    def _foot(self) -> QWidget:
        other = Button(self.tr("Choisir un autre fichier"))
        other.clicked.connect(self.another)
        foot = QWidget()
        foot.setProperty("surface", "panel")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 10, 24, 10)
        row.addStretch(1)
        row.addWidget(other)
        row.addWidget(self.go)
        row.addStretch(1)
        return foot

    def _build_mapping(self, presets: Sequence[ColumnMapping]) -> None:
        self.presets, self.mapping = PresetsCard(), MappingCard(self.recognised)
        self.presets.taken.connect(self._take)
        self.presets.kept.connect(lambda name: self.keep_wanted.emit(self.chosen(name)))
        self.presets.dropped.connect(self.drop_wanted)
        self.column.body.addWidget(self.mapping)
        self.column.body.addWidget(self.presets)
        first = first_choice(self.recognised, presets)
        self.presets.show_presets(presets, first.name if first else "")
        if first is not None:
            self._take(first)

    def _take(self, preset: ColumnMapping) -> None:
        if self.mapping is not None:
            self.mapping.show_columns(preset.columns)
        self.options.show_constants(preset.constants)

    def _sheets(self) -> QWidget:
        box = QComboBox()
        box.addItems(list(self.recognised.sheets))
        box.setCurrentText(self.recognised.sheet)
        box.textActivated.connect(self.sheet_wanted)
        card = Card()
        card.add_row(self.tr("Feuille du classeur"), box)
        return card

    def _go_to(self, field: QWidget) -> None:
        self.column.ensureWidgetVisible(field)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
