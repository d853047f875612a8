"""Joining by a page: clear words, the focus on the right field, no password left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from console.bootstrap import wire
from console.clock import FixedClock
from console.errors import (
    ConfigurationError,
    ConflictError,
    EnvironmentProblemError,
    OfflineError,
    PermissionDeniedError,
    SecretLockedError,
    VigieError,
)
from console.services.sharing_ports import HubAddress, LineState
from console.store.database import open_store
from tests.desks import NOW
from tests.desks import Desk as Store
from tests.ui.conftest import PLAIN, seated, settle
from tests.ui.sharing.conftest import press, write
from tests.ui.sharing.fake_line import FakeLine
from ui.actions import Commands
from ui.commands import all_commands
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.notify import Notices, Toast
from ui.pages.connect.page import ConnectPage
from ui.settings import Settings
from ui.tasks import TaskRunner
from ui.theme import Theme


@pytest.fixture
def page(window: MainWindow, line: FakeLine, qtbot: QtBot) -> ConnectPage:
    """The page on a desk that works alone."""
    with qtbot.waitActive(window):
        window.activateWindow()
    return _page(window)


def _page(window: MainWindow) -> ConnectPage:
    window.go("connect")
    settle()
    found = window.page("connect")
    assert isinstance(found, ConnectPage)
    return found


def _fill(page: ConnectPage) -> None:
    write(page.form.host, "vigie.ville.example")
    write(page.form.login, "ines")
    write(page.form.password, "secret")


def test_it_says_what_joining_means_before_anything_is_sent(page: ConnectPage, line: FakeLine) -> None:
    said = " ".join(label.text() for label in page.form.findChildren(QWidget) if hasattr(label, "text"))
    assert "L’historique de ce poste rejoint la base partagée" in said
    assert "Vos droits viennent du serveur" in said
    assert page.form.host.hasFocus()
    assert line.joined == []


def test_joining_seats_the_person_the_server_knows(
    page: ConnectPage, window: MainWindow, desk: Desk, line: FakeLine, said: list[object]
) -> None:
    _fill(page)
    write(page.form.ca_file, "/etc/ville.pem")
    page.form.desk_name.setText("Accueil")
    press(page.form.password, Qt.Key.Key_Return)
    address = HubAddress("vigie.ville.example", "vigie", "ines", 5432, "/etc/ville.pem")
    assert line.joined == [(address, "secret", "Accueil")]
    assert desk.actor.staff == line.member
    assert window.front == "sharing"
    assert page.form.password.text() == ""
    assert isinstance(said[-1], Toast)
    assert page.form.password.echoMode() is QLineEdit.EchoMode.Password


def test_leaving_the_page_forgets_the_password(page: ConnectPage, window: MainWindow) -> None:
    _fill(page)
    window.go("queue")
    assert page.form.password.text() == ""


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (PermissionDeniedError("hub.wrong_password"), "password"),
        (PermissionDeniedError("hub.login_disabled"), "login"),
        (PermissionDeniedError("hub.not_a_member", login="ines"), "login"),
        (ConfigurationError("hub.no_database", host="h", database="vigie"), "database"),
        (ConfigurationError("hub.not_installed", database="vigie"), "database"),
        (ConfigurationError("hub.certificate", host="h"), "ca_file"),
        (OfflineError("hub.unreachable"), "host"),
        (ConflictError("hub.desk_taken", desk="d"), "desk_name"),
        (EnvironmentProblemError("hub.too_old", found=1, known=2), "join"),
        (EnvironmentProblemError("hub.too_new", found=2, known=1), "join"),
        (EnvironmentProblemError("hub.full"), "join"),
        (EnvironmentProblemError("hub.read_only"), "join"),
        (SecretLockedError("secret.locked"), "join"),
    ],
    ids=lambda value: value.code if isinstance(value, VigieError) else value,
)
def test_what_went_wrong_is_said_in_place_and_the_focus_is_where_it_is_mended(
    page: ConnectPage, line: FakeLine, error: VigieError, field: str
) -> None:
    _fill(page)
    line.refusing = error
    page.form.join.click()
    settle()
    said = page.desk.catalogue.say(error)
    assert page.form.problem.isVisible()
    assert page.form.problem.accessibleName().startswith(said.title)
    widget = getattr(page.form, field)
    assert widget.hasFocus()
    assert not page.form.problem.visibleRegion().isEmpty(), "it can be seen without scrolling"
    if field != "join":
        assert widget.property("problem") is True
        assert said.title in widget.accessibleDescription()
        QTest.keyClick(widget, Qt.Key.Key_X)
        assert not page.form.problem.isVisible(), "mended: no longer news"
        assert said.title not in widget.accessibleDescription()


def test_a_missing_field_is_found_before_anything_is_asked(page: ConnectPage, line: FakeLine) -> None:
    write(page.form.login, "ines")
    write(page.form.password, "secret")
    page.form.join.click()
    settle()
    assert page.form.host.hasFocus()
    _fill(page)
    page.form.password.clear()
    page.form.join.click()
    settle()
    assert page.form.password.hasFocus()
    assert line.joined == []


def test_another_password_and_leaving(page: ConnectPage, window: MainWindow, line: FakeLine) -> None:
    line.be(LineState.ONLINE, to_send=12)
    line.tell()
    settle()
    view = page.membership
    assert view.isVisible()
    assert view.hub.text() == "vigie.ville.example/vigie"
    page.open("password")
    assert view.password.hasFocus()
    write(view.password, "neuf")
    press(view.password, Qt.Key.Key_Return)
    assert line.passwords == ["neuf"]
    assert view.password.text() == ""
    view.leave.click()
    assert view.stay.hasFocus(), "the harmless answer has the focus"
    assert line.left == 0
    assert view._unsent.isVisible()
    view.really.click()
    settle()
    assert line.left == 1
    assert page.form.isVisible()


def test_a_moderator_cannot_leave_and_is_told_who_can(
    page: ConnectPage, desk: Desk, store: Store, line: FakeLine
) -> None:
    seated(desk, store, store.moderator)
    line.be(LineState.ONLINE)
    line.tell()
    settle()
    assert not page.membership.leave.isVisible()
    assert page.membership._no_right.isVisible()


@pytest.fixture
def threaded(store: Store, theme: Theme, tmp_path: Path) -> Iterator[tuple[MainWindow, FakeLine]]:
    """A window whose work is really done on other threads."""
    tasks = TaskRunner()
    notices, commands = Notices(tasks), Commands(all_commands(), tasks)
    tasks.failed.connect(notices.error)
    desk = Desk(store.services, tmp_path, theme, tasks, notices, commands, Settings(appearance=PLAIN), tasks)
    desk.seat(store.admin)
    made = MainWindow(desk)
    made.resize(1280, 720)
    made.show()
    found = store.services.sharing._line
    assert isinstance(found, FakeLine)
    found.gate = threading.Event()
    yield made, found
    found.gate.set()
    made.close()
    made.deleteLater()
    tasks.shutdown()
    settle()


def test_the_window_stays_free_while_the_server_is_asked(
    threaded: tuple[MainWindow, FakeLine], qtbot: QtBot
) -> None:
    window, line = threaded
    page = _page(window)
    page.form.host.setText("h")
    page.form.login.setText("ines")
    page.form.password.setText("secret")
    page.form.join.click()
    assert page.form.stop.isVisible()
    assert not page.form.host.isEnabled()
    page.form.stop.click()
    assert page.form.join.isVisible()
    assert page.form.host.isEnabled()
    assert line.gate is not None
    line.refusing = OfflineError("hub.unreachable")
    line.gate.set()
    qtbot.waitUntil(lambda: window.desk.tasks.pending == 0)
    assert not page.form.problem.isVisible(), "what nobody waited for failed for nobody"


def test_it_works_before_anybody_introduced_themselves(
    theme: Theme, tasks: TaskRunner, tmp_path: Path
) -> None:
    clock = FixedClock(NOW)
    db = open_store(tmp_path / "fresh" / "vigie.db", clock)
    line = FakeLine(clock)
    services = wire(db, clock, line=line)
    desk = Desk(
        replace(services), tmp_path, theme, tasks, Notices(tasks), Commands(all_commands(), tasks),
        Settings(appearance=PLAIN), tasks,
    )  # fmt: skip
    window = MainWindow(desk)
    window.resize(1280, 720)
    window.show()
    settle()
    welcome = window.page("welcome")
    welcome.connect_hub.click()
    settle()
    assert window.front == "connect"
    page = _page(window)
    _fill(page)
    page.form.join.click()
    settle()
    assert desk.actor.staff.name == "Inès"
    assert window.front == "sharing"
    window.close()
    window.deleteLater()
    settle()
    services.close()
