"""How the store answers from 10 thousand messages to 1 million.

    python3 dev.py bench store [--sizes=10000,100000,1000000] [--rounds=30] [--keep=FOLDER]

Every figure is the median of its rounds in milliseconds, and its ratio to a floor measured in the
same run on the same file: bare SQLite fetching as many rows by their rowid as a page has (for a
commit: a bare durable transaction that inserts one row). A figure fails when its median is over the
limit that stands beside it; the limit is what a person does not notice as waiting off the UI thread.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from console.clock import FixedClock
from console.domain.cases import CaseState
from console.domain.decisions import Action, Decision
from console.domain.ids import DecisionId, EventId, MessageId, RuleId, StaffId, new_id
from console.domain.journal import Event
from console.domain.messages import Channel, Kind, Platform
from console.domain.sanctions import LadderSettings
from console.domain.verdicts import Route
from console.services.history import verify_journal
from console.services.rows import Cursor, HistoryFilter, QueueFilter, Sort
from console.store.database import StoreDatabase, open_store
from tests.bench._synthetic import NOW, Words, build

PAGE = 100
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to do, how long it may take (ms), and whether it is compared with a commit."""

    name: str
    work: Work
    limit: float
    commit: bool = False
    once: bool = False


def main(arguments: list[str] | None = None) -> int:
    """Build, measure, print; the exit status says whether every limit held."""
    parser = argparse.ArgumentParser(prog="dev.py bench store")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument(
        "--keep", type=Path, help="build here and leave the files, or take those that are there"
    )
    asked = parser.parse_args(arguments)
    sizes = [int(size) for size in asked.sizes.split(",")]
    with _folder(asked.keep) as folder:
        tables = {size: _measure(folder, size, asked.rounds) for size in sizes}
    return _report(tables)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="vigie-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class Result:
    """What one measure gave at one size."""

    median: float
    worst: float
    ratio: float
    limit: float


def _measure(folder: Path, size: int, rounds: int) -> dict[str, Result]:
    path = folder / f"vigie-{size}.sqlite"
    words_at = folder / f"vigie-{size}.words"
    if not path.exists() or not words_at.exists():
        started = time.perf_counter()
        made = build(path, size)
        words_at.write_text("\n".join((made.common, made.middling, made.rare)), encoding="utf-8")
        print(f"{size:,} messages built in {time.perf_counter() - started:.0f} s, "
              f"{path.stat().st_size / 1e6:,.0f} MB", flush=True)  # fmt: skip
    words = Words(*words_at.read_text(encoding="utf-8").split("\n"))
    started = time.perf_counter()
    database = open_store(path, FixedClock(NOW))
    try:
        database.reads.queue(QueueFilter(), Sort.PRIORITY, None, PAGE)
        opening = (time.perf_counter() - started) * 1_000
        floor, commit_floor = _floor(path, size, rounds), _commit_floor(folder, rounds)
        results = {"open the file and its first page": Result(opening, opening, opening / floor, 500)}
        for each in _measures(database, words):
            times = sorted(_time(each.work) for _ in range(1 if each.once else rounds))
            base = commit_floor if each.commit else floor
            median = statistics.median(times)
            results[each.name] = Result(median, times[-1], median / base, each.limit)
        results["floor: a page by rowid"] = Result(floor, floor, 1.0, 0.0)
        results["floor: a bare commit"] = Result(commit_floor, commit_floor, 1.0, 0.0)
    finally:
        database.close()
    return results


def _time(work: Work) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1_000


def _floor(path: Path, size: int, rounds: int) -> float:
    """Milliseconds for a page of whole messages by rowid, scattered, with nothing around it."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA cache_size=-32768")
    chance = random.Random(3)
    times = []
    for _ in range(rounds):
        keys = [chance.randint(1, size) for _ in range(PAGE)]
        started = time.perf_counter()
        for key in keys:
            connection.execute("SELECT * FROM messages WHERE pk = ?", (key,)).fetchone()
        times.append((time.perf_counter() - started) * 1_000)
    connection.close()
    return statistics.median(times)


def _commit_floor(folder: Path, rounds: int) -> float:
    """Milliseconds for one durable transaction of one row in a file of its own."""
    path = folder / "floor.sqlite"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)")
    times = []
    for _ in range(rounds * 3):
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (words) VALUES ('décision')")
        connection.execute("COMMIT")
        times.append((time.perf_counter() - started) * 1_000)
    connection.close()
    path.unlink()
    return statistics.median(times)


def _measures(database: StoreDatabase, words: Words) -> Iterator[Measure]:
    reads = database.reads
    whole, every = QueueFilter(), QueueFilter(states=frozenset())

    def page(where: QueueFilter, sort: Sort = Sort.PRIORITY, after: Cursor | None = None) -> Work:
        return lambda: reads.queue(where, sort, after, PAGE)

    for sort in Sort:
        yield Measure(f"open the queue, {sort}", page(whole, sort), 50)
    second = reads.queue(whole, Sort.PRIORITY, None, PAGE).next
    yield Measure("next page", page(whole, Sort.PRIORITY, second), 50)
    for sort in (Sort.PRIORITY, Sort.NEWEST):
        yield Measure(f"deep page, {sort}", page(whole, sort, _deep(database, sort)), 50)
    for name, where in _filters(database):
        yield Measure(f"filter: {name}", page(where), 150)
        yield Measure(f"filter: {name}, newest", page(where, Sort.NEWEST), 150)
    for name, text in (
        ("frequent word", words.middling),
        ("most frequent word", words.common),
        ("rare word", words.rare),
        ("begun word", words.middling[:3]),
        ("phrase", f"«{words.common} {words.middling}»"),
        ("two words", f"{words.middling} {words.rare[:4]}"),
        ("absent word", "introuvablement"),
    ):
        yield Measure(f"search: {name}", page(QueueFilter(states=frozenset(), text=text), Sort.NEWEST), 200)
    yield Measure("search: frequent word, waiting", page(QueueFilter(text=words.middling)), 200)
    yield from _others(database, words, every)
    yield Measure("decide (commit)", _decide(database), 50, commit=True)
    yield Measure(
        "check the whole journal", lambda: verify_journal(reads, lambda *_: None), 120_000, once=True
    )


def _filters(database: StoreDatabase) -> Iterator[tuple[str, QueueFilter]]:
    accounts = database.reads.accounts()
    person = database.reads.queue(QueueFilter(), Sort.NEWEST, None, 1).rows[0].author_id
    yield "state decided", QueueFilter(states=frozenset({CaseState.DECIDED}))
    yield "every state", QueueFilter(states=frozenset())
    yield "platform", QueueFilter(platforms=frozenset({Platform("tiktok")}))
    yield "account", QueueFilter(accounts=frozenset({accounts[0].id}))
    yield "private", QueueFilter(channels=frozenset({Channel.PRIVATE}))
    yield "kind", QueueFilter(kinds=frozenset({Kind.REPLY}))
    yield "frequent rule", QueueFilter(rules=frozenset({RuleId("insult")}))
    yield "rare rule", QueueFilter(rules=frozenset({RuleId("misogyny")}))
    yield "severity light", QueueFilter(severities=frozenset({2}))
    yield "severity grave", QueueFilter(severities=frozenset({4}))
    yield "route 311", QueueFilter(routes=frozenset({Route.SERVICE_311}))
    yield "route emergency", QueueFilter(routes=frozenset({Route.EMERGENCY}))
    yield "emergency mode", QueueFilter(emergency=True)
    yield "author", QueueFilter(author=person)
    yield "one day", QueueFilter(posted_from=NOW - timedelta(days=400), posted_to=NOW - timedelta(days=399))
    yield "one year", QueueFilter(posted_from=NOW - timedelta(days=765), posted_to=NOW - timedelta(days=400))
    yield (
        "five at once",
        QueueFilter(
            platforms=frozenset({Platform("youtube")}),
            channels=frozenset({Channel.PRIVATE}),
            severities=frozenset({1, 2}),
            routes=frozenset({Route.QUESTION}),
            posted_to=NOW - timedelta(days=300),
        ),
    )
    yield (
        "nothing matches",
        QueueFilter(
            accounts=frozenset({accounts[0].id}), kinds=frozenset({Kind.VIDEO}), severities=frozenset({3})
        ),
    )


def _others(database: StoreDatabase, words: Words, every: QueueFilter) -> Iterator[Measure]:
    reads, actor = database.reads, database.reads.staff()[0].id
    newest = reads.last_arrival()
    cards = reads.queue(QueueFilter(), Sort.PRIORITY, None, PAGE).rows
    turn = iter(range(10**9))

    def detail() -> object:
        return reads.case_detail(cards[next(turn) % PAGE].id, NOW, LadderSettings())

    history = reads.history(HistoryFilter(), None, PAGE)
    yield Measure("counts", lambda: reads.counts(actor), 20)
    yield Measure("matches up to 10,000", lambda: reads.matches(QueueFilter(), 10_000), 50)
    yield Measure("new arrivals (20)", lambda: reads.arrivals(QueueFilter(), newest - 20), 20)
    yield Measure("new arrivals (half)", lambda: reads.arrivals(QueueFilter(), newest // 2), 150)
    yield Measure("refresh 100 cards", lambda: reads.rows([card.id for card in cards]), 50)
    yield Measure("a case with all panes", detail, 50)
    yield Measure("history: first page", lambda: reads.history(HistoryFilter(), None, PAGE), 50)
    yield Measure("history: next page", lambda: reads.history(HistoryFilter(), history.next, PAGE), 50)
    rule = HistoryFilter(rules=frozenset({RuleId("misogyny")}))
    yield Measure("history: rare rule", lambda: reads.history(rule, None, PAGE), 150)
    said = HistoryFilter(text=words.rare)
    yield Measure("history: rare word", lambda: reads.history(said, None, PAGE), 150)
    one = reads.history(HistoryFilter(), None, 1).rows[0].decision_id
    yield Measure("one decision, explained", lambda: reads.decision_detail(one), 50)
    yield Measure("what can be undone", lambda: reads.undoable(actor, 20), 50)
    yield Measure("people: first page", lambda: reads.people("", None, PAGE), 100)
    yield Measure("people: by name", lambda: reads.people("ver", None, PAGE), 150)


def _deep(database: StoreDatabase, sort: Sort) -> Cursor | None:
    """A place about halfway down."""
    if sort is Sort.PRIORITY:
        return Cursor((0, 3, database.reads.last_arrival() // 2))
    middle = NOW - timedelta(days=540)
    return Cursor((0, int(middle.timestamp() * 1e6), 0))


def _decide(database: StoreDatabase) -> Work:
    """A decision as the service stores it: decision, state, journal, in one durable transaction."""
    waiting = iter(database.reads.queue(QueueFilter(), Sort.OLDEST, None, 1_000).rows)
    actor = database.reads.staff()[0].id

    def decide() -> None:
        _store(database, next(waiting).id, actor)

    return decide


def _store(database: StoreDatabase, message: MessageId, actor: StaffId) -> None:
    with database.write() as work:
        head = work.case(message)
        made = Decision(
            id=DecisionId(new_id()),
            message_id=message,
            revision=head.revision,
            actions=(Action.HIDE,),
            rules=(RuleId("insult"),),
            reason="insulte envers une personne",
            texts=(),
            actor=actor,
            at=NOW,
            policy=head.policy,
            engine=head.engine,
        )
        work.set_state(message, CaseState.DECIDED)
        work.add_decision(made, head.state)
        payload = {"decision": made.id, "reason": made.reason}
        work.append(Event(EventId(new_id()), "decision.made", message, actor, database.desk, NOW, payload))


def _report(tables: dict[int, dict[str, Result]]) -> int:
    sizes = list(tables)
    largest = tables[sizes[-1]]
    print(f"\n{'milliseconds (median of rounds; × the floor)':46}", end="")
    print("".join(f"{size:>20,}" for size in sizes), f"{'growth':>8}{'limit':>8}{'of it':>7}")
    failed = 0
    for name, last in largest.items():
        cells = [f"{tables[size][name].median:10.2f} ({tables[size][name].ratio:6.1f}×)" for size in sizes]
        growth = last.median / tables[sizes[0]][name].median
        over = bool(last.limit) and any(tables[size][name].median > last.limit for size in sizes)
        failed += over
        close = f"{last.limit:8.0f}{last.median / last.limit:7.0%}" if last.limit else f"{'':15}"
        print(f"{name:46}", *cells, f"{growth:6.1f}×{close}", "  OVER" if over else "", sep="")
    print(f"\n{failed} over the limit" if failed else "\nevery limit held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
