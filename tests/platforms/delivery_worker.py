"""A desk that sends, to be killed: `python -m tests.platforms.delivery_worker FILE`.

Everything is imported once; each line on stdin (JSON: `connection`, `tokens`, `now`, `kill`) forks a desk
that carries out what is due. Its steps are counted: every commit, and the moments before and after every
call to the platform. At step `kill` the process ends by SIGKILL; the desk that gets through says
`finished STEPS` on stdout. `gone` follows once it is buried.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from console.clock import FixedClock
from console.domain.platforms import Act, Receipt, Target
from console.platforms.directory import Directory
from console.platforms.facebook import Facebook
from console.secrets.in_memory import MemorySecrets
from console.services.accounts import Accounts
from console.services.alone import AloneLine
from console.services.delivery import Delivery
from console.services.outlook import Outlook
from console.services.platform_ports import Connection, Connector, Tokens, TokenStore
from console.services.tokens import KeptTokens
from tests.delivering import reopened
from tests.desks import Desk
from tests.platforms.connecting import no_wait


class Order(msgspec.Struct):
    """One run."""

    connection: Connection
    tokens: dict[str, str]
    now: datetime
    kill: int


class Steps:
    """Counts, and ends the process at the step that was ordered."""

    def __init__(self, kill: int) -> None:
        self.taken, self._kill = 0, kill

    def step(self) -> None:
        """One more."""
        self.taken += 1
        if self.taken == self._kill:
            os.kill(os.getpid(), signal.SIGKILL)


class Counted:
    """A real connector whose calls are steps."""

    def __init__(self, inner: Connector, steps: Steps) -> None:
        self._inner, self._steps = inner, steps

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """A step before, a step after."""
        self._steps.step()
        receipt = self._inner.carry_out(act, target, text)
        self._steps.step()
        return receipt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class CountingDirectory(Directory):
    """Facebook without pauses, counted."""

    def __init__(self, clock: FixedClock, steps: Steps) -> None:
        super().__init__(clock)
        self._at, self._steps = clock, steps

    def connect(self, connection: Connection, tokens: TokenStore) -> Connector:
        """A real connector in its counter."""
        return Counted(Facebook(connection, tokens, self._at, wait=no_wait), self._steps)


def carry_out(path: Path, order: Order) -> int:
    """One round; how many steps it had."""
    clock, steps = FixedClock(order.now), Steps(order.kill)
    desk: Desk = reopened(path, clock)
    desk.db.on_commit = steps.step
    secrets = MemorySecrets()
    KeptTokens(secrets, order.connection).write(Tokens(**order.tokens))
    directory = CountingDirectory(clock, steps)
    accounts = Accounts(desk.db, clock, secrets, directory, AloneLine())
    outlook = Outlook(desk.db, clock, directory.abilities)
    delivery = Delivery(desk.db, clock, AloneLine(), accounts, outlook)
    delivery.run(desk.moderator, lambda: False)
    accounts.close()
    desk.db.close()
    return steps.taken


def main() -> None:
    """Fork a desk for each line."""
    path = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            taken = carry_out(path, msgspec.json.decode(line, type=Order))
            os.write(1, f"finished {taken}\n".encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        os.write(1, f"gone {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
