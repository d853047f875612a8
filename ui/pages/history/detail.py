"""One decision with all that explains and proves it, word for word."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.ids import RuleId
from console.domain.roles import Permission
from console.domain.verdicts import Finding
from console.services.policy import RuleView
from console.services.rows import DecisionDetail
from ui import dates
from ui.desk import Desk
from ui.models.card import platform_name, rule_title
from ui.models.display_text import DisplayText, isolated, one_line
from ui.models.tones import shape_of, word_of
from ui.notify import Tone
from ui.pages.history import words
from ui.pages.queue import words as queue_words
from ui.widgets.badge import Badge
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.facts import Facts
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card, Column
from ui.widgets.label import Label
from ui.widgets.message_text import Mark, MessageText
from ui.widgets.quote import DatedLines, Quote
from ui.widgets.receipts import Receipts

_SHAPE = "dot"


class DecisionPane(Column):
    """Built anew for each decision, and when it changed."""

    undo_wanted = Signal(object)
    """`DecisionId`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._detail: DecisionDetail | None = None
        self._rules: Mapping[RuleId, RuleView] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("look", "reader")
        self.setAccessibleName(self.tr("Décision choisie"))

    @property
    def detail(self) -> DecisionDetail | None:
        """What is shown."""
        return self._detail

    @property
    def undoable(self) -> bool:
        """Whether the person at the desk may try to take the decision back; the service has the last
        word."""
        return self._detail is not None and self._detail.row.undone_at is None and self._may_undo()

    def show_detail(self, detail: DecisionDetail, rules: Mapping[RuleId, RuleView]) -> None:
        """Another decision, or the same one changed."""
        same = self._detail is not None and self._detail.decision.id == detail.decision.id
        place = self.verticalScrollBar().value() if same else 0
        self.show_nothing()
        self._detail, self._rules = detail, rules
        self._build(detail)
        self.verticalScrollBar().setValue(place)

    def show_nothing(self) -> None:
        """No decision is chosen."""
        self._detail = None
        self.clear()

    def copy_proof(self) -> None:
        """Put the proof on the clipboard."""
        if self._detail is not None:
            QGuiApplication.clipboard().setText(words.proof_text(self._detail))
            self._desk.notices.toast(self.tr("Preuve copiée."))

    def undo(self) -> None:
        """Ask for the decision to be taken back."""
        if self._detail is not None and self.undoable:
            self.undo_wanted.emit(self._detail.decision.id)

    def reword(self) -> None:
        """Names are masked or shown."""
        if self._detail is not None:
            self.show_detail(self._detail, self._rules)

    # building

    def _build(self, detail: DecisionDetail) -> None:
        decision = detail.decision
        who = _tr_by(self, detail)
        self.add_title(queue_words.sentence(queue_words.acts(decision.actions)), who)
        if detail.row.undone_at is not None:
            undone = Banner(Tone.INFO, inset=True)
            self.body.addWidget(undone)
            when = dates.moment(detail.row.undone_at)
            undone.say(
                self.tr("Décision annulée le {when}").format(when=when),
                self.tr("Elle reste inscrite, avec l’annulation, dans la piste de vérification."),
            )
        self.body.addWidget(self._buttons())
        self.body.addWidget(self._message(detail))
        self.body.addWidget(self._decision(detail))
        self.body.addWidget(self._verdict(detail))
        if decision.texts:
            self.body.addWidget(self._texts(detail))
        if detail.outgoing or detail.warnings:
            self.body.addWidget(self._sent(detail))
        self.body.addWidget(self._proof(detail))
        self.finish()

    def _buttons(self) -> QWidget:
        box = QWidget()
        row = FlowLayout(box, gap=8)
        commands = self._desk.commands
        self.undo_button = Button(
            self.tr("Annuler cette décision"), "", "undo-2", commands=commands, command="history.undo"
        )
        self.undo_button.clicked.connect(self.undo)
        self.undo_button.setVisible(self.undoable)
        copy = Button(
            self.tr("Copier la preuve"), "", "copy", commands=commands, command="history.copy_proof"
        )
        copy.clicked.connect(self.copy_proof)
        row.addWidget(copy)
        row.addWidget(self.undo_button)
        return box

    def _message(self, detail: DecisionDetail) -> Card:
        message, row = detail.message, detail.row
        name = self._desk.person(row.author, row.author_number)
        label = self._desk.catalogue.label
        place = (
            platform_name(message.platform),
            one_line(row.account),
            label("channel", message.channel),
            dates.moment(message.posted_at),
        )
        card = Card(self.tr("Message, mot pour mot"))
        card.add(Label(isolated(name), "strong", wrap=True))
        card.add(Label(" · ".join(part for part in place if part), "small", "muted", wrap=True))
        text = MessageText()
        text.setAccessibleName(self.tr("Message"))
        text.show_text(detail.judged_text, _marks(detail))
        card.add(text)
        if detail.decision.revision != message.revision:
            edited = self.tr("Version {n}, celle qui a été jugée; le message a changé depuis.")
            card.add(Label(edited.format(n=detail.decision.revision), "note", "muted", wrap=True))
        if detail.post is not None and detail.post.text.strip():
            card.add(Quote(DisplayText.of(detail.post.text).text, self.tr("Sous la publication\u00a0: ")))
        return card

    def _decision(self, detail: DecisionDetail) -> Card:
        decision = detail.decision
        facts = Facts()
        facts.add(self.tr("Décidé"), queue_words.sentence(queue_words.acts(decision.actions)))
        suggested = queue_words.acts(decision.suggested) or self.tr("aucune action")
        same = set(decision.suggested) == set(decision.actions)
        note = "" if same else " · " + self.tr("la personne en a décidé autrement")
        facts.add(self.tr("Suggéré"), queue_words.sentence(suggested) + note)
        named = [queue_words.rule_in_words(rule, self._rules) for rule in decision.rules]
        facts.add(self.tr("Règles"), queue_words.sentence(queue_words.together(named)))
        facts.add(self.tr("Motif"), decision.reason)
        if decision.exception is not None:
            facts.add(self.tr("Exception"), decision.exception.reason)
        facts.add(self.tr("Signé par"), one_line(detail.approved_by))
        facts.add(self.tr("Note"), decision.note)
        card = Card(self.tr("Décision"))
        card.add(facts)
        return card

    def _verdict(self, detail: DecisionDetail) -> Card:
        verdict = detail.verdict
        card = Card(self.tr("Verdict du moteur"))
        for finding in verdict.findings:
            card.add(self._finding(finding), line=True)
        if not verdict.findings:
            card.add(Label(self.tr("Aucun constat."), "base", "muted"))
        facts = Facts()
        facts.add(self.tr("Suite"), queue_words.route_word(verdict.route))
        facts.add(self.tr("Langue"), queue_words.language_name(verdict.language.code))
        facts.add(self.tr("Priorité"), str(verdict.priority))
        card.add(facts, line=bool(verdict.findings))
        return card

    def _finding(self, finding: Finding) -> QWidget:
        box, level = QWidget(), int(finding.severity)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Badge(level, shape_of(level), word_of(level)))
        head.addWidget(Label(rule_title(finding.rule, self._rules), "strong", wrap=True), 1)
        percent = f"{round(finding.confidence * 100)}\u00a0%"
        sure = self.tr("{article} · confiance {percent}").format(
            article=queue_words.article_word(finding.article), percent=percent
        )
        head.addWidget(Label(sure, "small", "muted"))
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(Label(finding.explanation, "note", "muted", wrap=True))
        return box

    def _texts(self, detail: DecisionDetail) -> Card:
        card = Card(self.tr("Textes préparés"))
        for action, text in detail.decision.texts:
            card.add(Label(queue_words.button_word(action), "small_strong", "muted"), line=True)
            said = Label(DisplayText.of(text).text, "base", wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.add(said)
        return card

    def _sent(self, detail: DecisionDetail) -> Card:
        card = Card(self.tr("Exécution et remise"))
        lines = DatedLines()
        for row in detail.outgoing:
            day = dates.table_date(row.done_at or row.not_before)
            lines.add(day, words.outgoing_level(row), _SHAPE, "", words.outgoing_line(row))
            if row.attempts:
                lines.add_below(Receipts(self._desk, row))
        for warning in detail.warnings:
            day = dates.table_date(warning.issued_at)
            strong = self.tr("Avertissement ")
            lines.add(day, 2, _SHAPE, strong, words.warning_line(warning))
        card.add(lines)
        return card

    def _proof(self, detail: DecisionDetail) -> Card:
        decision = detail.decision
        card = Card(self.tr("Preuve"))
        facts = Facts()
        # «label+hash»: a blank in place of the sign, so that the line may break there at large sizes.
        facts.add(self.tr("Politique"), decision.policy.replace("+", " · "))
        facts.add(self.tr("Moteur"), decision.engine.replace("+", " · "))
        facts.add(self.tr("Décision"), _grouped(decision.id))
        for proof in detail.proofs:
            name = self.tr("Maillon {n}").format(n=dates.number(proof.sequence))
            facts.add(name, f"{dates.moment(proof.at)}\n{_grouped(proof.sha256)}")
        card.add(facts)
        return card

    def _may_undo(self) -> bool:
        desk, detail = self._desk, self._detail
        if detail is None or not desk.may(Permission.DECIDE):
            return False
        return detail.decision.actor == desk.actor.staff.id or desk.may(Permission.SUPERVISE)


def _marks(detail: DecisionDetail) -> tuple[Mark, ...]:
    return tuple(
        Mark(tuple((span.start, span.end) for span in finding.spans), int(finding.severity))
        for finding in detail.verdict.findings
    )


def _tr_by(pane: DecisionPane, detail: DecisionDetail) -> str:
    when = dates.moment(detail.decision.at)
    if not detail.row.decided_by:
        return pane.tr("Le {when}").format(when=when)
    who = one_line(detail.row.decided_by)
    return pane.tr("Par {who}, le {when}").format(who=who, when=when)


def _grouped(digest: str) -> str:
    """A hash or an id in groups of eight, so that it can wrap and be compared by eye."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))
