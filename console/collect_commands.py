"""`vigie collect`: take in what people write and carry out what was decided, without a window."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from console.bootstrap import open_services
from console.catalogue import Catalogue
from console.domain.ids import AccountId
from console.domain.roles import Actor, Permission, Role
from console.errors import OfflineError, VigieError
from console.platforms.worker import Worker
from console.services.platform_ports import ConnectionState
from console.services.platform_rows import AccountRow
from console.services.rows import ChangeSet
from console.services.secret_ports import Secrets
from console.services.services import Services
from console.services.sharing_ports import LineState

_MEETING = 30.0
"""Seconds within which a shared database has to be reached: it says which desk collects and sends."""


def run(given: argparse.Namespace, home: Path, secrets: Secrets | None) -> int:
    """Once over all accounts, or on and on with `--watch`. The status is that of the first account that did
    not let it end; errors of the desk itself are raised."""
    with _until_told() as told:
        services = open_services(home, plain=given.plain, secrets=secrets, work=False)
        try:
            actor = _actor(services)
            _meet(services, told)
            if given.watch:
                return _watch(services, actor, given.seconds, told)
            return _once(services, actor, told)
        finally:
            services.close()


@contextmanager
def _until_told() -> Iterator[threading.Event]:
    """Set when the system, or a person, asks to end: everything that is begun ends in order."""
    told = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    before = {each: signal.signal(each, tell) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _actor(services: Services) -> Actor:
    """Whoever has the desk; a desk that nobody introduced is a program's own."""
    current = services.access.current()
    if current is None:
        current = services.access.introduce(Catalogue.load().label("cli", "collect_person"), Role.COLLECTOR)
    current.require(Permission.IMPORT, services.clock.now())
    return current


def _meet(services: Services, told: threading.Event) -> None:
    """A member of a hub waits for the line, which says whose turn it is. Code `hub.unreachable`."""
    ends = time.monotonic() + _MEETING
    while (line := services.sharing.line()).state is not LineState.ALONE:
        if line.state in (LineState.ONLINE, LineState.SYNCING) or told.is_set():
            return
        if line.state is LineState.STOPPED and line.error is not None:
            raise line.error
        if time.monotonic() > ends:
            raise OfflineError("hub.unreachable")
        told.wait(0.1)


def _once(services: Services, actor: Actor, told: threading.Event) -> int:
    status, connected = 0, _connected(services, actor)
    if not connected:
        _say("collect_nothing")
    for row in connected:
        if told.is_set():
            break
        status = _one(services, actor, row, told) or status
    if actor.may(Permission.DELIVER, services.clock.now()) and not told.is_set():
        sent = services.delivery.run(actor, told.is_set)
        if sent.sent or sent.waiting or sent.by_hand or sent.trouble:
            facts = {"sent": sent.sent, "waiting": sent.waiting, "by_hand": sent.by_hand}
            _say("collect_sent", trouble=sent.trouble, **facts)
    return status


def _one(services: Services, actor: Actor, row: AccountRow, told: threading.Event) -> int:
    if not services.accounts.takes_turn(row.account.id):
        _say_of(row, "collect_elsewhere", desk=row.held_by)
        return 0
    try:
        report = services.collecting.run(actor, row.account.id, told.is_set)
    except VigieError as error:
        return _failed(row, error)
    _say_of(row, "collect_account", added=report.added, updated=report.updated, gone=report.gone)
    return _failed(row, report.error) if report.error is not None else 0


def _watch(services: Services, actor: Actor, seconds: float | None, told: threading.Event) -> int:
    worker = services.worker
    if seconds is not None and isinstance(worker, Worker):
        worker.every = seconds
    _say("collect_watching", count=len(_connected(services, actor)))
    speaker = _Speaker(services, actor)
    worker.listen(speaker.heard)
    worker.start()
    told.wait()
    worker.stop()
    _say("collect_stopped")
    return 0


class _Speaker:
    """A line for each account whose state is news: what came in, or why nothing does."""

    def __init__(self, services: Services, actor: Actor) -> None:
        self._services, self._actor = services, actor
        self._said: dict[AccountId, str] = {}

    def heard(self, changes: ChangeSet) -> None:
        """From the worker's thread."""
        works = self._services.worker.state().accounts
        for row in self._services.accounts.rows(self._actor):
            work = works.get(row.account.id)
            if work is None or work.busy:
                continue
            code = work.error.code if work.error is not None else ""
            if self._said.get(row.account.id, "") != code:
                self._said[row.account.id] = code
                if work.error is not None:
                    _failed(row, work.error)
                else:
                    _say_of(row, "collect_again")
        if changes.messages:
            _say("collect_changed", count=len(changes.messages))


def _connected(services: Services, actor: Actor) -> list[AccountRow]:
    return [
        row
        for row in services.accounts.rows(actor)
        if row.connection is not None and row.connection.state is not ConnectionState.DISCONNECTED
    ]


def _failed(row: AccountRow, error: VigieError) -> int:
    _say_of(row, "collect_account_error", reason=Catalogue.load().say(error))
    return error.exit_code


def _say_of(row: AccountRow, label: str, **facts: object) -> None:
    platform = Catalogue.load().label("platform", row.account.platform)
    _say(label, platform=platform, name=row.account.name, **facts)


def _say(label: str, **facts: object) -> None:
    sys.stdout.write(Catalogue.load().label("cli", label).format(**facts) + "\n")
    sys.stdout.flush()
