"""Real desks that meet in a real hub: SQLite files, services, and sessions that a test steps by hand."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
class Seat(Desk):
    """A desk that has joined, with its line."""

    member: Stepped = field(kw_only=True)
    secrets: KeptInMemory = field(kw_only=True)
    address: HubAddress = field(kw_only=True)
    changes: list[ChangeSet] = field(kw_only=True, default_factory=list)

    def sync(self, rounds: int = 50) -> None:
        """Exchange until nothing is left."""
        known = credentials.load(self.secrets, self.address)
        with closing(reach(self.address, known.password)) as connection:
            session = Session(
                self.db, self.clock, connection, bytes.fromhex(known.secret), self.changes.append
            )
            session.greet()
            session.registers()
            for _ in range(rounds):
                if not (session.push() | bool(session.pull())):
                    return
        raise AssertionError("the exchange does not end")


def seat(stack: ExitStack, hub: Hub, folder: Path, login: str, **names: Any) -> Seat:
    """Open a desk in `folder` and join as `login`; closed with the stack."""
    clock = FixedClock(NOW)
    db = open_store(folder / "vigie.db", clock)
    stack.callback(db.close)
    secrets = KeptInMemory()
    member = Stepped(db, clock, secrets)
    stack.callback(member.stop)
    services = wire(db, clock, line=member)
    host = hub.address
    address = HubAddress(host.host, host.database, login, host.port)
    me: Actor = services.sharing.join(services.access.current(), address, PASSWORD, f"Poste de {login}")
    return Seat(db, clock, services, me, me, me, me, member=member, secrets=secrets, address=address, **names)


ROLES = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
