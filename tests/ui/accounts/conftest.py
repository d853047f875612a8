"""A real desk whose platforms are in the test's hands, and accounts connected to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from console.domain.ids import AccountId
from console.domain.messages import FACEBOOK, Platform
from console.secrets.in_memory import MemorySecrets
from console.services.accounts import Accounts
from console.services.alone import AloneLine
from console.services.platform_ports import Candidate, ClientApp, ConnectionState, Tokens
from tests.desks import Desk as Store
from tests.desks import open_desk
from tests.ui.accounts.fake_platform import TOKEN, FakeDirectory, FakePlatform, FakeWorker
from tests.ui.conftest import settle
from ui.main_window import MainWindow
from ui.pages.accounts.page import AccountsPage


@pytest.fixture
def platform() -> FakePlatform:
    """What the platforms answer."""
    return FakePlatform()


@pytest.fixture
def worker() -> FakeWorker:
    """The worker that the test holds."""
    return FakeWorker()


@pytest.fixture
def store(tmp_path: Path, platform: FakePlatform, worker: FakeWorker) -> Iterator[Store]:
    """A real desk; only the platforms are not."""
    with open_desk(tmp_path / "desk") as opened:
        accounts = Accounts(opened.db, opened.clock, MemorySecrets(), FakeDirectory(platform), AloneLine())
        opened.services = replace(opened.services, accounts=accounts, worker=worker)
        yield opened
        accounts.close()


def connect(
    store: Store,
    name: str = "Ville",
    on: Platform = FACEBOOK,
    state: ConnectionState = ConnectionState.CONNECTED,
    ends: timedelta | None = None,
    code: str = "",
) -> AccountId:
    """An account that is connected, and what became of it since."""
    expires = None if ends is None else store.clock.now() + ends
    candidate = Candidate(f"id-{on}-{name}", name, Tokens(TOKEN, expires_at=expires))
    store.services.accounts.connect(store.admin, on, ClientApp(""), candidate)
    stored = next(each for each in store.db.reads.connections() if each.connection.name == name)
    with store.db.write() as work:
        work.put_connection(replace(stored.connection, state=state, code=code))
    return stored.connection.account


@pytest.fixture
def page(window: MainWindow) -> AccountsPage:
    """The page in front."""
    window.go("accounts")
    found = window.page("accounts")
    assert isinstance(found, AccountsPage)
    QAbstractItemModelTester(found.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found)
    settle()
    return found
