"""`python -m console.platforms.simulator`: all simulated platforms as a process of their own.

Prints one line of JSON (port, what each platform is connected with, address of the wall), then serves until
it is ended (SIGTERM, Ctrl+C, or with `--until-eof` the end of its standard input).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from console.domain.messages import Platform
from console.platforms.simulator.living import Living
from console.platforms.simulator.running import Simulator, running

_HISTORY = timedelta(hours=24)
_BEFORE = 8.0
"""Happenings an hour in what lies behind at the start."""
_STEP = 0.5
"""Seconds between two looks at what is due."""


def main(arguments: list[str] | None = None) -> int:
    """Serve; 0."""
    given = _parser().parse_args(arguments)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if given.until_eof:
        Thread(target=_wait_for_end, args=(stop,), name="end of input", daemon=True).start()
    with running(port=given.port, links_to_wall=True) as simulator:
        living = _begin(simulator, given.seed, given.per_hour) if given.living else None
        sys.stdout.write(json.dumps(described(simulator), ensure_ascii=False) + "\n")
        sys.stdout.flush()
        while not stop.wait(_STEP if living is not None else None):
            if living is not None:
                living.advance(simulator.clock.now())
    return 0


def described(simulator: Simulator) -> dict[str, Any]:
    """What another process needs in order to connect; the tokens are those of a simulation."""
    return {
        "port": simulator.port,
        "wall": f"{simulator.root}/mur",
        "platforms": {name: _platform(simulator, name) for name in simulator.platforms},
    }


def _platform(simulator: Simulator, platform: Platform) -> dict[str, Any]:
    connection, tokens = simulator.connection(platform), simulator.tokens(platform)
    app = simulator.app(platform)
    ends = connection.expires_at.isoformat() if connection.expires_at is not None else None
    return {
        "base_url": connection.base_url,
        "pasted": simulator.api(platform).pasted(),
        "app": {"client_id": app.client_id, "client_secret": app.client_secret, "base_url": app.base_url},
        "tokens": {
            "access": tokens.access,
            "refresh": tokens.refresh,
            "expires_at": tokens.expires_at.isoformat() if tokens.expires_at is not None else None,
            "client_secret": tokens.client_secret,
        },
        "connection": {
            "account": connection.account,
            "platform": platform,
            "name": connection.name,
            "external_id": connection.external_id,
            "state": connection.state,
            "scopes": connection.scopes,
            "expires_at": ends,
            "client_id": connection.client_id,
            "base_url": connection.base_url,
            "settings": dict(connection.settings),
        },
    }


def _begin(simulator: Simulator, seed: int, per_hour: float) -> Living:
    """A day of the city's life lies behind already."""
    now = simulator.clock.now()
    living = Living(simulator.world, seed, now - _HISTORY, _BEFORE)
    living.advance(now)
    living.per_hour = per_hour
    # Rare things, soon enough for whoever looks for a quarter of an hour.
    living.plan_flood(now + timedelta(minutes=4))
    living.plan_raid(now + timedelta(minutes=8))
    return living


def _wait_for_end(stop: Event) -> None:
    # Past Python's buffer: who waits in it when the process ends for another reason makes it crash.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="console.platforms.simulator")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--living", action="store_true")
    parser.add_argument("--per-hour", type=float, default=240.0)
    parser.add_argument("--until-eof", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
