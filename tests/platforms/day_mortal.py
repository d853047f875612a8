"""A desk that can be killed at any moment: around each call to a platform, after each commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.messages import (
    FACEBOOK,
    INSTAGRAM,
    LINKEDIN,
    TIKTOK,
    YOUTUBE,
    IncomingMessage,
    Platform,
    X,
)
from console.domain.platforms import Act, Receipt, Target
from console.platforms.directory import Directory
from console.platforms.facebook import Facebook
from console.platforms.instagram import Instagram
from console.platforms.linkedin import LinkedInConnector
from console.platforms.simulator.running import Simulator
from console.platforms.tiktok import TikTokConnector
from console.platforms.x import XConnector
from console.platforms.youtube import YouTubeConnector
from console.services.platform_ports import Connection, Connector, FetchedPage, TokenStore

_CONNECTORS: Mapping[Platform, Callable[..., Connector]] = {
    FACEBOOK: Facebook,
    INSTAGRAM: Instagram,
    YOUTUBE: YouTubeConnector,
    X: XConnector,
    LINKEDIN: LinkedInConnector,
    TIKTOK: TikTokConnector,
}


class Killed(BaseException):
    """The process ends here; nothing in it runs any more."""


@dataclass
class Fate:
    """Counts the moments at which a process can end: before and after each call, after each commit."""

    left: int | None = None

    def moment(self) -> None:
        """One passes."""
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.left = None
                raise Killed


class Mortal:
    """A connector in a process that can be killed around each of its calls. Fulfils `Connector`."""

    def __init__(self, real: Connector, fate: Fate) -> None:
        self._real, self._fate = real, fate
        self.platform, self.check, self.media = real.platform, real.check, real.media
        self.budgets, self.revoke, self.close = real.budgets, real.revoke, real.close

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """Killed between pages."""
        for page in self._real.fetch(cursor):
            self._fate.moment()
            yield page

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """Killed after it."""
        found = self._real.look(external_ids)
        self._fate.moment()
        return found

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Killed before the call, or after it when nobody knows its answer."""
        self._fate.moment()
        receipt = self._real.carry_out(act, target, text)
        self._fate.moment()
        return receipt

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Killed after it."""
        receipt = self._real.read_back(act, target, text, since)
        self._fate.moment()
        return receipt


class MortalDirectory(Directory):
    """The shipped connectors, whose pauses are pauses of the simulated clock."""

    def __init__(self, sim: Simulator, fate: Fate) -> None:
        super().__init__(sim.clock)
        self._sim, self._fate = sim, fate

    def connect(self, connection: Connection, tokens: TokenStore) -> Connector:
        """See `PlatformDirectory.connect`."""

        def wait(seconds: float) -> None:
            self._sim.clock.advance(timedelta(seconds=seconds))

        made = _CONNECTORS[connection.platform](connection, tokens, self._sim.clock, wait=wait)
        return Mortal(made, self._fate)
