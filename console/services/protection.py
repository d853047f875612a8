"""The open desk's protection at rest: what it is, the recovery code, and what the journal says of both."""

from __future__ import annotations

from console.clock import Clock
from console.domain.ids import EventId, StaffId, new_id
from console.domain.journal import Event
from console.domain.roles import Actor, Permission
from console.services.at_rest import AtRest, State, Status
from console.services.ports import Database

_NOTED = "desk.protection"


class DeskProtection:
    """Use cases over one open desk; `AtRest` has opened its file."""

    def __init__(self, at_rest: AtRest, db: Database, clock: Clock) -> None:
        self._at_rest, self._db, self._clock = at_rest, db, clock
        self._encrypt = False

    @property
    def fresh(self) -> bool:
        """Whether this opening made the key of a new desk."""
        return self._at_rest.fresh

    @property
    def passing(self) -> bool:
        """Whether the key ends with this process, and the desk with it."""
        return self._at_rest.passing

    def status(self) -> Status:
        """How the file is protected. Reads the disk only."""
        return self._at_rest.status()

    def new_code(self, actor: Actor) -> str:
        """A recovery code, to be shown or printed once; it is not kept, and ends the one before.

        Supervision and administration. Codes: `permission.denied`, those of `AtRest.renew_recovery`.
        """
        now = self._clock.now()
        actor.require(Permission.SUPERVISE, now)
        with self._db.write() as work:
            work.append(self._event("recovery.made", actor.staff.id, {}))
            # Last: should it fail, the journal says nothing of a code that does not exist.
            return self._at_rest.renew_recovery(actor.staff.name)

    def encrypt_at_closing(self, actor: Actor) -> None:
        """Have the plain file encrypted as soon as it is closed; an open one cannot be replaced.

        Supervision and administration. Code `permission.denied`.
        """
        actor.require(Permission.SUPERVISE, self._clock.now())
        self._encrypt = True

    @property
    def encrypts_at_closing(self) -> bool:
        """Whether closing will take a while."""
        return self._encrypt

    def close(self) -> None:
        """Close the desk, and encrypt its file if that was asked for. Codes of `AtRest.encrypt`; whatever
        goes wrong, the file is whole and as it was."""
        self._db.close()
        if self._encrypt:
            self._encrypt = False
            self._at_rest.encrypt()

    def note(self, actor: Actor | None) -> None:
        """Let the journal say how the desk lies on the disk, when that has changed and somebody is there."""
        status = self._at_rest.status()
        now = "keyring" if status.state is State.SEALED else f"plain:{status.because}"
        if actor is None or self._db.reads.setting(_NOTED) == now:
            return
        at = status.chosen_at.isoformat() if status.chosen_at else ""
        payload = {"protection": now, "chosen_by": status.chosen_by, "chosen_at": at}
        with self._db.write() as work:
            work.put_setting(_NOTED, now)
            work.append(self._event("desk.protection", actor.staff.id, payload))

    def _event(self, kind: str, actor: StaffId, payload: dict[str, str]) -> Event:
        desk = self._db.desk
        return Event(EventId(new_id()), kind, desk, actor, desk, self._clock.now(), payload)
