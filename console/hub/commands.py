"""`vigie hub …`: one function a task, found by its name in one table."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable

from console.catalogue import Catalogue
from console.hub import administration, persons
from console.hub.administration import HubStatus
from console.hub.connection import HubAddress
from console.netiquette.policy_loader import shipped

PASSWORD_VARIABLE = "VIGIE_HUB_PASSWORD"  # noqa: S105  the name of a variable

Task = Callable[[argparse.Namespace, HubAddress, "str | None"], None]


def run(given: argparse.Namespace) -> int:
    """Run one task and return its exit status; errors are raised (`hub.*`)."""
    name = given.task if given.task != "person" else f"person {given.act}"
    address = HubAddress(given.host, given.database, given.login, given.port, given.ca)
    TASKS[name](given, address, password_for(address))
    return 0


def password_for(address: HubAddress) -> str | None:
    """From the environment, or asked for unseen. Empty means none (for a server that asks for none)."""
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE] or None
    return getpass.getpass(_label("hub_password").format(login=address.login, host=address.host)) or None


def _init(_given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    _print_status(administration.init(address, password, shipped().ladder))


def _upgrade(_given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    _print_status(administration.upgrade(address, password))


def _status(_given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    _print_status(administration.status(address, password))


def _restored(_given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    _print_status(administration.restored(address, password))


def _add(given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    first = getpass.getpass(_label("hub_new_password")) if given.ask else None
    drawn = persons.add(address, password, given.member, given.name, given.role, first_password=first)
    _say("hub_added", login=given.member, role=_role(given.role))
    if first is None:
        _say("hub_drawn", password=drawn)


def _role_of(given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    persons.set_role(address, password, given.member, given.role)
    _say("hub_role_set", login=given.member, role=_role(given.role))


def _disable(given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    persons.set_active(address, password, given.member, False)
    _say("hub_disabled", login=given.member)


def _enable(given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    persons.set_active(address, password, given.member, True)
    _say("hub_enabled", login=given.member)


def _new_password(given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    _say("hub_drawn", password=persons.set_password(address, password, given.member))


def _list(_given: argparse.Namespace, address: HubAddress, password: str | None) -> None:
    for each in persons.members(address, password):
        state = "hub_member_active" if each.active else "hub_member_disabled"
        sys.stdout.write(f"{each.login}\t{each.name}\t{_role(each.role)}\t{_label(state)}\n")


TASKS: dict[str, Task] = {
    "init": _init,
    "upgrade": _upgrade,
    "status": _status,
    "restored": _restored,
    "person add": _add,
    "person disable": _disable,
    "person enable": _enable,
    "person list": _list,
    "person password": _new_password,
    "person role": _role_of,
}


def _print_status(status: HubStatus) -> None:
    if status.revision is None:
        _say("hub_status_absent", server=status.server)
        return
    _say(
        "hub_status_installed",
        server=status.server,
        revision=status.revision,
        hub=status.hub,
        timeline=status.timeline,
        members=status.members,
        desks=status.desks,
        messages=status.messages,
        events=status.events,
    )


def _say(name: str, **facts: object) -> None:
    sys.stdout.write(_label(name).format(**facts) + "\n")


def _role(role: str) -> str:
    return Catalogue.load().label("role", role)


def _label(name: str) -> str:
    return Catalogue.load().label("cli", name)
