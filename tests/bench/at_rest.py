"""An encrypted desk beside a plain one of the same content, measured in turn in the same run.

Prints the median of each and their ratio: opening with the first page, a page of the queue once it is in
memory, a search, a decision with its commit; and what encrypting the file takes, once. A ratio above its
limit ends with status 1.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from console.clock import FixedClock
from console.services.rows import QueueFilter, Sort
from console.services.secret_ports import FileKey
from console.store.at_rest import DeskFileOnDisk
from console.store.database import StoreDatabase, open_store
from tests.bench._synthetic import NOW, Words, build
from tests.bench.store import PAGE, _decide, _time

LIMITS = {
    "open, and the first page": 2.0,
    "a page of the queue, warm": 1.5,
    "a frequent word": 1.5,
    "decide (commit)": 1.5,
}
"""Most that encryption may cost, as a ratio to plain."""


def main(arguments: list[str] | None = None) -> int:
    """Measure; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="vigie-bench-"))
    try:
        return _report(_measure(folder, asked.size, asked.rounds))
    finally:
        shutil.rmtree(folder)


def _measure(folder: Path, size: int, rounds: int) -> dict[str, tuple[float, float]]:
    key, plain, sealed = FileKey.new(), folder / "plain.db", folder / "sealed.db"
    words = build(plain, size)
    shutil.copyfile(plain, sealed)
    started = time.perf_counter()
    DeskFileOnDisk(sealed).seal(key, lambda: None)
    spent, before, after = time.perf_counter() - started, plain.stat().st_size, sealed.stat().st_size
    print(f"{size:,} messages, {before / 1e6:,.0f} MB; encrypted in {spent:.1f} s, {after / 1e6:,.0f} MB")
    opening = [(_opening(plain, None), _opening(sealed, key)) for _ in range(max(5, rounds // 4))]
    results = {"open, and the first page": _medians(opening)}
    databases = open_store(plain, FixedClock(NOW)), open_store(sealed, FixedClock(NOW), key)
    try:
        works = [_works(database, words) for database in databases]
        for name in works[0]:
            # In turn, so that whatever else the machine does falls on both alike.
            pairs = [(_time(works[0][name]), _time(works[1][name])) for _ in range(rounds)]
            results[name] = _medians(pairs)
    finally:
        for database in databases:
            database.close()
    return results


def _opening(path: Path, key: FileKey | None) -> float:
    started = time.perf_counter()
    database = open_store(path, FixedClock(NOW), key)
    database.reads.queue(QueueFilter(), Sort.PRIORITY, None, PAGE)
    spent = (time.perf_counter() - started) * 1_000
    database.close()
    return spent


def _works(database: StoreDatabase, words: Words) -> dict[str, Callable[[], object]]:
    reads = database.reads
    everything = QueueFilter(states=frozenset(), text=words.middling)
    return {
        "a page of the queue, warm": lambda: reads.queue(QueueFilter(), Sort.PRIORITY, None, PAGE),
        "a frequent word": lambda: reads.queue(everything, Sort.NEWEST, None, PAGE),
        "decide (commit)": _decide(database),
    }


def _medians(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(each[0] for each in pairs), statistics.median(each[1] for each in pairs)


def _report(results: dict[str, tuple[float, float]]) -> int:
    print(f"{'':28}{'plain':>11}{'encrypted':>13}{'ratio':>8}{'limit':>8}")
    beyond = 0
    for name, (plain, sealed) in results.items():
        ratio, limit = sealed / plain, LIMITS[name]
        beyond += ratio > limit
        mark = "  !" if ratio > limit else ""
        print(f"{name:28}{plain:8.2f} ms{sealed:10.2f} ms{ratio:8.2f}{limit:8.1f}{mark}")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
