"""The thread that collects and sends: no account stops another, and it ends soon."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from console.bootstrap import wire
from console.clock import FixedClock
from console.domain.ids import AccountId, account_id
from console.domain.messages import FACEBOOK, IncomingMessage
from console.domain.roles import Role
from console.errors import AccessLostError, OfflineError, RateLimitedError
from console.platforms.worker import AWAY, RENEW, Worker
from console.secrets.in_memory import MemorySecrets
from console.services.alone import AloneLine
from console.services.rows import ChangeSet, QueueFilter, Sort
from console.services.services import Services
from console.store.database import StoreDatabase, open_store
from tests.builders import NOW, message
from tests.unit.services.fake_platform import APP, FakeConnector, FakeDirectory, World, candidate

PATIENCE = 30.0


class ManyWorlds(FakeDirectory):
    """A world for each page."""

    def __init__(self) -> None:
        super().__init__()
        self.worlds: dict[str, World] = {}

    def connect(self, connection, tokens):
        """See `PlatformDirectory`."""
        world = self.worlds.setdefault(connection.external_id, World())
        return FakeConnector(world, connection, tokens)


class Turns(AloneLine):
    """A hub that lends accounts as a test says."""

    def __init__(self) -> None:
        self.mine: set[AccountId] = set()
        self.away = False
        self.asked: list[AccountId] = []

    def lease_account(self, account: AccountId) -> bool:
        """As told."""
        self.asked.append(account)
        if self.away:
            raise OfflineError("hub.unreachable")
        return account in self.mine


@dataclass
class Bench:
    """A worker over real services and made-up platforms."""

    db: StoreDatabase
    clock: FixedClock
    services: Services
    directory: ManyWorlds
    line: Turns
    changes: list[ChangeSet] = field(default_factory=list)
    moved: threading.Condition = field(default_factory=threading.Condition)

    @property
    def worker(self) -> Worker:
        """The real one."""
        assert isinstance(self.services.worker, Worker)
        return self.services.worker

    def connect(self, page: str) -> World:
        """A connected page; its account is named like it, and this desk's to collect."""
        me = self.services.access.current()
        assert me is not None
        self.services.accounts.connect(me, FACEBOOK, APP, candidate(page, page))
        self.line.mine.add(account_id(FACEBOOK, page))
        return self.directory.worlds.setdefault(page, World())

    def heard(self, changes: ChangeSet) -> None:
        """From the worker."""
        with self.moved:
            self.changes.append(changes)
            self.moved.notify_all()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what the worker brings about."""
        with self.moved:
            assert self.moved.wait_for(holds, PATIENCE)

    def texts(self) -> set[str]:
        """Everything that came in."""
        return {row.excerpt for row in self.services.queue.page(QueueFilter(), Sort.OLDEST, None, 100).rows}


@contextmanager
def a_bench(folder: Path) -> Iterator[Bench]:
    """Everything, with a supervisor at the desk."""
    clock, directory, line = FixedClock(NOW), ManyWorlds(), Turns()
    db = open_store(folder / "vigie.db", clock)
    services = wire(db, clock, secrets=MemorySecrets(), directory=directory, line=line)
    bench = Bench(db, clock, services, directory, line)
    services.worker.listen(bench.heard)
    services.access.introduce("Sacha", Role.SUPERVISOR)
    try:
        yield bench
    finally:
        services.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Nothing connected yet."""
    with a_bench(tmp_path) as opened:
        yield opened


def said(text: str) -> IncomingMessage:
    """A comment."""
    return message(text, account="?", posted_at=NOW - timedelta(hours=1))


def test_it_collects_at_once_and_again_after_a_call_to_wake(bench: Bench) -> None:
    world = bench.connect("a")
    world.say(said("Bonjour"))
    bench.worker.start()
    bench.worker.start()
    bench.until(lambda: any(each.messages for each in bench.changes))
    world.say(said("Rebonjour"))
    bench.worker.wake()
    bench.until(lambda: sum(len(each.messages) for each in bench.changes) == 2)
    state = bench.worker.state()
    assert state.running
    assert state.accounts[account_id(FACEBOOK, "a")].error is None
    bench.worker.stop()
    assert not bench.worker.state().running
    assert bench.texts() == {"Bonjour", "Rebonjour"}


def test_no_account_stops_another_and_each_has_its_own_patience(bench: Bench) -> None:
    until = NOW + timedelta(minutes=20)
    for page, error in (
        ("b-limited", RateLimitedError("platform.rate_limited", until=until)),
        ("c-lost", AccessLostError("platform.token")),
        ("d-away", OfflineError("platform.unreachable")),
    ):
        bench.connect(page).errors["fetch"] = error
    broken = bench.connect("a-broken")
    broken.log = [("x", object())]
    bench.connect("e-fine").say(said("Bonjour"))
    with _logged_bugs() as bugs:
        bench.worker.once()
    assert len(bugs) == 1
    assert bench.texts() == {"Bonjour"}
    works = {each.account.name: bench.worker.state().accounts.get(each.account.id) for each in _rows(bench)}
    assert {name: work and work.error and work.error.code for name, work in works.items()} == {
        "a-broken": "internal",
        "b-limited": "platform.rate_limited",
        "c-lost": "platform.token",
        "d-away": "platform.unreachable",
        "e-fine": None,
    }
    limited, away, fine = works["b-limited"], works["d-away"], works["e-fine"]
    assert limited is not None
    assert limited.next_at == until
    assert fine is not None
    assert fine.next_at == NOW + timedelta(seconds=60)
    broken.log = []
    for _ in range(8):
        bench.clock.advance(timedelta(minutes=31))
        bench.worker.once()
    away = bench.worker.state().accounts[account_id(FACEBOOK, "d-away")]
    assert away.next_at == bench.clock.now() + timedelta(minutes=30)
    calls = [len(world.calls) for world in bench.directory.worlds.values()]
    bench.worker.once()
    assert [len(world.calls) for world in bench.directory.worlds.values()] == calls


@contextmanager
def _logged_bugs() -> Iterator[list[str]]:
    """What is logged as a bug, which tests otherwise fail on."""
    kept: list[str] = []
    logger = logging.getLogger("console.platforms.worker")

    class Keep(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            if record.levelno >= logging.ERROR:
                kept.append(record.getMessage())
                return False
            return True

    keep = Keep()
    logger.addFilter(keep)
    try:
        yield kept
    finally:
        logger.removeFilter(keep)


def _rows(bench: Bench):
    me = bench.services.access.current()
    assert me is not None
    return bench.services.accounts.rows(me)


def test_only_whose_turn_it_is_collects(bench: Bench) -> None:
    world = bench.connect("a")
    world.say(said("Bonjour"))
    account = account_id(FACEBOOK, "a")
    bench.line.mine.clear()
    bench.worker.once()
    assert world.calls == []
    bench.worker.once()
    assert bench.line.asked == [account]
    bench.clock.advance(RENEW)
    bench.line.mine.add(account)
    bench.worker.once()
    assert bench.texts() == {"Bonjour"}


def test_a_line_that_is_away_ends_no_collecting_and_begins_it_after_a_minute(bench: Bench) -> None:
    world = bench.connect("a")
    bench.line.away = True
    bench.worker.once()
    bench.clock.advance(RENEW)
    bench.worker.once()
    assert world.calls == []
    bench.clock.advance(AWAY)
    bench.worker.once()
    calls = len(world.calls)
    assert calls > 0
    bench.line.away, bench.line.mine = False, set()
    bench.clock.advance(timedelta(minutes=2))
    bench.worker.once()
    assert len(world.calls) == calls


def test_a_run_ends_when_another_desk_has_taken_over(bench: Bench) -> None:
    world = bench.connect("a")
    for number in range(9):
        world.say(said(f"Bonjour {number}"))

    def lose(number: int) -> None:
        if number == 1:
            bench.clock.advance(RENEW)
            bench.line.mine.clear()

    world.before_page = lose
    bench.worker.once()
    assert world.calls.count("fetch") == 2
    assert len(bench.texts()) == 6


def test_nothing_happens_while_nobody_may_take_in(bench: Bench) -> None:
    world = bench.connect("a")
    bench.services.access.introduce("Vera", Role.MODERATOR)
    with bench.db.write() as work:
        work.put_setting("desk.current_staff", "nobody")
    bench.worker.once()
    assert world.calls == []


def test_it_stops_within_two_seconds_of_a_call_that_hangs(bench: Bench) -> None:
    world, hangs, ends = bench.connect("a"), threading.Event(), threading.Event()

    def hang(_number: int) -> None:
        hangs.set()
        ends.wait(PATIENCE)

    world.before_page = hang
    bench.worker.start()
    assert hangs.wait(PATIENCE)
    thread = bench.worker._thread
    began = time.monotonic()
    bench.worker.stop()
    assert time.monotonic() - began < 4.0
    ends.set()
    assert thread is not None
    thread.join(PATIENCE)
    assert not thread.is_alive()
