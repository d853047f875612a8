"""`vigie hub join | leave | sync | carry`: what a desk does as a member of a shared database."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from console.bootstrap import open_services
from console.catalogue import Catalogue
from console.domain.roles import Actor
from console.errors import ConflictError, VigieError
from console.hub import commands, connection
from console.services.secret_ports import Secrets
from console.services.services import Services
from console.services.sharing_ports import HubAddress


def run(given: argparse.Namespace, home: Path, secrets: Secrets | None) -> int:
    """One task and its exit status; errors are raised (`hub.*`, `carry.*`, `secret.*`)."""
    name = given.task if given.task != "carry" else f"carry {given.way}"
    services = open_services(home, secrets=secrets, online=False)
    try:
        return TASKS[name](given, services)
    finally:
        services.close()


def _join(given: argparse.Namespace, services: Services) -> int:
    reached = connection.HubAddress(given.host, given.database, given.login, given.port, given.ca)
    address = HubAddress(given.host, given.database, given.login, given.port, str(given.ca or ""))
    password = commands.password_for(reached) or ""
    name = given.desk_name or platform.node() or given.login
    actor = services.sharing.join(services.access.current(), address, password, name)
    role = Catalogue.load().label("role", actor.staff.role)
    _say("hub_joined", name=actor.staff.name, role=role)
    return 0


def _leave(_given: argparse.Namespace, services: Services) -> int:
    services.sharing.leave(_member(services))
    _say("hub_left")
    return 0


def _sync(_given: argparse.Namespace, services: Services) -> int:
    done = services.sharing.exchange()
    _say("hub_synced", sent=done.sent, received=done.received)
    return 0


def _carry_out(given: argparse.Namespace, services: Services) -> int:
    report = services.sharing.carry_out(_member(services), given.to, everything=given.everything)
    if report.file is None:
        _say("carry_nothing")
    else:
        _say("carry_written", path=report.file, messages=report.messages, events=report.events)
    return 0


def _carry_in(given: argparse.Namespace, services: Services) -> int:
    """Every file is tried; the status is that of the first that was refused."""
    actor, status = _member(services), 0
    for file in given.files:
        try:
            _take(file, services, actor)
        except VigieError as error:
            sys.stderr.write(f"vigie: {file}: {Catalogue.load().say(error)}\n")
            status = status or error.exit_code
    return status


def _take(file: Path, services: Services, actor: Actor) -> None:
    report = services.sharing.carry_in(actor, file)
    if report.own_file:
        _say("carry_own", path=file)
        return
    facts = {"messages": report.messages, "events": report.events, "known": report.known}
    _say("carry_taken", path=file, desk=report.desk_name, **facts)
    for gap in report.gaps:
        _say("carry_gap", desk=gap.name, first=gap.first, last=gap.last)


TASKS: dict[str, Callable[[argparse.Namespace, Services], int]] = {
    "join": _join,
    "leave": _leave,
    "sync": _sync,
    "carry out": _carry_out,
    "carry in": _carry_in,
}


def _member(services: Services) -> Actor:
    actor = services.access.current()
    if actor is None:
        raise ConflictError("hub.not_joined")
    return actor


def _say(label: str, **facts: object) -> None:
    sys.stdout.write(Catalogue.load().label("cli", label).format(**facts) + "\n")
