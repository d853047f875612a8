"""«En cours chez»: what is open here is claimed, what is open elsewhere is said and blocks nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from pytestqt.qtbot import QtBot

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import MessageId
from console.domain.roles import Role
from console.services.rows import ChangeSet
from console.services.sharing_ports import LineState
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from tests.ui.sharing.conftest import press, write
from tests.ui.sharing.fake_line import FakeLine
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.queue.composer import Composer
from ui.pages.queue.escalate_form import EscalateForm
from ui.pages.queue.page import QueuePage


@pytest.fixture
def ids(store: Store) -> list[MessageId]:
    """Three messages in the queue."""
    return [store.receive(f"m{number}", author=f"p{number}") for number in range(3)]


@pytest.fixture
def page(
    ids: list[MessageId], desk: Desk, store: Store, line: FakeLine, window: MainWindow, qtbot: QtBot
) -> QueuePage:
    """A moderator at the queue of a desk that has joined."""
    seated(desk, store, store.moderator)
    line.be(LineState.ONLINE)
    with qtbot.waitActive(window):
        window.activateWindow()
    window.go("queue")
    found = window.page("queue")
    assert isinstance(found, QueuePage)
    QAbstractItemModelTester(found.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found)
    settle()
    return found


def _shown(page: QueuePage) -> MessageId:
    case = page.verdict.case
    assert case is not None
    return case.id


def _tell(line: FakeLine, *messages: MessageId) -> None:
    line.tell(ChangeSet(messages=frozenset(messages), counts=bool(messages)))
    settle()


def _claimed(qtbot: QtBot, page: QueuePage, line: FakeLine) -> MessageId:
    """Wait until the message on screen is claimed; what came before is forgotten."""
    first = _shown(page)
    qtbot.waitUntil(lambda: line.claimed[-1:] == [first])
    line.claimed.clear()
    return first


def test_a_case_is_claimed_once_it_has_been_open_a_moment(
    page: QueuePage, line: FakeLine, qtbot: QtBot
) -> None:
    _claimed(qtbot, page, line)
    page.list.cards.step(1)
    page.list.cards.step(1)
    assert line.claimed == [None], "the last one is let go of at once; paging through the list claims nothing"
    third = _claimed(qtbot, page, line)
    assert third == page.model.ids()[2]


def test_deciding_lets_go(page: QueuePage, line: FakeLine, qtbot: QtBot) -> None:
    _claimed(qtbot, page, line)
    press(page.list.cards, Qt.Key.Key_C)
    assert line.claimed[0] is None


def test_another_page_lets_go_and_coming_back_claims_again(
    page: QueuePage, window: MainWindow, line: FakeLine, qtbot: QtBot
) -> None:
    first = _claimed(qtbot, page, line)
    window.go("history")
    assert line.claimed == [None]
    window.go("queue")
    qtbot.waitUntil(lambda: line.claimed == [None, first])


def test_who_may_not_decide_claims_nothing(page: QueuePage, desk: Desk, store: Store) -> None:
    store.services.access.switch(store.admin.staff.id)
    agent = store.services.access.introduce("Lou", Role.AGENT_311)
    desk.seat(agent)
    page.list.cards.step(1)
    assert _shown(page) == page.list.cards.current_message()
    assert not page.claiming.waiting


def test_a_card_open_elsewhere_says_so_to_eyes_and_ears(
    page: QueuePage, line: FakeLine, ids: list[MessageId], qtbot: QtBot
) -> None:
    changed = QSignalSpy(page.model.dataChanged)
    line.open_at(ids[1])
    _tell(line)
    place = page.model.place_of(ids[1])
    assert place is not None
    card = page.model.card(place)
    assert card.claim == "En cours chez Inès"
    assert card.spoken.startswith("En cours chez Inès.")
    assert {changed.at(each)[0].row() for each in range(changed.count())} == {place}, "no other card changes"
    heard = page.model.data(page.model.index(place, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert heard == card.spoken
    line.others.clear()
    _tell(line)
    qtbot.waitUntil(lambda: page.model.card(place).claim == "")


def test_the_pane_says_it_calmly_and_blocks_nothing(page: QueuePage, store: Store, line: FakeLine) -> None:
    first = _shown(page)
    line.open_at(first)
    _tell(line)
    said = (
        page.verdict.notice.accessibleName()
        .replace("\u00a0", " ")
        .replace("\u2068", "")
        .replace("\u2069", "")
    )
    assert said.startswith("Inès a ce message ouvert")
    assert said.endswith("Vous pouvez décider : la première décision reçue s’applique.")
    assert page.verdict.notice.isVisible()
    press(page.list.cards, Qt.Key.Key_C)
    assert store.detail(first).state is CaseState.DECIDED
    assert not page.verdict.notice.isVisible()


def test_a_lease_that_is_over_is_no_claim(page: QueuePage, store: Store, line: FakeLine) -> None:
    line.open_at(_shown(page), minutes=3)
    _tell(line)
    assert page.verdict.notice.isVisible()
    store.clock.advance(timedelta(minutes=4))
    page.loader.poll()
    settle()
    assert not page.verdict.notice.isVisible()


def test_a_colleagues_decision_greys_the_card_where_it_stands(
    page: QueuePage, store: Store, line: FakeLine, ids: list[MessageId]
) -> None:
    order = page.model.ids()
    store.decide(ids[2], Action.HIDE, by=store.colleague)
    _tell(line, ids[2])
    place = page.model.place_of(ids[2])
    assert page.model.ids() == order
    assert place is not None
    card = page.model.card(place)
    assert card.done
    assert card.who == "Masqué par Noa à 10\u00a0h"


def test_a_message_from_another_desk_waits_behind_the_button(
    page: QueuePage, store: Store, line: FakeLine
) -> None:
    order = page.model.ids()
    _tell(line, store.receive("late"))
    assert page.model.ids() == order
    assert page.list.arrivals.isVisible()


def test_what_was_written_stays_when_a_colleague_was_first(
    page: QueuePage, store: Store, line: FakeLine
) -> None:
    first = _shown(page)
    press(page.list.cards, Qt.Key.Key_M)
    form = page.verdict.form
    assert isinstance(form, Composer)
    write(form._reason, "Une menace à peine voilée.")
    store.decide(first, Action.KEEP, by=store.colleague)
    _tell(line, first)
    assert page.verdict.form is form, "the words are still there"
    assert "menace à peine voilée" in form.request().reason
    assert page.verdict.notice.accessibleName().startswith(
        "Noa a décidé ce message à 10\u00a0h\u00a0: conservé."
    )
    press(form._reason, Qt.Key.Key_Escape)
    assert page.verdict.outcome.isVisible()
    assert not page.verdict.notice.isVisible()


def test_a_question_being_written_stays_too(page: QueuePage, store: Store, line: FakeLine) -> None:
    first = _shown(page)
    press(page.list.cards, Qt.Key.Key_E)
    form = page.verdict.form
    assert isinstance(form, EscalateForm)
    write(form.reason, "Je doute.")
    store.decide(first, Action.KEEP, by=store.colleague)
    _tell(line, first)
    assert page.verdict.form is form
    assert form.reason.toPlainText() == "Je doute."


def test_with_nothing_written_the_decision_is_shown_at_once(
    page: QueuePage, store: Store, line: FakeLine
) -> None:
    first = _shown(page)
    press(page.list.cards, Qt.Key.Key_E)
    store.decide(first, Action.KEEP, by=store.colleague)
    _tell(line, first)
    assert page.verdict.form is None
    assert page.verdict.outcome.isVisible()
