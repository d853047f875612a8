"""Writing a decision: nothing goes out while something is missing; the ban's two ways; supervision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPushButton

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import MessageId, RuleId
from console.services.rows import EscalationKind
from tests.desks import Desk as Store
from tests.ui.conftest import PLAIN, settle
from tests.ui.queue.conftest import CONTROL, Hands, verdict_of
from tests.ui.test_accessibility import _cut
from ui.notify import Notice
from ui.pages.queue.composer import Composer
from ui.pages.queue.escalate_form import EscalateForm
from ui.pages.queue.letter import Letter
from ui.pages.queue.page import QueuePage
from ui.widgets.label import Label
from ui.widgets.text_field import TextField

Fill = Callable[[int], list[MessageId]]


def _composer(page: QueuePage) -> Composer:
    assert isinstance(page.verdict.form, Composer)
    return page.verdict.form


def _shown(page: QueuePage) -> str:
    """All words that the composer shows."""
    return "\n".join(
        label.text() for label in page.verdict.findChildren(Label) if label.isVisible() and label.text()
    )


def _field(page: QueuePage, name: str) -> TextField:
    return next(
        each
        for each in page.verdict.findChildren(TextField)
        if each.accessibleName() == name and each.isVisible()
    )


@pytest.fixture
def started(page: QueuePage, fill: Fill) -> MessageId:
    """The queue with two messages, the first on screen."""
    first, _second = fill(2)
    page.entered()
    settle()
    return first


def test_an_open_placeholder_blocks_and_is_selected(
    store: Store, page: QueuePage, hands: Hands, started: MessageId
) -> None:
    hands.press(Qt.Key.Key_R)
    letter = page.verdict.findChild(Letter)
    assert letter is not None
    assert letter.field.hasFocus()
    assert letter.field.textCursor().selectedText() == "{reponse}"
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    assert store.detail(started).state is CaseState.PENDING
    assert "Un champ du texte reste à remplir" in _shown(page)
    assert letter.field.textCursor().selectedText() == "{reponse}"
    hands.write("la prochaine séance est le 1er décembre à 19 h.")
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    decision = store.detail(started).decision
    assert decision is not None
    assert "la prochaine séance est le 1er décembre" in decision.text_for(Action.REPLY)


def test_keys_of_acts_press_and_release_them(page: QueuePage, hands: Hands, started: MessageId) -> None:
    hands.press(Qt.Key.Key_M)
    form = _composer(page)
    hands.press(Qt.Key.Key_A, Qt.Key.Key_G)
    assert form.acts() == {Action.HIDE, Action.WARN, Action.REPORT}
    hands.press(Qt.Key.Key_G)
    assert form.acts() == {Action.HIDE, Action.WARN}
    hands.press(Qt.Key.Key_S)
    assert form.acts() == {Action.HIDE, Action.WARN}, "hiding and deleting do not go together"


def test_the_ladder_says_what_comes_before_it_is_confirmed(
    store: Store, page: QueuePage, hands: Hands
) -> None:
    store.warn_and_deliver("earlier", author="récidive")
    text = "Maudit épais"
    store.receive("now", text=text, author="récidive", verdict=verdict_of(text, ("insult", "épais", 3)))
    page.entered()
    settle()
    assert "2e avertissement\u00a0: une récidive entrainera le bannissement" in _shown(page)
    hands.press(Qt.Key.Key_A)
    assert "2e avertissement\u00a0: une récidive entrainera le bannissement" in _shown(page)


def test_a_sanction_needs_a_rule_and_a_reason(
    store: Store, page: QueuePage, hands: Hands, started: MessageId
) -> None:
    hands.press(Qt.Key.Key_M)
    reason = _field(page, "Motif")
    assert reason.toPlainText() == "«Gang de pourris» enfreint la règle."
    reason.setFocus()
    reason.selectAll()
    hands.press(Qt.Key.Key_Delete)
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    assert "Une sanction demande un motif." in _shown(page)
    assert reason.hasFocus()
    hands.write("Insulte le conseil entier.")
    rule = next(
        each
        for each in page.verdict.findChildren(QPushButton)
        if "Insulte" in each.text() and each.isChecked()
    )
    rule.click()
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    assert "Une sanction repose sur une règle" in _shown(page)
    assert store.detail(started).state is CaseState.PENDING
    rule.click()
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    decision = store.detail(started).decision
    assert decision is not None
    assert decision.reason == "Insulte le conseil entier."
    assert decision.rules == (RuleId("insult"),)


def test_a_ban_before_its_warnings_explains_itself_and_offers_the_exception(
    store: Store, page: QueuePage, hands: Hands, started: MessageId
) -> None:
    hands.press(Qt.Key.Key_B)
    assert "le bannissement n’est pas encore possible (art. 7)" in _shown(page)
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    assert store.detail(started).state is CaseState.PENDING
    exception = next(each for each in page.verdict.findChildren(QCheckBox) if each.isVisible())
    exception.click()
    settle()
    assert _field(page, "Motif de l’exception").hasFocus()
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    assert store.detail(started).state is CaseState.PENDING, "the exception needs its written reason"
    hands.write("Menace de mort répétée contre une employée.")
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    _fill_open_fields(page, hands)
    detail = store.detail(started)
    assert detail.state is CaseState.AWAITING_SIGNATURE
    assert detail.decision is not None
    assert detail.decision.exception is not None
    assert detail.decision.exception.reason == "Menace de mort répétée contre une employée."
    (waiting,) = store.services.escalations.open(store.supervisor)
    assert waiting.kind is EscalationKind.BAN_SIGNATURE


def _fill_open_fields(page: QueuePage, hands: Hands) -> None:
    """Fill placeholders that only the city knows, one after the other, and confirm."""
    for _ in range(12):
        if page.verdict.form is None:
            return
        hands.write("renseigné")
        hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    raise AssertionError(_shown(page))


def test_a_repeat_offence_after_two_delivered_warnings_may_be_banned(
    store: Store, page: QueuePage, hands: Hands
) -> None:
    for incident in ("un", "deux"):
        store.warn_and_deliver(incident, author="récidive")
    text = "Gang d’épais"
    third = store.receive(
        "trois", text=text, author="récidive", verdict=verdict_of(text, ("insult", "épais", 3))
    )
    page.entered()
    settle()
    assert page.verdict.grid.button(Action.BAN).property("look") != "held"
    hands.press(Qt.Key.Key_B)
    assert "n’est pas encore possible" not in _shown(page)
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    _fill_open_fields(page, hands)
    assert store.detail(third).state is CaseState.AWAITING_SIGNATURE


def test_escalating_needs_a_reason_and_carries_question_and_suggestion(
    store: Store, page: QueuePage, hands: Hands, started: MessageId
) -> None:
    hands.press(Qt.Key.Key_E)
    form = page.verdict.form
    assert isinstance(form, EscalateForm)
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    assert "Il manque la raison" in _shown(page)
    hands.write("Je connais la personne.")
    hands.press(Qt.Key.Key_Tab)
    hands.write("Qui décide?")
    form.suggested.button(Action.HIDE).click()
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    settle()
    (row,) = store.services.escalations.mine(store.moderator)
    assert (row.reason, row.question, row.suggested) == (
        "Je connais la personne.",
        "Qui décide?",
        (Action.HIDE,),
    )
    assert store.detail(started).state is CaseState.ESCALATED
    assert page.list.cards.current_message() != started


def test_what_the_person_changed_is_not_overwritten(
    page: QueuePage, hands: Hands, started: MessageId
) -> None:
    hands.press(Qt.Key.Key_A)
    letter = page.verdict.findChild(Letter)
    assert letter is not None
    letter.field.setFocus()
    letter.field.moveCursor(letter.field.textCursor().MoveOperation.End)
    hands.write(" Merci.")
    page.list.cards.setFocus()
    hands.press(Qt.Key.Key_M)
    assert letter.text.endswith(" Merci.")
    assert letter.own


def test_what_was_written_comes_back_after_leaving(
    store: Store, page: QueuePage, hands: Hands, started: MessageId
) -> None:
    hands.press(Qt.Key.Key_M, Qt.Key.Key_A)
    reason = _field(page, "Motif")
    reason.setFocus()
    reason.selectAll()
    hands.write("Vise toute l’équipe.")
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_J, Qt.Key.Key_K)
    hands.press(Qt.Key.Key_M)
    assert _field(page, "Motif").toPlainText() == "Vise toute l’équipe."


def test_a_colleague_was_faster_and_nothing_written_is_lost(
    store: Store, page: QueuePage, hands: Hands, started: MessageId, said: list[object]
) -> None:
    hands.press(Qt.Key.Key_M)
    reason = _field(page, "Motif")
    reason.setFocus()
    reason.selectAll()
    hands.write("Vise toute l’équipe.")
    theirs = store.decide(started, Action.KEEP, by=store.colleague)
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    decision = store.detail(started).decision
    assert decision is not None
    assert decision.actor == store.colleague.staff.id
    assert page.verdict.outcome.isVisible()
    assert any(isinstance(each, Notice) and each.code == "case.already_decided" for each in said)
    page.desk.announce(store.services.decisions.undo(store.colleague, theirs.decision))
    settle()
    hands.press(Qt.Key.Key_M)
    assert _field(page, "Motif").toPlainText() == "Vise toute l’équipe."


def test_an_edited_message_is_read_again_before_it_is_decided(
    store: Store, page: QueuePage, hands: Hands, started: MessageId
) -> None:
    hands.press(Qt.Key.Key_M)
    text = "Gang de pourris, sauf la mairesse"
    store.receive("q0", text=text, author="a0", verdict=verdict_of(text, ("insult", "Gang de pourris", 3)))
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    assert store.detail(started).state is CaseState.PENDING
    assert page.message.card.text.toPlainText() == text
    assert "Le message a été modifié depuis que vous l’avez ouvert" in _shown(page)
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    decision = store.detail(started).decision
    assert decision is not None
    assert decision.revision == 2


@pytest.mark.parametrize("text", [100, 200])
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (1024, 640)], ids=str)
@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_E], ids=["warn", "ban", "escalate"])
def test_no_words_are_cut_while_writing(
    page: QueuePage, hands: Hands, started: MessageId, size: tuple[int, int], text: int, key: Qt.Key
) -> None:
    page.window().resize(*size)
    page.desk.change_settings(appearance=replace(PLAIN, text=text))
    settle()
    hands.press(key)
    assert page.verdict.form is not None
    settle()
    assert not _cut(page.verdict)
