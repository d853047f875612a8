"""The main job by keyboard: message after message, undo, nothing that jumps, nothing twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import MessageId
from console.services.rows import QueueFilter, Sort
from tests.desks import Desk as Store
from tests.ui.conftest import settle
from tests.ui.queue.conftest import CONTROL, SHIFT, Hands
from ui.notify import Notice, Toast
from ui.pages.queue.composer import Composer
from ui.pages.queue.page import QueuePage

Fill = Callable[[int], list[MessageId]]


def _start(page: QueuePage) -> None:
    page.entered()
    settle()


def _pending(store: Store) -> int:
    return store.services.queue.matches(QueueFilter())


@pytest.mark.timeout(600)  # three hundred decisions by real keys; a busy machine takes its time
def test_three_hundred_messages_by_keyboard(store: Store, page: QueuePage, hands: Hands, fill: Fill) -> None:
    ids = fill(300)
    _start(page)
    order = [row.id for row in store.services.queue.page(QueueFilter(), Sort.PRIORITY, None, 400).rows]
    assert sorted(order) == sorted(ids)
    seen = []
    for number in range(300):
        shown = page.verdict.case
        assert shown is not None
        seen.append(shown.id)
        if number % 50 == 49:
            hands.press(Qt.Key.Key_M, Qt.Key.Key_A)
            hands.press(Qt.Key.Key_Return, modifier=CONTROL)
        else:
            hands.press(Qt.Key.Key_C if number % 2 else Qt.Key.Key_N)
    assert seen == order, "each message once, in the order of the list"
    assert _pending(store) == 0
    settle()
    assert page.list.empty.isVisible()
    assert page.list.empty.title == "Rien à traiter"
    assert store.services.history.verify(lambda _done, _total: None) is None


def test_hide_and_warn_is_one_decision_with_rule_reason_and_letter(
    store: Store, page: QueuePage, hands: Hands, fill: Fill, said: list[object]
) -> None:
    first, second, _third = fill(3)
    _start(page)
    hands.press(Qt.Key.Key_M, Qt.Key.Key_A)
    form = page.verdict.form
    assert isinstance(form, Composer)
    assert form.acts() == {Action.HIDE, Action.WARN}
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    decision = store.detail(first).decision
    assert decision is not None
    assert set(decision.actions) == {Action.HIDE, Action.WARN}
    assert decision.rules == ("insult",)
    assert decision.reason == "«Gang de pourris» enfreint la règle."
    assert "Nom de a0" in decision.text_for(Action.WARN)
    assert page.list.cards.current_message() == second
    assert page.model.card(0).done, "the decided card is greyed where it stands"
    toast = said[-1]
    assert isinstance(toast, Toast)
    assert toast.until is not None
    assert toast.text == "Message masqué, avertissement prêt."


def test_several_levels_of_undo_each_back_on_its_message(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    ids = fill(4)
    _start(page)
    hands.press(Qt.Key.Key_C, Qt.Key.Key_N, Qt.Key.Key_C)
    assert _pending(store) == 1
    for message in reversed(ids[:3]):
        hands.press(Qt.Key.Key_Z)
        assert store.detail(message).state is CaseState.PENDING
        assert page.list.cards.current_message() == message
    assert _pending(store) == 4
    assert page.model.ids() == tuple(ids), "nothing moved"


def test_the_last_message_can_be_undone_from_the_empty_list(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    (only,) = fill(1)
    _start(page)
    hands.press(Qt.Key.Key_C)
    assert page.list.empty.isVisible()
    hands.press(Qt.Key.Key_Z)
    assert page.list.cards.isVisible()
    assert page.list.cards.current_message() == only


def test_the_toast_undoes_its_own_decision(
    store: Store, page: QueuePage, hands: Hands, fill: Fill, said: list[object]
) -> None:
    first, second = fill(2)
    _start(page)
    hands.press(Qt.Key.Key_C)
    toast = said[-1]
    assert isinstance(toast, Toast)
    hands.press(Qt.Key.Key_N)
    assert toast.undo is not None
    toast.undo()
    settle()
    assert store.detail(first).state is CaseState.PENDING
    assert store.detail(second).state is CaseState.DECIDED


def test_a_key_held_down_decides_nothing_more(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    fill(5)
    _start(page)
    hands.press(Qt.Key.Key_C)
    hands.hold(Qt.Key.Key_C, "c")
    assert _pending(store) == 4


def test_letters_typed_into_a_note_decide_nothing(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    first, *_ = fill(2)
    _start(page)
    hands.press(Qt.Key.Key_N, modifier=SHIFT)
    hands.press(Qt.Key.Key_C, Qt.Key.Key_M, Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_Z)
    assert page.message.note.field.toPlainText() == "cmjz"
    assert page.list.cards.current_message() == first
    assert _pending(store) == 2
    hands.write(" échangé avec l’équipe")
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    (note,) = store.detail(first).notes
    assert note.text == "cmjz échangé avec l’équipe"
    assert page.message.note.field.toPlainText() == ""
    assert page.list.cards.hasFocus()


def test_arrows_and_letters_go_through_the_list(page: QueuePage, hands: Hands, fill: Fill) -> None:
    ids = fill(4)
    _start(page)
    current = page.list.cards.current_message
    hands.press(Qt.Key.Key_J, Qt.Key.Key_Down)
    assert current() == ids[2]
    hands.press(Qt.Key.Key_K, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert current() == ids[0]


def test_new_messages_wait_behind_the_button(store: Store, page: QueuePage, hands: Hands, fill: Fill) -> None:
    ids = fill(6)
    _start(page)
    hands.press(Qt.Key.Key_J, Qt.Key.Key_J)
    chosen = page.list.cards.current_message()
    store.receive("later-1", text="Autre chose", author="b1")
    store.receive("later-2", text="Encore", author="b2")
    page.loader.poll()
    assert page.model.ids() == tuple(ids), "the list never jumps"
    assert page.list.arrivals.isVisible()
    assert page.list.arrivals.text() == "Voir les 2 nouveaux messages"
    hands.press(Qt.Key.Key_V)
    assert not page.list.arrivals.isVisible()
    assert page.model.rowCount() == 8
    assert page.list.cards.current_message() == chosen


def test_a_colleagues_decision_greys_the_card_with_the_next_look(
    store: Store, page: QueuePage, fill: Fill
) -> None:
    ids = fill(3)
    _start(page)
    store.decide(ids[1], Action.HIDE, by=store.colleague)
    page.loader.poll()
    assert page.model.ids() == tuple(ids)
    assert page.model.card(1).who.startswith("Masqué par Noa à")


def test_a_message_decided_meanwhile_is_said_and_not_decided_twice(
    store: Store, page: QueuePage, hands: Hands, fill: Fill, said: list[object]
) -> None:
    first, *_ = fill(2)
    _start(page)
    store.decide(first, Action.HIDE, by=store.colleague)
    hands.press(Qt.Key.Key_C)
    assert any(isinstance(each, Notice) and each.code == "case.already_decided" for each in said)
    decision = store.detail(first).decision
    assert decision is not None
    assert decision.actor == store.colleague.staff.id
    assert page.verdict.outcome.isVisible(), "the screen shows what was decided"


def test_after_the_last_loaded_row_the_next_page_goes_on(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    fill(130)
    _start(page)
    assert page.model.rowCount() <= 130
    for _ in range(130):
        hands.press(Qt.Key.Key_N)
    assert _pending(store) == 0


def test_escape_gives_the_actions_back_and_nothing_is_decided(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    fill(1)
    _start(page)
    hands.press(Qt.Key.Key_S)
    assert page.verdict.form is not None
    hands.press(Qt.Key.Key_Escape)
    assert page.verdict.form is None
    assert page.verdict.grid.isVisible()
    assert page.list.cards.hasFocus()
    assert _pending(store) == 1


def test_no_sanction_is_chosen_beforehand(page: QueuePage, hands: Hands, fill: Fill) -> None:
    fill(1)
    _start(page)
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return, modifier=CONTROL)
    assert page.verdict.form is None
    assert page.verdict.case is not None
    assert page.verdict.case.open
    focus = QApplication.focusWidget()
    assert focus is page.list.cards
