"""One theme for all screen tests, a window on a real desk, and nothing left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from console.domain.roles import Actor
from tests.desks import Desk as Store
from tests.desks import open_desk
from ui.actions import Commands
from ui.app import qt_application
from ui.commands import all_commands
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.notify import Notices
from ui.settings import Settings
from ui.tasks import TaskRunner
from ui.theme import Appearance, Theme

PLAIN = Appearance(reduced_motion=True, bundled_font=True)


def settle() -> None:
    """Deliver what is queued and delete what was to be deleted."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, 0)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()


@pytest.fixture(scope="session")
def _one_theme(qapp: QApplication) -> Theme:
    qt_application()
    return Theme(qapp, PLAIN)


@pytest.fixture
def theme(_one_theme: Theme) -> Iterator[Theme]:
    """The application's theme, light, 100 %, the bundled font, no motion."""
    Theme._current = _one_theme
    yield _one_theme
    # Styling all anew costs as much as a small test. A test of the whole application leaves a theme of its
    # own behind, which is about to be destroyed: nothing may be styled by it any longer.
    if Theme._current is not _one_theme or _one_theme.appearance != PLAIN:
        Theme._current = _one_theme
        _one_theme.apply(PLAIN)


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    if "qapp" in request.fixturenames:
        settle()
    left = [
        each.name for each in threading.enumerate() if each not in before and each.name.startswith("vigie")
    ]
    assert not left, f"threads left behind: {left}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real desk: SQLite, all services, a clock that stands still."""
    with open_desk(tmp_path / "desk") as opened:
        yield opened


@pytest.fixture
def tasks(theme: Theme) -> Iterator[TaskRunner]:
    """Runs everything at once, in place."""
    runner = TaskRunner(synchronous=True)
    yield runner
    runner.shutdown()


@pytest.fixture
def said() -> list[object]:
    """Every notice and toast of the test's desk, in order."""
    return []


@pytest.fixture
def desk(store: Store, theme: Theme, tasks: TaskRunner, said: list[object], tmp_path: Path) -> Desk:
    """A desk that the administrator sits at."""
    notices = Notices(tasks)
    tasks.failed.connect(notices.error)
    notices.noticed.connect(said.append)
    notices.toasted.connect(said.append)
    commands = Commands(all_commands(), tasks)
    settings = Settings(appearance=PLAIN)
    made = Desk(store.services, tmp_path / "desk", theme, tasks, notices, commands, settings, tasks)
    return seated(made, store, store.admin)


def seated(desk: Desk, store: Store, actor: Actor) -> Desk:
    """Somebody else takes the desk, in the store and on the screen."""
    desk.seat(store.services.access.switch(actor.staff.id))
    return desk


@pytest.fixture
def window(desk: Desk, qapp: QApplication) -> Iterator[MainWindow]:
    """The window, shown at 1440×900."""
    made = MainWindow(desk)
    made.resize(1440, 900)
    made.show()
    settle()
    yield made
    made.close()
    made.deleteLater()
    settle()
