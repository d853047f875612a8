"""A short day of the random city; the long one is `python3 dev.py soak platforms`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from console.platforms.simulator.running import running
from tests.platforms.day import Day, still_clock
from tests.platforms.day_check import Agreement


def test_a_day_with_faults_ends_in_agreement(tmp_path: Path) -> None:
    with running(still_clock()) as sim:
        day = Day(sim, tmp_path, seed=10, things=100, step=timedelta(hours=4), rate=0.05, kills=0.5)
        day.open()
        try:
            day.live()
            day.settle()
            Agreement(day).check()
        finally:
            day.close()
    assert day.done["decisions"] > 20
    assert day.done["sent"] > 10
    assert day.done["killed"] > 0
