"""Random days of a city end with every desk and the hub of one mind."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.hub.conftest import Hub
from tests.hub.model import City

STEPS = 120


@pytest.mark.parametrize("known", [1, 2, None])
def test_desks_and_hub_agree_after_a_random_day(hub: Hub, tmp_path: Path, known: int | None) -> None:
    # Drawn here: test runners that share the work must collect the same names.
    seed = random.SystemRandom().randrange(1 << 32) if known is None else known
    city = City(hub, tmp_path, random.Random(seed), desks=3 + seed % 3)
    try:
        city.open()
        for _ in range(STEPS):
            city.step()
        city.agreement()
    except BaseException:
        print(f"seed {seed}; done: {dict(city.done)}")
        raise
    finally:
        city.close()
