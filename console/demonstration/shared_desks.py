"""`vigie hub demo`: a shared database of one's own and two desks on it, in one command."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from console.bootstrap import AT_REST, open_services
from console.catalogue import Catalogue
from console.demonstration.frame import (
    ends_in_order,
    label,
    passing_folder,
    picture,
    say,
    until,
    until_closed,
    window,
)
from console.domain.decisions import Action
from console.domain.messages import IncomingMessage
from console.domain.roles import Actor
from console.errors import OfflineError
from console.hub.connection import HubAddress
from console.hub.private_server import install, private_server
from console.launch import Launch, OpenWindow
from console.secrets.in_memory import MemorySecrets
from console.services import sharing_ports
from console.services.decisions import DecisionRequest
from console.services.rows import HistoryFilter, QueueFilter, Sort
from console.services.sample import MESSAGES, SampleMessages, load_messages
from console.services.services import Services
from console.services.sharing_ports import LineState

PEOPLE = {"ines": ("Inès Gagnon", "moderator"), "mathieu": ("Mathieu Roy", "supervisor")}
"""Login → name and role; nobody of these exists."""
_PATIENCE = 60.0
_COUNTED = 1_000
_ONE_OF = 3
"""Of so many messages of the sample: enough to try, and the first judging is what a newcomer waits for."""


@dataclass(frozen=True)
class DemoDesk:
    """One of the two desks: where it is, who sits there, and the secrets that only memory holds."""

    home: Path
    login: str
    name: str
    secrets: MemorySecrets


def run(home: Path | None, open_window: OpenWindow | None) -> int:
    """Show two desks at work on one database; 0. `open_window` is given where there is no display: then
    the desks meet once, a table says what each of them has, and their pictures are written.

    The database stays in `home`, or goes with a passing folder. The desks are made anew each time: their
    secrets are in no file, and what they hold comes from the database. Codes: `hub.demo_server`, `hub.*`.
    """
    # The choice is this command's: nothing in it is real, and there may be no keyring.
    os.environ[AT_REST] = "plain"
    screen = Console(highlight=False)
    with ends_in_order(), passing_folder() as passing, ExitStack() as ends:
        folder = home.absolute() if home is not None else passing
        say(screen, "demo_starting", folder=folder)
        address, password = ends.enter_context(private_server(folder / "base-essai"))
        drawn = install(address, password, PEOPLE)
        desks = [
            DemoDesk(passing / f"poste-{login}", login, PEOPLE[login][0], MemorySecrets()) for login in drawn
        ]
        _prepare(screen, desks, address, drawn, decide=open_window is not None)
        if open_window is None:
            _windows(screen, desks)
        else:
            _pictures(screen, desks, open_window)
    return 0


def _prepare(
    screen: Console, desks: list[DemoDesk], address: HubAddress, drawn: dict[str, str], *, decide: bool
) -> None:
    """Both join; the first takes the sample in, so that the second receives it from the database."""
    with ExitStack() as ends:
        first, second = opened = [_join(ends, desk, address, drawn[desk.login]) for desk in desks]
        for each in opened:
            _until(each, lambda each=each: each.sharing.line().state is LineState.ONLINE)  # type: ignore[misc]  # bound now
        if first.queue.watermark() == 0:
            every = tuple(load_messages(MESSAGES, first.clock.now()).read())
            some = SampleMessages(each for each in every[::_ONE_OF] if isinstance(each, IncomingMessage))
            first.intake.take_in(_who(first), some, lambda _done, _total: None)
        _until(second, lambda: _waiting(second) >= _waiting(first))
        if decide:
            for count, one in enumerate(opened, 1):
                _keep_one(one)
                for each in opened:
                    _until(each, lambda each=each, count=count: _decided(each) >= count)  # type: ignore[misc]  # bound now
        _table(screen, desks, opened)


def _join(ends: ExitStack, desk: DemoDesk, address: HubAddress, password: str) -> Services:
    services = open_services(desk.home, secrets=desk.secrets)
    ends.callback(services.close)
    there = sharing_ports.HubAddress(address.host, address.database, desk.login, address.port)
    name = label("demo_desk").format(name=desk.name)
    services.sharing.join(services.access.current(), there, password, name)
    return services


def _keep_one(services: Services) -> None:
    """Decide on one message that breaks nothing."""
    rows = services.queue.page(QueueFilter(), Sort.OLDEST, limit=_COUNTED).rows
    row = next(each for each in rows if not each.chips)
    request = DecisionRequest(row.id, row.revision, frozenset({Action.KEEP}))
    services.decisions.decide(_who(services), request)


def _until(services: Services, holds: Callable[[], bool]) -> None:
    """Wait for what comes through the line. Code `hub.unreachable`: it does not come."""
    if not until(holds, services.sharing.listen, _PATIENCE):
        raise services.sharing.line().error or OfflineError("hub.unreachable")


def _table(screen: Console, desks: list[DemoDesk], opened: list[Services]) -> None:
    table = Table()
    for column in ("demo_person", "demo_role", "demo_waiting", "demo_decisions"):
        table.add_column(label(column), justify="left" if column in ("demo_person", "demo_role") else "right")
    for desk, services in zip(desks, opened, strict=True):
        role = Catalogue.load().label("role", _who(services).staff.role)
        table.add_row(desk.name, role, str(_waiting(services)), str(_decided(services)))
    screen.print(table)


def _waiting(services: Services) -> int:
    return services.queue.matches(QueueFilter())


def _decided(services: Services) -> int:
    return len(services.history.page(_who(services), HistoryFilter(), limit=_COUNTED).rows)


def _who(services: Services) -> Actor:
    actor = services.access.current()
    assert actor is not None  # noqa: S101  joined just now
    return actor


# --- windows ------------------------------------------------------------------------------------


def _windows(screen: Console, desks: list[DemoDesk]) -> None:
    """Two processes, for a process has one application; until both windows are closed."""
    say(screen, "demo_try", first=desks[0].name, second=desks[1].name)
    try:
        until_closed(
            partial(window, desk.home, desk.secrets, place)
            for desk, place in zip(desks, ("left", "right"), strict=True)
        )
    finally:
        say(screen, "demo_ended")


def _pictures(screen: Console, desks: list[DemoDesk], open_window: OpenWindow) -> None:
    say(screen, "demo_no_display")
    for number, desk in enumerate(desks, 1):
        target = Path(f"vigie-poste-{number}.png")
        picture(screen, open_window, Launch(desk.home, False, None, picture=target, secrets=desk.secrets))
