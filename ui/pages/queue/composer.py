"""A decision being written, in place of the actions: what goes together, why, and what goes out.

Nothing is sent from here: `confirmed` hands over a complete request. What is missing is said and the
focus goes there; an open placeholder blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QVBoxLayout, QWidget

from console.domain.decisions import SANCTIONS, WRITTEN, Action, BanException, check_decision, combinable
from console.errors import ConflictError, ValidationError, VigieError
from console.services.consequences import Consequence
from console.services.decisions import DecisionRequest
from console.services.drafting import Draft
from ui.desk import Desk
from ui.pages.queue import words
from ui.pages.queue.case import Case
from ui.pages.queue.letter import Letter
from ui.pages.queue.planned_ways import PlatformNotes, notes_of, ways_in_words
from ui.pages.queue.rule_picker import RulePicker
from ui.pages.queue.suggestion import consequence_lines
from ui.theme import current
from ui.widgets.button import Button
from ui.widgets.giving_scroll import GivingScroll
from ui.widgets.label import Label, SectionLabel
from ui.widgets.text_field import TextField
from ui.widgets.toggles import Toggles

_LARGE = 1.4
"""Text setting above which the buttons stand one below the other."""
_REST_MS = 400
_TOGETHER = (Action.HIDE, Action.DELETE, Action.WARN, Action.REPORT, Action.BAN, Action.REPLY,
             Action.REDIRECT_311, Action.KEEP)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """Words of the person that nobody else has: a reason, and the letters they changed."""

    reason: str | None
    texts: Mapping[Action, str]

    def __bool__(self) -> bool:
        return self.reason is not None or bool(self.texts)


class Composer(QWidget):
    """One case at a time. Keys of actions press and release them while no field has the focus."""

    confirmed = Signal(object)
    """`DecisionRequest`."""
    dismissed = Signal()

    def __init__(self, desk: Desk, case: Case, action: Action, placeholders: Mapping[str, str]) -> None:
        super().__init__()
        self._desk, self._case, self._placeholders = desk, case, placeholders
        self._letters: dict[Action, Letter] = {}
        self._own_reason = self.sent = False
        """`sent`: the person has confirmed, and the answer is on its way."""
        self._blocks: VigieError | None = None
        self._title = Label("", "strong", wrap=True)
        self._acts: Toggles[Action] = Toggles(self.tr("Actions de cette décision"))
        for each in _TOGETHER:
            self._acts.add(each, words.button_word(each), checked=each is action)
        self._acts.changed.connect(self._on_acts)
        found = [finding.rule for finding in case.detail.verdict.findings]
        self._rules = RulePicker(case.rules, tuple(dict.fromkeys(found)))
        self._rules.changed.connect(self._on_rules)
        self._reason = TextField(self.tr("Motif"), least=2, most=6)
        self._reason.setPlaceholderText(self.tr("Pourquoi, en une phrase"))
        self._reason.textChanged.connect(self._on_reason)
        self._reason_hint = Label("", "small", "muted", wrap=True)
        self._exception = QCheckBox(self.tr("Bannissement immédiat, par exception"))
        self._exception.clicked.connect(self._on_exception)
        self._exception_reason = TextField(self.tr("Motif de l’exception"), least=2, most=6)
        self._exception_reason.setPlaceholderText(
            self.tr("Pourquoi les deux avertissements ne suffisent pas")
        )
        self._notes = PlatformNotes()
        self._reading = QTimer(self)
        """What is written may become too long for the platform: asked again when the typing rests."""
        self._reading.setSingleShot(True)
        self._reading.setInterval(_REST_MS)
        self._reading.timeout.connect(lambda: self._read_consequence(self.acts()))
        self._blocked = Label("", "note", "danger", wrap=True)
        self._lines = Label("", "small", "muted", wrap=True)
        self._problem = Label("", "note", "danger", wrap=True)
        self._confirm = Button(
            self.tr("Confirmer"), "primary", commands=desk.commands, command="queue.confirm"
        )
        self._confirm.clicked.connect(self.confirm)
        self._back = Button(self.tr("Revenir"), commands=desk.commands, command="dismiss")
        self._back.clicked.connect(self.dismissed)
        for field in (self._reason, self._exception_reason):
            field.sent.connect(self.confirm)
            field.left.connect(self.dismissed)
        self._build()
        self._refresh()

    @property
    def case(self) -> Case:
        """What is being decided."""
        return self._case

    def renew(self, case: Case) -> None:
        """The same case read again. An edited message is said: it has to be read again before deciding."""
        edited = case.detail.message.revision != self._case.detail.message.revision
        self._case, self.sent = case, False
        self._confirm.setEnabled(True)
        if edited:
            self.show_error(ConflictError("case.changed"))

    def rest(self) -> None:
        """The case was settled meanwhile: nothing to send, and nothing written is taken away."""
        self._confirm.setEnabled(False)

    def acts(self) -> frozenset[Action]:
        """The acts pressed."""
        return frozenset(self._acts.chosen())

    def toggle(self, action: Action) -> None:
        """Press or release an act by its key; one that does not go with the others stays as it is."""
        if action in _TOGETHER and not self._acts.button(action).isHidden():
            self._acts.button(action).click()

    def take_focus(self) -> None:
        """Where the work begins: on the act, so that keys of other acts still press them; in the text when
        the text is the act."""
        chosen = self._acts.chosen()
        if chosen and chosen[0] is Action.REPLY:
            letter = self._letters[Action.REPLY]
            letter.field.setFocus(Qt.FocusReason.OtherFocusReason)
            letter.go_to_first_open()
        elif chosen:
            self._acts.button(chosen[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def written(self) -> Written:
        """The person's own words, to be given back by `restore`."""
        return Written(
            self._reason.toPlainText() if self._own_reason else None,
            {action: letter.text for action, letter in self._letters.items() if letter.own},
        )

    def restore(self, written: Written) -> None:
        """Give back what was written before the composer was left."""
        if written.reason is not None:
            self._reason.setPlainText(written.reason)
        for action, letter in self._letters.items():
            if action in written.texts:
                letter.restore(written.texts[action])

    def request(self) -> DecisionRequest:
        """The decision as it stands."""
        detail, acts = self._case.detail, self.acts()
        sanctions = bool(acts & SANCTIONS)
        exception = None
        if Action.BAN in acts and self._exception.isChecked():
            exception = BanException(self._exception_reason.toPlainText().strip())
        return DecisionRequest(
            message=detail.message.id,
            revision=detail.message.revision,
            actions=acts,
            rules=self._rules.chosen() if sanctions else (),
            reason=self._reason.toPlainText().strip() if sanctions else "",
            texts={each: letter.text for each, letter in self._letters.items() if each in acts},
            exception=exception,
        )

    def confirm(self) -> None:
        """Hand the decision over when it is complete, else say what is missing and go there."""
        request = self.request()
        try:
            if request.exception is not None and not request.exception.reason:
                raise ValidationError("ban.exception_reason_missing")
            check_decision(request.actions, request.rules, request.reason, dict(request.texts))
        except ValidationError as error:
            self.show_error(error)
            self._go_to(error)
            return
        self._problem.hide()
        self._confirm.setEnabled(False)
        self.sent = True
        self.confirmed.emit(request)

    def show_error(self, error: Exception) -> None:
        """What stands in the way; everything written stays."""
        notice = self._desk.notices.explain(error)
        self._problem.setText(f"{notice.title} {notice.next}")
        self._problem.show()
        self._confirm.setEnabled(True)
        self.sent = False

    # keys

    def event(self, event: QEvent) -> bool:
        """Ctrl+Entrée and Échap are the composer's, wherever the focus is inside it."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Entrée confirms, Échap goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        elif _own(event):
            self.confirm()
        else:
            super().keyPressEvent(event)

    # inside

    def _build(self) -> None:
        self._inner = QWidget()
        self._body = QVBoxLayout(self._inner)
        self._body.setContentsMargins(0, 0, 8, 0)
        self._body.setSpacing(10)
        self._letters_column = QVBoxLayout()
        self._letters_column.setSpacing(10)
        self._reason_block = QWidget()
        reason = QVBoxLayout(self._reason_block)
        reason.setContentsMargins(0, 0, 0, 0)
        reason.setSpacing(6)
        reason.addWidget(SectionLabel(self.tr("Motif")))
        reason.addWidget(self._reason)
        reason.addWidget(self._reason_hint)
        for widget in (
            self._acts, self._blocked, self._exception, self._exception_reason, self._rules,
            self._reason_block,
        ):  # fmt: skip
            self._body.addWidget(widget)
        self._body.addLayout(self._letters_column)
        self._body.addWidget(self._notes)
        self._body.addStretch(1)
        scroll = GivingScroll(self._inner)
        large = current().scale > _LARGE
        flow = QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        buttons = QBoxLayout(flow)
        buttons.setSpacing(6)
        buttons.addWidget(self._confirm, 3)
        buttons.addWidget(self._back, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(scroll, 1)
        column.addWidget(self._lines)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        self._problem.hide()

    def _on_acts(self) -> None:
        self._refresh()

    def _on_exception(self, on: bool) -> None:
        self._refresh()
        if on:
            self._exception_reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_rules(self) -> None:
        self._suggest_reason()
        self._read_drafts()

    def _on_reason(self) -> None:
        self._own_reason = True
        self._reason_hint.hide()

    def _refresh(self) -> None:
        """Everything that depends on the acts pressed."""
        acts = self.acts()
        for action in _TOGETHER:
            fits = action in acts or not acts or combinable(acts | {action})
            self._acts.button(action).setVisible(fits)
        self._title.setText(words.sentence(words.acts(acts)) if acts else self.tr("Choisissez une action"))
        self._suggest_reason()
        self._make_letters(acts)
        self._confirm.setEnabled(bool(acts))
        self._show_blocks()
        self._read_consequence(acts)
        self._read_drafts()

    def _suggest_reason(self) -> None:
        """Until the person writes, the reason is what the findings of the chosen rules say."""
        if self._own_reason:
            return
        chosen = set(self._rules.chosen())
        said = [each.explanation for each in self._case.detail.verdict.findings if each.rule in chosen]
        self._reason.setPlainText(" ".join(dict.fromkeys(said)))
        self._own_reason = False
        self._reason_hint.setText(self.tr("Motif proposé d’après les constats\u00a0: relisez-le."))
        self._reason_hint.setVisible(bool(said))

    def _show_blocks(self) -> None:
        """What the acts need; nothing more while something stands in their way."""
        acts, free = self.acts(), self._blocks is None
        excepted = Action.BAN in acts and self._exception.isChecked()
        offered = _offers_exception(self._blocks) and self._case.ladder.immediate_ban_allowed
        self._exception.setVisible(excepted or (Action.BAN in acts and offered))
        self._exception_reason.setVisible(excepted)
        self._rules.setVisible(free and bool(acts & SANCTIONS))
        self._reason_block.setVisible(free and bool(acts & SANCTIONS))
        self._blocked.setVisible(not free)
        self._lines.setVisible(free and bool(self._lines.text()))
        for action, letter in self._letters.items():
            letter.setVisible(free and action in acts)

    def _make_letters(self, acts: frozenset[Action]) -> None:
        for action in words.ORDER:
            if action in acts & WRITTEN and action not in self._letters:
                letter = Letter(action, self._placeholders, self._desk.services.clock.now().date())
                letter.changed.connect(self._reading.start)
                letter.sent.connect(self.confirm)
                letter.left.connect(self.dismissed)
                self._letters[action] = letter
                self._letters_column.addWidget(letter)

    def _read_consequence(self, acts: frozenset[Action]) -> None:
        if not acts:
            self._blocks = None
            self._lines.setText("")
            self._notes.hide()
            self._show_blocks()
            return
        exception = BanException("…") if self._exception.isChecked() and Action.BAN in acts else None
        decisions, actor, message = self._desk.services.decisions, self._desk.actor, self._case.id
        texts = {action: letter.text for action, letter in self._letters.items() if action in acts}
        self._desk.tasks.read(
            lambda: decisions.consequence(actor, message, acts, exception, texts),
            self._show_consequence,
            self.show_error,
            owner=self,
            lane="consequence",
        )

    def _show_consequence(self, consequence: Consequence) -> None:
        said = consequence_lines(consequence)
        ways = ways_in_words(consequence, self._desk.services.clock.now())
        self._lines.setText(" ".join([*ways, *said]))
        self._notes.say(notes_of(consequence, said) if consequence.blocked is None else [])
        self._blocks = consequence.blocked
        if self._blocks is not None:
            notice = self._desk.notices.explain(self._blocks)
            self._blocked.setText(f"{notice.title} {notice.next}")
        self._confirm.setEnabled(self._blocks is None)
        self._show_blocks()

    def _read_drafts(self) -> None:
        acts = self.acts()
        decisions, actor, message = self._desk.services.decisions, self._desk.actor, self._case.id
        rules = self._rules.chosen()
        why = self._exception_reason.toPlainText().strip() if self._exception.isChecked() else ""
        for action in acts & WRITTEN:
            letter = self._letters[action]

            def work(action: Action = action) -> tuple[Draft, ...]:
                return decisions.drafts(actor, message, action, rules, acts - {action}, why)

            self._desk.tasks.read(work, letter.show_drafts, self._no_draft, owner=letter, lane="drafts")

    def _no_draft(self, _error: Exception) -> None:
        """No template fits (a rule is missing, a rule that never warns): the person writes the text."""

    def _go_to(self, error: ValidationError) -> None:
        if error.code == "decision.rule_missing":
            self._rules.take_focus()
        elif error.code == "decision.reason_missing":
            self._reason.setFocus(Qt.FocusReason.OtherFocusReason)
        elif error.code == "ban.exception_reason_missing":
            self._exception_reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            for action in words.ORDER:
                letter = self._letters.get(action)
                if letter is None or action not in self.acts():
                    continue
                if letter.go_to_first_open():
                    return
                if not letter.text.strip():
                    letter.field.setFocus(Qt.FocusReason.OtherFocusReason)
                    return


def _offers_exception(blocks: VigieError | None) -> bool:
    return blocks is not None and blocks.code == "ban.warnings_missing"


def _own(event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return event.key() == Qt.Key.Key_Escape or (control and enter)
