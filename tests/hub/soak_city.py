"""The random city for as long as wanted: `python3 dev.py soak hub [--minutes N] [--seed S]`.

Not collected with the suite. Each walk prints its seed first, so that a failure can be walked again.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from tests.hub.conftest import Hub, Server
from tests.hub.databases import Databases
from tests.hub.model import City

MINUTES, SEED = "VIGIE_SOAK_MINUTES", "VIGIE_SOAK_SEED"


@pytest.mark.timeout(0)
def test_the_city_stays_of_one_mind(hub_server: Server, hub_databases: Databases, tmp_path: Path) -> None:
    until = time.monotonic() + 60 * float(os.environ.get(MINUTES, "10"))
    chosen, walks = os.environ.get(SEED), 0
    while walks == 0 or (time.monotonic() < until and not chosen):
        seed = int(chosen) if chosen else random.SystemRandom().randrange(1 << 32)
        dice = random.Random(seed)
        desks, steps = dice.randint(3, 8), dice.randint(200, 1_000)
        print(f"seed {seed}: {desks} desks, {steps} steps", flush=True)
        database = hub_databases.take()
        hub = Hub(database.address, hub_server)
        city = City(hub, tmp_path / str(seed), dice, desks)
        try:
            city.open()
            for _ in range(steps):
                city.step()
            city.agreement()
        finally:
            city.close()
            hub.close()
            hub_databases.give_back(database)
        print(f"  agreed: {dict(city.done.most_common())}", flush=True)
        walks += 1
