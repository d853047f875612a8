"""The line of a desk that may join a hub: nothing of it is loaded before the desk is a member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from console.clock import Clock
from console.domain.ids import AccountId, MessageId
from console.domain.roles import Staff
from console.services.alone import AloneLine
from console.services.carry_ports import CarryReport
from console.services.ports import Database, Progress
from console.services.rows import ChangeSet
from console.services.secret_ports import Secrets
from console.services.sharing_ports import AccountLease, Claim, Exchanged, HubAddress, HubLine, Line, Presence

if TYPE_CHECKING:
    from console.hub.member import HubMember


class LineOnDemand:
    """Fulfils `HubLine`. The driver of the database and the ciphers cost a window 0.1 s at its start."""

    def __init__(self, db: Database, clock: Clock, secrets: Secrets) -> None:
        self._db, self._clock, self._secrets = db, clock, secrets
        self._listeners: list[Callable[[ChangeSet], object]] = []
        self._line: HubLine = AloneLine()
        self._member: HubMember | None = None

    def line(self) -> Line:
        """See `HubLine`."""
        return self._line.line()

    def claims(self) -> Mapping[MessageId, Claim]:
        """See `HubLine`."""
        return self._line.claims()

    def presence(self) -> tuple[Presence, ...]:
        """See `HubLine`."""
        return self._line.presence()

    def wake(self) -> None:
        """See `HubLine`."""
        self._line.wake()

    def claim(self, message: MessageId) -> None:
        """See `HubLine`."""
        self._line.claim(message)

    def release(self) -> None:
        """See `HubLine`."""
        self._line.release()

    def lease_item(self, item: str) -> bool:
        """See `HubLine`."""
        return self._line.lease_item(item)

    def lease_account(self, account: AccountId) -> bool:
        """See `HubLine`."""
        return self._line.lease_account(account)

    def collectors(self) -> tuple[AccountLease, ...]:
        """See `HubLine`."""
        return self._line.collectors()

    def listen(self, listener: Callable[[ChangeSet], object]) -> None:
        """See `HubLine`."""
        self._listeners.append(listener)
        self._line.listen(listener)

    def start(self) -> None:
        """Begin when the desk is a member."""
        with self._db.write() as work:
            joined = work.membership() is not None
        if joined:
            self._loaded().start()

    def stop(self) -> None:
        """See `HubLine`."""
        self._line.stop()

    def join(self, address: HubAddress, password: str, desk_name: str) -> Staff:
        """See `HubLine`."""
        return self._loaded().join(address, password, desk_name)

    def leave(self) -> None:
        """See `HubLine`."""
        self._loaded().leave()

    def change_password(self, password: str) -> None:
        """See `HubLine`."""
        self._loaded().change_password(password)

    def exchange(self) -> Exchanged:
        """See `HubLine`."""
        return self._loaded().exchange()

    def carry_out(self, to: Path, everything: bool, progress: Progress) -> CarryReport:
        """See `HubLine`."""
        return self._loaded().carry_out(to, everything, progress)

    def carry_in(self, file: Path, progress: Progress) -> CarryReport:
        """See `HubLine`."""
        return self._loaded().carry_in(file, progress)

    def _loaded(self) -> HubMember:
        if self._member is None:
            from console.hub.member import HubMember

            self._member = HubMember(self._db, self._clock, self._secrets)
            for listener in self._listeners:
                self._member.listen(listener)
            self._line = self._member
        return self._member
