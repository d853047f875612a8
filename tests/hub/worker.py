"""A desk at work in a process of its own, which is killed.

Takes messages in and decides, while its line exchanges in its thread. Each line that it says is a decision
that is on the disk: it must be in the hub in the end, wherever the process is killed afterwards.
"""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

from console.bootstrap import wire
from console.clock import SystemClock
from console.domain.decisions import Action
from console.hub.member import HubMember
from console.services.sharing_ports import HubAddress
from console.store.database import open_store
from tests.desks import Desk
from tests.killing import Say

PASSWORD = "un mot de passe essai"
"""As in conftest, which would bring pytest along: seconds of each start."""


class KeptInFile:
    """A keyring that outlives a process, as the system's does: fulfils `Secrets`, for tests alone."""

    kind = "file"
    passing = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        """See `Secrets`."""
        found = self._all().get(name)
        return None if found is None else str(found)

    def put(self, name: str, secret: str) -> None:
        """See `Secrets`."""
        self._path.write_text(json.dumps(self._all() | {name: secret}))

    def drop(self, name: str) -> None:
        """See `Secrets`."""
        self._path.write_text(json.dumps({key: each for key, each in self._all().items() if key != name}))

    def _all(self) -> dict[str, object]:
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}


def work(home: Path, address: HubAddress, say: Say) -> None:
    """Join at the first start; then decide for ever."""
    clock = SystemClock()
    db = open_store(home / "vigie.db", clock)
    member = HubMember(db, clock, KeptInFile(home / "secrets.json"))
    services = wire(db, clock, line=member)
    db.on_commit = member.wake
    member.start()
    with db.write() as unit:
        joined = unit.membership() is not None
    me = services.access.current()
    if not joined or me is None:
        me = services.sharing.join(me, address, PASSWORD, "Poste de Marie")
    desk = Desk(db, clock, services, me, me, me, me)
    for number in count():
        message = desk.receive(f"{clock.now().timestamp()}-{number}", author=f"personne-{number % 5}")
        made = desk.decide(message, *((Action.HIDE, Action.WARN) if number % 2 else (Action.KEEP,)))
        say(made.decision)
