"""A platform behind the Protocols of services: a log of what people did, read in pages from a cursor."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image

from console.domain.messages import FACEBOOK, IncomingMessage, Platform
from console.domain.platforms import Abilities, Act, Receipt, Target
from console.errors import EnvironmentProblemError, VigieError
from console.platforms.abilities import abilities_of
from console.services.platform_ports import (
    Budget,
    Candidate,
    ClientApp,
    Connection,
    FetchedPage,
    Health,
    SignInKind,
    Tokens,
    TokenStore,
)

TOKEN = "EAAB-secret-access-7f3a"
REFRESH = "1//secret-refresh-91bc"


@dataclass
class World:
    """What is on the platform, and the log by which it is read. `before_page` may raise."""

    log: list[tuple[str, IncomingMessage | None]] = field(default_factory=list)
    there: dict[str, IncomingMessage] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    page: int = 3
    before_page: Callable[[int], object] = lambda number: None
    calls: list[str] = field(default_factory=list)
    errors: dict[str, VigieError] = field(default_factory=dict)
    health: Health = field(default_factory=lambda: Health("page-1", "Ville", ("pages_show_list",)))

    def say(self, message: IncomingMessage) -> IncomingMessage:
        """Somebody writes, or writes again under the same id."""
        self.there[message.external_id] = message
        self.log.append((message.external_id, message))
        return message

    def edit_unseen(self, external_id: str, text: str) -> None:
        """An edit that no list shows."""
        self.there[external_id] = replace(self.there[external_id], text=text)

    def remove(self, external_id: str, *, seen: bool = True) -> None:
        """By its author; lists say so or not."""
        del self.there[external_id]
        if seen:
            self.log.append((external_id, None))

    def call(self, name: str) -> None:
        """One call to the platform."""
        self.calls.append(name)
        if name in self.errors:
            raise self.errors[name]


@dataclass
class FakeConnector:
    """Fulfils `Connector` as far as reading goes."""

    world: World
    connection: Connection
    tokens: TokenStore
    closed: bool = False

    @property
    def platform(self) -> Platform:
        """Of the connection."""
        return self.connection.platform

    def check(self) -> Health:
        """Who the token is."""
        self.world.call("check")
        return self.world.health

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """The log from the cursor on; within a page the newest first."""
        at, number = int(cursor or 0), 0
        while True:
            self.world.call("fetch")
            self.world.before_page(number)
            number += 1
            rows = self.world.log[at : at + self.world.page]
            at += len(rows)
            yield FetchedPage(
                tuple(message for _, message in reversed(rows) if message is not None),
                str(at),
                tuple(external_id for external_id, message in rows if message is None),
            )
            if at >= len(self.world.log):
                return

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """As they are now."""
        self.world.call("look")
        assert len(external_ids) <= 50
        return {each: self.world.there.get(each) for each in external_ids}

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Not here."""
        raise AssertionError("nothing is carried out here")

    def read_back(self, act: Act, target: Target, text: str, since: Any) -> Receipt | None:
        """Not here."""
        raise AssertionError("nothing is carried out here")

    def media(self, url: str) -> bytes:
        """A picture."""
        self.world.call(f"media {url}")
        if url not in self.world.pictures:
            raise EnvironmentProblemError("platform.media")
        return self.world.pictures[url]

    def budgets(self) -> tuple[Budget, ...]:
        """Calls made."""
        return (Budget("calls", float(len(self.world.calls)), None),)

    def revoke(self) -> None:
        """The token is void."""
        self.world.call(f"revoke {self.tokens.read().access}")

    def close(self) -> None:
        """Once."""
        assert not self.closed
        self.closed = True


@dataclass
class FakeSignIn:
    """Fulfils `SignIn`."""

    candidates: tuple[Candidate, ...]
    kind: SignInKind = SignInKind.PASTE
    scopes: tuple[str, ...] = ("pages_show_list", "pages_manage_engagement")

    def in_browser(self, app: ClientApp, open_url: Any, stop: Any) -> tuple[Candidate, ...]:
        """At once."""
        open_url("http://127.0.0.1/")
        return self.candidates

    def pasted(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """At once."""
        return self.candidates


@dataclass
class FakeDirectory:
    """Fulfils `PlatformDirectory` over one world."""

    world: World = field(default_factory=World)
    made: list[FakeConnector] = field(default_factory=list)
    candidates: tuple[Candidate, ...] = ()

    def abilities(self, platform: Platform) -> Abilities:
        """The real ones."""
        return abilities_of(platform)

    def connect(self, connection: Connection, tokens: TokenStore) -> FakeConnector:
        """A new connector."""
        self.made.append(FakeConnector(self.world, connection, tokens))
        return self.made[-1]

    def sign_in(self, platform: Platform) -> FakeSignIn:
        """The candidates."""
        return FakeSignIn(self.candidates)


def candidate(external_id: str = "page-1", name: str = "Ville", **changes: Any) -> Candidate:
    """An account that a token may act for."""
    return Candidate(external_id, name, replace(Tokens(TOKEN), **changes), {"version": "v26.0"})


def picture(seed: int = 0, *, size: int = 160, quality: int = 90) -> bytes:
    """A picture of squares that depend on the seed; scaled and compressed as asked."""
    small = Image.new("L", (8, 8))
    small.putdata([(seed * 7919 + place * place * 31 + place * 17) % 256 for place in range(64)])
    written = io.BytesIO()
    small.resize((size, size), Image.Resampling.BICUBIC).convert("RGB").save(written, "JPEG", quality=quality)
    return written.getvalue()


APP = ClientApp("app-1", "app-secret-55d0")
PLATFORM = FACEBOOK
