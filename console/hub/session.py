"""One connection to the hub: push what is new here, pull what is new there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import psycopg
from psycopg.rows import dict_row

from console.clock import Clock
from console.domain.ids import AccountId, DeskId, MessageId, StaffId
from console.domain.roles import Role, Staff
from console.errors import ConflictError, EnvironmentProblemError, ExpectedError, OfflineError
from console.hub import wire
from console.hub.faults import raise_fault
from console.services import exchange
from console.services.exchange import Taken
from console.services.ports import Database, UnitOfWork
from console.services.rows import ChangeSet
from console.services.sharing_ports import (
    AccountLease,
    Claim,
    PeerDesk,
    Position,
    Presence,
    SharedEvent,
)

CONTENTS_AT_ONCE = 500
EVENTS_AT_ONCE = 200
PAGE = 500
_REWINDS = 64
"""Steps back in the feed when looking for what the hub still has after a restore; each is twice as long."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the hub says first. `max_seq`: its newest place; `head`: the last link of this desk it holds."""

    hub: str
    timeline: str
    max_seq: int
    cursor_id: str
    head: tuple[int, str]
    staff: Staff


class Session:
    """The exchange over one open connection; not for several threads at once.

    Every method raises `OfflineError` when the line breaks: whatever was acknowledged is remembered, the
    rest is sent again, and the hub takes nothing twice.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        connection: psycopg.Connection,
        secret: bytes,
        changed: Callable[[ChangeSet], object],
    ) -> None:
        self._db, self._clock, self._connection = db, clock, connection
        self._secret, self._changed = secret, changed
        self._brought: dict[DeskId, int] = {}
        """How far the hub is known to have the journals of desks whose files came here."""
        self._not_now: set[str] = set()
        """First events of what the hub did not take; tried again when it has something new."""

    # --- greeting ------------------------------------------------------------------------------

    def greet(self) -> Greeting:
        """Compare notes; after a restore of the hub, go back to what both still have.

        Codes `hub.not_a_member`, `hub.forked` (this file is used elsewhere as well, or is an old copy).
        """
        position = self._position()
        said = self._call("hello", self._db.desk, position.cursor)
        head, staff = said["desk_head"], said["staff"]
        greeting = Greeting(
            said["hub"],
            said["timeline"],
            int(said["max_seq"]),
            said["cursor_id"] or "",
            (int(head["sequence"]), head["sha256"]),
            Staff(StaffId(staff["id"] or ""), staff["name"], Role(staff["role"])),
        )
        self._check_head(greeting)
        if position.cursor and greeting.cursor_id != position.cursor_id:
            self._rewind(position, greeting)
        elif position.pushed != greeting.head[0]:
            self._move(pushed=greeting.head[0])
        return greeting

    def _check_head(self, greeting: Greeting) -> None:
        sequence, sha256 = greeting.head
        if not sequence:
            return
        link = next(iter(self._db.reads.journal(after=sequence - 1)), None)
        if link is None or link.sha256 != sha256:
            raise EnvironmentProblemError("hub.forked", desk=self._db.desk, sequence=sequence)

    def _rewind(self, position: Position, greeting: Greeting) -> None:
        """The hub does not have what this desk saw at its cursor: it was restored from a backup."""
        common = self._common(min(position.cursor, greeting.max_seq))
        with self._db.write() as work:
            subjects = work.forget_after(common)
            work.put_position(
                replace(
                    position,
                    cursor=common,
                    cursor_id=self._feed_ids([common]).get(common, ""),
                    pushed=greeting.head[0],
                )
            )
            taken = Taken()
            for subject in subjects:
                if work.holds(MessageId(subject)):
                    taken.to_rebuild.add(MessageId(subject))
            taken.finish(work)
        self._changed(taken.change_set())

    def _common(self, newest: int) -> int:
        """The newest place of which hub and desk say the same, at most a step before the real one."""
        step, at = 1, newest
        for _ in range(_REWINDS):
            if at <= 0:
                return 0
            with self._db.write() as work:
                here = work.event_at(at)
            if here is not None and self._feed_ids([at]).get(at) == here:
                return at
            at, step = at - step, step * 2 if here is not None else step
        return 0

    def _feed_ids(self, places: list[int]) -> dict[int, str]:
        rows = self._all("SELECT seq, id FROM vigie.feed() WHERE seq = ANY(%s)", (places,))
        return {row["seq"]: row["id"] for row in rows}

    # --- out -----------------------------------------------------------------------------------

    def push(self) -> bool:
        """Send the next texts and events; whether there may be more."""
        more = self._push_contents()
        if more:
            return True
        return self._push_events() or self._push_carried()

    def _push_contents(self) -> bool:
        with self._db.write() as work:
            batch = work.unsent(CONTENTS_AT_ONCE)
        if not batch:
            return False
        if self.pull():
            # The hub may have these texts already (a file brought them, or an answer was lost) and newer
            # ones since: sent now, they would come back as edits.
            return True
        self._one(wire.PUT_CONTENTS, wire.contents_of(batch, self._db.desk))
        with self._db.write() as work:
            work.sent(batch)
        return True

    def _push_events(self) -> bool:
        with self._db.write() as work:
            batch = work.unsent_events(work.position().pushed, EVENTS_AT_ONCE)
        if not batch:
            return False
        try:
            held = self._put_events(self._db.desk, batch)
        except ConflictError as error:
            if error.code != "hub.case_unknown":
                raise
            with self._db.write() as work:
                subjects = [MessageId(each.event.subject) for each in batch]
                work.mark_unsent([each for each in subjects if work.holds(each)])
            return True
        self._move(pushed=int(held))
        return True

    def _push_carried(self) -> bool:
        """What other desks' files brought, as far as the hub takes it; the rest is those desks' to send."""
        with self._db.write() as work:
            desks = work.carried_desks()
        return any(self._bring(desk) for desk in desks)

    def _bring(self, desk: DeskId) -> bool:
        """The next events of one of them; whether the hub took any and there may be more."""
        with self._db.write() as work:
            batch = without_gap(work.carried_events(desk, self._brought.get(desk, 0), EVENTS_AT_ONCE))
        while batch and batch[0].event.id not in self._not_now:
            try:
                held = int(self._put_events(desk, batch))
            except OfflineError:
                raise
            except ExpectedError as error:
                refused = error.facts.get("event", batch[0].event.id)
                self._not_now.add(refused)
                self._send_text_again(error)
                # Those before it may go; nothing of a refused call was kept.
                ids = [each.event.id for each in batch]
                batch = batch[: ids.index(refused)] if refused in ids else []
                continue
            self._brought[desk] = max(held, batch[-1].link.sequence)
            return True
        return False

    def _send_text_again(self, error: ExpectedError) -> None:
        message = MessageId(str(error.facts.get("message", "")))
        if error.code == "hub.case_unknown":
            with self._db.write() as work:
                if work.holds(message):
                    work.mark_unsent([message])

    def _put_events(self, desk: DeskId, events: list[SharedEvent] | tuple[SharedEvent, ...]) -> Any:
        return self._one(wire.PUT_EVENTS, wire.events_of(events, desk, self._secret))

    # --- in ------------------------------------------------------------------------------------

    def pull(self) -> int:
        """Take over the next page of the feed; how many rows it had."""
        position = self._position()
        asked = {"desk": self._db.desk, "cursor": position.cursor, "limit": PAGE}
        rows = self._all(wire.PULL, asked)
        if not rows:
            return 0
        self._not_now.clear()
        taken, now = Taken(), self._clock.now()
        with self._db.write() as work:
            for kind, run in groupby(rows, key=lambda row: row["kind"]):
                self._take(work, kind, list(run), taken, now)
            taken.finish(work)
            last = rows[-1]
            # Read again: what was pushed meanwhile is not to be taken back.
            here = work.position()
            work.put_position(replace(here, cursor=last["seq"], cursor_id=last["id"]))
        self._changed(taken.change_set())
        return len(rows)

    def _take(self, work: UnitOfWork, kind: str, rows: list[Any], taken: Taken, now: Any) -> None:
        if kind == "content":
            self._fetch_own(work, rows)
            exchange.take_contents(work, [wire.content_of(row) for row in rows], now, taken)
            return
        for row in rows:
            shared = wire.event_row(row, self._db.desk)
            exchange.check(shared)
            exchange.take_event(work, shared, taken)

    def _fetch_own(self, work: UnitOfWork, rows: list[Any]) -> None:
        """Bodies of this desk's own texts, where another desk's edit took their place here meanwhile."""
        own = [row for row in rows if row["body"] is None]
        here = work.present_texts([MessageId(row["id"]) for row in rows]) if own else {}
        edited = {row["id"] for row in rows if row["body"] is not None}
        lost = [
            row["seq"]
            for row in own
            if row["id"] in edited or here.get(row["id"], (row["sha256"], False))[0] != row["sha256"]
        ]
        if lost:
            found = self._all("SELECT seq, body FROM vigie.feed() WHERE seq = ANY(%s)", (lost,))
            bodies = {row["seq"]: row["body"] for row in found}
            for row in own:
                row["body"] = bodies.get(row["seq"])

    def registers(self) -> None:
        """Colleagues and other desks, as the hub has them now."""
        staff = [
            Staff(StaffId(row["id"]), row["name"], Role(row["role"]), row["valid_until"])
            for row in self._all("SELECT id, name, role, valid_until FROM vigie.colleagues", ())
            if row["id"] and row["role"] in set(Role)
        ]
        desks = [
            PeerDesk(DeskId(row["id"]), row["name"], StaffId(row["staff"] or ""), bytes(row["public_key"]))
            for row in self._all("SELECT id, name, staff, public_key FROM vigie.desk_registry", ())
        ]
        known = {each.id: each for each in self._db.reads.staff()}
        with self._db.write() as work:
            for each in staff:
                if known.get(each.id) != each:
                    work.put_staff(each)
            work.put_peers(desks)

    # --- who is on what ------------------------------------------------------------------------

    def claims(self) -> dict[MessageId, Claim]:
        """All live claims."""
        rows = self._all("SELECT message, staff, name, desk, until FROM vigie.claims_now", ())
        return {
            MessageId(row["message"]): Claim(
                MessageId(row["message"]),
                StaffId(row["staff"]),
                row["name"],
                DeskId(row["desk"]),
                row["until"],
            )
            for row in rows
        }

    def presence(self) -> tuple[Presence, ...]:
        """Who is at work at other desks."""
        rows = self._all("SELECT staff, name, role, desk, seen_at FROM vigie.presence_now", ())
        return tuple(
            Presence(
                StaffId(row["staff"]), row["name"], Role(row["role"]), DeskId(row["desk"]), row["seen_at"]
            )
            for row in rows
            if row["desk"] != self._db.desk
        )

    def seen(self) -> None:
        """This desk is at work."""
        self._call("seen", self._db.desk)

    def claim(self, message: MessageId, seconds: int) -> None:
        """Take or renew the lease on a case; that a colleague has it is no error."""
        self._call("claim", message, self._db.desk, seconds)

    def release(self, message: MessageId) -> None:
        """Let go of it."""
        self._call("release", message, self._db.desk)

    def lease_item(self, item: str, seconds: int) -> bool:
        """Whether this desk may carry out the item now."""
        return bool(self._call("lease_item", item, self._db.desk, seconds))

    def lease_account(self, account: AccountId, seconds: int) -> bool:
        """Whether this desk collects the account from now."""
        return bool(self._call("lease_account", account, self._db.desk, seconds))

    def collectors(self) -> tuple[AccountLease, ...]:
        """Which desks collect which accounts."""
        rows = self._all("SELECT account, desk, name, until FROM vigie.collectors()", ())
        return tuple(
            AccountLease(AccountId(row["account"]), DeskId(row["desk"]), row["name"], row["until"])
            for row in rows
        )

    # --- the wire ------------------------------------------------------------------------------

    def position(self) -> Position:
        """How far this desk has come."""
        return self._position()

    def loaded(self) -> None:
        """The first load is done."""
        self._move(loaded=True)

    def _position(self) -> Position:
        with self._db.write() as work:
            return work.position()

    def _move(self, **changes: Any) -> None:
        with self._db.write() as work:
            work.put_position(replace(work.position(), **changes))

    def _call(self, function: str, *arguments: Any) -> Any:
        places = ", ".join(["%s"] * len(arguments))
        return self._one(f"SELECT vigie.{function}({places})", arguments)

    def _one(self, query: str, parameters: Any) -> Any:
        try:
            row = self._connection.execute(query.encode(), parameters).fetchone()
        except psycopg.Error as error:
            raise_fault(error)
        return row[0] if row else None

    def _all(self, query: str, parameters: Any) -> list[dict[str, Any]]:
        try:
            with self._connection.cursor(binary=True, row_factory=dict_row) as cursor:
                return cursor.execute(query.encode(), parameters).fetchall()
        except psycopg.Error as error:
            raise_fault(error)


def without_gap(events: Sequence[SharedEvent]) -> list[SharedEvent]:
    """Those at the beginning that follow each other in their desk's journal."""
    run = list(events[:1])
    for each in events[1:]:
        if each.link.sequence != run[-1].link.sequence + 1:
            break
        run.append(each)
    return run
