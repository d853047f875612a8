"""The first start: nobody is known, nothing is written before a way to begin is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from console.bootstrap import open_services
from console.clock import FixedClock
from console.domain.roles import Role
from console.services.services import Services
from tests.desks import NOW
from tests.ui.conftest import PLAIN, settle
from ui.actions import Commands
from ui.commands import all_commands
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.notify import Notices
from ui.settings import Settings
from ui.tasks import TaskRunner
from ui.theme import Theme


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Services]:
    """A desk that nobody ever used."""
    services = open_services(tmp_path / "fresh", clock=FixedClock(NOW), work=False)
    yield services
    services.close()


@pytest.fixture
def window(fresh: Services, theme: Theme, tasks: TaskRunner, tmp_path: Path) -> Iterator[MainWindow]:
    """Its window."""
    notices, commands = Notices(tasks), Commands(all_commands(), tasks)
    desk = Desk(fresh, tmp_path, theme, tasks, notices, commands, Settings(appearance=PLAIN), tasks)
    made = MainWindow(desk)
    made.resize(1280, 720)
    made.show()
    settle()
    yield made
    made.close()
    made.deleteLater()
    settle()


def _type(window: MainWindow, words: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(window.page("welcome").name, event)


def test_only_the_welcome_is_there(window: MainWindow) -> None:
    assert window.front == "welcome"
    for part in (window.rail, window.top, window.status):
        assert not part.isVisible()
    window.go("settings")
    assert window.front == "welcome"


def test_a_name_is_needed_before_importing(window: MainWindow, fresh: Services) -> None:
    page = window.page("welcome")
    page.import_file.click()
    assert page.problem.isVisible()
    assert page.name.accessibleDescription() == page.problem.text()
    assert fresh.access.current() is None
    _type(window, "Zoé")
    assert not page.problem.isVisible()


def test_the_person_is_introduced_and_goes_to_the_import(window: MainWindow, fresh: Services) -> None:
    page, asked = window.page("welcome"), []
    window.desk.open_page.disconnect(window.go)
    window.desk.open_page.connect(lambda name, argument: asked.append((name, argument)))
    _type(window, "Zoé L’Écuyer")
    page.roles.buttons()[1].click()
    page.import_file.click()
    assert asked == [("import", None)]
    current = fresh.access.current()
    assert current is not None
    assert (current.staff.name, current.staff.role) == ("Zoé L’Écuyer", Role.SUPERVISOR)
    assert window.rail.isVisible()


def test_the_sample_needs_no_name_and_leaves_the_real_desk_alone(window: MainWindow, fresh: Services) -> None:
    asked: list[tuple[bool, str, object]] = []
    window.desk.reopen.connect(lambda sample, name, role: asked.append((sample, name, role)))
    window.page("welcome").sample.click()
    assert asked == [(True, "Personne à l’essai", Role.MODERATOR)]
    assert fresh.access.staff() == ()


def test_the_page_of_the_shared_base_leads_back(window: MainWindow) -> None:
    window.page("welcome").connect_hub.click()
    assert window.front == "connect"
    window.page("connect").form.back.click()
    assert window.front == "welcome"


def test_the_role_that_is_chosen_shows_by_shape(window: MainWindow) -> None:
    page = window.page("welcome")
    chosen, other = page.roles.buttons()[:2]
    assert page.role is Role.MODERATOR
    assert chosen.grab().toImage() != other.grab().toImage()
    other.click()
    assert page.role is Role.SUPERVISOR
    assert page.name.focusPolicy() & Qt.FocusPolicy.TabFocus
