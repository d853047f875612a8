"""The rules that a sanction rests on: those found, each to be dropped, and any other of the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from console.domain.ids import RuleId
from console.services.policy import RuleView
from ui.pages.queue.words import article_word
from ui.widgets.label import SectionLabel
from ui.widgets.toggles import Toggles


class RulePicker(QWidget):
    """Found rules start pressed; the person may press others and drop any."""

    changed = Signal()

    def __init__(self, rules: Mapping[RuleId, RuleView], found: Sequence[RuleId]) -> None:
        super().__init__()
        self._rules = rules
        self._toggles: Toggles[RuleId] = Toggles(self.tr("Règles enfreintes"))
        for rule in found:
            self._add(rule)
        self._toggles.changed.connect(self.changed)
        self._more = QComboBox()
        self._more.setAccessibleName(self.tr("Ajouter une règle"))
        self._more.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._more.addItem(self.tr("Ajouter une règle…"))
        for view in sorted(rules.values(), key=lambda each: (_order(each.article), each.title)):
            self._more.addItem(f"{article_word(view.article)} · {view.title}", view.id)
        self._more.activated.connect(self._picked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(SectionLabel(self.tr("Règles enfreintes")))
        column.addWidget(self._toggles)
        column.addWidget(self._more)
        self._toggles.setVisible(bool(found))

    def chosen(self) -> tuple[RuleId, ...]:
        """The rules pressed."""
        return self._toggles.chosen()

    def take_focus(self) -> None:
        """Where a missing rule is chosen."""
        self._more.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, rule: RuleId) -> None:
        view = self._rules.get(rule)
        word = f"{article_word(view.article)} {view.title}" if view else str(rule)
        self._toggles.add(rule, word, checked=True, hint=view.explanation if view else "")

    def _picked(self, place: int) -> None:
        rule = self._more.itemData(place)
        if rule is None:
            return
        with QSignalBlocker(self._more):
            self._more.setCurrentIndex(0)
        self._add(RuleId(rule))
        self._toggles.show()
        self.changed.emit()


def _order(article: str) -> tuple[int, str]:
    return (int(article), "") if article.isdigit() else (99, article)
