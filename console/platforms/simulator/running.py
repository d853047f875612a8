"""The simulator as tests use it: threads of this process on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from console.clock import Clock
from console.domain.messages import Platform
from console.platforms.simulator.api import Call, PlatformApi
from console.platforms.simulator.clock import SimClock
from console.platforms.simulator.faults import Faults
from console.platforms.simulator.registry import SIMULATED
from console.platforms.simulator.server import Application, Server
from console.platforms.simulator.wall import Wall
from console.platforms.simulator.world import World
from console.services.platform_ports import ClientApp, Connection, Tokens


class Simulator:
    """All simulated platforms, their world, and what goes wrong with them."""

    def __init__(self, clock: Clock | None = None, port: int = 0, links_to_wall: bool = False) -> None:
        self.clock = clock if isinstance(clock, SimClock) else SimClock(clock)
        self.faults = Faults()
        self.world = World(self.clock)
        self._apis: dict[Platform, PlatformApi] = {kind.platform: kind(self.world) for kind in SIMULATED}
        self._application = Application(self.world, tuple(self._apis.values()), self.faults)
        self.wall = Wall(self.world)
        self._application.pages |= self.wall.pages
        self._server = Server(self._application, port)
        self._links_to_wall = links_to_wall

    @property
    def application(self) -> Application:
        """What is served."""
        return self._application

    @property
    def calls(self) -> list[Call]:
        """Every request that came in, in order."""
        return self._application.calls

    @property
    def root(self) -> str:
        """`http://127.0.0.1:PORT`"""
        return self._server.root

    @property
    def port(self) -> int:
        """Which the server got."""
        return self._server.port

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """Those that are simulated."""
        return tuple(self._apis)

    def api(self, platform: Platform) -> PlatformApi:
        """A platform's own switches."""
        return self._apis[platform]

    def base_url(self, platform: Platform) -> str:
        """What goes into `Connection.base_url`."""
        return self.root + self._apis[platform].prefix

    def tokens(self, platform: Platform) -> Tokens:
        """Tokens of the city's account that are taken now."""
        return self._apis[platform].tokens()

    def connection(self, platform: Platform) -> Connection:
        """A connection to the city's account there, of state CONNECTED."""
        return self._apis[platform].connection(self.root)

    def app(self, platform: Platform) -> ClientApp:
        """The city's registration as a developer there."""
        return self._apis[platform].app(self.root)

    def quota(self, platform: Platform, **values: Any) -> None:
        """Set what is left of an allowance: `left=` calls or units; more names by platform."""
        with self.world.lock:
            self._apis[platform].quota(**values)

    def changes(self, platform: Platform) -> list[Call]:
        """Calls that changed something there."""
        return [call for call in self.calls if call.platform == platform and call.did]

    def start(self) -> None:
        """Listen."""
        self._server.start()
        if self._links_to_wall:
            self.world.links = f"{self.root}/mur"

    def stop(self) -> None:
        """Close the port and every connection."""
        self._server.stop()

    @contextmanager
    def down(self) -> Iterator[None]:
        """Within the block nothing listens: connections are refused. Then the same port is open again."""
        self._server.stop()
        try:
            yield
        finally:
            self._server.start()


@contextmanager
def running(clock: Clock | None = None, port: int = 0, links_to_wall: bool = False) -> Iterator[Simulator]:
    """Serve all simulated platforms while the block runs.

    `clock`: by default the machine's time; a `FixedClock` stands still. `sim.clock` moves it.
    """
    simulator = Simulator(clock, port, links_to_wall)
    simulator.start()
    try:
        yield simulator
    finally:
        simulator.stop()
