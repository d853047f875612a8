"""The filters of past decisions, in the panel: each change acts at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QVBoxLayout, QWidget

from console.domain.ids import RuleId
from console.domain.messages import KNOWN_PLATFORMS, OTHER
from console.domain.roles import Staff
from console.services.policy import RuleView
from console.services.rows import HistoryFilter
from ui.models.card import platform_name, rule_title
from ui.models.display_text import one_line
from ui.pages.queue.period import Period
from ui.pages.queue.words import ORDER, article_word, button_word
from ui.widgets.button import Button
from ui.widgets.label import SectionLabel
from ui.widgets.toggles import Toggles


class HistoryFilterForm(QWidget):
    """`changed` hands over the whole filter."""

    changed = Signal(object)
    """`HistoryFilter`."""

    def __init__(
        self,
        where: HistoryFilter,
        rules: Mapping[RuleId, RuleView],
        staff: Sequence[Staff],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self._where, self._rules_known, self._now = where, rules, now
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(6)
        clear = Button(self.tr("Tout effacer"))
        clear.clicked.connect(self._on_clear)
        self._column.addWidget(clear)
        self.acts = self._toggles(self.tr("Action"), [(each, button_word(each)) for each in ORDER])
        self.rules = self._toggles(self.tr("Règle"), [])
        self._more_rules = self._rule_box()
        platforms = (*KNOWN_PLATFORMS, OTHER)
        self.platforms = self._toggles(
            self.tr("Plateforme"), [(each, platform_name(each)) for each in platforms]
        )
        self.staff = self._toggles(
            self.tr("Personne qui a décidé"), [(each.id, one_line(each.name)) for each in staff]
        )
        self._column.addSpacing(8)
        self._column.addWidget(SectionLabel(self.tr("Date de la décision")))
        self.period = Period()
        self.period.changed.connect(self._on_change)
        self._column.addWidget(self.period)
        self.undone = QCheckBox(self.tr("Montrer aussi les décisions annulées"))
        self.undone.clicked.connect(self._on_change)
        self._column.addSpacing(8)
        self._column.addWidget(self.undone)
        self._column.addStretch(1)
        self.setFocusProxy(self.acts.button(ORDER[0]))
        self.show_filter(where)

    def show_filter(self, where: HistoryFilter) -> None:
        """Show a filter, silently."""
        self._where = where
        for rule in where.rules:
            self.rules.add(rule, self._rule_word(rule), checked=True)
        self.acts.choose(where.actions)
        self.rules.choose(where.rules)
        self.platforms.choose(where.platforms)
        self.staff.choose(where.staff)
        self.rules.setVisible(bool(self.rules.keys()))
        self.period.show_instants(where.decided_from, where.decided_to, self._now())
        self.undone.setChecked(where.include_undone)

    def _on_change(self) -> None:
        first, last = self.period.instants()
        self._where = replace(
            self._where,
            actions=frozenset(self.acts.chosen()),
            rules=frozenset(self.rules.chosen()),
            platforms=frozenset(self.platforms.chosen()),
            staff=frozenset(self.staff.chosen()),
            decided_from=first,
            decided_to=last,
            include_undone=self.undone.isChecked(),
        )
        self.changed.emit(self._where)

    def _on_clear(self) -> None:
        self.show_filter(HistoryFilter(text=self._where.text))
        self.changed.emit(self._where)

    def _toggles(self, title: str, choices: Sequence[tuple[Any, str]]) -> Toggles[Any]:
        toggles: Toggles[Any] = Toggles(title)
        for key, word in choices:
            toggles.add(key, word)
        toggles.changed.connect(self._on_change)
        self._column.addSpacing(8)
        self._column.addWidget(SectionLabel(title))
        self._column.addWidget(toggles)
        return toggles

    def _rule_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Ajouter une règle"))
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.addItem(self.tr("Ajouter une règle…"))
        for rule in sorted(self._rules_known.values(), key=lambda each: each.title):
            box.addItem(self._rule_word(rule.id), rule.id)
        box.activated.connect(self._on_rule)
        self._column.addWidget(box)
        return box

    def _rule_word(self, rule: RuleId) -> str:
        view = self._rules_known.get(rule)
        title = rule_title(rule, self._rules_known)
        return f"{title}, {article_word(view.article)}" if view else title

    def _on_rule(self, place: int) -> None:
        rule = self._more_rules.itemData(place)
        if rule is None:
            return
        with QSignalBlocker(self._more_rules):
            self._more_rules.setCurrentIndex(0)
        self.rules.add(RuleId(rule), self._rule_word(RuleId(rule)), checked=True)
        self.rules.show()
        self._on_change()
