"""The findings of a verdict, scrolling by themselves; one of them is the chosen one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.ids import MessageId, RuleId
from console.domain.verdicts import Finding
from ui.actions import Commands
from ui.pages.queue.case import Case
from ui.pages.queue.finding_card import FindingCard
from ui.pages.queue.verdict_facts import VerdictFacts
from ui.widgets.giving_scroll import GivingScroll

NONE = -1


class FindingList(GivingScroll):
    """Findings are told apart by their place in the verdict."""

    hovered = Signal(int)
    """The finding pointed at or focused, `NONE` for none."""
    chosen = Signal(int)
    disagreed = Signal(object)
    """`RuleId`."""
    article_wanted = Signal(str)

    def __init__(self, commands: Commands, disagree: str = "queue.disagree") -> None:
        self._inside = QWidget()
        super().__init__(self._inside)
        self._commands, self._disagree = commands, disagree
        self._case: Case | None = None
        self._cards: list[FindingCard] = []
        self._disputed: set[tuple[MessageId, RuleId]] = set()
        self._foot: QWidget | None = None
        self.facts = VerdictFacts()
        self._cards_box = QWidget()
        self._all = QVBoxLayout(self._inside)
        self._all.setContentsMargins(0, 0, 0, 0)
        self._all.setSpacing(8)
        self._all.addWidget(self._cards_box, 1)
        self._column = QVBoxLayout(self._cards_box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.facts)
        self._column.addStretch(1)

    def show_case(self, case: Case) -> None:
        """Other findings, the first of them chosen; the same case keeps its choice."""
        same = self._case is not None and self._case.id == case.id
        kept = self.chosen_index() if same else 0
        self.clear()
        self._case = case
        findings = case.detail.verdict.findings
        for place, finding in enumerate(findings):
            position = self.tr("Constat {place} sur {count}").format(place=place + 1, count=len(findings))
            card = FindingCard(finding, case.rules, self._commands, self._disagree, position)
            card.pointed.connect(lambda on, place=place: self.hovered.emit(place if on else NONE))
            card.chosen.connect(lambda place=place: self.choose(place))
            card.disagreed.connect(lambda finding=finding: self.disagreed.emit(finding.rule))
            card.article_wanted.connect(lambda finding=finding: self.article_wanted.emit(finding.article))
            if (case.id, finding.rule) in self._disputed:
                card.set_disputed()
            self._column.insertWidget(place, card)
            self._cards.append(card)
        self.facts.show_verdict(case.detail.verdict)
        if not same:
            self.verticalScrollBar().setValue(0)
        self._mark(kept if 0 <= kept < len(findings) else 0 if findings else NONE)

    def clear(self) -> None:
        """No verdict."""
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards, self._case = [], None
        self.facts.hide()

    def choose(self, finding: int) -> None:
        """Make a finding the chosen one."""
        self._mark(finding)
        self._reveal(finding)

    def strengthen(self, finding: int) -> None:
        """The words of a finding are pointed at."""
        for place, card in enumerate(self._cards):
            card.set_strong(place == finding)
        self._reveal(finding)

    def step(self, by: int) -> None:
        """The next or the previous finding, round and round."""
        if self._cards:
            self.choose((self.chosen_index() + by) % len(self._cards))

    def chosen_index(self) -> int:
        """The chosen finding, `NONE` when there is none."""
        return next((place for place, card in enumerate(self._cards) if card.is_chosen), NONE)

    def chosen_finding(self) -> Finding | None:
        """The chosen finding."""
        place = self.chosen_index()
        return None if self._case is None or place == NONE else self._case.detail.verdict.findings[place]

    def mark_disputed(self, message: MessageId, rule: RuleId) -> None:
        """A disagreement is recorded."""
        self._disputed.add((message, rule))
        if self._case is not None and self._case.id == message:
            for finding, card in zip(self._case.detail.verdict.findings, self._cards, strict=True):
                if finding.rule == rule:
                    card.set_disputed()

    def lead(self, widget: QWidget) -> None:
        """Put a widget above the findings; it scrolls with them."""
        self._all.insertWidget(0, widget)

    def fold(self, folded: bool) -> None:
        """Leave only what leads."""
        self._cards_box.setVisible(not folded)

    def hold(self, widget: QWidget | None) -> None:
        """Take a widget in below the findings, or let go of the one that is there."""
        if self._foot is widget:
            return
        if self._foot is not None:
            self._column.removeWidget(self._foot)
        self._foot = widget
        if widget is not None:
            self._column.insertWidget(self._column.count() - 1, widget)

    def _mark(self, finding: int) -> None:
        for place, card in enumerate(self._cards):
            card.set_chosen(place == finding)
        self.chosen.emit(finding)

    def _reveal(self, finding: int) -> None:
        if 0 <= finding < len(self._cards):
            self.ensureWidgetVisible(self._cards[finding], 0, 8)
