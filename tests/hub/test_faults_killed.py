"""A desk killed again and again while it decides and exchanges: every decision is in the hub exactly once."""

from __future__ import annotations

import random
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from console.services.sharing_ports import HubAddress
from tests.hub.conftest import Hub
from tests.hub.desks import KeptInMemory, seat
from tests.hub.model import City
from tests.hub.worker import KeptInFile, work
from tests.killing import run_and_kill

KILLS = 15


@pytest.mark.timeout(600)  # fifteen starts of a program; a busy machine takes its time
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_every_acknowledged_decision_is_in_the_hub_once(hub: Hub, tmp_path: Path) -> None:
    home, dice, said = tmp_path / "marie", random.Random(20261128), []
    home.mkdir()
    address = HubAddress(hub.address.host, hub.address.database, "marie")
    for _ in range(KILLS):
        said += run_and_kill(work, (home, address), dice.randint(1, 12))
    kept = KeptInMemory()
    (name,) = KeptInFile(home / "secrets.json")._all()
    kept.put(name, KeptInFile(home / "secrets.json").get(name) or "")
    with ExitStack() as stack:
        marie = seat(stack, hub, home, "marie", kept)
        noah = seat(stack, hub, tmp_path / "noah", "noah")
        City(hub, tmp_path, random.Random(1), seats=[marie, noah]).agreement()
        with noah.db._reader.begin() as reading:
            there = {row[0] for row in reading.exec_driver_sql("SELECT id FROM decisions")}
    rows = hub.admin().execute(
        "SELECT body::jsonb->'payload'->>'decision', status FROM vigie.event WHERE kind = 'decision.made'"
    )
    counted = Counter(rows)
    assert len(said) > KILLS
    assert all(counted[decision, "accepted"] == 1 for decision in said)
    assert set(said) <= there
    # Decided but not said (killed between commit and print): at most one a kill, and once as well.
    assert set(counted.values()) == {1}
    assert len(counted) - len(said) <= KILLS
