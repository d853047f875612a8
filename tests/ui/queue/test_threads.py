"""The real task runner: nothing is read or written on the UI thread, late answers show nothing wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.bootstrap import wire
from console.domain.ids import MessageId
from console.services.rows import QueueFilter
from tests.desks import Desk as Store
from tests.ui.conftest import PLAIN, seated, settle
from tests.ui.queue.conftest import CONTROL, Hands
from ui.actions import Commands
from ui.commands import all_commands
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.notify import Notices
from ui.pages.queue.page import QueuePage
from ui.settings import Settings
from ui.tasks import TaskRunner
from ui.theme import Theme

Fill = Callable[[int], list[MessageId]]


class _Watched:
    """Passes everything on, and notes what was asked on the main thread."""

    def __init__(self, inner: Any, offences: list[str], gate: threading.Event) -> None:
        self._inner, self._offences, self._gate = inner, offences, gate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def asked(*arguments: Any, **named: Any) -> Any:
            if threading.current_thread() is threading.main_thread():
                self._offences.append(name)
            elif name == "case_detail":
                assert self._gate.wait(20)
            return found(*arguments, **named)

        return asked


class _Database:
    """A desk's file whose reads and writes are watched."""

    def __init__(self, db: Any, offences: list[str], gate: threading.Event) -> None:
        self._db, self._offences = db, offences
        self.reads = _Watched(db.reads, offences, gate)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def write(self) -> Any:
        if threading.current_thread() is threading.main_thread():
            self._offences.append("write")
        return self._db.write()


@pytest.fixture
def offences() -> list[str]:
    """What was asked of the store on the UI thread."""
    return []


@pytest.fixture
def gate() -> threading.Event:
    """Closed, it holds back the answer about a case."""
    made = threading.Event()
    made.set()
    return made


@pytest.fixture
def live(
    store: Store, theme: Theme, qtbot: QtBot, offences: list[str], gate: threading.Event, tmp_path: Path
) -> Iterator[MainWindow]:
    """A window with the real task runner over a watched store."""
    runner = TaskRunner()
    notices = Notices(runner)
    runner.failed.connect(notices.error)
    services = wire(_Database(store.db, offences, gate), store.clock)
    commands = Commands(all_commands(), runner)
    desk = Desk(services, tmp_path, theme, runner, notices, commands, Settings(appearance=PLAIN), runner)
    seated(desk, store, store.moderator)
    window = MainWindow(desk)
    window.resize(1440, 900)
    window.show()
    yield window
    gate.set()
    window.close()
    window.deleteLater()
    settle()
    runner.shutdown()


def _page(window: MainWindow) -> QueuePage:
    made = window.page("queue")
    assert isinstance(made, QueuePage)
    return made


def test_nothing_of_the_store_is_asked_on_the_ui_thread(
    live: MainWindow, store: Store, fill: Fill, qtbot: QtBot, offences: list[str]
) -> None:
    ids = fill(12)
    page, tasks = _page(live), live.desk.tasks
    hands = Hands(live)
    with qtbot.waitActive(live):
        live.activateWindow()

    def quiet() -> None:
        qtbot.waitUntil(lambda: tasks.pending == 0, timeout=20_000)
        settle()

    quiet()
    offences.clear()
    page.entered()
    quiet()
    assert page.model.ids() == tuple(ids)
    for keys in ((Qt.Key.Key_C,), (Qt.Key.Key_N,), (Qt.Key.Key_M, Qt.Key.Key_A), (Qt.Key.Key_Z,)):
        hands.press(*keys)
        quiet()
        if page.verdict.form is not None:
            hands.press(Qt.Key.Key_Return, modifier=CONTROL)
            quiet()
    hands.press(Qt.Key.Key_F)
    quiet()
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_L)
    quiet()
    hands.press(Qt.Key.Key_Escape)
    page.filtering.apply(QueueFilter(text="pourris 3"))
    page.loader.poll()
    quiet()
    page.message.grab()
    page.list.cards.grab()
    assert offences == []
    assert store.services.queue.matches(QueueFilter()) == 10


def test_keys_do_nothing_until_the_message_is_really_on_screen(
    live: MainWindow, store: Store, fill: Fill, qtbot: QtBot, gate: threading.Event
) -> None:
    first, second, *_ = fill(3)
    page, tasks = _page(live), live.desk.tasks
    with qtbot.waitActive(live):
        live.activateWindow()
    page.entered()
    qtbot.waitUntil(lambda: page.verdict.case is not None and page.verdict.case.id == first, timeout=20_000)
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=20_000)
    page.reader._kept.clear()
    gate.clear()
    hands = Hands(live)
    hands.press(Qt.Key.Key_J)
    assert page.list.cards.current_message() == second
    hands.press(Qt.Key.Key_C)
    assert page.verdict.case is not None
    assert page.verdict.case.id == first, "the second message is still on its way"
    gate.set()
    qtbot.waitUntil(lambda: page.verdict.case is not None and page.verdict.case.id == second, timeout=20_000)
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=20_000)
    assert store.services.queue.matches(QueueFilter()) == 3, "nobody decided what they could not read"


def test_the_newest_wish_wins_over_late_answers(
    live: MainWindow, store: Store, fill: Fill, qtbot: QtBot, gate: threading.Event
) -> None:
    ids = fill(6)
    page, tasks = _page(live), live.desk.tasks
    page.entered()
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=20_000)
    gate.clear()
    for place in (4, 2, 5):
        page.list.cards.pick(ids[place])
    gate.set()
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=20_000)
    settle()
    assert page.verdict.case is not None
    assert page.verdict.case.id == ids[5]
    assert QApplication.focusWidget() is None or page.isVisible()
