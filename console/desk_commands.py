"""`vigie desk status | encrypt | recover`: the protection of this desk's file, from a terminal."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from console.bootstrap import STORE, at_rest
from console.catalogue import Catalogue
from console.services.at_rest import AtRest, State


def run(given: argparse.Namespace, home: Path) -> int:
    """One task; 0, or the error of `AtRest`."""
    rest = at_rest(home)
    if given.task == "encrypt":
        rest.encrypt()
        _say("desk_encrypted")
    elif given.task == "recover":
        key = rest.recover(_ask() if given.code is None else given.code)
        # Here the keyring is the point: without one, say so.
        rest.put_back(key)
        _say("desk_recovered")
    else:
        _status(rest, home / STORE)
    return 0


def _status(rest: AtRest, path: Path) -> None:
    status = rest.status()
    _say("desk_file", path=path)
    at, by = _instant(status.chosen_at), status.chosen_by
    if status.state is State.ABSENT:
        _say("desk_absent")
    elif status.state is State.PLAIN:
        _say(f"desk_plain_{status.because}", at=at, by=by)
    else:
        _say("desk_sealed", at=at, keyring=rest.keyring() or Catalogue.load().label("cli", "desk_no_keyring"))
        code = status.recovery
        if code is None:
            _say("desk_code_none")
        else:
            _say("desk_code_made", at=_instant(code.made_at), by=code.made_by)


def _ask() -> str:
    """From the terminal, or from standard input; nothing at all is no code (`recovery.length`)."""
    sys.stderr.write(Catalogue.load().label("cli", "desk_ask_code"))
    sys.stderr.flush()
    return sys.stdin.readline()


def _say(label: str, **facts: object) -> None:
    sys.stdout.write(Catalogue.load().label("cli", label).format(**facts) + "\n")


def _instant(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
