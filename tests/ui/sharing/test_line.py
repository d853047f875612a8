"""The line on the screen: words beside the dot, from any thread, nothing after closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QThread
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from console.domain.decisions import Action
from console.domain.ids import MessageId
from console.domain.roles import Role
from console.errors import PermissionDeniedError
from console.services.rows import ChangeSet
from console.services.sharing_ports import LineState
from tests.desks import NOW
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from tests.ui.sharing.conftest import contest
from tests.ui.sharing.fake_line import FakeLine
from ui.desk import Desk
from ui.hearing import merged
from ui.main_window import MainWindow
from ui.widgets.rail import RailButton

BEFORE = NOW - timedelta(minutes=4)


def _say(line: FakeLine, state: LineState, **more: object) -> None:
    line.be(state, **more)
    line.tell()
    settle()


@pytest.mark.parametrize(
    ("state", "more", "word", "detail"),
    [
        (LineState.ALONE, {}, "Poste local", "Rien à synchroniser"),
        (LineState.CONNECTING, {}, "Connexion…", ""),
        (LineState.ONLINE, {"last_met": BEFORE}, "En ligne", "Dernière rencontre à 9 h 56"),
        (
            LineState.SYNCING,
            {"to_send": 120, "to_receive": 3400},
            "Synchronisation…",
            "120 à envoyer, 3 400 à recevoir",
        ),
        (LineState.SYNCING, {"loading": (312_000, 1_000_000)}, "Chargement…", "312 000 sur 1 000 000"),
        (
            LineState.OFFLINE,
            {"since": BEFORE, "to_send": 2, "last_met": BEFORE},
            "Hors ligne depuis 9 h 56",
            "2 à envoyer · Dernière rencontre à 9 h 56",
        ),
        (
            LineState.OFFLINE,
            {"since": NOW - timedelta(days=2)},
            "Hors ligne depuis le 18 nov.",
            "",
        ),
        (
            LineState.STOPPED,
            {"error": PermissionDeniedError("hub.wrong_password")},
            "Arrêté : mot de passe refusé",
            "",
        ),
    ],
    ids=lambda value: value.value if isinstance(value, LineState) else "",
)
def test_the_status_line_says_the_state_in_words(
    window: MainWindow, line: FakeLine, state: LineState, more: dict[str, object], word: str, detail: str
) -> None:
    _say(line, state, **more)
    shown = [each.replace("\u00a0", " ") for each in (window.status.line.text(), window.status.sync.text())]
    assert shown == [word, detail]
    assert window.status.line.accessibleName() == window.status.line.text()


def test_it_leads_to_the_page(window: MainWindow, line: FakeLine) -> None:
    window.status.line.click()
    assert window.front == "sharing"


def test_what_comes_in_is_announced_on_the_screens_thread(desk: Desk, line: FakeLine, qtbot: QtBot) -> None:
    seen: list[tuple[object, bool]] = []
    desk.changed.connect(lambda changes: seen.append((changes, QThread.currentThread() is desk.thread())))
    changes = ChangeSet(messages=frozenset({MessageId("m1")}), counts=True)
    line.tell(changes)
    settle()
    assert seen == [(changes, True)]


def test_many_rounds_of_news_are_few_for_the_screen(desk: Desk, line: FakeLine, qtbot: QtBot) -> None:
    heard: list[ChangeSet] = []
    desk.changed.connect(heard.append)
    messages = [MessageId(f"m{number}") for number in range(40)]
    for message in messages:
        line.tell(ChangeSet(messages=frozenset({message})))
        settle()
    qtbot.waitUntil(lambda: {each for changes in heard for each in changes.messages} == set(messages))
    assert len(heard) < 20


def test_a_change_of_the_line_alone_refreshes_no_page(desk: Desk, line: FakeLine) -> None:
    heard: list[ChangeSet] = []
    desk.changed.connect(heard.append)
    spy = QSignalSpy(desk.sharing.line_changed)
    line.tell()
    settle()
    assert heard == []
    assert spy.count() == 1


def test_nothing_is_heard_once_the_window_is_closed(window: MainWindow, desk: Desk, line: FakeLine) -> None:
    heard: list[ChangeSet] = []
    desk.changed.connect(heard.append)
    window.close()
    line.tell(ChangeSet(counts=True))
    settle()
    assert heard == []
    assert line.claimed[-1] is None, "the case is let go of"


def test_merging_loses_nothing() -> None:
    one = ChangeSet(messages=frozenset({MessageId("a")}), outgoing=True)
    other = ChangeSet(messages=frozenset({MessageId("b")}), counts=True)
    both = merged([one, other])
    assert both == ChangeSet(messages=frozenset({MessageId("a"), MessageId("b")}), counts=True, outgoing=True)


def test_conflicts_are_counted_at_the_foot_and_on_the_rail(
    window: MainWindow, desk: Desk, store: Store, line: FakeLine
) -> None:
    seated(desk, store, store.supervisor)
    message = store.receive("m1")
    store.decide(message, Action.HIDE)
    contest(store, message)
    _say(line, LineState.ONLINE)
    desk.announce(ChangeSet(messages=frozenset({message}), counts=True))
    settle()
    assert window.status.sync.text() == "1 conflit à voir"
    names = {each.spec.id: each.accessibleName() for each in window.rail.findChildren(RailButton)}
    assert names["supervision"] == "Supervision, 1 en attente"


@pytest.mark.parametrize("text", [100, 200])
def test_the_longest_state_fits_the_smallest_window(window: MainWindow, line: FakeLine, text: int) -> None:
    desk = window.desk
    appearance = desk.settings.appearance
    desk.change_settings(appearance=replace(appearance, text=text))
    window.resize(1024, 640)
    _say(line, LineState.STOPPED, error=PermissionDeniedError("hub.read_only"), to_send=1200, last_met=BEFORE)
    status = window.status
    assert status.line.isVisible()
    assert status.line.width() >= status.line.sizeHint().width() - 1
    assert status.keys.geometry().right() <= status.width()


def test_rights_that_changed_on_the_server_hold_here(
    window: MainWindow, desk: Desk, store: Store, line: FakeLine
) -> None:
    seated(desk, store, store.moderator)
    staff = replace(store.moderator.staff, role=Role.SUPERVISOR)
    with store.db.write() as work:
        work.put_staff(staff)
    line.tell(ChangeSet(counts=True))
    settle()
    assert desk.actor.staff == staff
    assert window.status.who.text() == "Camille · supervision"
