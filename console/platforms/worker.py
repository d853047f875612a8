"""The thread that collects every connected account in turn and carries out what is due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from console.clock import Clock
from console.domain.ids import AccountId
from console.domain.roles import Actor, Permission
from console.errors import OfflineError, RateLimitedError, VigieError
from console.services.accounts import Accounts
from console.services.collecting import Collecting
from console.services.delivery import Delivery
from console.services.picture_look import PictureMemory
from console.services.platform_ports import AccountWork, ConnectionState, WorkerState
from console.services.platform_settings import COLLECT_EVERY, EVERY, SHORTEST
from console.services.ports import Database
from console.services.rows import ChangeSet
from console.services.sharing_ports import HubLine

log = logging.getLogger(__name__)

RENEW = timedelta(seconds=15)
"""How often the leases of accounts are renewed; they last 45 seconds."""
AWAY = timedelta(minutes=1)
"""After this long without a line every lease of others has run out: what comes in is collected all the same.
Messages that two desks bring are one; nothing is ever sent without the hub's word."""
_FIRST_BACK_OFF, _LONGEST_BACK_OFF = timedelta(seconds=30), timedelta(minutes=30)
_QUIET = timedelta(seconds=2)
"""Between two rounds of sending."""
_LONGEST_SLEEP = 15.0
PATIENCE = 2.0
"""Seconds that stopping waits for a call under way."""


@dataclass(slots=True)
class _Account:
    """What is known of one account between rounds."""

    next_at: datetime
    failures: int = 0
    held: bool = False
    """Whether this desk collects it, as the hub last said."""
    asked_at: datetime | None = None
    work: AccountWork = field(default_factory=AccountWork)


class Worker:
    """Fulfils `PlatformWorker`. Nothing happens while nobody has the desk, or somebody who may not import.

    An error of one account stops neither the others nor the sending; each has a back-off of its own.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        actor: Callable[[], Actor | None],
        accounts: Accounts,
        collecting: Collecting,
        delivery: Delivery,
        line: HubLine,
    ) -> None:
        """`actor` says in whose name; `every` (seconds) goes before the setting."""
        self.every: float | None = None
        self._db, self._clock, self._actor = db, clock, actor
        self._accounts, self._collecting, self._delivery = accounts, collecting, delivery
        self._pictures = PictureMemory(db, clock, accounts)
        self._line = line
        self._known: dict[AccountId, _Account] = {}
        self._listeners: list[Callable[[ChangeSet], object]] = []
        self._state = WorkerState()
        self._bell = threading.Condition()
        self._rung = self._news = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._send_at: datetime | None = None
        self._sent_at: datetime | None = None
        self._line_lost: datetime | None = None

    # --- what others see -----------------------------------------------------------------------

    def start(self) -> None:
        """Begin; a worker that runs goes on."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="vigie-platforms", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and wait until it has; a call under way is waited for no longer than two seconds.

        Whatever such a call does is looked up at the next start: it is on disk that it was begun.
        """
        self._stopping.set()
        self._ring()
        thread = self._thread
        if thread is None:
            return
        thread.join(PATIENCE)
        if thread.is_alive():
            log.info("a call to a platform is left behind")
        self._thread = None

    def wake(self) -> None:
        """Collect and send now; those who were asked to wait still do."""
        with self._bell:
            self._rung = True
            self._bell.notify_all()

    def nudge(self) -> None:
        """Something was stored: there may be something to send. What this thread stores does not count."""
        if threading.current_thread() is not self._thread:
            with self._bell:
                self._news = True
                self._bell.notify_all()

    def listen(self, callback: Callable[[ChangeSet], object]) -> None:
        """Call back from the worker's thread."""
        self._listeners.append(callback)

    def state(self) -> WorkerState:
        """One look."""
        return self._state

    # --- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        self._say(running=True)
        try:
            while not self._stopping.is_set():
                seconds = self._round_of_thread()
                with self._bell:
                    if not (self._rung or self._news or self._stopping.is_set()):
                        self._bell.wait(seconds)
                    rung, self._rung, self._news = self._rung, False, False
                if rung:
                    self._everything_now()
        finally:
            self._accounts.release()
            self._say(running=False)

    def _round_of_thread(self) -> float:
        try:
            return self.once()
        except VigieError as error:
            # The store or the keyring: whatever it is shows itself in the work of people as well.
            log.info("a round over the platforms ended early: %s", error.code)
            self._say(error=error)
        except Exception:
            if self._stopping.is_set():
                return 0.0  # left behind, and the store is closed meanwhile
            log.exception("a round over the platforms broke on a bug")
            self._say(error=VigieError("internal"))
        return _LONGEST_SLEEP

    def once(self) -> float:
        """One round over everything that is due; seconds until something may be due again."""
        actor, now = self._actor(), self._clock.now()
        if actor is None or not actor.may(Permission.IMPORT, now):
            return _LONGEST_SLEEP
        connected = self._connected()
        for account in connected:
            if self._stopping.is_set():
                return 0.0
            if self._hold(account) and self._known[account].next_at <= self._clock.now():
                self._collect(actor, account)
        if actor.may(Permission.DELIVER, now):
            self._send(actor)
        return self._until_next(connected)

    def _everything_now(self) -> None:
        now = self._clock.now()
        for known in self._known.values():
            if not isinstance(known.work.error, RateLimitedError):
                known.next_at = now
        self._send_at = now
        self._sent_at = None

    def _connected(self) -> list[AccountId]:
        now = self._clock.now()
        found = [
            each.connection.account
            for each in self._db.reads.connections()
            if each.connection.state is ConnectionState.CONNECTED
        ]
        for account in found:
            self._known.setdefault(account, _Account(now))
        for account in set(self._known) - set(found):
            del self._known[account]
        return found

    # --- whose turn it is ----------------------------------------------------------------------

    def _hold(self, account: AccountId) -> bool:
        """Whether this desk collects the account; asked of the hub at most every 15 seconds."""
        known, now = self._known[account], self._clock.now()
        if known.asked_at is not None and timedelta() <= now - known.asked_at < RENEW:
            return known.held
        try:
            known.held = self._line.lease_account(account)
            self._line_lost = None
        except OfflineError:
            self._line_lost = self._line_lost or now
            # Who collected goes on; others begin once nobody online can be collecting any more.
            known.held = known.held or now - self._line_lost >= AWAY
        except VigieError as error:
            log.info("the hub does not let this desk collect: %s", error.code)
            known.held = False
        known.asked_at = now
        return known.held

    def _stops(self, account: AccountId) -> Callable[[], bool]:
        """For one run: renews the lease while it lasts, and ends it when another desk has taken over."""
        return lambda: self._stopping.is_set() or not self._hold(account)

    # --- collecting ----------------------------------------------------------------------------

    def _collect(self, actor: Actor, account: AccountId) -> None:
        known = self._known[account]
        self._note(account, replace(known.work, busy=True))
        error: VigieError | None = None
        changes = ChangeSet()
        try:
            report = self._collecting.run(actor, account, self._stops(account))
            error, changes = report.error, report.changes
        except VigieError as raised:
            error = raised
        except Exception:
            if self._stopping.is_set():
                return
            log.exception("collecting an account broke on a bug")
            error = VigieError("internal")
        known.failures = 0 if error is None else known.failures + 1
        now = self._clock.now()
        known.next_at = self._next(known, error, now)
        self._note(account, AccountWork(now, False, error, known.next_at), changes)

    def _next(self, known: _Account, error: VigieError | None, now: datetime) -> datetime:
        usual = timedelta(seconds=self._seconds())
        if error is None:
            return now + usual
        until = error.facts.get("until")
        if isinstance(until, datetime) and until > now:
            return until
        back_off = min(_FIRST_BACK_OFF * (1 << min(known.failures - 1, 10)), _LONGEST_BACK_OFF)
        return now + max(usual, back_off)

    def _seconds(self) -> float:
        chosen = self.every or self._db.reads.setting(COLLECT_EVERY)
        return max(SHORTEST, float(chosen)) if isinstance(chosen, int | float) else EVERY

    # --- sending -------------------------------------------------------------------------------

    def _send(self, actor: Actor) -> None:
        now = self._clock.now()
        if self._sent_at is not None and timedelta() <= now - self._sent_at < _QUIET:
            self._send_at = self._sent_at + _QUIET
            return
        self._say(sending=True)
        stop = self._ends_sending
        # A picture that is about to be deleted has to be remembered first.
        self._pictures.note(actor, stop)
        report = self._delivery.run(actor, stop)
        self._sent_at, self._send_at = self._clock.now(), report.next_at
        self._say(report.changes, sending=False, error=None)

    def _ends_sending(self) -> bool:
        """Asked between calls: a long round must not lose the leases of accounts."""
        for account, known in list(self._known.items()):
            if known.held and not self._stopping.is_set():
                self._hold(account)
        return self._stopping.is_set()

    # --- time and telling ----------------------------------------------------------------------

    def _until_next(self, connected: list[AccountId]) -> float:
        now = self._clock.now()
        times = [self._known[each].next_at for each in connected if self._known[each].held]
        times += [self._send_at] if self._send_at is not None else []
        soonest = min(((each - now).total_seconds() for each in times), default=_LONGEST_SLEEP)
        return min(max(soonest, 0.05), _LONGEST_SLEEP)

    def _ring(self) -> None:
        with self._bell:
            self._bell.notify_all()

    def _note(self, account: AccountId, work: AccountWork, changes: ChangeSet | None = None) -> None:
        self._known[account].work = work
        works = {each: known.work for each, known in self._known.items()}
        self._say(changes, accounts=MappingProxyType(works))

    def _say(self, changes: ChangeSet | None = None, **news: object) -> None:
        self._state = replace(self._state, **news)  # type: ignore[arg-type]  # fields of the state
        for listener in self._listeners:
            listener(changes or ChangeSet())
