"""`vigie demo`: a desk connected to simulated platforms on which a city lives, in one command."""

from __future__ import annotations

import os
import subprocess
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from console.bootstrap import AT_REST, open_services
from console.catalogue import Catalogue
from console.clock import SystemClock
from console.demonstration.frame import (
    ends_in_order,
    label,
    passing_folder,
    picture,
    say,
    this_program,
    until_closed,
    window,
)
from console.domain.decisions import Action
from console.domain.messages import Channel, Platform
from console.domain.roles import Actor, Role
from console.errors import EnvironmentProblemError
from console.launch import Launch, OpenWindow
from console.secrets.in_memory import MemorySecrets
from console.services.casework import GRACE
from console.services.decisions import DecisionRequest
from console.services.platform_ports import Candidate, ClientApp, Connection, Tokens
from console.services.platform_settings import PlatformChoices
from console.services.rows import QueueFilter, QueueRow, Sort
from console.services.services import Services

_EVERY = 5
"""Seconds between two looks at an account: simulated platforms have no allowance to spare."""
_PICTURE = Path("vigie-demo.png")
_SHOWN = 1_000


class _Place(msgspec.Struct):
    """Where one simulated platform is, and as whom the city's account calls there."""

    tokens: Tokens
    connection: Connection


class _City(msgspec.Struct):
    """What the simulator says when it is ready."""

    wall: str
    platforms: dict[Platform, _Place]


class _AheadClock(SystemClock):
    """The machine's clock, ahead by what need not be waited for."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Now, and what was skipped."""
        return super().now() + self.ahead


@dataclass(frozen=True)
class _Desk:
    home: Path
    secrets: MemorySecrets


def serve() -> int:
    """Serve the simulated platforms and their wall; what `run` starts beside itself, and ends by closing
    this process's standard input."""
    from console.platforms.simulator.__main__ import main

    return main(["--living", "--until-eof"])


def run(home: Path | None, open_window: OpenWindow | None) -> int:
    """Show a desk at work on platforms that are not real; 0. `open_window` is given where there is no
    display: then the desk collects, decides twice and carries it out, and a table says what became of it.

    The desk stays in `home`, or goes with a passing folder. Codes `demo.platforms`, those of connecting.
    """
    # The choice is this command's: nothing in it is real, and there may be no keyring.
    os.environ[AT_REST] = "plain"
    screen = Console(highlight=False)
    with ends_in_order(), passing_folder() as passing, _city() as city:
        desk = _Desk((home.absolute() if home is not None else passing / "poste"), MemorySecrets())
        say(screen, "demo_platforms", wall=city.wall)
        if open_window is None:
            with closing(open_services(desk.home, secrets=desk.secrets, online=False)) as services:
                _connect(services, city)
            _show(screen, desk, city)
        else:
            _try(screen, desk, city)
            launch = Launch(desk.home, False, None, picture=_PICTURE, secrets=desk.secrets)
            say(screen, "demo_carried")
            picture(screen, open_window, launch)
    return 0


@contextmanager
def _city() -> Iterator[_City]:
    """The simulated platforms, in a process of their own. Code `demo.platforms`: they do not start."""
    process = subprocess.Popen(  # noqa: S603  this very program
        this_program("demo", "--platforms"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for this process, which ends the other in order
    )
    try:
        assert process.stdout is not None  # noqa: S101  a pipe was asked for
        said = process.stdout.readline()
        try:
            yield msgspec.json.decode(said, type=_City, strict=False)
        except msgspec.DecodeError as error:
            raise EnvironmentProblemError("demo.platforms") from error
    finally:
        process.communicate()


def _connect(services: Services, city: _City) -> Actor:
    """Whoever tries is the administrator, and every account is connected."""
    actor = services.access.current() or services.access.introduce(label("demo_name"), Role.ADMINISTRATOR)
    for platform, place in city.platforms.items():
        there = place.connection
        candidate = Candidate(there.external_id, there.name, place.tokens, there.settings)
        app = ClientApp(there.client_id, place.tokens.client_secret, there.base_url)
        services.accounts.connect(actor, platform, app, candidate)
    services.platform_settings.put(actor, PlatformChoices(every=_EVERY))
    return actor


def _show(screen: Console, desk: _Desk, city: _City) -> None:
    say(screen, "demo_platforms_try", wall=city.wall)
    if os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        webbrowser.open(city.wall)
    try:
        until_closed([lambda: window(desk.home, desk.secrets)])
    finally:
        say(screen, "demo_ended")


# --- without a display --------------------------------------------------------------------------


def _try(screen: Console, desk: _Desk, city: _City) -> None:
    """Collect, hide an offence, answer a question, carry both out, and say what the platforms answered."""
    clock = _AheadClock()
    with closing(open_services(desk.home, secrets=desk.secrets, clock=clock, online=False)) as services:
        actor = _connect(services, city)
        _collect(screen, services, actor)
        _decide(services, actor)
        clock.ahead += GRACE
        services.delivery.run(actor, lambda: False)
        _carried_out(screen, services, actor)


def _collect(screen: Console, services: Services, actor: Actor) -> None:
    table = Table()
    for column in ("demo_account", "demo_received"):
        table.add_column(label(column), justify="left" if column == "demo_account" else "right")
    for row in services.accounts.rows(actor):
        if row.connection is not None:
            report = services.collecting.run(actor, row.account.id, lambda: False)
            table.add_row(f"{row.account.platform} · {row.account.name}", str(report.added))
    screen.print(table)


def _decide(services: Services, actor: Actor) -> None:
    rows = services.queue.page(
        QueueFilter(channels=frozenset({Channel.COMMENT})), Sort.PRIORITY, limit=_SHOWN
    ).rows
    offence = next((row for row in rows if row.chips), None)
    question = next((row for row in rows if not row.chips), None)
    if offence is not None:
        rules = (offence.chips[0].rule,)
        services.decisions.decide(
            actor, _request(offence, Action.HIDE, rules=rules, reason=label("demo_reason"))
        )
    if question is not None:
        texts = {Action.REPLY: label("demo_reply")}
        services.decisions.decide(actor, _request(question, Action.REPLY, texts=texts))


def _request(row: QueueRow, action: Action, **more: Any) -> DecisionRequest:
    return DecisionRequest(row.id, row.revision, frozenset({action}), **more)


def _carried_out(screen: Console, services: Services, actor: Actor) -> None:
    table = Table()
    for column in ("demo_message", "demo_act", "demo_state", "demo_receipt"):
        table.add_column(label(column))
    for row in services.outbox.sent(actor):
        receipts = [each.request_id for each in row.attempts if each.request_id]
        words = Catalogue.load()
        act, state = words.label("action", row.operation), words.label("outgoing_state", row.state)
        table.add_row(row.excerpt[:48], act, state, ", ".join(receipts))
    screen.print(table)
