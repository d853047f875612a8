"""A day of the city, at random: six accounts that are written to, a desk that takes in and carries out,
moderators who decide, and everything that goes wrong. What must hold at its end is in `day_check`.

The same day serves the suite (short) and `python3 dev.py soak platforms` (20,000 comments).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.bootstrap import wire
from console.clock import FixedClock
from console.domain.ids import AccountId
from console.domain.messages import Platform
from console.domain.roles import Role
from console.domain.sanctions import LadderSettings
from console.errors import AccessLostError, ConflictError
from console.platforms.simulator.city_life import PLATFORMS
from console.platforms.simulator.running import Simulator
from console.secrets.in_memory import MemorySecrets
from console.services.collecting import CollectReport
from console.services.platform_ports import Candidate, ConnectionState
from console.services.services import Services
from console.store.database import StoreDatabase, open_store
from tests.platforms.day_mortal import Fate, Killed, MortalDirectory
from tests.platforms.day_people import People
from tests.platforms.day_town import THINGS_PER_HAPPENING, Hands, Mishaps, Town, good_tokens

MORNING = datetime(2026, 10, 14, 10, 0, tzinfo=UTC)


@dataclass
class Day:
    """The desk and the town. `things`: about how many comments and messages are written in the day."""

    sim: Simulator
    folder: Path
    seed: int
    things: int
    step: timedelta
    rate: float = 0.02
    kills: float = 0.05
    """How often a step ends in a kill somewhere."""
    done: Counter[str] = field(default_factory=Counter)
    by_hand: Counter[str] = field(default_factory=Counter)
    fate: Fate = field(default_factory=Fate)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)

    def __post_init__(self) -> None:
        """Everything that does not need the desk."""
        self.dice = random.Random(self.seed)
        began = self.sim.clock.now()
        self.town = Town(self.sim.world, self.seed, began, self.things / 24 / THINGS_PER_HAPPENING)
        self.ends = began + timedelta(hours=24)
        self.mishaps, self.hands = Mishaps(self.sim, self.dice), Hands(self.sim)
        self.people = People(self)
        self.dropped: list[StoreDatabase] = []

    # --- the desk --------------------------------------------------------------------------------

    def open(self) -> None:
        """The first time: people, coordinates, and six accounts."""
        self._start()
        access = self.services.access
        self.admin = access.introduce("Odile", Role.ADMINISTRATOR)
        self.supervisor = access.introduce("Sacha", Role.SUPERVISOR)
        access.switch(self.admin.staff.id)
        self.moderators = [access.introduce(name, Role.MODERATOR) for name in ("Camille", "Noa")]
        self.services.policy.set_coordinate(self.admin, "telephone_311", "311")
        ladder = LadderSettings(
            ban_days=self.dice.choice((None, 1, 30)), ban_needs_second_signature=self.dice.random() < 0.5
        )
        self.services.preferences.set_ladder(self.admin, ladder)
        for platform in PLATFORMS:
            self._connect(platform)
        self.sim.faults.at_random(self.rate, self.seed)

    def _start(self) -> None:
        self.db: StoreDatabase = open_store(self.folder / "vigie.db", self.sim.clock)
        directory = MortalDirectory(self.sim, self.fate)
        self.services: Services = wire(self.db, self.sim.clock, secrets=self.secrets, directory=directory)
        self.db.on_commit = self.fate.moment

    def close(self) -> None:
        """Close what is open, also what was dropped by kills."""
        self.services.close()
        for each in self.dropped:
            each.close()

    def _killed(self) -> None:
        """The process is gone; the next one opens the file."""
        self.done["killed"] += 1
        # What the system takes back of a process that ended: its connections and its lock.
        self.services.accounts.close()
        self.db._lock.release()
        self.dropped.append(self.db)
        self._start()

    def _survives(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Killed:
            self._killed()

    def _connect(self, platform: Platform) -> None:
        good_tokens(self.sim, platform)
        there = self.sim.connection(platform)
        settings = {**there.settings, "page_size": "20"}
        candidate = Candidate(there.external_id, there.name, self.sim.tokens(platform), settings)
        self.services.accounts.connect(self.supervisor, platform, self.sim.app(platform), candidate)

    # --- the day ---------------------------------------------------------------------------------

    def live(self) -> None:
        """Until the day is over."""
        while self.sim.clock.now() < self.ends:
            self.one_step()

    def one_step(self) -> None:
        """Some minutes."""
        dice = self.dice
        self.sim.clock.advance(self.step * dice.uniform(0.5, 1.5))
        with self.sim.world.lock:
            self.town.advance(min(self.sim.clock.now(), self.ends))
        self.mishaps.pass_over()
        if dice.random() < 0.15:
            self.done[self.mishaps.happen()] += 1
        if dice.random() < self.kills:
            self.fate.left = dice.randint(1, 80)
        if dice.random() < 0.02:
            self.done["reopened"] += 1
            self.services.close()
            self._start()
        if dice.random() < 0.01:
            with self.sim.down():
                self.done["down"] += 1
                self._collect_all()
                self._survives(self._deliver)
        self._collect_all()
        for _ in range(dice.randint(1, 3)):
            self._survives(self.people.decide)
        self._survives(self.people.take_back)
        self.sim.clock.advance(timedelta(seconds=dice.choice((5, 31, 60))))
        self._survives(self._deliver)
        self.fate.left = None
        self._manage(0.5)
        self.people.work_by_hand(0.3)

    def _collect_all(self) -> None:
        for row in self.services.accounts.rows(self.supervisor):
            self._survives(lambda account=row.account.id: self.collect(account))

    def collect(self, account: AccountId, *, whole: bool = False) -> CollectReport | None:
        """One account, as its turn comes; None when it is not connected. Unless `whole`, the desk may be
        stopped after some pages."""
        pages = 10_000 if whole else self.dice.choice((3, 10_000, 10_000, 10_000))

        def stop() -> bool:
            nonlocal pages
            pages -= 1
            return pages < 0

        try:
            report = self.services.collecting.run(self.moderators[0], account, stop)
        except (AccessLostError, ConflictError):
            return None
        self.done["added"] += report.added
        self.done["updated"] += report.updated
        self.done["gone"] += report.gone
        if report.error is not None:
            self.done[f"collect: {report.error.code}"] += 1
        return report

    def _deliver(self) -> None:
        report = self.services.delivery.run(self.moderators[0], lambda: False)
        self.done["sent"] += report.sent

    # --- people ----------------------------------------------------------------------------------

    def _manage(self, often: float) -> None:
        """The supervisor sees to the accounts."""
        for row in self.services.accounts.rows(self.supervisor):
            connection = row.connection
            if connection is None or connection.state is ConnectionState.CONNECTED:
                if self.dice.random() < 0.003 and often < 1:
                    self.services.accounts.disconnect(self.supervisor, row.account.id)
                    self.done["disconnected"] += 1
                continue
            if self.dice.random() < often:
                if connection.state is ConnectionState.BLOCKED and self.dice.random() < 0.7:
                    self.services.accounts.resume(self.supervisor, row.account.id)
                else:
                    self._connect(row.account.platform)
                self.done[f"connected again: {connection.state}"] += 1

    # --- the end ---------------------------------------------------------------------------------

    def settle(self) -> None:
        """Nothing goes wrong any more and nobody writes: every account is read and looked through from the
        first message to the last; what waits goes out, most of what is by hand is done."""
        self.sim.faults.clear()
        self.mishaps.pass_over()
        self.sim.clock.advance(timedelta(minutes=20))
        ready = self.sim.clock.now() + timedelta(minutes=90)
        """Once an hour some platforms are looked through for what no list shows as new."""
        begun: set[AccountId] = set()
        ended: set[AccountId] = set()
        for _ in range(3_000):
            self._manage(1.0)
            looking = False
            for account in [row.account.id for row in self.services.accounts.rows(self.supervisor)]:
                if account not in ended:
                    looking |= self._look_through(account, ready, begun, ended)
            report = self.services.delivery.run(self.moderators[0], lambda: False)
            self.done["sent"] += report.sent
            self.people.work_by_hand(0.5)
            later = self.sim.clock.now() + timedelta(hours=6)
            waits = report.next_at is not None and report.next_at < later
            if len(ended) == len(PLATFORMS) and not waits and self.people.finished():
                return
            self.sim.clock.advance(timedelta(minutes=1 if looking else 40))
        raise AssertionError(f"seed {self.seed}: nothing settles: {ended}")

    def _look_through(
        self, account: AccountId, ready: datetime, begun: set[AccountId], ended: set[AccountId]
    ) -> bool:
        """One run; whether it has to go on soon because a round of looking is under way."""
        if self.sim.clock.now() >= ready and not self._is_looking(account):
            begun.add(account)
        report = self.collect(account, whole=True)
        if report is None or report.error is not None:
            return False
        looking = self._is_looking(account)
        if account in begun and not looking:
            ended.add(account)
        return looking

    def _is_looking(self, account: AccountId) -> bool:
        with self.db.write() as work:
            stored = work.connection_of(account)
        return stored is not None and stored.looked_at is not None


def still_clock() -> FixedClock:
    """The beginning of a day."""
    return FixedClock(MORNING)
