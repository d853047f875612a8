"""The random day for as long as wanted: `python3 dev.py soak platforms [--minutes N] [--seed S]`.

Not collected with the suite. Each day prints its seed first; a day that has begun is lived to its end.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from console.platforms.simulator.running import running
from console.store import tables
from tests.platforms.day import Day, still_clock
from tests.platforms.day_check import Agreement

MINUTES, SEED, THINGS = "VIGIE_SOAK_MINUTES", "VIGIE_SOAK_SEED", "VIGIE_SOAK_THINGS"


@pytest.mark.timeout(0)
def test_days_end_in_agreement(tmp_path: Path) -> None:
    until = time.monotonic() + 60 * float(os.environ.get(MINUTES, "10"))
    things = int(os.environ.get(THINGS, "20000"))
    chosen, days = os.environ.get(SEED), 0
    while days == 0 or (time.monotonic() < until and not chosen):
        seed = int(chosen) if chosen else random.SystemRandom().randrange(1 << 32)
        print(f"seed {seed}: a day of about {things} comments", flush=True)
        one_day(tmp_path / str(seed), seed, things)
        days += 1


def one_day(folder: Path, seed: int, things: int) -> None:
    """Live it, let it settle, compare, and say what it was."""
    began = time.monotonic()
    folder.mkdir()
    with running(still_clock()) as sim:
        day = Day(sim, folder, seed, things, step=timedelta(minutes=10 if things >= 5_000 else 30))
        day.open()
        try:
            day.live()
            print(f"  lived in {time.monotonic() - began:.0f} s", flush=True)
            day.settle()
            print(f"  settled in {time.monotonic() - began:.0f} s", flush=True)
            check = Agreement(day)
            check.check()
        finally:
            print(told(day, time.monotonic() - began), flush=True)
            day.close()
        print(f"  agreed; explained: {dict(check.explained.most_common())}", flush=True)


def told(day: Day, seconds: float) -> str:
    """The figures of a day."""
    a = tables.attempts
    with day.db._reader.begin() as connection:
        tried = connection.execute(a.select()).all()
    unknown = sum(1 for each in day.db.reads.journal() if each.event.kind == "outbox.unknown")
    read_back = sum(1 for each in tried if each.read_back)
    items = Counter(each.item for each in tried)
    retries = sum(number - 1 for number in items.values())
    faults = Counter(str(each.fault) for each in day.sim.calls if each.fault is not None)
    done = day.done
    return (
        f"  seed {day.seed}: {done['added']} messages, {done['updated']} edits seen, {done['gone']} gone, "
        f"{done['decisions']} decisions, {done['undone']} undone, {done['sent']} sent\n"
        f"  {len(day.sim.calls)} calls, faults {dict(faults.most_common())}\n"
        f"  {len(tried)} acts, {retries} retries, {unknown} unknown, {read_back} read back\n"
        f"  by hand {sum(day.by_hand.values())}: {dict(day.by_hand.most_common())}\n"
        f"  also {dict(done.most_common())}\n"
        f"  {seconds:.0f} seconds"
    )
