"""Nothing fails silently: lost accesses, those that end soon, and envoys in trouble are always said."""

from __future__ import annotations

from datetime import timedelta

from console.domain.decisions import Action
from console.domain.messages import INSTAGRAM, X
from console.services.platform_ports import ConnectionState
from console.services.rows import ChangeSet, OutgoingState
from tests.desks import GRACE
from tests.desks import Desk as Store
from tests.ui.accounts.conftest import connect
from tests.ui.accounts.fake_platform import FakeWorker
from tests.ui.conftest import settle
from ui.alarms import alarm_of
from ui.main_window import MainWindow
from ui.models.delivery import Group
from ui.pages.accounts.page import AccountsPage
from ui.pages.outbox.page import OutboxPage


def troubled(store: Store, state: OutgoingState = OutgoingState.REFUSED) -> None:
    """One item of which a person has to choose what becomes."""
    store.decide(store.receive("m1"), Action.HIDE)
    store.clock.advance(GRACE)
    store.services.outbox.end_grace()
    (item, _), *_ = store.outgoing()
    with store.db.write() as work:
        work.put_outgoing(item, state, store.clock.now(), code="100/1446036")


def test_all_is_well(window: MainWindow, store: Store) -> None:
    connect(store, ends=timedelta(days=30))
    window.state.refresh()
    assert window.state.alarm.alarm is None
    assert window.state.alarm.banner.isHidden()


def test_a_lost_access_is_said_and_leads_there(window: MainWindow, store: Store, worker: FakeWorker) -> None:
    account = connect(store, state=ConnectionState.EXPIRED, code="platform.token")
    worker.tell(ChangeSet(counts=True))
    settle()
    banner = window.state.alarm.banner
    assert banner.isVisible()
    assert banner.accessibleName().startswith("Le compte Ville (Facebook) est à reconnecter.")
    window.state.alarm.button.click()
    settle()
    assert window.front == "accounts"
    page = window.page("accounts")
    assert isinstance(page, AccountsPage)
    assert page.pane.row is not None
    assert page.pane.row.account.id == account


def test_several_lost_accounts_are_named_together(store: Store) -> None:
    connect(store, state=ConnectionState.BLOCKED)
    connect(store, "fictionville", INSTAGRAM, ConnectionState.FORBIDDEN)
    connect(store, "@fictionville", X, ends=timedelta(days=2))
    alarm = alarm_of(store.services.accounts.rows(store.admin), 0, store.clock.now())
    assert alarm is not None
    assert alarm.kind == "problem"
    assert "2 comptes" in alarm.title
    assert "fictionville (Instagram)" in alarm.title


def test_an_end_within_a_week_is_said_before(store: Store) -> None:
    connect(store, ends=timedelta(days=6))
    alarm = alarm_of(store.services.accounts.rows(store.admin), 0, store.clock.now())
    assert alarm is not None
    assert alarm.kind == "warning"
    assert alarm.title.replace("\u00a0", " ") == "L’accès du compte Ville (Facebook) expire dans 6 jours."


def test_trouble_is_counted_and_leads_to_its_group(window: MainWindow, store: Store) -> None:
    troubled(store)
    window.desk.announce(ChangeSet(outgoing=True))
    settle()
    assert window.status.waiting.text() == "1 envoi en attente, 1 à surveiller"
    assert window.rail._buttons["outbox"].accessibleName() == "Envois, 1 en attente"
    window.state.alarm.button.click()
    settle()
    page = window.page("outbox")
    assert isinstance(page, OutboxPage)
    assert page.group is Group.TROUBLE
    assert page.task.row is not None


def test_closed_by_the_person_it_comes_back_with_other_news(window: MainWindow, store: Store) -> None:
    troubled(store)
    window.state.refresh()
    banner = window.state.alarm.banner
    banner.hide()
    window.state.refresh()
    assert banner.isHidden()
    connect(store, state=ConnectionState.BLOCKED)
    window.state.refresh()
    assert banner.isVisible()
