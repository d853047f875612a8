"""«Envois»: what waits is counted down, carried out by hand, and confirmed; only then a warning counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtGui import QGuiApplication

from console.domain.decisions import Action
from console.domain.roles import Role
from console.services.rows import OutgoingState
from tests.desks import GRACE
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.models.row_model import CARD_ROLE
from ui.notify import Toast
from ui.pages.outbox.page import OutboxPage


@pytest.fixture
def page(window: MainWindow, desk: Desk, store: Store) -> OutboxPage:
    """The page in front, at the desk of the moderator who decides in these tests."""
    seated(desk, store, store.moderator)
    window.go("outbox")
    found = window.page("outbox")
    assert isinstance(found, OutboxPage)
    return found


def due(store: Store) -> None:
    """The grace passes."""
    store.clock.advance(GRACE)
    store.services.outbox.end_grace()


def pick(page: OutboxPage, operation: str) -> None:
    """Choose the item of an operation."""
    key = next(each for each in page.model.ids() if page.model.row(each).operation == operation)
    page.rows.list.pick(key)


def test_nothing_waits(page: OutboxPage) -> None:
    assert not page.rows.showing
    assert page.rows.empty.title == "Rien à envoyer"
    assert page.task.row is None


def test_a_warning_counts_once_it_is_confirmed(page: OutboxPage, store: Store, desk: Desk) -> None:
    message = store.receive("m1")
    store.decide(message, Action.HIDE, Action.WARN)
    due(store)
    page.entered()
    assert len(store.detail(message).standing.counted) == 0
    pick(page, "warn")
    form = page.task.form
    assert form is not None
    form.means.setCurrentText("message privé")
    form.proof.setText("vu à 10 h 02")
    page.task.submit()
    settle()
    standing = store.detail(message).standing
    assert [(each.delivery.means, each.delivery.proof) for each in standing.counted if each.delivery] == [
        ("message privé", "vu à 10 h 02")
    ]
    assert [page.model.row_at(place).operation for place in range(page.model.rowCount())] == ["hide"]
    assert page.task.row is not None
    assert page.task.row.operation == "hide"


def test_the_means_are_asked_for(page: OutboxPage, store: Store) -> None:
    store.decide(store.receive("m1"), Action.HIDE)
    due(store)
    page.entered()
    form = page.task.form
    assert form is not None
    page.task.submit()
    assert form.isEnabled()
    assert page.model.rowCount() == 1
    form.means.setCurrentText("page de la plateforme")
    page.task.submit()
    settle()
    assert page.model.rowCount() == 0


def test_the_means_that_served_last_are_offered_again(page: OutboxPage, store: Store) -> None:
    store.decide(store.receive("m1", author="a"), Action.HIDE)
    store.decide(store.receive("m2", author="b"), Action.HIDE)
    due(store)
    page.entered()
    assert page.task.form is not None
    assert page.task.form.means.currentText() == ""
    page.task.form.means.setCurrentText("outil de gestion de la page")
    page.task.submit()
    settle()
    assert page.task.form.means.currentText() == "outil de gestion de la page"


def test_impossible_needs_a_reason_and_the_warning_never_counts(page: OutboxPage, store: Store) -> None:
    message = store.receive("m1")
    store.decide(message, Action.HIDE, Action.WARN)
    due(store)
    page.entered()
    pick(page, "warn")
    form = page.task.form
    assert form is not None
    page.task.ask_reason()
    page.task.submit()
    assert page.model.rowCount() == 2
    form.reason.setPlainText("La personne a fermé son compte.")
    page.task.submit()
    settle()
    standing = store.detail(message).standing
    assert not standing.counted
    assert not standing.undelivered
    assert page.model.rowCount() == 1


def test_the_countdown_goes_on_to_by_hand(page: OutboxPage, store: Store) -> None:
    store.decide(store.receive("m1"), Action.HIDE)
    page.entered()
    row = page.task.row
    assert row is not None
    assert row.state is OutgoingState.GRACE
    assert page.task.form is None
    store.clock.advance(timedelta(seconds=10))
    page.tick()
    assert page.model.index(0, 0).data(CARD_ROLE).age == "dans 20\u00a0s"
    store.clock.advance(timedelta(seconds=20))
    page.tick()
    settle()
    assert page.task.row is not None
    assert page.task.row.state is OutgoingState.BY_HAND
    assert page.task.form is not None


def test_a_decision_is_taken_back_in_its_grace(page: OutboxPage, store: Store, said: list[object]) -> None:
    message = store.receive("m1")
    store.decide(message, Action.HIDE, Action.WARN)
    page.entered()
    assert page.task.row is not None
    page.task.undo_wanted.emit(page.task.row.decision_id)
    settle()
    assert page.model.rowCount() == 0
    assert store.detail(message).decision is None
    assert [each.text for each in said if isinstance(each, Toast)] == ["Décision annulée."]


def test_what_is_written_stays_when_the_list_is_read_again(page: OutboxPage, store: Store) -> None:
    store.decide(store.receive("m1"), Action.HIDE)
    due(store)
    page.entered()
    form = page.task.form
    assert form is not None
    form.proof.setText("capture d’écran 12")
    store.decide(store.receive("m2", author="b"), Action.HIDE)
    page.entered()
    assert page.task.form is form
    assert form.proof.text() == "capture d’écran 12"


def test_names_are_masked_everywhere(page: OutboxPage, store: Store, desk: Desk) -> None:
    store.decide(store.receive("m1"), Action.HIDE, Action.WARN)
    due(store)
    page.entered()
    pick(page, "warn")
    desk.change_settings(mask_names=True)
    settle()
    for place in range(page.model.rowCount()):
        card = page.model.index(place, 0).data(CARD_ROLE)
        assert card.who == "Personne 0001"
        assert "Nom de" not in card.spoken
    shown = " ".join(label.text() for label in page.task.findChildren(type(page._heading)))
    assert "Nom de" not in shown


def test_the_text_is_copied_word_for_word(page: OutboxPage, store: Store) -> None:
    store.decide(store.receive("m1"), Action.WARN)
    due(store)
    page.entered()
    page.task.copy_text()
    assert QGuiApplication.clipboard().text() == "Bonjour, votre message ne respecte pas l’article 4."


def test_somebody_who_may_not_deliver_only_looks(page: OutboxPage, store: Store, desk: Desk) -> None:
    store.decide(store.receive("m1"), Action.HIDE)
    due(store)
    access = store.services.access
    access.switch(store.admin.staff.id)
    seated(desk, store, access.introduce("Dominique", Role.AUDITOR))
    page.entered()
    assert page.task.row is not None
    assert page.task.form is None
