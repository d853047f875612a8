"""Small pieces of the page: a bar of a budget with its words, the table of abilities, a list of scopes."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.domain.platforms import Abilities
from console.services.platform_ports import Budget
from ui import theme
from ui.models import accounts as models
from ui.pages.accounts import words
from ui.widgets.badge import Meter
from ui.widgets.label import Label, rule

_LARGE = 1.4
"""Text setting above which the ways of an act stand below it."""


class BudgetLine(QWidget):
    """Words, and a bar that shows the same; without a limit there is no bar."""

    def __init__(self, budget: Budget, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        said = models.budget_words(budget, now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(6))
        column.addWidget(Label(said, "base", wrap=True))
        share = models.budget_share(budget)
        if share is not None:
            column.addWidget(Meter(models.budget_level(budget), share))


class AbilityTable(QWidget):
    """One line an act: by Vigie or by hand, for comments and for private messages, and what to know."""

    def __init__(self, abilities: Abilities, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.current().space(16))
        self._grid.setVerticalSpacing(theme.current().space(4))
        self.setAccessibleName(self.tr("Ce que la plateforme permet"))
        narrow = theme.current().scale > _LARGE
        for line in models.ability_lines(abilities):
            self._add(line, narrow=narrow)
        if not narrow:
            for column, stretch in enumerate((1, 1, 1)):
                self._grid.setColumnStretch(column, stretch)

    def _add(self, line: models.AbilityLine, *, narrow: bool) -> None:
        grid, top = self._grid, Qt.AlignmentFlag.AlignTop
        comment = self.tr("commentaires\u00a0: {way}").format(way=line.comment) if line.comment else ""
        private = self.tr("messages privés\u00a0: {way}").format(way=line.private) if line.private else ""
        if grid.rowCount() > 1:
            grid.addWidget(rule(), grid.rowCount(), 0, 1, 3)
        row = grid.rowCount()
        if narrow:
            ways = ", ".join(part for part in (comment, private) if part)
            grid.addWidget(Label(line.act, "strong", wrap=True), row, 0, 1, 3)
            grid.addWidget(Label(models.sentence(ways), "base", wrap=True), row + 1, 0, 1, 3)
        else:
            grid.addWidget(Label(line.act, "strong", wrap=True), row, 0, top)
            for column, said in ((1, comment), (2, private)):
                if said:
                    grid.addWidget(Label(models.sentence(said), "note", wrap=True), row, column, top)
        for note in line.notes:
            grid.addWidget(Label(note, "note", "muted", wrap=True), grid.rowCount(), 0, 1, 3)


class ScopeList(QWidget):
    """What Vigie asks for, one by one: why, and the platform's own name for it."""

    def __init__(self, scopes: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(2))
        for scope in scopes:
            why = words.scope_words(scope)
            column.addWidget(Label(models.sentence(why), "strong", wrap=True))
            if why != scope:
                column.addWidget(Label(scope, "small", "muted", wrap=True))
