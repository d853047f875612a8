"""What was decided and has to be carried out: by hand until a platform is connected."""

from __future__ import annotations

from console.clock import Clock
from console.domain.ids import OutgoingId
from console.domain.roles import Actor
from console.services.ports import Database
from console.services.rows import ChangeSet, OutgoingRow


class Outbox:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def waiting(self, actor: Actor) -> tuple[OutgoingRow, ...]:
        """Items in grace or to be done by hand, oldest first."""
        raise NotImplementedError

    def end_grace(self) -> int:
        """Move items whose grace has ended on to «by hand»; called by a timer. Returns how many."""
        raise NotImplementedError

    def confirm(self, actor: Actor, item: OutgoingId, means: str, proof: str = "") -> ChangeSet:
        """«C'est fait»: record who and when; a warning becomes delivered and counts from now. Codes
        `outbox.not_waiting`, `outbox.grace`, `outbox.means_missing`."""
        raise NotImplementedError

    def give_up(self, actor: Actor, item: OutgoingId, reason: str) -> ChangeSet:
        """It cannot be carried out: cancelled with a reason."""
        raise NotImplementedError
