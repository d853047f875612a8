"""The application from start to end: one desk after another, opened off the UI thread, none left open."""

from __future__ import annotations

import gc
import logging
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo, QLocale
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from console.cli import Launch
from console.domain.roles import Role
from console.errors import EnvironmentProblemError
from tests.conftest import ExpectedLogs
from ui import app as application
from ui.app import Session
from ui.opening import OpeningWindow
from ui.theme import Theme
from ui.watchdog import LIMIT, Watchdog


@pytest.fixture
def session(theme: Theme, tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    """A session on an empty home, as a person starts it (no picture)."""
    made = Session(qapp, Launch(tmp_path / "home", sample=False, import_file=None))
    yield made
    made.end()
    made.theme.deleteLater()
    made.deleteLater()


@pytest.fixture(autouse=True)
def _own_hooks(
    monkeypatch: pytest.MonkeyPatch, qapp: QApplication, expected_logs: ExpectedLogs
) -> Iterator[None]:
    expected_logs.expect("the UI thread was held")  # the machine of the tests may be busy
    monkeypatch.setattr("sys.excepthook", lambda *_: None)
    quits = qapp.quitOnLastWindowClosed()
    yield
    qapp.setQuitOnLastWindowClosed(quits)


def _opened(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: session.window is not None and session.tasks.pending == 0, timeout=15_000)


def test_the_first_start_welcomes(session: Session, qtbot: QtBot) -> None:
    session.open(sample=False)
    assert session.window is None  # opened on another thread
    _opened(qtbot, session)
    assert session.window is not None
    assert session.window.front == "welcome"


def test_the_second_start_goes_to_work_as_the_person_left_it(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    opened = application.open_desk(tmp_path / "home", sample=False, name="Zoé", role=Role.SUPERVISOR)
    opened.services.preferences.put({"ui.theme": "dark", "ui.text": 120})
    opened.services.close()
    session.open(sample=False)
    _opened(qtbot, session)
    assert session.window is not None
    assert session.window.front == "queue"
    assert session.window.status.who.text() == "Zoé · supervision"
    assert (session.theme.name, session.theme.appearance.text) == ("dark", 120)


def test_the_sample_is_opened_beside_the_real_desk_and_left_again(session: Session, qtbot: QtBot) -> None:
    session.open(sample=False)
    _opened(qtbot, session)
    first = session.window
    assert first is not None
    first.page("welcome").roles.buttons()[1].click()
    first.page("welcome").sample.click()
    qtbot.waitUntil(lambda: session.window is not None and session.window is not first, timeout=60_000)
    _opened(qtbot, session)
    window = session.window
    assert window is not None
    assert window.desk.services.sample
    assert window.desk.actor.staff.role is Role.SUPERVISOR
    assert window.desk.services.queue.counts(window.desk.actor).pending > 100
    assert window.state.sample.isVisible()
    assert window.state.sample.accessibleName() == "File d’exemple\u00a0: rien n’est réel."
    window.state.leave_sample.click()
    qtbot.waitUntil(lambda: session.window is not None and session.window is not window, timeout=15_000)
    assert session.window is not None
    assert session.window.front == "welcome"
    assert not session.window.desk.services.sample


def test_the_file_of_the_command_line_waits_for_somebody(
    theme: Theme, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text('{"id": "1", "channel": "comment", "platform": "facebook", "text": "Bonjour"}\n', "utf-8")
    session = Session(qapp, Launch(tmp_path / "home", sample=False, import_file=file))
    session.open(sample=False)
    _opened(qtbot, session)
    assert session.window is not None
    asked: list[object] = []
    session.window.desk.open_page.connect(lambda name, what: asked.append((name, what)))
    assert session.window.front == "welcome"
    page = session.window.page("welcome")
    page.name.setText("Zoé")
    page.import_file.click()
    qtbot.waitUntil(lambda: len(asked) == 2, timeout=15_000)
    assert ("import", file) in asked
    assert session.window.front == "import"
    _opened(qtbot, session)
    session.end()
    session.theme.deleteLater()


def test_a_file_that_cannot_be_read_is_explained_and_kept(
    session: Session, qtbot: QtBot, tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    expected_logs.expect("could not be opened")
    home = tmp_path / "home"
    home.mkdir()
    (home / "vigie.db").write_bytes(b"this is no database" * 100)
    session.open(sample=False)
    qtbot.waitUntil(lambda: session.opening.isVisible() and session.tasks.pending == 0, timeout=15_000)
    assert session.window is None
    assert session.opening.accessible_words()
    assert (home / "vigie.db").read_bytes().startswith(b"this is no database")


def test_closing_the_window_ends_everything(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    session.open(sample=False)
    _opened(qtbot, session)
    session.end()
    assert session.window is None
    assert not [each for each in threading.enumerate() if each.name.startswith("vigie")]
    with sqlite3.connect(tmp_path / "home" / "vigie.db") as again:
        assert again.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again.close()


def test_a_picture_of_the_window_is_written(theme: Theme, tmp_path: Path, qapp: QApplication) -> None:
    target = tmp_path / "vigie.png"
    session = Session(qapp, Launch(tmp_path / "home", sample=False, import_file=None, picture=target))
    assert session.paint(target) == 0
    picture = QImage(str(target))
    assert (picture.width(), picture.height()) == (1440, 900)
    assert len({picture.pixel(x, y) for x in range(0, 1440, 3) for y in range(0, 900, 30)}) > 20
    session.theme.deleteLater()


def test_a_picture_that_cannot_be_written_is_an_error(
    theme: Theme, tmp_path: Path, qapp: QApplication
) -> None:
    target = tmp_path / "no" / "such" / "folder" / "vigie.png"
    session = Session(qapp, Launch(tmp_path / "home", sample=False, import_file=None, picture=target))
    with pytest.raises(EnvironmentProblemError, match=r"picture\.write"):
        session.paint(target)
    session.theme.deleteLater()


def test_qt_itself_speaks_french(theme: Theme) -> None:
    assert QLocale().language() == QLocale.Language.French
    assert (Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / "qtbase_fr.qm").exists()
    box = QMessageBox(QMessageBox.Icon.NoIcon, "", "", QMessageBox.StandardButton.Cancel)
    assert box.buttons()[0].text() == "Annuler"
    box.deleteLater()


def test_a_slow_opening_says_so(theme: Theme, qtbot: QtBot) -> None:
    opening = OpeningWindow()
    qtbot.addWidget(opening)
    opening.show()
    assert opening.accessible_words() == ["Ouverture de la base de ce poste…"]


def test_a_held_ui_thread_is_noticed(
    theme: Theme, qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    now = [10.0]
    watchdog = Watchdog(qapp, lambda: now[0])
    with caplog.at_level(logging.WARNING):
        watchdog.awake()
        now[0] += LIMIT / 2
        watchdog.about_to_block()
        assert watchdog.blocks == 0
        watchdog.awake()
        now[0] += LIMIT * 3
        watchdog.about_to_block()
    assert watchdog.blocks == 1
    assert "300 ms" in caplog.text
    watchdog.deleteLater()


def test_cycles_are_collected_on_the_ui_thread_only(session: Session) -> None:
    assert not gc.isenabled()
    died_on: list[int] = []

    class Cycle:
        def __init__(self) -> None:
            self.own = self

        def __del__(self) -> None:
            died_on.append(threading.get_ident())

    def litter() -> None:
        for _ in range(5000):
            Cycle()

    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    assert died_on == []
    assert session.collector.look() > 0
    assert set(died_on) == {threading.get_ident()}
    session.end()
    assert gc.isenabled()
