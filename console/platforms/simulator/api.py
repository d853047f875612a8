"""What a simulated platform declares: its account, its routes, and the form of its errors."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from console.domain.ids import account_id
from console.domain.messages import Platform
from console.platforms.simulator.faults import Fault, Faults
from console.platforms.simulator.things import Grant, SimPost
from console.platforms.simulator.world import World
from console.services.platform_ports import ClientApp, Connection, ConnectionState, Tokens

CITY = "Ville d'essai"
CLIENT_ID = "vigie-essai"
CLIENT_SECRET = "secret-essai"  # noqa: S105 (of the simulator)


@dataclass(slots=True)
class Ask:
    """One request as a handler sees it."""

    platform: Platform
    method: str
    path: str
    """After the base address, with the slash in front; percent-decoded."""
    url: str
    """Address without the query."""
    root: str
    """`http://127.0.0.1:PORT`"""
    args: Mapping[str, str]
    """From the path."""
    query: Mapping[str, str]
    form: Mapping[str, str]
    json: Any
    """The body's JSON; None when it has none."""
    raw: str
    """Path as it came: still percent-encoded."""
    headers: Mapping[str, str]
    """Names in lower case."""
    world: World
    faults: Faults
    now: datetime
    grant: Grant | None = None
    """Who asks; `PlatformApi.before` sets it."""
    done: str = ""
    """What the call changed, in words for a test."""
    read: SimPost | None = None
    paged: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    """A platform's own, from `before` to `after`."""

    @property
    def params(self) -> dict[str, Any]:
        """Query, form and JSON in one, later ones over earlier ones."""
        merged: dict[str, Any] = {**self.query, **self.form}
        if isinstance(self.json, dict):
            merged |= self.json
        return merged

    def did(self, what: str) -> None:
        """Say what changed (`Call.did`)."""
        self.done = what

    def page(self, post: SimPost | None = None) -> None:
        """Say that a page of a list was read (of the comments of `post`): where `Faults.shift` counts."""
        self.paged = True
        self.read = post


@dataclass(slots=True)
class Reply:
    """The answer of a handler. `body`: JSON as Python values, bytes as they are, None for nothing."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"

    def encoded(self) -> bytes:
        """The bytes that are sent."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()


Handler = Callable[[Ask], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """`rule` as Werkzeug writes rules, after the base address: `/<comment>/comments`."""

    method: str
    rule: str
    handler: Handler
    open: bool = False
    """Whether it is served without a token (`before` is not asked)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in. `path` is after the base address; `status` 0: no answer was sent."""

    platform: Platform
    method: str
    path: str
    status: int
    at: datetime
    did: str
    """What it changed; empty for nothing."""
    fault: Fault | None = None


class PlatformApi(ABC):
    """Base of a simulated platform. Its constructor lets the city join and gives the token."""

    platform: ClassVar[Platform]
    external_id: ClassVar[str]
    """Of the city's account."""
    scopes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World) -> None:
        self.world = world
        self.city = world.join(self.platform, self.external_id, self.city_name())
        self.settings: dict[str, str] = {}

    @property
    def prefix(self) -> str:
        """Where the base address is: `/facebook`."""
        return f"/{self.platform}"

    def city_name(self) -> str:
        """How the platform names the city's account."""
        return CITY

    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """What it serves."""

    def before(self, ask: Ask) -> Reply | None:
        """Look at token and limits; an answer here is the refusal."""
        return None

    def after(self, ask: Ask, reply: Reply) -> Reply:
        """Add what every answer has (request id, usage)."""
        return reply

    @abstractmethod
    def wrong(self, fault: Fault, ask: Ask) -> Reply:
        """The documented form of a fault: `TRANSIENT`, `RATE_LIMITED`, `TOKEN_EXPIRED`, `PERMISSION`,
        `BLOCKED` or `GONE`."""

    def unknown(self, ask: Ask) -> Reply:
        """The answer to a path that the platform does not have."""
        return Reply(404, {"error": "not found"})

    @abstractmethod
    def tokens(self) -> Tokens:
        """Tokens that are taken now."""

    def pasted(self) -> str:
        """The token that a person copies from the platform's pages in order to connect the account."""
        return self.tokens().access

    @abstractmethod
    def quota(self, **values: Any) -> None:
        """Set what is left of the platform's allowances; names are the platform's own."""

    def app(self, root: str) -> ClientApp:
        """The city's registration as a developer."""
        return ClientApp(CLIENT_ID, CLIENT_SECRET, root + self.prefix)

    def connection(self, root: str) -> Connection:
        """A connection to the city's account there, of state CONNECTED."""
        return Connection(
            account=account_id(self.platform, self.city.name),
            platform=self.platform,
            name=self.city.name,
            external_id=self.external_id,
            state=ConnectionState.CONNECTED,
            connected_at=self.world.clock.now(),
            scopes=self.scopes,
            expires_at=self.tokens().expires_at,
            client_id=CLIENT_ID,
            base_url=root + self.prefix,
            settings=dict(self.settings),
        )
