"""The grammar of `vigie hub …`. Imports no driver: every start of Vigie builds the grammar."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from console.catalogue import Catalogue

MEMBER_TASKS = frozenset({"join", "leave", "sync", "carry"})
"""What a desk does itself: these open its file (`console.member_commands`)."""
ROLES = ("moderator", "supervisor", "agent_311", "administrator", "auditor", "collector")


def _label(name: str) -> str:
    return Catalogue.load().label("cli", name)


def add_to(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add `hub` to the commands of the program (`commands`: argparse's object of sub-parsers)."""
    hub = commands.add_parser("hub", help=_label("hub"), description=_label("hub_long"))
    tasks = _tasks(hub, "task", parser_class)
    for name in ("init", "upgrade", "status", "restored"):
        _with_address(_task(tasks, name))
    demo = _task(tasks, "demo")
    # Before the command or after it; the one after, when absent, must not undo the one before.
    demo.add_argument(
        "--home", type=Path, default=argparse.SUPPRESS, metavar=_label("folder"), help=_label("hub_demo_home")
    )
    _add_membership(tasks, parser_class)
    person = _task(tasks, "person")
    acts = _tasks(person, "act", parser_class)
    add = _member(acts, "person_add")
    add.add_argument("--name", required=True, metavar=_label("name"), help=_label("hub_name"))
    add.add_argument("--role", required=True, choices=ROLES, metavar=_label("role"), help=_label("hub_role"))
    add.add_argument("--ask", action="store_true", help=_label("hub_ask"))
    role = _member(acts, "person_role")
    role.add_argument("role", choices=ROLES, metavar=_label("role"), help=_label("hub_role"))
    for name in ("person_disable", "person_enable", "person_password"):
        _member(acts, name)
    _with_address(_task(acts, "person_list"))


def _add_membership(tasks: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """What a desk does as a member; see `MEMBER_TASKS`."""
    join = _task(tasks, "join")
    join.add_argument("--host", required=True, metavar=_label("host"), help=_label("hub_host"))
    join.add_argument("--port", type=int, default=5432, metavar=_label("port"), help=_label("hub_port"))
    join.add_argument("--database", default="vigie", metavar=_label("database"), help=_label("hub_database"))
    join.add_argument("--login", required=True, metavar=_label("login"), help=_label("hub_own_login"))
    join.add_argument("--ca", type=Path, metavar=_label("file"), help=_label("hub_ca"))
    join.add_argument("--desk-name", metavar=_label("name"), help=_label("hub_desk_name"))
    for name in ("leave", "sync"):
        _task(tasks, name)
    ways = _tasks(_task(tasks, "carry"), "way", parser_class)
    out = _task(ways, "carry_out")
    out.add_argument("to", type=Path, metavar=_label("file"), help=_label("hub_carry_to"))
    out.add_argument("--everything", action="store_true", help=_label("hub_carry_everything"))
    taking = _task(ways, "carry_in")
    taking.add_argument("files", type=Path, nargs="+", metavar=_label("file"), help=_label("hub_carry_file"))


def _tasks(parser: argparse.ArgumentParser, dest: str, parser_class: type[argparse.ArgumentParser]) -> Any:
    return parser.add_subparsers(
        dest=dest,
        required=True,
        title=_label("commands"),
        metavar=_label("command"),
        parser_class=parser_class,
    )


def _task(tasks: Any, name: str) -> argparse.ArgumentParser:
    said = _label(f"hub_{name}")
    parser: argparse.ArgumentParser = tasks.add_parser(
        name.removeprefix("person_").removeprefix("carry_"), help=said, description=said
    )
    return parser


def _member(acts: Any, name: str) -> argparse.ArgumentParser:
    parser = _with_address(_task(acts, name))
    parser.add_argument("member", metavar=_label("login"), help=_label("hub_member"))
    return parser


def _with_address(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--host", default="localhost", metavar=_label("host"), help=_label("hub_host"))
    parser.add_argument("--port", type=int, default=5432, metavar=_label("port"), help=_label("hub_port"))
    parser.add_argument(
        "--database", default="vigie", metavar=_label("database"), help=_label("hub_database")
    )
    parser.add_argument("--login", default="postgres", metavar=_label("login"), help=_label("hub_login"))
    parser.add_argument("--ca", type=Path, metavar=_label("file"), help=_label("hub_ca"))
    return parser
