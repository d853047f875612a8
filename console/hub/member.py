"""Joining a hub and leaving it; the whole of `HubLine`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.domain.ids import EventId, StaffId, new_id
from console.domain.journal import Event
from console.domain.roles import Role, Staff
from console.errors import ConflictError, PermissionDeniedError, SecretLockedError
from console.hub import credentials
from console.hub.connection import reach
from console.hub.credentials import Credentials
from console.hub.faults import raise_fault
from console.hub.line import HubThread
from console.hub.session import Session
from console.services.access import CURRENT_STAFF
from console.services.carry_ports import CarryReport
from console.services.ports import Progress, UnitOfWork
from console.services.sharing_ports import Exchanged, HubAddress, Line, Membership

if TYPE_CHECKING:
    from console.hub.carry import Carrier

_MAY_VOUCH = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


class HubMember(HubThread):
    """Fulfils `console.services.sharing_ports.HubLine`."""

    def join(self, address: HubAddress, password: str, desk_name: str) -> Staff:
        """See `HubLine.join`. Codes beside those: `hub.other` (this desk belongs to another hub),
        `hub.history_of_others` (its journal names people for whom only supervision may vouch)."""
        with closing(reach(address, password)) as connection:
            try:
                said = _call(connection, "hello", self._db.desk, 0)
                role = Role(said["staff"]["role"])
                self._check_history(role, said["staff"]["id"])
                kept = self._signing_key(address)
                signing = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept)) if kept else None
                signing = signing or Ed25519PrivateKey.generate()
                public = signing.public_key().public_bytes_raw()
                joined = _call(
                    connection, "join_desk", self._db.desk, desk_name, public, self._current() or ""
                )
            except psycopg.Error as error:
                raise_fault(error)
        staff = Staff(StaffId(joined["staff"]["id"]), joined["staff"]["name"], role)
        secret = signing.private_bytes_raw().hex()
        known = Credentials(password, joined["secret"], joined["carry_key"], secret)
        credentials.keep(self._secrets, address, known)
        # A line that runs knows the former address and secrets, and may wait minutes before it looks again.
        self.stop()
        self._become_member(address, staff, joined["hub"], joined["timeline"])
        self.start()
        return staff

    def leave(self) -> None:
        """See `HubLine.leave`."""
        self.stop()
        with self._db.write() as work:
            membership = work.membership()
            if membership is None:
                return
            work.put_membership(None)
            self._record(work, membership.staff, "hub.left", membership.hub)
        credentials_name = credentials.name_of(membership.address)
        self._secrets.drop(credentials_name)
        self._say(Line())

    def change_password(self, password: str) -> None:
        """See `HubLine.change_password`."""
        with self._db.write() as work:
            membership = work.membership()
        if membership is None:
            raise ConflictError("hub.not_joined")
        known = credentials.load(self._secrets, membership.address)
        reach(membership.address, password).close()
        changed = Credentials(password, known.secret, known.carry_key, known.signing_key)
        credentials.keep(self._secrets, membership.address, changed)
        self.wake()

    def exchange(self) -> Exchanged:
        """See `HubLine.exchange`."""
        self.stop()
        with self._db.write() as work:
            membership = work.membership()
        if membership is None:
            raise ConflictError("hub.not_joined")
        known = credentials.load(self._secrets, membership.address)
        received = 0
        with closing(reach(membership.address, known.password)) as connection:
            session = Session(self._db, self._clock, connection, bytes.fromhex(known.secret), self._tell)
            session.greet()
            session.registers()
            to_send = self._db.reads.to_send()
            while True:
                pulled = session.pull()
                received += pulled
                if not session.push() and not pulled:
                    return Exchanged(to_send - self._db.reads.to_send(), received)

    def carry_out(self, to: Path, everything: bool, progress: Progress) -> CarryReport:
        """See `HubLine.carry_out`."""
        return self._carrier().out(to, everything, progress)

    def carry_in(self, file: Path, progress: Progress) -> CarryReport:
        """See `HubLine.carry_in`."""
        return self._carrier().take(file, progress, self._tell)

    def _carrier(self) -> Carrier:
        # The ciphers are loaded only where somebody carries a file.
        from console.hub.carry import Carrier

        return Carrier(self._db, self._clock, self._secrets)

    def _check_history(self, role: Role, member: str | None) -> None:
        """A moderator brings their own decisions; those of others come with supervision's word."""
        if role in _MAY_VOUCH:
            return
        own = member or self._current()
        if any(link.event.actor != own for link in self._db.reads.journal()):
            raise PermissionDeniedError("hub.history_of_others")

    def _signing_key(self, address: HubAddress) -> str:
        try:
            return credentials.load(self._secrets, address).signing_key
        except SecretLockedError as error:
            if error.code != "hub.secret_missing":
                raise
            return ""

    def _current(self) -> StaffId | None:
        chosen = self._db.reads.setting(CURRENT_STAFF)
        return StaffId(chosen) if isinstance(chosen, str) else None

    def _become_member(self, address: HubAddress, staff: Staff, hub: str, timeline: str) -> None:
        now = self._clock.now()
        with self._db.write() as work:
            before = work.membership()
            if before is not None and before.hub != hub:
                raise ConflictError("hub.other", host=before.address.host)
            work.put_staff(staff)
            work.put_setting(CURRENT_STAFF, staff.id)
            work.put_membership(Membership(hub, timeline, address, staff.id, now))
            if before is None:
                self._record(work, staff.id, "hub.joined", hub)

    def _record(self, work: UnitOfWork, staff: StaffId, kind: str, hub: str) -> None:
        work.append(Event(EventId(new_id()), kind, hub, staff, self._db.desk, self._clock.now(), {}))


def _call(connection: psycopg.Connection, function: str, *arguments: object) -> dict[str, Any]:
    places = ", ".join(["%s"] * len(arguments))
    row = connection.execute(f"SELECT vigie.{function}({places})".encode(), arguments).fetchone()
    return row[0] if row else {}
