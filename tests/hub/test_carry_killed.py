"""The process ends while it takes in a file: what was taken stays, and the file is simply taken again."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.paths import RESOURCES
from tests.hub.conftest import Hub
from tests.hub.desks import KeptInMemory, seat
from tests.hub.model import state_of

_WORKER = """
import itertools, json, os, sys
from pathlib import Path
from console.clock import SystemClock
from console.hub import carry
from console.hub.carry import Carrier
from console.store.database import open_store
from tests.hub.desks import KeptInMemory

given = json.loads(sys.stdin.read())
secrets = KeptInMemory()
secrets.kept = given["secrets"]
carry._AT_ONCE = 2
calls = itertools.count()

def progress(done, total):
    if next(calls) == given["step"]:
        os._exit(9)

clock = SystemClock()
carrier = Carrier(open_store(Path(given["store"]), clock), clock, secrets)
carrier.take(Path(given["file"]), progress, lambda changes: None)
"""


@pytest.mark.parametrize("step", [1, 5])
def test_a_killed_process_left_nothing_half(hub: Hub, tmp_path: Path, step: int) -> None:
    with ExitStack() as stack:
        marie, kept = seat(stack, hub, tmp_path / "marie", "marie"), KeptInMemory()
        with ExitStack() as own:
            noah = seat(own, hub, tmp_path / "noah", "noah", kept)
            noah.sync()
        for number in range(5):
            marie.decide(marie.receive(f"m{number}"), Action.HIDE)
        file = marie.services.sharing.carry_out(marie.moderator, tmp_path).file
        given = {
            "secrets": kept.kept,
            "step": step,
            "store": str(tmp_path / "noah" / "vigie.db"),
            "file": str(file),
        }
        done = subprocess.run(
            [sys.executable, "-c", _WORKER],
            cwd=RESOURCES.parent,
            input=json.dumps(given).encode(),
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (9, b"")
        noah = seat(stack, hub, tmp_path / "noah", "noah", kept)
        assert file is not None
        report = noah.services.sharing.carry_in(noah.moderator, file)
        assert report.messages < 5
        assert state_of(noah) == state_of(marie)
        assert noah.db.reads.peer_breaks() == ()
