"""The right of the queue page: the verdict above, the actions below, always in the same place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.decisions import Action
from console.domain.ids import MessageId
from console.domain.roles import Permission
from ui.desk import Desk
from ui.notify import Tone
from ui.pages.queue import words
from ui.pages.queue.action_grid import ActionGrid
from ui.pages.queue.case import Case
from ui.pages.queue.composer import Composer, Written
from ui.pages.queue.escalate_form import EscalateForm
from ui.pages.queue.finding_list import FindingList
from ui.pages.queue.ladder import LadderView
from ui.pages.queue.outcome import OutcomeView
from ui.pages.queue.suggestion import SuggestionFrame
from ui.widgets.banner import Banner
from ui.widgets.giving_scroll import GivingScroll
from ui.widgets.label import Label, SectionLabel, rule

_ROOM_FOR_BOTH = 500
"""Height at 100 % text that findings and what is written need beside each other."""
_SHARE = 0.46
_UNLIMITED = 16_777_215  # QWIDGETSIZE_MAX


class VerdictPane(QWidget):
    """Shows a `Case`, and holds what is written about it in place of the actions."""

    action_chosen = Signal(object)
    """`Action`."""
    confirmed = Signal(object)
    """`DecisionRequest`."""
    escalated = Signal(str, str, object)
    """Reason, question, suggested actions."""
    undo_wanted = Signal()
    composing_changed = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._case: Case | None = None
        self._form: Composer | EscalateForm | None = None
        self._placeholders: Mapping[str, str] = {}
        self._written: dict[MessageId, Written] = {}
        self._claim = ""
        self._said = ("", "")
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._head = Label("", "label", "muted", wrap=True)
        self.notice = Banner(Tone.INFO, inset=True)
        """Somebody else has the message open, or has just decided it."""
        self.notice.hide()
        self.findings = FindingList(desk.commands)
        self.ladder = LadderView()
        self.suggestion = SuggestionFrame()
        self.grid = ActionGrid(desk.commands)
        self.grid.chosen.connect(self.action_chosen)
        self.outcome = OutcomeView(desk)
        self.outcome.undo_wanted.connect(self.undo_wanted)
        self._no_right = Label("", "note", "muted", wrap=True)
        self._guide = _column(SectionLabel(self.tr("Échelle (art.\u00a07)")), self.ladder, self.suggestion)
        """Ladder and suggestion: above the actions, or among the findings where height is short."""
        self._dock = _column(rule(), self._guide, self.grid, self.outcome, self._no_right)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.addWidget(self._head)
        self._column.addWidget(self.notice)
        self._column.addWidget(self.findings, 2)
        self._column.addWidget(self._dock)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(GivingScroll(self._content))
        desk.theme.changed.connect(self._dress)
        self._dress()
        self.show_nothing()

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
        overtaken = same and not case.open and self._overtaken(case)
        if not same or not (case.open or overtaken):
            self.close_form()
        elif self._form is not None:
            self._form.rest() if overtaken else self._form.renew(case)
        if not same:
            self._claim = ""
        self._case = case
        self.setEnabled(True)
        verdict = case.detail.verdict
        head = self.tr("Verdict · nétiquette v.\u00a0{policy} · priorité {priority}")
        self._head.setText(head.format(policy=verdict.policy.label, priority=verdict.priority))
        tip = self.tr("Moteur {engine} · politique {policy}")
        self._head.setToolTip(tip.format(engine=verdict.engine, policy=verdict.policy))
        self.findings.show_case(case)
        self._show_dock(case)
        self._show_notice()
        self._share_height()

    def show_claim(self, said: str) -> None:
        """Who has the message open at another desk; "" for nobody. It keeps nobody from deciding."""
        if said != self._claim:
            self._claim = said
            self._show_notice()
            self._share_height()

    def show_nothing(self) -> None:
        """No message is chosen."""
        self.close_form()
        self._case, self._claim = None, ""
        self._show_notice()
        self.setEnabled(False)
        self.findings.clear()
        self._head.setText(self.tr("Verdict"))
        self._dock.hide()
        self._guide.hide()

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
            if case.id in self._written:
                form.restore(self._written[case.id])
        form.dismissed.connect(self.close_form)
        self._form = form
        form.setMinimumHeight(self._desk.theme.px(260))
        self._dock.hide()
        self._column.insertWidget(self._column.indexOf(self._dock), form, 5)
        self._share_height()
        form.show()
        form.take_focus()
        self.composing_changed.emit(True)

    def forget_written(self, message: MessageId) -> None:
        """It is decided: what was written went with it."""
        self.close_form()
        self._written.pop(message, None)

    def close_form(self) -> None:
        """Back to the actions. What was written comes back when the message is written about again."""
        if self._form is None:
            return
        form, self._form = self._form, None
        if isinstance(form, Composer) and form.written():
            self._written[form.case.id] = form.written()
        self._column.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._dock.show()
        self._show_notice()
        self._share_height()
        self.composing_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height anew."""
        super().resizeEvent(event)
        self._share_height()

    def set_room(self, width: int) -> None:
        """Take what the look gives, but leave the message the larger half of `width` pixels."""
        theme = self._desk.theme
        wanted = min(theme.px(372), theme.space(372) + theme.px(40))
        self.setFixedWidth(min(wanted, round(width * _SHARE)))

    def _share_height(self) -> None:
        """The actions stay in sight: where height is short, ladder and suggestion scroll with the findings.
        While something is written, the findings keep at most a quarter of the height, or give it up."""
        theme = self._desk.theme
        least = self.findings.minimumHeight()
        writing = self._form is not None
        self.findings.setMaximumHeight(max(least, self.height() // 4) if writing else _UNLIMITED)
        self.findings.setVisible(not writing or self.height() >= theme.px(_ROOM_FOR_BOTH))
        width = self.width() - 2 * theme.space(16)
        needed = (
            least
            + max(self._guide.heightForWidth(width), 0)
            + self.grid.sizeHint().height()
            + self._head.heightForWidth(width)
            + (self.notice.heightForWidth(width) if not self.notice.isHidden() else 0)
            + theme.space(64)
        )
        dock = self._dock.layout()
        assert isinstance(dock, QVBoxLayout)  # noqa: S101  made by `_column`
        if needed > self.height():
            self.findings.hold(self._guide)
        elif dock.indexOf(self._guide) < 0:
            self.findings.hold(None)
            dock.insertWidget(1, self._guide)

    def _show_dock(self, case: Case) -> None:
        decides = self._desk.may(Permission.DECIDE)
        self._dock.setVisible(self._form is None)
        self._guide.show()
        self.ladder.show_standing(
            case.detail.standing,
            case.ladder.warnings_before_ban,
            sanction=bool(case.suggested & {Action.WARN, Action.BAN}),
        )
        self.suggestion.show_case(case, self._desk.services.clock.now())
        self.suggestion.setVisible(case.open)
        self.grid.setVisible(case.open and decides)
        self.outcome.setVisible(not case.open)
        self._no_right.setVisible(case.open and not decides)
        self._no_right.setText(self.tr("Votre rôle permet de consulter ce message, sans décider."))
        if case.open:
            self.grid.show_case(case, self._why_no_ban(case))
        else:
            self.outcome.show_case(case)

    def _overtaken(self, case: Case) -> bool:
        """Whether a colleague settled what somebody here is writing about: their words must not go away."""
        decision, form = case.detail.decision, self._form
        mine = decision is not None and decision.actor == self._desk.actor.staff.id
        if form is None or mine or (isinstance(form, Composer) and form.sent):
            return False  # who has just confirmed is told why it was not taken, and sees what stands
        return bool(form.written())

    def _show_notice(self) -> None:
        """One notice at a time, said once."""
        case, title, text = self._case, "", ""
        if case is not None and self._form is not None and not case.open:
            title = words.overtaken_words(case.detail)
            text = self.tr("Ce que vous avez écrit est gardé ici. Revenez pour voir sa décision.")
        elif case is not None and case.open and self._claim:
            title = self._claim
            text = self.tr("Vous pouvez décider\u00a0: la première décision reçue s’applique.")
        if (title, text) == self._said:
            return
        self._said = title, text
        self.notice.set_kind(Tone.INFO if case is None or case.open else Tone.WARNING)
        if title:
            self.notice.say(title, text)
        else:
            self.notice.hide()

    def _why_no_ban(self, case: Case) -> str:
        blocked = case.ban.blocked if case.ban is not None else None
        if blocked is None:
            return ""
        notice = self._desk.notices.explain(blocked)
        return f"{notice.title} {notice.next}"

    def _dress(self) -> None:
        theme = self._desk.theme
        self.findings.setMinimumHeight(theme.px(120))
        self._column.setContentsMargins(theme.space(16), theme.space(14), theme.space(16), theme.space(12))
        self._column.setSpacing(theme.space(8))
        self._share_height()


def _column(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    return holder
