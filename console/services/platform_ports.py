"""What connected platforms must do for services: read, act, look again, say what is left of the budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from console.domain.ids import AccountId
from console.domain.messages import IncomingMessage, Platform
from console.domain.platforms import Abilities, Act, Receipt, Target

if TYPE_CHECKING:
    from console.errors import VigieError
    from console.services.rows import ChangeSet


class ConnectionState(StrEnum):
    """How an account of the city is connected at this desk."""

    CONNECTED = "connected"
    EXPIRED = "expired"
    """The token is no longer taken: somebody connects again."""
    FORBIDDEN = "forbidden"
    """The role on the page, or a scope, was lost."""
    BLOCKED = "blocked"
    """The platform asked to stop; nothing is sent until a person says so."""
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Connection:
    """One account connected to its platform. Secrets are in the keyring, named by `secret_name`."""

    account: AccountId
    platform: Platform
    name: str
    """Of the account, as messages name it."""
    external_id: str
    """Page, channel, user or organisation, as the platform names it."""
    state: ConnectionState
    code: str = ""
    """Why it is not connected: an error code."""
    connected_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    """Of the token; None when it has no end that is known."""
    client_id: str = ""
    base_url: str = ""
    """Where the interface is; empty for the platform's own address (others: a proxy, the simulator)."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Per platform: `page_id` (Instagram), `version` (LinkedIn)…"""

    @property
    def secret_name(self) -> str:
        """Name in the keyring; the secret is the JSON of `Tokens`."""
        return f"platform:{self.platform}/{self.external_id}"


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What a connection proves itself with. Has no `repr`: no log ever holds it."""

    access: str
    refresh: str = ""
    expires_at: datetime | None = None
    client_secret: str = ""

    def __repr__(self) -> str:
        return "Tokens(…)"


class TokenStore(Protocol):
    """The tokens of one connection; a rotated one is on disk before it is used."""

    def read(self) -> Tokens: ...
    def write(self, tokens: Tokens) -> None: ...


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page of messages. `cursor` may be kept once the page is stored: reading goes on from there
    after any interruption, with no gap; what is read twice is known by its id.

    `gone`: ids that the platform says were deleted.
    """

    messages: tuple[IncomingMessage, ...]
    cursor: str
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of an allowance is used. `name`: code in the catalogue's group `budget` (`units`,
    `calls`, `percent`, `cost`)."""

    name: str
    used: float
    limit: float | None
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What the platform says of a connection."""

    external_id: str
    name: str
    scopes: tuple[str, ...]
    missing: tuple[str, ...] = ()
    """Scopes that Vigie needs and the token does not have."""
    expires_at: datetime | None = None


class Connector(Protocol):
    """One account on one platform. Not thread-safe; one thread uses it.

    Errors of every call: `OfflineError("platform.unreachable")` (nothing was sent),
    `UncertainError("platform.uncertain")` (a write may have happened: `read_back` before any other try),
    `RateLimitedError("platform.rate_limited", until=datetime)`, `AccessLostError` (`platform.token`,
    `platform.permission`, `platform.blocked`), `EnvironmentProblemError("platform.answer")` (an answer
    that is not of the documented form; of a write it counts as uncertain and is raised as such).
    """

    @property
    def platform(self) -> Platform: ...

    def check(self) -> Health:
        """Who the token is, and what it may do."""
        ...

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """What is new or changed since the cursor ("" the first time: the last 30 days), in pages.

        Ends when everything there was at the beginning has been read. Edited messages come again
        with their new text. The city's own replies come with `by_city`.
        """
        ...

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """These messages as they are now; None for one that is gone. Ids that cannot be asked for are
        absent. At most 50."""
        ...

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Do it, once. A definite answer is a receipt, whatever it says; what is not definite raises."""
        ...

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Whether an act begun at `since` happened: its receipt (`read_back`), None when it surely did
        not. Raises `UncertainError` when the platform cannot tell."""
        ...

    def media(self, url: str) -> bytes:
        """A picture of an attachment, at most 10 MB. Code `platform.media`."""
        ...

    def budgets(self) -> tuple[Budget, ...]:
        """As the latest answers said; no call."""
        ...

    def revoke(self) -> None:
        """Make the token void, where the platform can; else nothing."""
        ...

    def close(self) -> None: ...


class PlatformDirectory(Protocol):
    """All platforms that Vigie knows; fulfilled by `console.platforms.directory`."""

    def abilities(self, platform: Platform) -> Abilities:
        """What can be done there; for an unknown platform everything is by hand."""
        ...

    def connect(self, connection: Connection, tokens: TokenStore) -> Connector:
        """A connector for a connected account. Code `platform.unknown`."""
        ...

    def sign_in(self, platform: Platform) -> SignIn:
        """How an account of the platform is connected. Code `platform.unknown`."""
        ...


class SignInKind(StrEnum):
    """The two ways of connecting an account."""

    BROWSER = "browser"
    """OAuth with PKCE in the system's browser, answered on a loopback port (RFC 8252)."""
    PASTE = "paste"
    """A person pastes a token that the platform's own pages gave."""


@dataclass(frozen=True, slots=True)
class ClientApp:
    """The city's own registration as a developer of the platform."""

    client_id: str
    client_secret: str = ""
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that the given token may act for."""

    external_id: str
    name: str
    tokens: Tokens
    settings: Mapping[str, str] = field(default_factory=dict)


class SignIn(Protocol):
    """Connecting an account of one platform (blocking; called off the UI thread)."""

    @property
    def kind(self) -> SignInKind: ...
    @property
    def scopes(self) -> tuple[str, ...]:
        """What Vigie needs; each is explained in the catalogue's group `scope`."""
        ...

    def in_browser(
        self, app: ClientApp, open_url: Callable[[str], object], stop: Callable[[], bool]
    ) -> tuple[Candidate, ...]:
        """Open the browser, wait for the answer on loopback, exchange the code.

        `stop` is asked several times a second. Codes `signin.cancelled`, `signin.denied`,
        `signin.state`, `signin.port`, `signin.late`, and those of `Connector`.
        """
        ...

    def pasted(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """The accounts behind a pasted token. Codes `signin.token_empty`, those of `Connector`."""
        ...


@dataclass(frozen=True, slots=True)
class AccountWork:
    """What the worker last did with an account."""

    at: datetime | None = None
    """When it was collected, or tried, last."""
    busy: bool = False
    error: VigieError | None = None
    """Why the last try ended early; None when it did not."""
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One look at the worker."""

    running: bool = False
    accounts: Mapping[AccountId, AccountWork] = field(default_factory=dict)
    sending: bool = False
    error: VigieError | None = None
    """Why nothing could be sent in the last round."""


class PlatformWorker(Protocol):
    """A thread that collects every connected account in turn and carries out what is due."""

    def start(self) -> None:
        """Begin; a worker that runs goes on."""
        ...

    def stop(self) -> None:
        """End within two seconds of whatever call is under way, and wait until it has."""
        ...

    def wake(self) -> None:
        """Collect and send now. Accounts that a platform asked to leave alone still wait."""
        ...

    def listen(self, callback: Callable[[ChangeSet], object]) -> None:
        """Call back from the worker's thread: what changed, or an empty set when only its state did."""
        ...

    def state(self) -> WorkerState: ...
