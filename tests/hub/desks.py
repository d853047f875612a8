"""Real desks that meet in a real hub: SQLite files, services, and sessions that a test steps by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from console.bootstrap import wire
from console.clock import FixedClock
from console.domain.roles import Actor, Role
from console.hub import credentials
from console.hub.connection import reach
from console.hub.member import HubMember
from console.hub.session import Session
from console.services.rows import ChangeSet
from console.services.sharing_ports import HubAddress
from console.store.database import open_store
from tests.desks import NOW, Desk
from tests.hub.conftest import PASSWORD, Hub


class KeptInMemory:
    """A keyring for tests: fulfils `Secrets`."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    @property
    def kind(self) -> str:
        """None of the system's."""
        return "memory"

    def get(self, name: str) -> str | None:
        """The secret."""
        return self.kept.get(name)

    def put(self, name: str, secret: str) -> None:
        """Keep it."""
        self.kept[name] = secret

    def drop(self, name: str) -> None:
        """Forget it."""
        self.kept.pop(name, None)


class Stepped(HubMember):
    """A member whose thread does not run: the test exchanges when it wants to."""

    def start(self) -> None:
        """The test steps."""


@dataclass
class Cut:
    """Breaks the line at its n-th statement: before the hub has it, or after (its answer is lost)."""

    at: int
    answered: bool
    connection: Any = None

    def over(self, connection: psycopg.Connection) -> Cut:
        """The same connection until it is cut."""
        self.connection = connection
        return self

    def execute(self, *arguments: Any) -> Any:
        """A statement, or the break."""
        return self._through(lambda: self.connection.execute(*arguments))

    def _through(self, go: Callable[[], Any]) -> Any:
        self.at -= 1
        if self.at > 0:
            return go()
        if self.at == 0 and self.answered:
            go()
        self.connection.close()
        raise psycopg.OperationalError("the line was cut")

    @contextmanager
    def cursor(self, **options: Any) -> Iterator[Any]:
        """A cursor whose statements count as well."""
        with self.connection.cursor(**options) as cursor:
            yield _CutCursor(self, cursor)


class _CutCursor:
    def __init__(self, cut: Cut, cursor: Any) -> None:
        self._cut, self._cursor = cut, cursor

    def execute(self, *arguments: Any) -> Any:
        return self._cut._through(lambda: self._cursor.execute(*arguments))


@dataclass
class Seat(Desk):
    """A desk that has joined, with its line."""

    member: Stepped = field(kw_only=True)
    secrets: KeptInMemory = field(kw_only=True)
    address: HubAddress = field(kw_only=True)
    changes: list[ChangeSet] = field(kw_only=True, default_factory=list)

    def sync(self, rounds: int = 50, cut: Cut | None = None) -> None:
        """Exchange until nothing is left, or until the line is cut (`OfflineError`)."""
        known = credentials.load(self.secrets, self.address)
        with closing(reach(self.address, known.password)) as connection:
            line: Any = cut.over(connection) if cut is not None else connection
            session = Session(self.db, self.clock, line, bytes.fromhex(known.secret), self.changes.append)
            session.greet()
            session.registers()
            for _ in range(rounds):
                if not (session.push() | bool(session.pull())):
                    return
        raise AssertionError("the exchange does not end")


def seat(
    stack: ExitStack, hub: Hub, folder: Path, login: str, secrets: KeptInMemory | None = None, **names: Any
) -> Seat:
    """Open a desk in `folder` and join as `login`, once; closed with the stack."""
    clock = FixedClock(NOW)
    db = open_store(folder / "vigie.db", clock)
    stack.callback(db.close)
    secrets = secrets or KeptInMemory()
    member = Stepped(db, clock, secrets)
    stack.callback(member.stop)
    services = wire(db, clock, line=member)
    host = hub.address
    address = HubAddress(host.host, host.database, login, host.port)
    me: Actor | None = services.access.current()
    if not secrets.kept:
        me = services.sharing.join(me, address, PASSWORD, f"Poste de {login}")
    assert me is not None
    return Seat(db, clock, services, me, me, me, me, member=member, secrets=secrets, address=address, **names)


ROLES = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
