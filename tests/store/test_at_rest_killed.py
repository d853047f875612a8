"""Encrypting, killed with SIGKILL at each step: nothing is lost, and beginning again ends well."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.bootstrap import STORE
from console.clock import FixedClock
from console.errors import EnvironmentProblemError
from console.paths import RESOURCES
from console.services import key_file
from console.services.at_rest import AtRest, State
from console.services.key_file import Because, Protection
from console.services.secret_ports import FileKey
from console.store import backup
from console.store.at_rest import DeskFileOnDisk
from console.store.migrations import HEAD
from tests.builders import NOW, desk_file
from tests.store.sealing import FileSecrets
from tests.store.test_at_rest import everything, fill, plain_words

STEPS = ("room", "export", "check", "name", "swap", "sweep")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")


def made(home: Path) -> AtRest:
    """A plain desk with a plain copy, as a person chose it."""
    path = home / STORE
    home.mkdir()
    with desk_file(path) as desk:
        fill(desk)
        backup.back_up(path, home / "backups", NOW, HEAD)
    rest = at_rest(home)
    key_file.write(home, key_file.KeyFile.plain(Because.PERSON, NOW, "moi"))
    return rest


def at_rest(home: Path) -> AtRest:
    """The protection of the desk, with the keyring of tests."""
    return AtRest(DeskFileOnDisk(home / STORE), FileSecrets(home.parent / "keyring.json"), FixedClock(NOW))


def encrypt(home: Path, last: str) -> subprocess.Popen[bytes]:
    """Encrypt in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.sealing", str(home), last], cwd=RESOURCES.parent
    )


def opened(home: Path) -> tuple[State, FileKey | None]:
    """What the next start finds; a person is asked where that is not clear."""
    rest = at_rest(home)
    try:
        key = rest.key()
    except EnvironmentProblemError as error:
        if error.code != "at_rest.plain_file":
            raise
        return State.PLAIN, None
    return (State.PLAIN if key is None else State.SEALED), key


def ends_well(home: Path, before: dict[str, object]) -> None:
    """Whatever happened, everything is there; encrypting again, or the next opening, leaves nothing plain."""
    state, key = opened(home)
    assert everything(home / STORE, key) == before
    if state is State.PLAIN:
        at_rest(home).encrypt()
        state, key = opened(home)
    assert state is State.SEALED
    assert everything(home / STORE, key) == before
    assert plain_words(home) == []
    assert not list(home.glob("*.chiffrement*"))
    said = key_file.read(home)
    assert said is not None
    assert said.protection is Protection.KEYRING
    with desk_file(home / STORE, key) as desk:
        desk.take_in("et la vie continue")


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step_nothing_is_lost(tmp_path: Path, step: str) -> None:
    home = tmp_path / "home"
    made(home)
    before = everything(home / STORE, None)
    assert encrypt(home, step).wait(60) == -signal.SIGKILL
    ends_well(home, before)


def test_killed_at_any_instant_nothing_is_lost(tmp_path: Path) -> None:
    chance = random.Random(7)
    started = time.monotonic()
    home = tmp_path / "whole"
    made(home)
    assert encrypt(home, "none").wait(60) == 0
    whole = time.monotonic() - started
    for number in range(6):
        home = tmp_path / f"home-{number}"
        made(home)
        before = everything(home / STORE, None)
        process = encrypt(home, "none")
        time.sleep(whole * chance.uniform(0.4, 1.0))
        process.kill()
        process.wait(60)
        ends_well(home, before)
