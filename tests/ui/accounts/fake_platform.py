"""A platform in memory behind the ports that services own, and a worker that only listens."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from PIL import Image

from console.domain.ids import AccountId
from console.domain.messages import IncomingMessage, Platform
from console.domain.platforms import Abilities, Act, Receipt, Target
from console.errors import AccessLostError, VigieError
from console.platforms.abilities import abilities_of
from console.platforms.signing_in import sign_in
from console.services.platform_ports import (
    AccountWork,
    Budget,
    Candidate,
    ClientApp,
    Connection,
    FetchedPage,
    Health,
    SignInKind,
    Tokens,
    TokenStore,
    WorkerState,
)
from console.services.rows import ChangeSet

TOKEN = "jeton-que-personne-ne-doit-voir"
SCOPES = ("pages_read_engagement", "pages_manage_engagement", "pages_messaging")
MIDNIGHT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def picture(width: int = 120, height: int = 90) -> bytes:
    """A slope of grey, as PNG."""
    made, written = Image.linear_gradient("L").resize((width, height)), io.BytesIO()
    made.save(written, "PNG")
    return written.getvalue()


@dataclass
class FakePlatform:
    """What the platform would answer, for all of its accounts."""

    problem: VigieError | None = None
    """Of the next question."""
    candidates: tuple[tuple[str, str], ...] = (("1001", "Ville"), ("1002", "Bibliothèque"))
    left: tuple[Budget, ...] = (Budget("units", 3_200, 10_000, MIDNIGHT),)
    fetched: int = 0
    """Pictures that were asked for."""
    revoked: int = 0
    asked: list[ClientApp] = field(default_factory=list)
    url: str = "https://plateforme.example/accord"
    hold: Callable[[Callable[[], bool]], None] = lambda _stop: None
    """What happens while the browser is answered."""

    def answer(self) -> None:
        """Raise the problem, once."""
        problem, self.problem = self.problem, None
        if problem is not None:
            raise problem


class FakeSignIn:
    """Fulfils `SignIn`."""

    def __init__(self, platform: FakePlatform, kind: SignInKind, scopes: tuple[str, ...]) -> None:
        self._platform, self.kind, self.scopes = platform, kind, scopes

    def in_browser(
        self, app: ClientApp, open_url: Callable[[str], object], stop: Callable[[], bool]
    ) -> tuple[Candidate, ...]:
        """The person agrees at once, unless the platform holds them."""
        open_url(self._platform.url)
        self._platform.hold(stop)
        return self._found(app)

    def pasted(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """The accounts of the token."""
        return self._found(app)

    def _found(self, app: ClientApp) -> tuple[Candidate, ...]:
        self._platform.asked.append(app)
        self._platform.answer()
        return tuple(Candidate(number, name, Tokens(TOKEN)) for number, name in self._platform.candidates)


class FakeConnector:
    """Fulfils `Connector` as far as the screens ask."""

    def __init__(self, platform: FakePlatform, connection: Connection) -> None:
        self._platform, self._connection = platform, connection
        self.platform = connection.platform

    def check(self) -> Health:
        """All is well, unless there is a problem."""
        self._platform.answer()
        return Health(self._connection.external_id, self._connection.name, SCOPES)

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """Nothing new."""
        return iter(())

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """Nothing known."""
        return {}

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Never asked here."""
        raise AssertionError("nothing is carried out here")

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Never asked here."""
        raise AssertionError("nothing is carried out here")

    def media(self, url: str) -> bytes:
        """The same picture for everything."""
        self._platform.fetched += 1
        self._platform.answer()
        return picture()

    def budgets(self) -> tuple[Budget, ...]:
        """What is left."""
        return self._platform.left

    def revoke(self) -> None:
        """The token is void."""
        self._platform.revoked += 1

    def close(self) -> None:
        """Nothing is open."""


class FakeDirectory:
    """Fulfils `PlatformDirectory`."""

    def __init__(self, platform: FakePlatform) -> None:
        self._platform = platform

    def abilities(self, platform: Platform) -> Abilities:
        """The real ones."""
        return abilities_of(platform)

    def connect(self, connection: Connection, tokens: TokenStore) -> FakeConnector:
        """The token has to be there."""
        if tokens.read().access != TOKEN:
            raise AccessLostError("platform.token")
        return FakeConnector(self._platform, connection)

    def sign_in(self, platform: Platform) -> FakeSignIn:
        """Of the same kind as the real one, and asking for the same."""
        real = sign_in(platform)
        return FakeSignIn(self._platform, real.kind, real.scopes)


class FakeWorker:
    """Fulfils `PlatformWorker`; the test holds it."""

    def __init__(self) -> None:
        self.accounts: dict[AccountId, AccountWork] = {}
        self.woken = 0
        self._callbacks: list[Callable[[ChangeSet], object]] = []

    def start(self) -> None:
        """Nothing runs."""

    def stop(self) -> None:
        """Nothing ran."""

    def wake(self) -> None:
        """Counted."""
        self.woken += 1

    def listen(self, callback: Callable[[ChangeSet], object]) -> None:
        """Kept."""
        self._callbacks.append(callback)

    def state(self) -> WorkerState:
        """As the test says."""
        return WorkerState(accounts=MappingProxyType(self.accounts))

    def tell(self, changes: ChangeSet = ChangeSet()) -> None:  # noqa: B008  frozen
        """As the worker's thread would."""
        for callback in self._callbacks:
            callback(changes)
