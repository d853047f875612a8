"""The line of a desk that works alone: there is nobody at the other end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from console.domain.ids import AccountId, MessageId
from console.domain.roles import Staff
from console.errors import UsageError
from console.services.carry_ports import CarryReport
from console.services.ports import Progress
from console.services.rows import ChangeSet
from console.services.sharing_ports import AccountLease, Claim, Exchanged, HubAddress, Line, Presence


class AloneLine:
    """Fulfils `HubLine` for the sample queue and for commands that do not speak to the hub."""

    def line(self) -> Line:
        """Alone."""
        return Line()

    def claims(self) -> Mapping[MessageId, Claim]:
        """Nobody else is here."""
        return {}

    def presence(self) -> tuple[Presence, ...]:
        """Nobody else is here."""
        return ()

    def wake(self) -> None:
        """Nothing to send."""

    def claim(self, message: MessageId) -> None:
        """Nobody to tell."""

    def release(self) -> None:
        """Nobody to tell."""

    def lease_item(self, item: str) -> bool:
        """What is to be carried out is this desk's alone."""
        return True

    def lease_account(self, account: AccountId) -> bool:
        """Nobody else collects."""
        return True

    def collectors(self) -> tuple[AccountLease, ...]:
        """Nobody to tell of."""
        return ()

    def listen(self, listener: Callable[[ChangeSet], object]) -> None:
        """Nothing will come."""

    def start(self) -> None:
        """No thread."""

    def stop(self) -> None:
        """No thread."""

    def join(self, address: HubAddress, password: str, desk_name: str) -> Staff:
        """Code `hub.sample`: what is not real must not meet what is."""
        raise UsageError("hub.sample")

    def leave(self) -> None:
        """Nothing to leave."""

    def change_password(self, password: str) -> None:
        """Code `hub.sample`."""
        raise UsageError("hub.sample")

    def exchange(self) -> Exchanged:
        """Code `hub.sample`."""
        raise UsageError("hub.sample")

    def carry_out(self, to: Path, everything: bool, progress: Progress) -> CarryReport:
        """Code `hub.sample`."""
        raise UsageError("hub.sample")

    def carry_in(self, file: Path, progress: Progress) -> CarryReport:
        """Code `hub.sample`."""
        raise UsageError("hub.sample")
