"""«Comptes»: states in words and shape, budgets, connecting step by step, leaving; no token is ever shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from console.catalogue import Catalogue
from console.domain.messages import FACEBOOK, KNOWN_PLATFORMS, OTHER, YOUTUBE, Platform
from console.domain.roles import Role
from console.errors import AccessLostError, OfflineError
from console.platforms.abilities import abilities_of
from console.platforms.directory import Directory
from console.services.platform_ports import AccountWork, Budget, ClientApp, ConnectionState
from console.services.rows import ChangeSet
from tests.desks import Desk as Store
from tests.ui.accounts.conftest import connect
from tests.ui.accounts.fake_platform import MIDNIGHT, TOKEN, FakePlatform, FakeWorker
from tests.ui.conftest import PLAIN, seated, settle
from tests.ui.test_accessibility import _cut, _nameless, _out_of_reach, _small, _unreachable
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.models.accounts import budget_words, state_words
from ui.models.row_model import CARD_ROLE
from ui.notify import Toast
from ui.pages.accounts.page import AccountsPage
from ui.widgets.badge import Badge


def said_in(root: QWidget) -> str:
    """All words that are shown, with plain spaces."""
    labels = [each.text() for each in root.findChildren(QLabel) if each.isVisible()]
    marks = [each.accessibleName() for each in root.findChildren(Badge) if each.isVisible()]
    return " ".join([*labels, *marks]).replace("\u00a0", " ")


def test_without_accounts_it_says_why_and_what_to_do(page: AccountsPage) -> None:
    assert page.rows.empty.title == "Aucun compte connecté"
    page.rows.empty._button.click()
    settle()
    assert page.connecting.platforms is not None
    assert set(page.connecting.platforms.choices) == set(KNOWN_PLATFORMS)


def test_moderators_see_states_without_buttons(
    page: AccountsPage, store: Store, desk: Desk, window: MainWindow
) -> None:
    connect(store, state=ConnectionState.EXPIRED)
    seated(desk, store, store.moderator)
    window.go("accounts")
    settle()
    assert page.pane.buttons == {}
    assert page.add.isHidden()
    assert "À reconnecter" in said_in(page.pane)
    assert "La supervision ou l’administration connecte les comptes." in said_in(page.pane)
    page.begin()
    assert page.connecting.platforms is None


@pytest.mark.parametrize(
    ("state", "ends", "word", "shape"),
    [
        (ConnectionState.CONNECTED, None, "connecté", "ring"),
        (ConnectionState.CONNECTED, timedelta(days=5), "expire dans 5 jours", "triangle"),
        (ConnectionState.CONNECTED, timedelta(days=1), "expire demain", "triangle"),
        (ConnectionState.CONNECTED, timedelta(hours=2), "expire aujourd’hui, à 12 h", "triangle"),
        (ConnectionState.CONNECTED, timedelta(days=50), "connecté", "ring"),
        (ConnectionState.EXPIRED, None, "à reconnecter", "diamond"),
        (ConnectionState.FORBIDDEN, None, "droits perdus", "diamond"),
        (ConnectionState.BLOCKED, None, "bloqué par la plateforme", "square"),
        (ConnectionState.DISCONNECTED, None, "non connecté", "dot"),
    ],
)
def test_each_state_has_its_words_and_shape(
    page: AccountsPage, store: Store, state: ConnectionState, ends: timedelta | None, word: str, shape: str
) -> None:
    connect(store, state=state, ends=ends)
    page.entered()
    settle()
    said = state_words(page.model.row_at(0), store.clock.now())
    assert said.word.replace("\u00a0", " ") == word
    assert said.shape == shape
    card = page.model.index(0, 0).data(CARD_ROLE)
    assert word in card.spoken.replace("\u00a0", " ")
    assert said.text in said_in(page.pane) or said.text.replace("\u00a0", " ") in said_in(page.pane)


def test_an_account_of_a_file_is_not_connected(page: AccountsPage, store: Store) -> None:
    store.receive("m1")
    page.entered()
    settle()
    assert "Non connecté" in said_in(page.pane)
    assert set(page.pane.buttons) == {"connect"}


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (
            Budget("units", 3_200, 10_000, MIDNIGHT),
            "3 200 des 10 000 unités du jour, remises à zéro le 21 nov. 2026, 3 h",
        ),
        (Budget("calls", 12, 300, MIDNIGHT - timedelta(hours=13)), "12 des 300 appels, remis à zéro à 14 h"),
        (Budget("percent", 42.0, 100.0), "42 % de la part permise"),
        (Budget("cost", 12.4, None), "12,40 $ US dépensés"),
        (Budget("calls", 7, None), "7 appels"),
    ],
)
def test_budgets_in_words(store: Store, budget: Budget, words: str) -> None:
    assert budget_words(budget, store.clock.now()).replace("\u00a0", " ") == words


def test_the_pane_shows_budgets_and_what_the_platform_can_do(page: AccountsPage, store: Store) -> None:
    account = connect(store)
    store.services.accounts.connector(account)  # its budgets are those of its latest answers
    page.entered()
    settle()
    said = said_in(page.pane)
    assert "unités du jour" in said
    assert "Masquer" in said
    assert "Commentaires : par Vigie" in said
    assert "Commentaires : à la main" in said
    assert "l’autrice ou l’auteur et ses proches voient encore un commentaire masqué" in said
    store.services.accounts.release()


def test_connecting_by_a_pasted_token(
    page: AccountsPage, store: Store, platform: FakePlatform, worker: FakeWorker, said: list[object]
) -> None:
    page.begin()
    flow = page.connecting
    assert flow.platforms is not None
    flow.platforms.choices[FACEBOOK].click()
    settle()
    ask = flow.ask
    assert ask is not None
    shown = said_in(ask)
    assert "Masquer, supprimer et répondre aux commentaires" in shown
    assert "utilisateur système" in shown
    assert ask.token.echoMode() is QLineEdit.EchoMode.Password
    ask.submit()
    assert ask.problem.isVisible()
    assert platform.asked == []
    ask.token.setText(TOKEN)
    ask.base_url.setText("http://127.0.0.1:9/facebook")
    ask.submit()
    settle()
    assert platform.asked == [ClientApp("", "", "http://127.0.0.1:9/facebook")]
    step = flow.candidates
    assert step is not None
    assert ask.token.text() == ""
    step.submit()
    assert step.problem.isVisible()
    step.choices[1].click()
    step.submit()
    settle()
    (row,) = store.services.accounts.rows(store.admin)
    assert row.account.name == "Bibliothèque"
    assert row.connection is not None
    assert page.pane.row is not None
    assert page.pane.row.account.name == "Bibliothèque"
    assert worker.woken == 1
    assert "Bibliothèque" in [each.text for each in said if isinstance(each, Toast)][-1]
    assert TOKEN not in said_in(page.window())
    assert flow.ask is None
    assert flow.candidates is None


def test_a_refused_token_stays_hidden_and_says_what_to_do(page: AccountsPage, platform: FakePlatform) -> None:
    platform.problem = OfflineError("platform.unreachable")
    page.begin()
    assert page.connecting.platforms is not None
    page.connecting.platforms.choices[FACEBOOK].click()
    ask = page.connecting.ask
    assert ask is not None
    ask.token.setText(TOKEN)
    ask.submit()
    settle()
    assert page.connecting.currentWidget() is ask
    assert ask.problem.isVisible()
    assert TOKEN not in said_in(page.window())


def test_no_account_behind_the_token_is_said(page: AccountsPage, platform: FakePlatform) -> None:
    platform.candidates = ()
    page.begin()
    assert page.connecting.platforms is not None
    page.connecting.platforms.choices[FACEBOOK].click()
    assert page.connecting.ask is not None
    page.connecting.ask.token.setText(TOKEN)
    page.connecting.ask.submit()
    settle()
    assert "Aucun compte" in said_in(page.connecting)


def test_leaving_the_page_forgets_the_token(page: AccountsPage, window: MainWindow) -> None:
    page.begin()
    assert page.connecting.platforms is not None
    page.connecting.platforms.choices[FACEBOOK].click()
    assert page.connecting.ask is not None
    page.connecting.ask.token.setText(TOKEN)
    window.go("queue")
    settle()
    assert page.connecting.ask is None
    window.go("accounts")
    assert all(TOKEN not in each.text() for each in page.findChildren(QLineEdit))


def test_checking_finds_a_lost_access(page: AccountsPage, store: Store, platform: FakePlatform) -> None:
    connect(store)
    page.entered()
    settle()
    page.pane.press("check")
    settle()
    assert "Connecté" in said_in(page.pane)
    platform.problem = AccessLostError("platform.token")
    page.pane.press("check")
    settle()
    assert "À reconnecter" in said_in(page.pane)
    assert list(page.pane.buttons) == ["connect", "check", "disconnect"]


def test_disconnecting_says_what_follows_and_asks(
    page: AccountsPage, store: Store, platform: FakePlatform
) -> None:
    connect(store)
    page.entered()
    settle()
    page.pane.press("disconnect")
    settle()
    assert platform.revoked == 0
    assert "ce qui est décidé se fera à la main" in said_in(page.pane)
    page.pane.press("stay")
    assert "really" not in page.pane.buttons
    page.pane.press("disconnect")
    page.pane.press("really")
    settle()
    assert platform.revoked == 1
    assert "Non connecté" in said_in(page.pane)


def test_a_blocked_account_is_resumed_by_a_person(
    page: AccountsPage, store: Store, worker: FakeWorker
) -> None:
    connect(store, state=ConnectionState.BLOCKED, code="platform.blocked")
    page.entered()
    settle()
    page.pane.press("resume")
    settle()
    assert "Connecté" in said_in(page.pane)
    assert worker.woken == 1


def test_what_the_worker_tells_is_shown(page: AccountsPage, store: Store, worker: FakeWorker) -> None:
    account = connect(store)
    page.entered()
    settle()
    page.pane.buttons["check"].setFocus()
    worker.accounts[account] = AccountWork(
        at=store.clock.now(), busy=True, error=OfflineError("platform.unreachable")
    )
    worker.tell(ChangeSet(counts=True))
    settle()
    said = said_in(page.pane)
    assert "une autre est en cours" in said
    assert "Dernier problème" in said
    assert page.pane.buttons["check"].hasFocus()


def test_another_desk_that_collects_is_named(page: AccountsPage, store: Store) -> None:
    connect(store)
    row = replace(store.services.accounts.rows(store.admin)[0], held_by="Poste d’Inès")
    assert "Poste d’Inès" in state_words(row, store.clock.now()).text


def test_keys_walk_and_act(page: AccountsPage, store: Store, window: MainWindow, qtbot: QtBot) -> None:
    connect(store)
    connect(store, "Chaine", YOUTUBE, ConnectionState.EXPIRED)
    page.entered()
    with qtbot.waitActive(window):
        window.activateWindow()
    page.rows.list.setFocus()
    names = []
    for _ in range(2):
        assert page.pane.row is not None
        names.append(page.pane.row.account.name)
        QTest.keyClick(page.rows.list, Qt.Key.Key_J)
        settle()
    assert names == ["Ville", "Chaine"]
    QTest.keyClick(page.rows.list, Qt.Key.Key_C)
    settle()
    assert page.connecting.ask is not None
    assert page.connecting.ask.platform == YOUTUBE
    assert page.connecting.ask.client_id.hasFocus()


STEPS = ("accounts", "asking", "platforms", "browser", "paste", "candidates")


def _at(page: AccountsPage, store: Store, step: str) -> None:
    connect(store, ends=timedelta(days=3))
    connect(store, "Chaine de la Ville", YOUTUBE, ConnectionState.FORBIDDEN, code="platform.permission")
    page.entered()
    if step == "asking":
        page.pane.press("disconnect")
    elif step != "accounts":
        page.begin()
        assert page.connecting.platforms is not None
        if step != "platforms":
            page.connecting.platforms.choices[YOUTUBE if step == "browser" else FACEBOOK].click()
        if step == "candidates":
            assert page.connecting.ask is not None
            page.connecting.ask.token.setText(TOKEN)
            page.connecting.ask.submit()
    settle()


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_reached_named_and_legible(
    page: AccountsPage, store: Store, window: MainWindow, desk: Desk, step: str
) -> None:
    _at(page, store, step)
    window.activateWindow()
    assert not _nameless(window)
    assert not _unreachable(page)
    assert not _small(page)
    problems = {}
    for size, text in (((1280, 720), 100), ((1440, 900), 200), ((1024, 640), 200)):
        window.resize(*size)
        desk.change_settings(appearance=replace(PLAIN, text=text))
        settle()
        problems[f"{size} at {text} %"] = _cut(window) + _out_of_reach(window)
    assert not {where: found for where, found in problems.items() if found}


def test_every_note_and_word_of_a_platform_is_said_in_french() -> None:
    label = Catalogue.load().label
    notes = {
        ability.note
        for platform in (*KNOWN_PLATFORMS, OTHER)
        for ability in abilities_of(platform).values()
        if ability.note
    }
    by_plan = {"too_long", "window_closed", "not_connected", "message_used", "gone"}
    notes |= {f"by_hand.{each}" for each in by_plan}
    assert [note for note in sorted(notes) if label("ability", note) == note] == []


@pytest.mark.parametrize("platform", KNOWN_PLATFORMS)
def test_every_scope_that_is_asked_for_is_explained(store: Store, platform: Platform) -> None:
    label = Catalogue.load().label
    scopes = Directory(store.clock).sign_in(platform).scopes
    assert scopes
    assert [scope for scope in scopes if label("scope", scope) == scope] == []


def test_an_auditor_may_look(page: AccountsPage, store: Store, desk: Desk, window: MainWindow) -> None:
    connect(store)
    access = store.services.access
    access.switch(store.admin.staff.id)
    seated(desk, store, access.introduce("Dominique", Role.AUDITOR))
    window.go("accounts")
    settle()
    assert "Connecté" in said_in(page.pane)
    assert page.pane.buttons == {}
