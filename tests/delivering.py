"""A desk with a connected account, and a platform that can do everything wrong: for tests of carrying out.

The platform stands at the `Connector` protocol; everything on the desk's side of it is real.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path

from console.bootstrap import wire
from console.clock import FixedClock
from console.domain.ids import AccountId, account_id
from console.domain.messages import FACEBOOK, IncomingMessage, Platform
from console.domain.platforms import Abilities, Act, Receipt, Result, Target
from console.errors import AccessLostError, OfflineError, RateLimitedError, UncertainError
from console.platforms.abilities import abilities_of
from console.secrets.in_memory import MemorySecrets
from console.services.accounts import Accounts
from console.services.alone import AloneLine
from console.services.delivery import Delivery, DeliveryReport
from console.services.outbox import Outbox
from console.services.outlook import Outlook
from console.services.platform_ports import (
    Budget,
    Connection,
    ConnectionState,
    FetchedPage,
    Health,
    SignIn,
    Tokens,
    TokenStore,
)
from console.services.sharing_ports import HubLine
from console.services.tokens import KeptTokens
from console.store.database import StoreDatabase, open_store
from tests.desks import NOW, Desk, open_desk


class Killed(BaseException):
    """The process ends here; nothing in it runs any more."""


class Fate(Enum):
    """What becomes of one call."""

    FINE = auto()
    LOST = auto()
    """Done, and the answer is lost."""
    BROKEN = auto()
    """Not done, and the answer is lost."""
    AWAY = auto()
    LIMITED = auto()
    REFUSED = auto()
    BUG = auto()
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()


@dataclass
class Remote:
    """The platform's side: what is there now, and what was done in which order."""

    clock: FixedClock
    hidden: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    banned: set[str] = field(default_factory=set)
    said: list[tuple[Act, str, str, datetime]] = field(default_factory=list)
    done: list[tuple[Act, str]] = field(default_factory=list)
    fates: deque[Fate] = field(default_factory=deque)
    """Of the next calls; fine when there are no more."""
    tells: bool = True
    """Whether it can be asked what became of a call."""
    calls: list[str] = field(default_factory=list)
    refuses: set[Act] = field(default_factory=set)
    token: bool = True

    def texts(self, message: str) -> list[tuple[Act, str]]:
        """What the city told about a message."""
        return [(act, text) for act, about, text, _ in self.said if about == message]

    def do(self, act: Act, target: Target, text: str) -> tuple[Result, str]:
        """The effect."""
        where: Mapping[Act, tuple[set[str], str, bool]] = {
            Act.HIDE: (self.hidden, target.external_id, True),
            Act.UNHIDE: (self.hidden, target.external_id, False),
            Act.DELETE: (self.gone, target.external_id, True),
            Act.BAN: (self.banned, target.author_external_id, True),
            Act.UNBAN: (self.banned, target.author_external_id, False),
        }
        if act in (Act.MESSAGE, Act.REPLY):
            if target.external_id in self.gone:
                return Result.GONE, ""
            self.said.append((act, target.external_id, text, self.clock.now()))
            self.done.append((act, target.external_id))
            return Result.DONE, f"r{len(self.said)}"
        things, name, put = where[act]
        if act is not Act.DELETE and target.external_id in self.gone and act in (Act.HIDE, Act.UNHIDE):
            return Result.GONE, ""
        if (name in things) is put:
            return Result.ALREADY, ""
        (things.add if put else things.discard)(name)
        self.done.append((act, target.external_id))
        return Result.DONE, ""


class FakeConnector:
    """Fulfils `Connector` over a `Remote`."""

    platform = FACEBOOK

    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """One call, with the fate that is next."""
        remote = self.remote
        remote.calls.append(f"{act} {target.external_id}")
        fate = remote.fates.popleft() if remote.fates else Fate.FINE
        self._before(fate)
        if act in remote.refuses or fate is Fate.REFUSED:
            return Receipt(act, Result.REFUSED, remote.clock.now(), "req", status=400, code="100")
        result, made = remote.do(act, target, text)
        if fate is Fate.LOST:
            raise UncertainError("platform.uncertain")
        if fate is Fate.KILLED_AFTER:
            raise Killed
        return Receipt(act, result, remote.clock.now(), f"req{len(remote.calls)}", made, 200)

    def _before(self, fate: Fate) -> None:
        if not self.remote.token:
            raise AccessLostError("platform.token")
        if fate is Fate.AWAY:
            raise OfflineError("platform.unreachable")
        if fate is Fate.BROKEN:
            raise UncertainError("platform.uncertain")
        if fate is Fate.LIMITED:
            until = self.remote.clock.now() + timedelta(minutes=7)
            raise RateLimitedError("platform.rate_limited", until=until)
        if fate is Fate.BUG:
            raise ValueError("not foreseen")
        if fate is Fate.KILLED_BEFORE:
            raise Killed

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Look for the text."""
        remote = self.remote
        remote.calls.append(f"look {act} {target.external_id}")
        fate = remote.fates.popleft() if remote.fates else Fate.FINE
        if fate in (Fate.KILLED_AFTER, Fate.KILLED_BEFORE):
            raise Killed
        if fate is Fate.AWAY:
            raise OfflineError("platform.unreachable")
        if not remote.tells or fate in (Fate.LOST, Fate.BROKEN):
            raise UncertainError("platform.uncertain")
        for number, (did, about, words, at) in enumerate(remote.said, 1):
            if (did, about, words) == (act, target.external_id, text) and at >= since:
                return Receipt(act, Result.DONE, remote.clock.now(), external_id=f"r{number}", read_back=True)
        return None

    def check(self) -> Health:
        """Not asked here."""
        return Health("page", "Ville", ())

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """Nothing comes in."""
        return iter(())

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """Nothing is asked for."""
        return {}

    def media(self, url: str) -> bytes:
        """No pictures."""
        return b""

    def budgets(self) -> tuple[Budget, ...]:
        """None."""
        return ()

    def revoke(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


class FakeDirectory:
    """Fulfils `PlatformDirectory`: what platforms can do is real, the connector is not."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    def abilities(self, platform: Platform) -> Abilities:
        """As shipped."""
        return abilities_of(platform)

    def connect(self, connection: Connection, tokens: TokenStore) -> FakeConnector:
        """Any account."""
        return FakeConnector(self.remote)

    def sign_in(self, platform: Platform) -> SignIn:
        """Nobody signs in here."""
        raise AssertionError("nobody signs in here")


@dataclass
class Sender:
    """A desk whose account is connected to the remote platform."""

    desk: Desk
    remote: Remote
    accounts: Accounts
    outlook: Outlook
    outbox: Outbox
    delivery: Delivery

    def round(self, *, grace: bool = True) -> DeliveryReport:
        """The grace passes, and one round."""
        if grace:
            self.desk.clock.advance(timedelta(seconds=31))
        return self.delivery.run(self.desk.moderator, lambda: False)

    def rounds(self, number: int = 12, step: timedelta = timedelta(minutes=40)) -> None:
        """Rounds far enough apart that whatever waits is due."""
        for _ in range(number):
            self.desk.clock.advance(step)
            self.delivery.run(self.desk.moderator, lambda: False)

    def states(self) -> dict[str, str]:
        """Operation → state of everything there is (later items of the same operation win)."""
        waiting = self.outbox.waiting(self.desk.moderator)
        return {row.operation: str(row.state) for row in (*self.outbox.sent(self.desk.moderator), *waiting)}


def sender_at(desk: Desk, remote: Remote, secrets: MemorySecrets, line: HubLine | None = None) -> Sender:
    """All services of carrying out over an open desk; its services know the outlook too."""
    line = line or AloneLine()
    directory = FakeDirectory(remote)
    accounts = Accounts(desk.db, desk.clock, secrets, directory, line)
    outlook = Outlook(desk.db, desk.clock, directory.abilities)
    outbox = Outbox(desk.db, desk.clock, line, outlook)
    delivery = Delivery(desk.db, desk.clock, line, accounts, outlook)
    return Sender(desk, remote, accounts, outlook, outbox, delivery)


def connect(
    db: StoreDatabase,
    secrets: MemorySecrets,
    account: AccountId,
    platform: Platform = FACEBOOK,
    state: ConnectionState = ConnectionState.CONNECTED,
) -> None:
    """Connect an account that is there already."""
    connection = Connection(account, platform, "Ville", "page", state, connected_at=NOW)
    KeptTokens(secrets, connection).write(Tokens("token"))
    with db.write() as work:
        work.put_connection(connection)


@contextmanager
def open_sender(folder: Path, platform: Platform = FACEBOOK) -> Iterator[Sender]:
    """A desk in `folder` with one message «m0» (so that the account exists) and the account connected."""
    with open_desk(folder) as desk:
        desk.receive("m0", platform=platform, author="personne-0")
        secrets = MemorySecrets()
        connect(desk.db, secrets, account_id(platform, "Ville"), platform)
        yield sender_at(desk, Remote(desk.clock), secrets)


def reopened(path: Path, clock: FixedClock) -> Desk:
    """The file of a desk that was killed, opened by the next process; everybody is whoever sat there."""
    db = open_store(path, clock)
    services = wire(db, clock)
    me = services.access.current()
    assert me is not None
    return Desk(db, clock, services, me, me, me, me)
