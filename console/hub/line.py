"""The line to the hub: one thread that exchanges, listens, and tries again when the line is away."""

from __future__ import annotations

import logging
import random
import selectors
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import psycopg

from console.clock import Clock
from console.domain.ids import AccountId, MessageId
from console.errors import OfflineError, VigieError
from console.hub import credentials
from console.hub.connection import reach
from console.hub.faults import fault, raise_fault
from console.hub.session import Session
from console.services.ports import Database
from console.services.rows import ChangeSet
from console.services.secret_ports import Secrets
from console.services.sharing_ports import AccountLease, Claim, Line, LineState, Membership, Presence

log = logging.getLogger(__name__)

POLL = 15.0
"""Seconds between exchanges where no notification comes through (a pooler in between)."""
HEARTBEAT = 30.0
LEASE = 90
"""Seconds that a claim lives without being renewed; renewed with each heartbeat."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_STOPPED_WAIT = 300.0
ACCOUNT_LEASE = 45
"""Seconds that a desk collects an account without renewing; who collects renews every 15 seconds."""
_LEASE_PATIENCE = 5.0
_LISTEN = b"LISTEN vigie"
_Ask = Callable[[Session], bool]


class _Wake:
    """Wakes a thread that waits for a socket; may be rung from any thread."""

    def __init__(self) -> None:
        self._pair: tuple[socket.socket, socket.socket] | None = None
        self._guard = threading.Lock()

    def open(self) -> None:
        """Before anybody waits. Descriptors are held only while a thread runs."""
        with self._guard:
            self._pair = socket.socketpair()
            for each in self._pair:
                each.setblocking(False)

    def ring(self) -> None:
        """Wake whoever waits; nobody there is no error, nor a bell that has rung already."""
        with self._guard, suppress(BlockingIOError):
            if self._pair is not None:
                self._pair[1].send(b"!")

    def wait(self, seconds: float, line: int | None = None) -> None:
        """Until rung, or until something comes on the descriptor `line`, or for that long."""
        if self._pair is None:
            raise RuntimeError("nobody may wait for a bell that is not there")
        inner = self._pair[0]
        with selectors.DefaultSelector() as selector:
            selector.register(inner, selectors.EVENT_READ)
            if line is not None:
                selector.register(line, selectors.EVENT_READ)
            selector.select(seconds)
        with suppress(BlockingIOError):
            while inner.recv(4096):
                pass

    def close(self) -> None:
        """After the thread has ended."""
        with self._guard:
            for each in self._pair or ():
                each.close()
            self._pair = None


class HubThread:
    """The running part of `HubLine`; see `console.hub.member` for joining and leaving."""

    def __init__(self, db: Database, clock: Clock, secrets: Secrets) -> None:
        self._db, self._clock, self._secrets = db, clock, secrets
        self._line = Line()
        self._claims: Mapping[MessageId, Claim] = MappingProxyType({})
        self._presence: tuple[Presence, ...] = ()
        self._collectors: tuple[AccountLease, ...] = ()
        self._listeners: list[Callable[[ChangeSet], object]] = []
        self._wake = _Wake()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._wanted: MessageId | None = None
        self._held: MessageId | None = None
        self._leases: list[tuple[_Ask, Future[bool]]] = []
        self._guard = threading.Lock()
        self._beat: datetime | None = None
        self._total = 0

    # --- what others see -----------------------------------------------------------------------

    def line(self) -> Line:
        """The state of the line."""
        return self._line

    def claims(self) -> Mapping[MessageId, Claim]:
        """Cases that somebody has open; those whose lease has run out are left out."""
        now = self._clock.now()
        return {message: claim for message, claim in self._claims.items() if claim.until > now}

    def presence(self) -> tuple[Presence, ...]:
        """Who is at work at other desks."""
        return self._presence

    def listen(self, listener: Callable[[ChangeSet], object]) -> None:
        """Call back from the line's thread."""
        self._listeners.append(listener)

    def wake(self) -> None:
        """Exchange now. What the line itself writes does not wake it."""
        if threading.current_thread() is not self._thread:
            self._wake.ring()

    def claim(self, message: MessageId) -> None:
        """Ask for a case."""
        self._wanted = message
        self._wake.ring()

    def release(self) -> None:
        """Let go of the case."""
        self._wanted = None
        self._wake.ring()

    def collectors(self) -> tuple[AccountLease, ...]:
        """Which desks collect; those whose lease has run out are left out."""
        now = self._clock.now()
        return tuple(each for each in self._collectors if each.until > now)

    def lease_item(self, item: str) -> bool:
        """Ask the hub; code `hub.unreachable` without a line."""
        return self._lease(lambda session: session.lease_item(item, LEASE))

    def lease_account(self, account: AccountId) -> bool:
        """Ask the hub; code `hub.unreachable` without a line."""
        return self._lease(lambda session: session.lease_account(account, ACCOUNT_LEASE))

    def _lease(self, ask: _Ask) -> bool:
        if self._line.state is LineState.ALONE:
            return True
        if self._line.state not in (LineState.ONLINE, LineState.SYNCING):
            raise OfflineError("hub.unreachable")
        answer: Future[bool] = Future()
        with self._guard:
            self._leases.append((ask, answer))
        self._wake.ring()
        try:
            return answer.result(_LEASE_PATIENCE)
        except Late as error:
            raise OfflineError("hub.unreachable") from error

    # --- the thread ----------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, when the desk is a member of a hub and nothing runs yet."""
        with self._db.write() as work:
            membership = work.membership()
        if membership is None or (self._thread is not None and self._thread.is_alive()):
            return
        self._stopping.clear()
        self._wake.open()
        self._say(
            Line(
                LineState.CONNECTING,
                self._clock.now(),
                hub=f"{membership.address.host}/{membership.address.database}",
                login=membership.address.login,
            )
        )
        self._thread = threading.Thread(target=self._run, args=(membership,), name="vigie-hub", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and wait until it has."""
        self._stopping.set()
        self._wake.ring()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._wake.close()

    def _run(self, membership: Membership) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            try:
                self._connected(membership)
                wait = _FIRST_WAIT
            except OfflineError as error:
                met = self._line.state in (LineState.ONLINE, LineState.SYNCING)
                wait = _FIRST_WAIT if met else min(wait * 2, _LONGEST_WAIT)
                self._away(LineState.OFFLINE, error)
                # Desks that lost the same server must not all come back in the same second.
                self._wake.wait(wait * random.uniform(0.5, 1.0))  # noqa: S311  no secret depends on it
            except VigieError as error:
                self._away(LineState.STOPPED, error)
                self._wake.wait(_STOPPED_WAIT)
            except Exception:
                log.exception("the line to the hub broke on a bug")
                self._away(LineState.STOPPED, VigieError("internal"))
                self._wake.wait(_STOPPED_WAIT)

    def _connected(self, membership: Membership) -> None:
        known = credentials.load(self._secrets, membership.address)
        if self._line.state is LineState.STOPPED:
            # A person set something right. Tries of its own do not make the status line flicker.
            self._say(replace(self._line, state=LineState.CONNECTING, since=self._clock.now()))
        with closing(reach(membership.address, known.password)) as connection:
            secret = bytes.fromhex(known.secret)
            session = Session(self._db, self._clock, connection, secret, self._tell)
            try:
                connection.execute(_LISTEN)
                self._exchange(session, first=True)
                while not self._stopping.is_set():
                    self._wake.wait(POLL, connection.fileno())
                    said = {note.payload for note in connection.notifies(timeout=0)}
                    self._exchange(session, registers="staff" in said)
                self._let_go(session)
            except psycopg.Error as error:
                raise_fault(error)
            finally:
                self._refuse_leases()

    def _exchange(self, session: Session, *, first: bool = False, registers: bool = False) -> None:
        if first:
            greeting = session.greet()
            self._held, self._beat = None, None
            self._total = greeting.max_seq
        if first or registers:
            session.registers()
        self._answer_leases(session)
        while not self._stopping.is_set():
            self._count(session)
            more = session.push()
            received = session.pull()
            self._answer_leases(session)
            if not more and not received:
                break
        self._keep_claims(session)
        now = self._clock.now()
        self._say(
            replace(
                self._line,
                state=LineState.ONLINE,
                since=self._line.since if self._line.state is LineState.ONLINE else now,
                last_met=now,
                to_send=0,
                to_receive=0,
                loading=None,
                error=None,
            )
        )

    def _count(self, session: Session) -> None:
        """Say how much there is to do, where it takes longer than a moment."""
        position = session.position()
        to_send, to_receive = self._db.reads.to_send(), max(0, self._total - position.cursor)
        loading = None if position.loaded else (position.cursor, max(self._total, position.cursor))
        if not to_receive and not position.loaded:
            session.loaded()
            loading = None
        if self._line.state is LineState.ONLINE and to_send + to_receive <= 1:
            return
        self._say(
            replace(
                self._line,
                state=LineState.SYNCING,
                since=self._clock.now(),
                to_send=to_send,
                to_receive=to_receive,
                loading=loading if to_receive else None,
                error=None,
            )
        )

    def _keep_claims(self, session: Session) -> None:
        now = self._clock.now()
        due = self._beat is None or (now - self._beat).total_seconds() >= HEARTBEAT
        wanted = self._wanted
        if self._held is not None and self._held != wanted:
            session.release(self._held)
            self._held = None
        if wanted is not None and (self._held != wanted or due):
            session.claim(wanted, LEASE)
            self._held = wanted
        if due:
            session.seen()
            self._beat = now
        self._claims = MappingProxyType(session.claims())
        self._presence = session.presence()
        self._collectors = session.collectors()

    def _let_go(self, session: Session) -> None:
        if self._held is not None:
            session.release(self._held)
            self._held = None

    def _answer_leases(self, session: Session) -> None:
        with self._guard:
            asked, self._leases = self._leases, []
        for ask, answer in asked:
            try:
                answer.set_result(ask(session))
            except VigieError as error:
                answer.set_exception(error)
                if isinstance(error, OfflineError):
                    raise

    def _refuse_leases(self) -> None:
        with self._guard:
            asked, self._leases = self._leases, []
        for _, answer in asked:
            answer.set_exception(OfflineError("hub.unreachable"))

    # --- telling -------------------------------------------------------------------------------

    def _away(self, state: LineState, error: VigieError) -> None:
        self._claims, self._presence, self._collectors = MappingProxyType({}), (), ()
        if self._stopping.is_set():
            return
        if fault(error) is not None and self._line.state is not state:
            log.info("the hub is away: %s", error.code)
        since = self._line.since if self._line.state is state else self._clock.now()
        self._say(
            replace(
                self._line,
                state=state,
                since=since,
                error=error,
                to_send=self._db.reads.to_send(),
                to_receive=0,
                loading=None,
            )
        )

    def _say(self, line: Line) -> None:
        self._line = line
        self._tell(ChangeSet())

    def _tell(self, changes: ChangeSet) -> None:
        for listener in self._listeners:
            listener(changes)
