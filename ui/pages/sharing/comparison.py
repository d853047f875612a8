"""Two decisions on one message, side by side: each line of one stands beside the same line of the other."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.ids import RuleId
from console.services.policy import RuleView
from console.services.sharing_ports import ConflictRow, Side
from ui.models.display_text import one_line
from ui.pages.sharing import words
from ui.theme import current
from ui.widgets.badge import Badge
from ui.widgets.label import Label, rule
from ui.widgets.quote import Quote

_BESIDE = 460
"""Width in pixels at 100 % text from which the sides stand beside each other."""


class Comparison(QFrame):
    """Built for one `ConflictRow`. Where room is short, one side stands above the other."""

    def __init__(
        self, row: ConflictRow, rules: Mapping[RuleId, RuleView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._beside: bool | None = None
        contested = _Lines(self, row.contested, row.standing, rules)
        standing = _Lines(self, row.standing, row.contested, rules) if row.standing is not None else None
        self._right = [_badge(2, "diamond", self.tr("Contestée")), *contested.cells()]
        if standing is not None:
            self._left = [_badge(0, "dot", self.tr("S’applique")), *standing.cells()]
        else:
            nothing = Label(words.conflict_sentence(row), "base", "muted", wrap=True)
            self._left = [_badge(1, "waves", self.tr("Aucune décision ne s’applique")), nothing]
        if row.text_decided_on:
            self._left.append(_cell(self.tr("Texte d’aujourd’hui"), Quote(one_line(row.excerpt))))
            self._right.append(_cell(self.tr("Texte décidé"), Quote(one_line(row.text_decided_on))))
        self._line = rule(vertical=True)
        self._grid = QGridLayout(self)
        self._lay_out(beside=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other, or one above the other."""
        super().resizeEvent(event)
        self._lay_out(beside=self.width() >= current().px(_BESIDE))

    def _lay_out(self, *, beside: bool) -> None:
        if beside == self._beside:
            return
        self._beside = beside
        while self._grid.takeAt(0) is not None:
            pass
        space = current().space
        self._grid.setContentsMargins(space(16), space(14), space(16), space(14))
        self._grid.setHorizontalSpacing(space(16))
        self._grid.setVerticalSpacing(space(10))
        # Nothing of the layout before: a stretch stays with its column.
        for column, stretch in ((0, 1), (1, 0), (2, 1 if beside else 0)):
            self._grid.setColumnStretch(column, stretch)
        for place, cell in enumerate(self._left):
            self._grid.addWidget(cell, place, 0)
        after = len(self._left)
        self._line.setProperty("rule", "vertical" if beside else "horizontal")
        self._line.style().polish(self._line)
        if beside:
            self._grid.addWidget(self._line, 0, 1, max(after, len(self._right)), 1)
        else:
            self._grid.addWidget(self._line, after, 0)
        for place, cell in enumerate(self._right):
            self._grid.addWidget(cell, place if beside else after + 1 + place, 2 if beside else 0)


class _Lines:
    """One decision in lines; what differs between the two is said, not only coloured."""

    def __init__(
        self, frame: Comparison, side: Side, other: Side | None, rules: Mapping[RuleId, RuleView]
    ) -> None:
        self._frame, self._side, self._other, self._rules = frame, side, other, rules

    def cells(self) -> list[QWidget]:
        """The same lines in the same order for every decision."""
        tr, side = self._frame.tr, self._side
        return [
            _cell(tr("Décision"), Label(words.acts_of(side), "strong", wrap=True)),
            _cell(tr("Par"), Label(one_line(side.by), "base", wrap=True)),
            _cell(tr("Heure"), *self._times()),
            _cell(tr("Règles"), Label(words.rules_of(side, self._rules) or tr("Aucune"), "base", wrap=True)),
            _cell(tr("Motif"), Label(one_line(side.reason) or tr("Aucun"), "base", wrap=True)),
            _cell(tr("Nétiquette"), *self._policy()),
        ]

    def _times(self) -> list[QWidget]:
        lines: list[QWidget] = [
            Label(words.claimed_at(self._side), "base", wrap=True),
            Label(words.accepted_at(self._side), "note", "muted", wrap=True),
        ]
        if apart := words.apart(self._side):
            lines.append(Label(apart, "note", "warning", wrap=True))
        return lines

    def _policy(self) -> list[QWidget]:
        differs = self._other is not None and self._other.policy != self._side.policy
        lines: list[QWidget] = [
            Label(words.policy_of(self._side), "base", "warning" if differs else "", wrap=True)
        ]
        if differs:
            lines.append(Label(self._frame.tr("Une autre version qu’à côté"), "note", "warning", wrap=True))
        return lines


def _badge(level: int, shape: str, text: str) -> QWidget:
    box, badge = QWidget(), Badge(level, shape, text)
    badge.setAccessibleName(text)
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(badge)
    row.addStretch(1)
    return box


def _cell(name: str, *lines: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(Label(name, "small", "muted"))
    for line in lines:
        if isinstance(line, Label):
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(line)
    column.addStretch(1)
    return box
