"""The server restarts in the middle of an exchange; and the line's own thread lives through it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from console.bootstrap import wire
from console.clock import SystemClock
from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.errors import OfflineError
from console.hub.member import HubMember
from console.services.sharing_ports import HubAddress, LineState
from console.store.database import open_store
from tests.desks import Desk
from tests.hub.conftest import PASSWORD, PEOPLE, Hub, Server, a_server
from tests.hub.databases import Databases
from tests.hub.desks import Cut, KeptInMemory, seat
from tests.hub.model import City

PATIENCE = 30.0


@pytest.fixture(scope="module")
def durable_server() -> Iterator[Server]:
    """A server for these tests alone, which may be stopped and killed."""
    with a_server(durable=True) as running:
        yield running


@pytest.fixture(scope="module")
def durable_databases(durable_server: Server) -> Databases:
    """Databases on it."""
    return Databases(durable_server.address, "vigie_modele", frozenset(PEOPLE))


@pytest.fixture
def hub(durable_server: Server, durable_databases: Databases) -> Iterator[Hub]:
    """A hub on it."""
    database = durable_databases.take()
    opened = Hub(database.address, durable_server)
    try:
        yield opened
    finally:
        opened.close()
        durable_databases.give_back(database)


@dataclass
class Restart(Cut):
    """Kills the server at its n-th statement, and starts it again: before the hub has it, or after."""

    server: Server | None = None

    def _through(self, go: Callable[[], Any]) -> Any:
        self.at -= 1
        if self.at == 0:
            assert self.server is not None
            if self.answered:
                go()
            self.server.stop("immediate")
            self.server.start()
        return go()


def test_a_server_killed_in_the_middle_of_an_exchange(hub: Hub, tmp_path: Path) -> None:
    with ExitStack() as stack:
        marie = seat(stack, hub, tmp_path / "marie", "marie")
        noah = seat(stack, hub, tmp_path / "noah", "noah")
        for number, (at, answered) in enumerate(((5, True), (6, False), (6, True), (8, True))):
            noah.decide(noah.receive(f"n{number}"), Action.KEEP)
            noah.sync()
            marie.decide(marie.receive(f"m{number}"), Action.HIDE, Action.WARN)
            with pytest.raises(OfflineError) as caught:
                marie.sync(cut=Restart(at, answered, server=hub.server))
            assert caught.value.code == "hub.unreachable"
        City(hub, tmp_path, random.Random(1), seats=[marie, noah]).agreement()
        assert hub.value("SELECT count(*) FROM vigie.event WHERE kind = 'decision.made'") == 8


@dataclass
class Running(Desk):
    """A desk whose line runs in its thread, as in a window."""

    member: HubMember = field(kw_only=True)
    moved: threading.Condition = field(kw_only=True)

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something that comes through the line is there."""
        with self.moved:
            assert self.moved.wait_for(holds, PATIENCE), self.member.line()

    def is_decided(self, message: Any) -> bool:
        """Whether the message is here, and decided."""
        with self.db.write() as work:
            return work.holds(message) and work.case(message).state is CaseState.DECIDED


@contextmanager
def running(hub: Hub, folder: Path, login: str) -> Iterator[Running]:
    """Join as `login`; the thread runs until the block ends."""
    clock = SystemClock()
    db, moved = open_store(folder / "vigie.db", clock), threading.Condition()
    member = HubMember(db, clock, KeptInMemory())

    def tell(_changes: object) -> None:
        with moved:
            moved.notify_all()

    member.listen(tell)
    services = wire(db, clock, line=member)
    try:
        address = HubAddress(hub.address.host, hub.address.database, login, hub.address.port)
        me = services.sharing.join(None, address, PASSWORD, f"Poste de {login}")
        db.on_commit = member.wake
        yield Running(db, clock, services, me, me, me, me, member=member, moved=moved)
    finally:
        services.close()


def test_running_desks_see_each_other_at_once_and_after_the_server_was_away(hub: Hub, tmp_path: Path) -> None:
    with running(hub, tmp_path / "marie", "marie") as marie, running(hub, tmp_path / "noah", "noah") as noah:
        for each in (marie, noah):
            each.until(lambda each=each: each.member.line().state is LineState.ONLINE)
        first = marie.receive("m1")
        marie.decide(first, Action.HIDE)
        noah.until(lambda: noah.is_decided(first))

        second = marie.receive("m2")
        marie.services.sharing.claim(marie.moderator, second)
        noah.until(lambda: second in noah.services.sharing.claims())
        claim = noah.services.sharing.claims()[second]
        assert (claim.name, claim.desk) == ("Marie", marie.db.desk)
        assert "Marie" in [each.name for each in noah.services.sharing.presence()]
        marie.services.sharing.release()
        noah.until(lambda: not noah.services.sharing.claims())

        hub.close()
        hub.server.stop()
        for each in (marie, noah):
            each.until(lambda each=each: each.member.line().state is LineState.OFFLINE)
        marie.decide(second, Action.KEEP)
        third = noah.receive("n1")
        noah.decide(third, Action.HIDE)
        hub.server.start()
        marie.until(lambda: marie.is_decided(third))
        noah.until(lambda: noah.is_decided(second))
        for each in (marie, noah):
            each.until(lambda each=each: each.member.line().state is LineState.ONLINE)
            assert each.member.line().error is None


def test_joining_again_takes_the_place_of_a_line_that_stopped(hub: Hub, tmp_path: Path) -> None:
    """The server's administration gave another password; the person joins by the page, not by settings."""
    with running(hub, tmp_path / "marie", "marie") as marie:
        marie.until(lambda: marie.member.line().state is LineState.ONLINE)
        address, kept = marie.member.line(), marie.member._secrets
        assert isinstance(kept, KeptInMemory)
        (name,) = kept.kept
        known = kept.kept[name]
        kept.kept[name] = known.replace(PASSWORD, "un ancien mot de passe")
        with hub.admin() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'marie'"
            )
        marie.until(lambda: marie.member.line().state is LineState.STOPPED)
        assert marie.member.line().error is not None
        again = HubAddress(hub.address.host, hub.address.database, address.login, hub.address.port)
        marie.services.sharing.join(marie.moderator, again, PASSWORD, "Poste de marie")
        marie.until(lambda: marie.member.line().state is LineState.ONLINE)
