"""The right of the supervision page: what was asked, the verdict, and the answer."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.decisions import Action
from console.domain.roles import Permission
from console.services.rows import EscalationKind, EscalationRow
from ui.desk import Desk
from ui.pages.queue.case import Case
from ui.pages.queue.composer import Composer
from ui.pages.queue.finding_list import FindingList
from ui.pages.supervision import words
from ui.widgets.button import Button
from ui.widgets.form import Card
from ui.widgets.label import Label, SectionLabel
from ui.widgets.text_field import TextField

_FIRST_ACT = Action.HIDE
"""What the composer opens with when nothing was proposed; it can be released like any other."""


class AnswerPane(QWidget):
    """One case. Nothing is chosen beforehand; a word goes back with every answer."""

    decided = Signal(object, str)
    """`DecisionRequest`, word."""
    returned = Signal(str)
    held = Signal()
    signed = Signal(str)
    refused = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._row: EscalationRow | None = None
        self._case: Case | None = None
        self._placeholders: Mapping[str, str] = {}
        self._composer: Composer | None = None
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.findings = FindingList(desk.commands, "supervision.disagree")
        self.word = TextField(self.tr("Votre mot à la personne qui a soumis le dossier"), least=2, most=6)
        self.word.setPlaceholderText(self.tr("Votre mot, qui revient avec la réponse"))
        self._problem = Label("", "note", "danger", wrap=True)
        self._why = Label("", "note", "muted", wrap=True)
        self._asked = _holder()
        self._answer = self._build_answer()
        self._column = QVBoxLayout(self)
        self.findings.lead(self._asked)
        self._column.addWidget(self.findings, 1)
        self._column.addWidget(self._answer)
        desk.theme.changed.connect(self._dress)
        self._dress()

    @property
    def composing(self) -> Composer | None:
        """The decision being written, if one is."""
        return self._composer

    def show_placeholders(self, placeholders: Mapping[str, str]) -> None:
        """What the blanks of a text mean."""
        self._placeholders = placeholders

    def show_case(self, row: EscalationRow, case: Case) -> None:
        """Another case, or the same one read again."""
        same = self._row is not None and self._row.id == row.id
        self._row, self._case = row, case
        if self._composer is not None and same and row.outcome in words.WAITING:
            self._composer.renew(case)
            return
        self._leave_composer()
        if not same:
            self.word.clear()
        self._problem.hide()
        self.findings.show_case(case)
        self._show_asked(row)
        self._show_ways(row)

    def show_error(self, error: Exception) -> None:
        """What stands in the way; what was written stays."""
        if self._composer is not None:
            self._composer.show_error(error)
            return
        notice = self._desk.notices.explain(error)
        self._problem.setText(f"{notice.title} {notice.next}")
        self._problem.show()

    def compose(self) -> None:
        """Write the decision, in place of the answers."""
        row, case = self._row, self._case
        if row is None or case is None or self._composer is not None or self.decide.isHidden():
            return
        proposed = [each for each in row.suggested if each is not Action.ESCALATE]
        first = proposed[0] if proposed else _FIRST_ACT
        composer = Composer(self._desk, case, first, self._placeholders)
        for further in proposed[1:]:
            composer.toggle(further)
        composer.confirmed.connect(
            lambda request: self.decided.emit(request, self.word.toPlainText().strip())
        )
        composer.dismissed.connect(self._leave_composer)
        self._composer = composer
        self._ways.hide()
        self._column.addWidget(composer, 2)
        self.findings.fold(True)  # its words stay marked in the message; the room is for the decision
        composer.take_focus()

    def confirm(self) -> None:
        """Ctrl+Entrée: the decision being written."""
        if self._composer is not None:
            self._composer.confirm()

    def press(self, way: str) -> None:
        """A key: `return`, `hold`, `sign` or `refuse`, when its button is there."""
        button = {"return": self.give_back, "hold": self.keep, "sign": self.sign, "refuse": self.refuse}[way]
        if self._composer is None and not button.isHidden():
            button.click()

    # inside

    def _build_answer(self) -> QWidget:
        self.decide = self._button(
            self.tr("Décider…"), "primary", "gavel", "supervision.decide", self.compose
        )
        self.give_back = self._button(
            self.tr("Retourner"), "", "undo-2", "supervision.return", lambda: self.returned.emit(self._said())
        )
        self.keep = self._button(self.tr("Garder"), "", "folder", "supervision.hold", self.held.emit)
        self.sign = self._button(
            self.tr("Signer"),
            "primary",
            "badge-check",
            "supervision.sign",
            lambda: self.signed.emit(self._said()),
        )
        self.refuse = self._button(
            self.tr("Refuser"), "danger", "x", "supervision.refuse", lambda: self.refused.emit(self._said())
        )
        self._ways = QWidget()
        buttons = QHBoxLayout(self._ways)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(6)
        for button in (self.decide, self.sign, self.give_back, self.refuse, self.keep):
            buttons.addWidget(button)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._label = SectionLabel(self.tr("Réponse"))
        for widget in (self._label, self.word, self._why, self._problem, self._ways):
            column.addWidget(widget)
        return box

    def _button(self, text: str, look: str, icon: str, command: str, pressed: object) -> Button:
        button = Button(text, look, icon, commands=self._desk.commands, command=command)
        button.clicked.connect(pressed)
        return button

    def _said(self) -> str:
        return self.word.toPlainText().strip()

    def _show_asked(self, row: EscalationRow) -> None:
        card = Card(words.heading(row))
        card.add(Label(words.asked_line(row), "note", "muted", wrap=True))
        card.add(Label(row.reason, "base", wrap=True))
        if row.question:
            card.add(Label(row.question, "strong", wrap=True))
        proposed = row.kind is EscalationKind.BAN_SIGNATURE
        name = self.tr("Décision proposée") if proposed else self.tr("Proposition")
        card.add(Label(f"{name}\u00a0: {words.suggestion(row)}", "base", wrap=True))
        if proposed and self._case is not None:
            self._show_ground(card, self._case)
        if answered := words.answered_line(row):
            card.add(Label(answered, "strong", wrap=True), line=True)
            if row.answer:
                card.add(Label(row.answer, "base", wrap=True))
        _put(self._asked, card)

    def _show_ground(self, card: Card, case: Case) -> None:
        """What a signature stands for: the rules, the warnings that count, the notice that goes out."""
        decision = case.detail.decision
        counted = len(case.detail.standing.counted)
        card.add(Label(self.tr("Avertissements remis\u00a0: {count}").format(count=counted), "base"))
        if decision is None:
            return
        titles = [case.rules[rule].title for rule in decision.rules if rule in case.rules]
        card.add(Label(f"{self.tr('Règles')}\u00a0: {', '.join(titles)}", "base", wrap=True))
        if decision.exception is not None:
            said = self.tr("Exception demandée\u00a0: {reason}").format(reason=decision.exception.reason)
            card.add(Label(said, "base", "warning", wrap=True))
        notice = decision.text_for(Action.BAN)
        if notice:
            card.add(SectionLabel(self.tr("Avis à la personne")), line=True)
            card.add(Label(notice, "note", wrap=True))

    def _show_ways(self, row: EscalationRow) -> None:
        waits = row.outcome in words.WAITING
        ban = row.kind is EscalationKind.BAN_SIGNATURE
        own_ban = ban and row.submitted_by_id == self._desk.actor.staff.id
        answers = waits and self._desk.may(Permission.APPROVE_BAN if ban else Permission.SUPERVISE)
        self.decide.setVisible(answers and not ban)
        self.give_back.setVisible(answers and not ban)
        self.keep.setVisible(answers and not ban and row.answered_at is None)
        self.sign.setVisible(answers and ban and not own_ban)
        self.refuse.setVisible(answers and ban)
        self._ways.setVisible(answers)
        self.word.setVisible(answers)
        self._label.setVisible(waits)
        self._why.setVisible(waits and (not answers or own_ban))
        if own_ban:
            self._why.setText(
                self.tr("Vous avez proposé ce bannissement\u00a0: une autre personne le signe.")
            )
        else:
            self._why.setText(self.tr("La réponse de la supervision s’affichera ici."))

    def _leave_composer(self) -> None:
        composer, self._composer = self._composer, None
        if composer is None:
            return
        self._column.removeWidget(composer)
        composer.hide()
        composer.deleteLater()
        self.findings.fold(False)
        self._ways.show()
        self.word.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self) -> None:
        theme = self._desk.theme
        self.setFixedWidth(min(theme.px(392), theme.space(392) + theme.px(60)))
        self._column.setContentsMargins(theme.space(16), theme.space(14), theme.space(16), theme.space(12))
        self._column.setSpacing(theme.space(10))


def _holder() -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    return holder


def _put(holder: QWidget, widget: QWidget) -> None:
    layout = holder.layout()
    assert layout is not None  # noqa: S101  made by `_holder`
    while (item := layout.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    layout.addWidget(widget)
