"""The window: pages by role and made late, breakpoints, banners, status line, toast, undo."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.domain.decisions import Action
from console.domain.roles import Permission
from tests.desks import GRACE, NOW
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.notify import Notice, Toast, Tone
from ui.pages.registry import pages
from ui.widgets.rail import RailButton


def _words(window: MainWindow) -> list[str]:
    return [each.spec.id for each in window.rail.findChildren(RailButton) if each.isVisibleTo(window)]


def test_every_page_of_the_registry_can_be_made(window: MainWindow) -> None:
    for spec in pages():
        page = window.page(spec.id)
        assert page.title, spec.id


def test_pages_are_made_when_first_opened(window: MainWindow) -> None:
    assert window.stack.count() == 1
    window.go("settings")
    window.go("queue")
    window.go("settings")
    assert window.stack.count() == 2
    assert window.windowTitle() == "Réglages – Vigie"


def test_a_page_that_the_role_may_not_see_is_absent(window: MainWindow, desk: Desk, store: Store) -> None:
    for actor in (store.admin, store.supervisor, store.moderator):
        seated(desk, store, actor)
        settle()
        expected = [spec.id for spec in pages() if spec.word and (spec.needs is None or desk.may(spec.needs))]
        assert _words(window) == expected
        assert window.top.emergency.isVisible() == desk.may(Permission.EMERGENCY)


def test_the_rail_keeps_its_words_above_1280_and_its_icons_below(window: MainWindow) -> None:
    wide = window.rail.width()
    window.resize(1280, 720)
    settle()
    assert window.rail.width() < wide
    button = window.rail.findChildren(RailButton)[0]
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    assert button.toolTip()
    assert button.accessibleName()
    window.resize(1281, 720)
    settle()
    assert window.rail.width() == wide


def test_nothing_sticks_out_of_a_small_window(window: MainWindow) -> None:
    window.resize(1024, 640)
    settle()
    assert window.size().toTuple() == (1024, 640)
    assert window.centralWidget().minimumSizeHint().width() <= 1024


def test_the_search_key_goes_to_the_search_and_escape_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    window.go("netiquette")
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Slash)
    assert window.top.search.hasFocus()
    qtbot.keyClicks(window.top.search, "/menace")
    assert window.top.search.text() == "/menace"
    qtbot.keyClick(window.top.search, Qt.Key.Key_Escape)
    assert window.top.search.text() == ""
    qtbot.keyClick(window.top.search, Qt.Key.Key_Escape)
    assert not window.top.search.hasFocus()


def test_each_page_keeps_its_own_search(window: MainWindow, qtbot: QtBot) -> None:
    window.go("netiquette")
    with qtbot.waitSignal(window.top.searched):
        window.top.search.setText("menace")
        qtbot.keyClick(window.top.search, Qt.Key.Key_Return)
    window.go("queue")
    assert window.top.search.text() == ""
    window.go("netiquette")
    assert window.top.search.text() == "menace"


def test_the_status_line_says_where_the_data_is_and_what_waits(
    window: MainWindow, desk: Desk, store: Store
) -> None:
    status = window.status
    assert status.line.text() == "Poste local"
    assert status.sync.text() == "Rien à synchroniser"
    assert status.waiting.text() == "Aucun envoi en attente"
    assert status.who.text() == "Odile · administration"
    changes = store.decide(store.receive("m1"), Action.HIDE, Action.WARN, by=store.admin)
    desk.announce(changes)
    assert status.waiting.text() == "2 envois en attente"
    assert status.done.text() == "1 message traité ce matin"
    store.decide(store.receive("m2"), Action.KEEP, by=store.moderator)
    window.state.refresh()
    assert status.done.text() == "1 message traité ce matin"
    store.clock.advance(timedelta(hours=4))
    window.state.refresh()
    assert status.done.text() == "1 message traité aujourd’hui"


def test_supervision_counts_what_waits_for_it(window: MainWindow, desk: Desk, store: Store) -> None:
    message = store.receive("m1")
    store.services.escalations.submit(
        store.moderator, message, 1, "Je ne sais pas.", "Est-ce une menace?", frozenset()
    )
    window.state.refresh()
    counts = store.services.queue.counts(store.admin)
    assert counts.submitted == 1
    for button in window.rail.findChildren(RailButton):
        if button.spec.id == "supervision":
            assert button.accessibleName() == "Supervision, 1 en attente"


def test_a_toast_counts_down_and_takes_back(window: MainWindow, desk: Desk, store: Store) -> None:
    taken_back: list[bool] = []
    desk.notices.toast("Message masqué.", NOW + timedelta(seconds=24), lambda: taken_back.append(True))
    assert window.toast.undoable
    texts = window.toast.accessible_words()
    assert texts == ["Message masqué.", "Envoi dans 24\u00a0s"]
    store.clock.advance(timedelta(seconds=4))
    window.toast.tick()
    assert window.toast.accessible_words()[1] == "Envoi dans 20\u00a0s"
    window.toast.undo.click()
    assert taken_back == [True]
    assert not window.toast.isVisible()
    desk.notices.toast("Message masqué.", store.clock.now() + timedelta(seconds=1))
    store.clock.advance(timedelta(seconds=2))
    window.toast.tick()
    assert not window.toast.isVisible()


def test_z_takes_back_the_latest_decision_then_the_one_before(
    window: MainWindow, desk: Desk, store: Store, qtbot: QtBot, said: list[object]
) -> None:
    first, second = store.receive("m1"), store.receive("m2")
    for message in (first, second):
        desk.announce(store.decide(message, Action.HIDE, by=store.admin))
    with qtbot.waitActive(window):
        window.activateWindow()
    window.rail.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert [store.detail(each).decision is None for each in (first, second)] == [False, True]
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert [store.detail(each).decision is None for each in (first, second)] == [True, True]
    qtbot.keyClick(window, Qt.Key.Key_Z)
    assert isinstance(said[-1], Notice)
    assert said[-1].code == "undo.nothing"


def test_after_the_grace_things_wait_to_be_done_by_hand(window: MainWindow, desk: Desk, store: Store) -> None:
    heard = []
    desk.changed.connect(heard.append)
    store.decide(store.receive("m1"), Action.HIDE, by=store.admin)
    window.state.end_grace()
    assert heard == []
    store.clock.advance(GRACE)
    window.state.end_grace()
    assert [changes.outgoing for changes in heard] == [True]


def test_an_error_is_said_in_the_page_and_can_be_closed(window: MainWindow, desk: Desk) -> None:
    assert not window.notice.isVisible()
    desk.notices.info("L’export est terminé.", "Le fichier est prêt.", Tone.DONE)
    assert window.notice.isVisible()
    assert window.notice.accessibleName() == "L’export est terminé. Le fichier est prêt."
    assert QApplication.activeModalWidget() is None
    window.go("settings")
    assert not window.notice.isVisible()
    desk.notices.info("La base est pleine.", tone=Tone.PROBLEM)
    desk.notices.toast("Coordonnées enregistrées.")
    assert window.notice.isVisible()
    desk.notices.clear()
    assert not window.notice.isVisible()


def test_the_key_sheet_opens_over_the_page_and_gives_the_focus_back(window: MainWindow, qtbot: QtBot) -> None:
    window.go("settings")
    with qtbot.waitActive(window):
        window.activateWindow()
    before = QApplication.focusWidget()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.panel.isVisible()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not window.panel.isVisible()
    assert QApplication.focusWidget() is before


def test_names_are_masked_by_number(desk: Desk, window: MainWindow, said: list[object]) -> None:
    assert desk.person("Gens du secteur Sud", 912) == "Gens du secteur Sud"
    desk.change_settings(mask_names=True)
    assert desk.person("Gens du secteur Sud", 912) == "Personne 0912"
    assert desk.services.preferences.get("ui.mask_names") is True


def test_the_place_of_the_window_is_kept(window: MainWindow, desk: Desk) -> None:
    window.close()
    kept = base64.b64decode(desk.services.preferences.get("ui.geometry"))
    assert window.restoreGeometry(QByteArray(kept))
    desk.change_settings(geometry="bm90IGEgcGxhY2U=")
    other = MainWindow(desk)
    assert other.width() >= other.minimumWidth()
    other.deleteLater()


@pytest.mark.parametrize("step", ["text.bigger", "text.smaller", "text.normal"])
def test_the_text_grows_by_its_keys(window: MainWindow, desk: Desk, qtbot: QtBot, step: str) -> None:
    actions = {each.text(): each for each in window.actions()}
    actions[desk.commands.command("text.bigger").label].trigger()
    assert desk.settings.appearance.text == 110
    actions[desk.commands.command(step).label].trigger()
    expected = {"text.bigger": 120, "text.smaller": 100, "text.normal": 100}[step]
    assert desk.theme.appearance.text == expected


def test_a_toast_without_a_way_back_has_no_button(window: MainWindow, desk: Desk) -> None:
    desk.notices.toast("Coordonnées enregistrées.")
    assert isinstance(Toast("x"), Toast)
    assert window.toast.isVisible()
    assert not window.toast.undo.isVisible()


def test_the_status_line_gives_way_in_order_and_cuts_nothing(
    window: MainWindow, desk: Desk, store: Store
) -> None:
    desk.announce(store.decide(store.receive("m1"), Action.HIDE, by=store.admin))
    status = window.status
    shown = []
    for text in (100, 150, 200):
        desk.change_settings(appearance=replace(desk.settings.appearance, text=text))
        for width in (1440, 1200, 1024):
            window.resize(width, 700)
            settle()
            visible = [each for each in status.findChildren(QWidget) if each.isVisible()]
            assert all(each.width() >= each.sizeHint().width() for each in visible)
            assert not [each for each in visible if each.isHidden()]
            shown.append((status.sync.isVisible(), status.done.isVisible(), bool(status.who.text())))
    assert shown[0] == (True, True, True)
    assert shown[-1][:2] == (False, False)
    assert status.who.accessibleName() == "Odile · administration" or status.who.text()
