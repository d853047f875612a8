"""A line to a hub that a test holds in its hands, and decisions that another desk made."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from console.clock import Clock
from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import DecisionId, DeskId, EventId, MessageId, PersonId, RuleId, StaffId, new_id
from console.domain.journal import GENESIS, Event, Link
from console.domain.roles import Role, Staff
from console.services.alone import AloneLine
from console.services.carry_ports import CarryReport
from console.services.facts import DecisionMade, payload_of
from console.services.ports import Database, Progress
from console.services.rows import ChangeSet
from console.services.sharing_ports import (
    Claim,
    HubAddress,
    Line,
    LineState,
    Presence,
    SharedEvent,
    Standing,
)
from tests.desks import INSULT

THERE = DeskId("d" * 32)
"""The other desk."""
INES = StaffId("e" * 32)


class FakeLine(AloneLine):
    """What is not said here is as for a desk alone. `tell` calls back from a thread of its own, as the line
    does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: list[Callable[[ChangeSet], object]] = []
        self.now = Line()
        self.others: dict[MessageId, Claim] = {}
        self.people: tuple[Presence, ...] = ()
        self.claimed: list[MessageId | None] = []
        """What this desk claimed, in order; None where it let go."""
        self.woken = 0
        self.joined: list[tuple[HubAddress, str, str]] = []
        self.passwords: list[str] = []
        self.left = 0
        self.refusing: Exception | None = None
        """What joining, leaving and another password raise."""
        self.gate: threading.Event | None = None
        """Joining waits for it."""
        self.member = Staff(INES, "Inès", Role.MODERATOR)
        self.carried: list[Path] = []
        """Files that were written or taken in."""
        self.report = CarryReport(None, THERE, "Poste d’Inès", clock.now(), messages=2, events=1)
        """What carrying comes back with."""

    # what a test does

    def be(self, state: LineState, **more: object) -> None:
        """The line is in this state from now on."""
        known = {"since": self._clock.now(), "hub": "vigie.ville.example/vigie", "login": "ines"}
        self.now = Line(state, **(known | more))

    def open_at(self, message: MessageId, name: str = "Inès", minutes: int = 3) -> None:
        """A colleague has the case open at another desk."""
        until = self._clock.now() + timedelta(minutes=minutes)
        self.others[message] = Claim(message, INES, name, THERE, until)

    def tell(self, changes: ChangeSet | None = None) -> None:
        """Call back from another thread, and wait until it has done so."""

        def call() -> None:
            for listener in self._listeners:
                listener(changes or ChangeSet())

        thread = threading.Thread(target=call)
        thread.start()
        thread.join()

    # what `Sharing` asks

    def line(self) -> Line:
        return self.now

    def claims(self) -> Mapping[MessageId, Claim]:
        return dict(self.others)

    def presence(self) -> tuple[Presence, ...]:
        return self.people

    def wake(self) -> None:
        self.woken += 1

    def claim(self, message: MessageId) -> None:
        self.claimed.append(message)

    def release(self) -> None:
        self.claimed.append(None)

    def listen(self, listener: Callable[[ChangeSet], object]) -> None:
        self._listeners.append(listener)

    def join(self, address: HubAddress, password: str, desk_name: str) -> Staff:
        if self.gate is not None:
            self.gate.wait(10)
        self._refuse()
        self.joined.append((address, password, desk_name))
        self.be(LineState.SYNCING, loading=(312_000, 1_000_000), login=address.login)
        return self.member

    def leave(self) -> None:
        self._refuse()
        self.left += 1
        self.now = Line()

    def change_password(self, password: str) -> None:
        self._refuse()
        self.passwords.append(password)

    def carry_out(self, to: Path, everything: bool, progress: Progress) -> CarryReport:
        self._refuse()
        progress(0, None)
        to.write_bytes(b"a file")
        self.carried.append(to)
        return replace(self.report, file=to)

    def carry_in(self, file: Path, progress: Progress) -> CarryReport:
        self._refuse()
        progress(1, 2)
        self.carried.append(file)
        return replace(self.report, file=file)

    def _refuse(self) -> None:
        if self.refusing is not None:
            raise self.refusing


def contest(
    db: Database,
    message: MessageId,
    *actions: Action,
    by: StaffId,
    at: datetime,
    text: str,
    policy: str,
    code: str = "decided",
    late: timedelta = timedelta(minutes=1),
    rules: tuple[RuleId, ...] = (INSULT,),
    reason: str = "La menace est réelle.",
) -> DecisionId:
    """A decision from another desk came after the one that stands; `text` is what it was made on."""
    decision = DecisionId(new_id())
    fact = DecisionMade(
        decision=decision, revision=1, sha256=hashlib.sha256(text.encode()).hexdigest(), deleted=False,
        person=PersonId("p" * 32), platform="facebook", actions=actions, rules=rules, reason=reason, texts={},
        suggested=(), note="", exception=None, policy=policy, engine="test", state_before=CaseState.PENDING,
        state=CaseState.DECIDED,
    )  # fmt: skip
    event = Event(EventId(new_id()), "decision.made", message, by, THERE, at, payload_of(fact))
    with db.write() as work:
        work.contest(shared(event, at + late, Standing.CONTESTED, code), fact)
    return decision


def accept(db: Database, decision: DecisionId, at: datetime) -> None:
    """The hub took this desk's own decision."""
    event = next(each.event for each in db.reads.journal() if each.event.payload.get("decision") == decision)
    with db.write() as work:
        work.know_event(shared(event, at, Standing.ACCEPTED, "", own=True))


def shared(
    event: Event, accepted_at: datetime, standing: Standing, code: str, *, own: bool = False
) -> SharedEvent:
    """The event as the hub spoke of it."""
    return SharedEvent(Link(1, event, GENESIS, GENESIS), standing, code, 1, accepted_at, own=own)
