"""The right of the queue page: the verdict above, the actions below, always in the same place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from console.domain.cases import OPEN_STATES
from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.domain.roles import Permission
from console.domain.verdicts import Finding
from ui.desk import Desk
from ui.pages.queue.action_grid import ActionGrid
from ui.pages.queue.case import Case
from ui.pages.queue.composer import Composer
from ui.pages.queue.escalate_form import EscalateForm
from ui.pages.queue.finding_card import FindingCard
from ui.pages.queue.ladder import LadderView
from ui.pages.queue.outcome import OutcomeView
from ui.pages.queue.suggestion import SuggestionFrame
from ui.pages.queue.verdict_facts import VerdictFacts
from ui.widgets.label import Label, SectionLabel, rule

NONE = -1


class VerdictPane(QWidget):
    """Shows a `Case`. Findings and marked words point at each other by index."""

    hovered = Signal(int)
    chosen = Signal(int)
    """A finding was chosen, here or by `choose`."""
    disagreed = Signal(object)
    """`RuleId`."""
    article_wanted = Signal(str)
    action_chosen = Signal(object)
    """`Action`."""
    confirmed = Signal(object)
    """`DecisionRequest`."""
    escalated = Signal(str, str, object)
    undo_wanted = Signal()
    composing_changed = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._case: Case | None = None
        self._cards: list[FindingCard] = []
        self._disputed: set[tuple[str, RuleId]] = set()
        self._form: Composer | EscalateForm | None = None
        self._placeholders: Mapping[str, str] = {}
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._head = Label("", "label", "muted", wrap=True)
        self._findings = QWidget()
        self._findings.setProperty("surface", "clear")
        self._findings_column = QVBoxLayout(self._findings)
        self._findings_column.setContentsMargins(0, 0, 0, 0)
        self._findings_column.setSpacing(8)
        self._scroll = QScrollArea()
        self.facts = VerdictFacts()
        self.ladder = LadderView()
        self.suggestion = SuggestionFrame()
        self.grid = ActionGrid(desk.commands)
        self.grid.chosen.connect(self.action_chosen)
        self.outcome = OutcomeView(desk)
        self.outcome.undo_wanted.connect(self.undo_wanted)
        self._no_right = Label("", "note", "muted", wrap=True)
        self._dock = QWidget()
        self._column = QVBoxLayout(self)
        self._build()
        desk.theme.changed.connect(self._dress)
        self._dress()
        self.setEnabled(False)

    @property
    def case(self) -> Case | None:
        """What is shown."""
        return self._case

    @property
    def form(self) -> Composer | EscalateForm | None:
        """What is being written, in place of the actions."""
        return self._form

    def show_placeholders(self, placeholders: Mapping[str, str]) -> None:
        """What a person should write in each open field of a template."""
        self._placeholders = placeholders

    def show_case(self, case: Case) -> None:
        """Another case, or the same one changed (what is being written stays)."""
        same = self._case is not None and self._case.id == case.id
        if not same or not case.open:
            self.close_form()
        self._case = case
        self.setEnabled(True)
        verdict = case.detail.verdict
        self._head.setText(
            self.tr("Verdict · nétiquette v.\u00a0{policy} · priorité {priority}").format(
                policy=verdict.policy.label, priority=verdict.priority
            )
        )
        self._head.setToolTip(
            self.tr("Moteur {engine} · politique {policy}").format(
                engine=verdict.engine, policy=verdict.policy
            )
        )
        self._show_findings(case)
        self.facts.show_verdict(verdict)
        self._show_dock(case)
        self.choose(0 if self._cards else NONE)

    def show_nothing(self) -> None:
        """No message is chosen."""
        self.close_form()
        self._case = None
        self.setEnabled(False)
        self._clear_findings()
        self._head.setText(self.tr("Verdict"))
        self.facts.hide()
        self._dock.hide()

    # findings

    def choose(self, finding: int) -> None:
        """Make a finding the chosen one."""
        for place, card in enumerate(self._cards):
            card.set_chosen(place == finding)
        if 0 <= finding < len(self._cards):
            self._scroll.ensureWidgetVisible(self._cards[finding], 0, 8)
        self.chosen.emit(finding)

    def strengthen(self, finding: int) -> None:
        """The words of a finding are pointed at."""
        for place, card in enumerate(self._cards):
            card.set_strong(place == finding)
        if finding != NONE:
            self._scroll.ensureWidgetVisible(self._cards[finding], 0, 8)

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

    def mark_disputed(self, rule: RuleId) -> None:
        """A disagreement is recorded."""
        if self._case is None:
            return
        self._disputed.add((self._case.id, rule))
        for finding, card in zip(self._case.detail.verdict.findings, self._cards, strict=True):
            if finding.rule == rule:
                card.set_disputed()

    # what is being written

    def compose(self, action: Action) -> None:
        """Open what is written for an action, in place of the actions."""
        case = self._case
        if case is None:
            return
        self.close_form()
        if action is Action.ESCALATE:
            form: Composer | EscalateForm = EscalateForm(self._desk, case)
            form.confirmed.connect(self.escalated)
        else:
            form = Composer(self._desk, case, action, self._placeholders)
            form.confirmed.connect(self.confirmed)
        form.dismissed.connect(self.close_form)
        self._form = form
        self._dock.hide()
        self._column.insertWidget(self._column.indexOf(self._dock), form, 3)
        form.show()
        form.take_focus()
        self.composing_changed.emit(True)

    def close_form(self) -> None:
        """Back to the actions."""
        if self._form is None:
            return
        form, self._form = self._form, None
        self._column.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._dock.show()
        self.composing_changed.emit(False)

    # inside

    def _build(self) -> None:
        self._scroll.setWidget(self._findings)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setMinimumHeight(96)
        dock = QVBoxLayout(self._dock)
        dock.setContentsMargins(0, 0, 0, 0)
        dock.setSpacing(8)
        self._ladder_head = SectionLabel(self.tr("Échelle (art.\u00a07)"))
        for widget in (
            rule(), self._ladder_head, self.ladder, self.suggestion, self.grid, self.outcome, self._no_right,
        ):  # fmt: skip
            dock.addWidget(widget)
        self._column.addWidget(self._head)
        self._column.addWidget(self._scroll, 2)
        self._column.addWidget(self._dock)

    def _show_findings(self, case: Case) -> None:
        self._clear_findings()
        findings = case.detail.verdict.findings
        for place, finding in enumerate(findings):
            position = self.tr("Constat {place} sur {count}").format(place=place + 1, count=len(findings))
            card = FindingCard(finding, case.rules, self._desk.commands, position)
            card.pointed.connect(lambda on, place=place: self.hovered.emit(place if on else NONE))
            card.chosen.connect(lambda place=place: self.choose(place))
            card.disagreed.connect(lambda finding=finding: self.disagreed.emit(finding.rule))
            card.article_wanted.connect(lambda finding=finding: self.article_wanted.emit(finding.article))
            if (case.id, finding.rule) in self._disputed:
                card.set_disputed()
            self._findings_column.addWidget(card)
            self._cards.append(card)
        self._findings_column.addWidget(self.facts)
        self._findings_column.addStretch(1)
        self._scroll.verticalScrollBar().setValue(0)

    def _clear_findings(self) -> None:
        self._cards = []
        while self._findings_column.count():
            item = self._findings_column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self.facts:
                widget.hide()
                widget.deleteLater()

    def _show_dock(self, case: Case) -> None:
        decides = self._desk.may(Permission.DECIDE)
        awaits = case.detail.state in OPEN_STATES
        self._dock.setVisible(self._form is None)
        self.ladder.show_standing(case.detail.standing, case.ladder.warnings_before_ban)
        self.suggestion.show_case(case)
        self.suggestion.setVisible(awaits)
        self.grid.setVisible(awaits and decides)
        self.outcome.setVisible(not awaits)
        self._no_right.setVisible(awaits and not decides)
        self._no_right.setText(self.tr("Votre rôle permet de consulter ce message, sans décider."))
        if awaits:
            self.grid.show_case(case, self._why_no_ban(case))
        else:
            self.outcome.show_case(case)

    def _why_no_ban(self, case: Case) -> str:
        blocked = case.ban.blocked if case.ban is not None else None
        if blocked is None:
            return ""
        notice = self._desk.notices.explain(blocked)
        return f"{notice.title} {notice.next}"

    def _dress(self) -> None:
        theme = self._desk.theme
        self.setFixedWidth(min(theme.px(372), theme.space(372) + theme.px(40)))
        self._column.setContentsMargins(theme.space(16), theme.space(14), theme.space(16), theme.space(12))
        self._column.setSpacing(theme.space(8))
