"""How fast a Page's comments are taken in, judged and stored, and whether memory stays flat.

    python3 dev.py bench collect [--messages=20000] [--plain]

The floor is HTTP alone: the same pages fetched by the same library one after the other, read as JSON and
forgotten. Between the floor and the whole stand the verdict engine and everything else (reading
the pages as messages, context, near-duplicates, storing, search index, cursor). A real platform answers in
a tenth of a second or more for each hundred comments: its 1,000 comments a second are the limit of any
collector, whatever it does with them. `--messages=1000000` is the measure of memory at full size.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from console.bootstrap import EngineOnDemand, wire
from console.clock import SystemClock
from console.domain.ids import AccountId
from console.domain.messages import FACEBOOK
from console.domain.roles import Role
from console.netiquette.policy_loader import shipped
from console.paths import RESOURCES
from console.services.collecting import Collecting
from console.services.platform_ports import Candidate, ClientApp, Tokens
from console.services.policy import PolicyDesk
from console.services.ports import Judge
from console.services.rows import QueueFilter
from console.store.database import open_store
from tests.bench._graph_page import PAGE, UNDER_EACH
from tests.bench.intake import TimedJudge
from tests.judges import PlainJudge

SLOWEST_PLATFORM = 1_000
"""Comments a second that a platform gives at most: 100 a call, a tenth of a second a call."""
MOST_GROWTH = 40
"""Megabytes by which the process may grow from a quarter of the messages to all of them."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print; the exit status says whether every limit held."""
    parser = argparse.ArgumentParser(prog="dev.py bench collect")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--plain", action="store_true", help="leave the verdict engine out")
    given = parser.parse_args(arguments)
    with _page(given.messages) as address, tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        floor = _floor(address, given.messages)
        return 0 if _collect(Path(folder), address, given.messages, floor, given.plain) else 1


@contextmanager
def _page(comments: int) -> Iterator[str]:
    """The Page in a process of its own; gives its address."""
    command = [sys.executable, "-m", "tests.bench._graph_page", str(comments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=RESOURCES.parent) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def _floor(address: str, messages: int) -> float:
    """Seconds of fetching every page of comments and nothing else."""
    began = time.perf_counter()
    with httpx.Client() as client:
        for first in range(0, messages, UNDER_EACH):
            for start in range(0, min(UNDER_EACH, messages - first), 100):
                asked = {"limit": 100, "after": start}
                client.get(f"{address}/{PAGE}_{first // UNDER_EACH}/comments", params=asked).json()
    return time.perf_counter() - began


def _collect(folder: Path, address: str, messages: int, floor: float, plain: bool) -> bool:
    clock = SystemClock()
    db = open_store(folder / "vigie.db", clock)
    try:
        services = wire(db, clock)
        actor = services.access.introduce("Banc d’essai", Role.ADMINISTRATOR)
        there = Candidate(PAGE, "Ville d’essai", Tokens("jeton"))
        services.accounts.connect(actor, FACEBOOK, ClientApp("", base_url=address), there)
        (row,) = services.accounts.rows(actor)
        judge = TimedJudge(_judge(plain, PolicyDesk(db, clock, shipped())))
        collecting = Collecting(db, judge, clock, services.accounts, services.preferences.ladder)
        sizes: list[tuple[int, float]] = []
        began = time.perf_counter()

        def watch() -> bool:
            sizes.append((services.queue.watermark(), psutil.Process().memory_info().rss / 1e6))
            return False

        report = collecting.run(actor, AccountId(row.account.id), watch)
        if report.error is not None:
            raise report.error
        spent = time.perf_counter() - began
        stored = services.queue.matches(QueueFilter(states=frozenset()))
        began = time.perf_counter()
        again = collecting.run(actor, AccountId(row.account.id), lambda: False)
        took = time.perf_counter() - began
        services.close()
    finally:
        db.close()
    assert (report.added, again.added, stored) == (messages, 0, messages), (report, again, stored)
    return _say(messages, floor, judge.spent, spent, took, sizes)


def _judge(plain: bool, policy: PolicyDesk) -> Judge:
    return PlainJudge() if plain else EngineOnDemand(policy)


def _say(
    messages: int, floor: float, judging: float, spent: float, again: float, sizes: list[tuple[int, float]]
) -> bool:
    print(f"collecting {messages} comments   comments/s   seconds   x floor")
    rest = spent - floor - judging
    for name, seconds in (
        ("HTTP alone (floor)", floor),
        ("the verdict engine", judging),
        ("everything else", rest),
        ("end to end", spent),
    ):
        print(f"  {name:<26} {messages / seconds:>12,.0f} {seconds:>9.1f} {seconds / floor:>9.1f}")
    print(f"  nothing new (second round) {'':>12} {again:>9.1f}")
    quarter = next(size for seen, size in sizes if seen >= messages // 4)
    growth = sizes[-1][1] - quarter
    print(f"  memory: {quarter:.0f} MB at a quarter, {sizes[-1][1]:.0f} MB at the end")
    speed = messages / spent
    print(f"  limit: a platform gives {SLOWEST_PLATFORM:,}/s; here {speed:,.0f}/s")
    if growth > MOST_GROWTH:
        print(f"  ! memory may grow by {MOST_GROWTH} MB")
    return growth <= MOST_GROWTH


if __name__ == "__main__":
    sys.exit(main())
