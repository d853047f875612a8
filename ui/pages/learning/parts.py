"""The table before and after, and the words that weigh most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.domain.ids import RuleId
from console.domain.learning import Comparison
from console.services.learning import lines_of
from console.services.policy import RuleView
from ui import theme
from ui.pages.learning import words
from ui.widgets.label import Label, rule

Titles = Mapping[RuleId, RuleView]


class ComparisonTable(QWidget):
    """One row a rule: the engine alone and with what was learned, on decisions that it had not seen."""

    def __init__(self, comparison: Comparison, titles: Titles) -> None:
        super().__init__()
        look = theme.current()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.space(12))
        self._grid.setVerticalSpacing(look.space(6))
        for column, share in enumerate((4, 2, 3, 3, 2)):
            self._grid.setColumnStretch(column, share)
        for column, head in enumerate(words.heads()):
            self._put(Label(head, "note", "muted", wrap=True), 0, column)
        self._grid.addWidget(rule(), 1, 0, 1, 5)
        for row, each in enumerate(lines_of(comparison), 2):
            title = title_of(RuleId(each.rule), titles)
            name = Label(title, "strong", wrap=True)
            name.setAccessibleName(words.spoken(title, each))
            self._put(name, row, 0)
            if each.enough:
                for column, cell in enumerate(words.cells(each), 1):
                    self._put(Label(cell, "base", wrap=True), row, column)
            else:
                self._grid.addWidget(Label(words.too_few(), "base", "muted", wrap=True), row, 1, 1, 4)

    def _put(self, label: Label, row: int, column: int) -> None:
        self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)


class WeightList(QWidget):
    """By rule, the words that speak for it and those that speak against it."""

    def __init__(self, weights: Mapping[RuleId, Sequence[tuple[str, float]]], titles: Titles) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(4))
        for each, told in weights.items():
            column.addWidget(Label(title_of(each, titles), "strong", wrap=True))
            for raises, said in ((True, _tr("Parlent pour")), (False, _tr("Parlent contre"))):
                listed = words.weights(told, raises=raises)
                if listed:
                    label = Label(f"{said}\u00a0: {listed}", "base", wrap=True)
                    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                    column.addWidget(label)


def title_of(each: RuleId, titles: Titles) -> str:
    """A rule's short French, or its code when the policy has it no more."""
    view = titles.get(each)
    return view.title if view else str(each)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Learning", text)
