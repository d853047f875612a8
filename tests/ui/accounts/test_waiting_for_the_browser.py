"""While the browser is answered, on a thread of its own: the way out, and what comes too late."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from console.domain.messages import YOUTUBE
from console.errors import CancelledError
from tests.ui.accounts.fake_platform import FakePlatform
from ui.main_window import MainWindow
from ui.pages.accounts import connecting
from ui.pages.accounts.page import AccountsPage
from ui.tasks import TaskRunner
from ui.theme import Theme


@pytest.fixture
def tasks(theme: Theme) -> Iterator[TaskRunner]:
    """The real runner, with its threads."""
    runner = TaskRunner()
    yield runner
    runner.shutdown()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that the browser was given."""
    urls: list[str] = []
    monkeypatch.setattr(connecting.QDesktopServices, "openUrl", lambda url: urls.append(url.toString()))
    return urls


def _begin(page: AccountsPage, qtbot: QtBot) -> None:
    page.begin()
    qtbot.waitUntil(lambda: page.connecting.platforms is not None)
    assert page.connecting.platforms is not None
    page.connecting.platforms.choices[YOUTUBE].click()
    qtbot.waitUntil(lambda: page.connecting.ask is not None)
    assert page.connecting.ask is not None
    page.connecting.ask.client_id.setText("numéro")
    page.connecting.ask.submit()


def test_cancelling_stops_the_wait_and_goes_back(
    window: MainWindow, platform: FakePlatform, opened: list[str], qtbot: QtBot
) -> None:
    stopped = threading.Event()

    def hold(stop: Callable[[], bool]) -> None:
        pause = threading.Event()
        while not stop():
            pause.wait(0.005)
        stopped.set()
        raise CancelledError("signin.cancelled")

    platform.hold = hold
    window.go("accounts")
    page = window.page("accounts")
    assert isinstance(page, AccountsPage)
    _begin(page, qtbot)
    qtbot.waitUntil(lambda: opened == [platform.url])
    assert page.connecting.currentWidget() is page.connecting.waiting
    assert page.connecting.waiting.copy.isVisible()
    page.connecting.waiting.stop.click()
    assert page.connecting.currentWidget() is page.connecting.ask
    qtbot.waitUntil(stopped.is_set)
    qtbot.waitUntil(lambda: page.desk.tasks.pending == 0)
    assert page.connecting.candidates is None
    assert page.connecting.ask is not None
    assert not page.connecting.ask.problem.isVisible()


def test_an_answer_leads_to_the_accounts(
    window: MainWindow, platform: FakePlatform, opened: list[str], qtbot: QtBot
) -> None:
    window.go("accounts")
    page = window.page("accounts")
    assert isinstance(page, AccountsPage)
    _begin(page, qtbot)
    qtbot.waitUntil(lambda: page.connecting.candidates is not None)
    assert [app.client_id for app in platform.asked] == ["numéro"]
    assert page.connecting.candidates is not None
    assert len(page.connecting.candidates.choices) == 2
    qtbot.waitUntil(lambda: page.desk.tasks.pending == 0)
