"""«Supervision»: what was submitted is answered with a word, bans are signed by a second person."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from console.domain.cases import CaseState
from console.domain.decisions import Action, BanException
from console.domain.ids import MessageId
from console.services.rows import EscalationOutcome
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.supervision.page import SupervisionPage


def submitted(store: Store, external_id: str = "m1") -> MessageId:
    """A case that a moderator handed over."""
    message = store.receive(external_id)
    store.services.escalations.submit(
        store.moderator, message, 1, "Je doute.", "Est-ce une menace?", frozenset({Action.HIDE})
    )
    return message


def ban_to_sign(store: Store) -> MessageId:
    """A ban by exception that waits for its signature."""
    message = store.receive("b1")
    request = store.request(message, Action.HIDE, Action.BAN, exception=BanException("Menace de mort."))
    store.services.decisions.decide(store.moderator, request)
    return message


@pytest.fixture
def page(window: MainWindow, desk: Desk, store: Store) -> SupervisionPage:
    """The page in front of the supervisor."""
    seated(desk, store, store.supervisor)
    window.go("supervision")
    found = window.page("supervision")
    assert isinstance(found, SupervisionPage)
    QAbstractItemModelTester(found.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found)
    return found


def show(page: SupervisionPage) -> None:
    """Read anew what waits."""
    page.entered()
    settle()


def test_nothing_waits(page: SupervisionPage) -> None:
    assert page.rows.empty.title == "Rien à répondre"


def test_a_case_goes_back_with_a_word(page: SupervisionPage, store: Store) -> None:
    message = submitted(store)
    show(page)
    page.answer.give_back.click()
    settle()
    assert store.detail(message).state is CaseState.ESCALATED, "no answer without a word"
    page.answer.word.setPlainText("Une insulte suffit.")
    page.answer.give_back.click()
    settle()
    detail = store.detail(message)
    assert (detail.state, detail.returned_word) == (CaseState.RETURNED, "Une insulte suffit.")
    assert page.model.rowCount() == 0


def test_the_supervisor_decides_in_place(page: SupervisionPage, store: Store) -> None:
    message = submitted(store)
    show(page)
    page.answer.word.setPlainText("Menace voilée.")
    page.answer.compose()
    composer = page.answer.composing
    assert composer is not None
    assert composer.acts() == {Action.HIDE}, "what the moderator proposed"
    page.answer.confirm()
    settle()
    assert store.detail(message).state is CaseState.DECIDED
    (mine,) = store.services.escalations.mine(store.moderator)
    assert (mine.outcome, mine.answer) == (EscalationOutcome.DECIDED, "Menace voilée.")


def test_keys_answer_and_are_only_letters_in_the_word(page: SupervisionPage, store: Store) -> None:
    message = submitted(store)
    show(page)
    page.answer.word.setFocus()
    QTest.keyClick(page.answer.word, Qt.Key.Key_G)
    settle()
    assert store.detail(message).state is CaseState.ESCALATED
    assert page.answer.word.toPlainText() == "g"
    page.rows.list.setFocus()
    QTest.keyClick(page.rows.list, Qt.Key.Key_G)
    settle()
    assert store.detail(message).state is CaseState.HELD
    assert page.model.rowCount() == 1, "a kept case stays on the table"


def test_a_ban_is_signed_by_a_second_person(page: SupervisionPage, store: Store) -> None:
    message = ban_to_sign(store)
    show(page)
    assert page.answer.decide.isHidden()
    page.answer.sign.click()
    settle()
    assert store.detail(message).state is CaseState.DECIDED
    assert "ban" in {name for _, name in store.outgoing()}


def test_a_refused_ban_needs_its_reason(page: SupervisionPage, store: Store) -> None:
    message = ban_to_sign(store)
    show(page)
    page.answer.refuse.click()
    settle()
    assert store.detail(message).state is CaseState.AWAITING_SIGNATURE
    page.answer.word.setPlainText("Un avertissement suffit.")
    page.answer.refuse.click()
    settle()
    assert store.detail(message).state is CaseState.RETURNED


def test_ones_own_ban_offers_no_signature(page: SupervisionPage, desk: Desk, store: Store) -> None:
    message = store.receive("b2")
    request = store.request(message, Action.BAN, exception=BanException("Menace de mort."))
    store.services.decisions.decide(store.supervisor, request)
    show(page)
    assert page.answer.sign.isHidden()
    assert not page.answer.refuse.isHidden()


def test_moderators_see_their_outcomes_and_reading_marks_them(
    page: SupervisionPage, desk: Desk, store: Store
) -> None:
    message = submitted(store)
    (row,) = store.services.escalations.open(store.supervisor)
    store.services.escalations.give_back(store.supervisor, row.id, "À vous.")
    seated(desk, store, store.moderator)
    show(page)
    assert page.model.rowCount() == 1
    assert page.answer.decide.isHidden()
    (mine,) = store.services.escalations.mine(store.moderator)
    assert mine.seen_by_submitter
    assert store.detail(message).state is CaseState.RETURNED
