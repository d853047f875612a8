"""How fast files are read and whole imports run.

    python3 dev.py bench intake [--rows=20000] [--big=0] [--plain]

Reading is compared with the bare parser of the standard library over the same bytes (no fields, no
dates, no checks); the whole import with the time that it spends in the verdict engine, for everything
else it does (reading, finding what is known, context, storing, journal) should cost less than judging.
`--big=1000000000` also reads a JSONL, a JSON list and a CSV of a gigabyte in processes of their own and
prints the memory they took at most. `--plain` leaves the verdict engine out (and its limit with it).
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from console.bootstrap import EngineOnDemand
from console.clock import FixedClock
from console.domain.ids import RuleId
from console.domain.messages import IncomingMessage
from console.domain.roles import Actor, Role
from console.domain.verdicts import Verdict
from console.netiquette.policy_loader import shipped
from console.paths import RESOURCES
from console.platforms.files import FileLibrary
from console.services.access import Access
from console.services.intake import Intake
from console.services.policy import PolicyDesk
from console.services.ports import Judge, JudgeContext, Skipped
from console.store.database import StoreDatabase, open_store
from tests.bench._synthetic import NOW, vocabulary
from tests.judges import PlainJudge

MOST_MEMORY = 250
"""Megabytes a process may take while it reads a file of any size."""
MOST_BESIDE_JUDGING = 1.0
"""What an import may cost beside judging, as a multiple of it."""

Row = dict[str, object]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print; the exit status says whether every limit held."""
    parser = argparse.ArgumentParser(prog="dev.py bench intake")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--big", type=int, default=0, help="bytes of the files for the measure of memory")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.read:
        return _read_alone(given.read)
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        files = {kind: _write(Path(folder) / kind, kind, rows(given.rows)) for kind in _WRITERS}
        _reading(files, given.rows)
        held = _importing(Path(folder), files["jsonl"], given.plain)
        return 0 if held and _memory(Path(folder), given.big) else 1


# --- reading ----------------------------------------------------------------------------------


def _reading(files: dict[str, Path], rows: int) -> None:
    print(f"reading {rows} rows            floor       Vigie    ratio")
    for kind, path in files.items():
        floor, ours = _timed(_FLOORS[kind], path), _timed(_consume, path)
        print(f"  {kind:<14} {rows / floor:>11,.0f}/s {rows / ours:>9,.0f}/s {ours / floor:>7.1f}")


def _timed(work: Callable[[Path], object], path: Path) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work(path)
        best = min(best, time.perf_counter() - began)
    return best


def _consume(path: Path) -> int:
    library = FileLibrary()
    recognised = library.recognise(path)
    return sum(not isinstance(each, Skipped) for each in library.open(recognised, recognised.proposed).read())


def _bare_lines(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for line in file:
            json.loads(line)


def _bare_list(path: Path) -> None:
    json.loads(path.read_bytes())


def _bare_table(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file, delimiter=";"):
            pass


_FLOORS = {"jsonl": _bare_lines, "json": _bare_list, "csv": _bare_table}


# --- whole imports ----------------------------------------------------------------------------


def _importing(folder: Path, path: Path, plain: bool) -> bool:
    clock = FixedClock(NOW)
    db = open_store(folder / "vigie.db", clock)
    try:
        judge = TimedJudge(PlainJudge() if plain else EngineOnDemand(PolicyDesk(db, clock, shipped())))
        judge.judge(IncomingMessage("0", "Bonjour"), JudgeContext())  # the engine is built at its first use
        judge.spent = 0.0
        intake = Intake(db, judge, FileLibrary(), clock)
        actor = _actor(db, clock)
        (rows, spent), judging = _import(intake, actor, path), judge.spent
        again, took = _import(intake, actor, path)
    finally:
        db.close()
    beside = (spent - judging) / judging
    print("importing                   rows/s   seconds")
    print(f"  the engine in it    {rows / judging:>12,.0f} {judging:>9.1f}")
    print(f"  whole import        {rows / spent:>12,.0f} {spent:>9.1f}   beside the engine: x {beside:.2f}")
    print(f"  the same file again {again / took:>12,.0f} {took:>9.1f}")
    held = plain or beside <= MOST_BESIDE_JUDGING
    if not held:
        print(f"  ! beside the engine, an import may cost x {MOST_BESIDE_JUDGING}")
    return held


class TimedJudge:
    """Another judge with a watch on it. Fulfils `Judge`."""

    def __init__(self, judge: Judge) -> None:
        self._judge, self.spent = judge, 0.0

    @property
    def version(self) -> str:
        return self._judge.version

    def prepare(self) -> None:
        self._judge.prepare()

    def judge(self, message: IncomingMessage, context: JudgeContext) -> Verdict:
        with self._watch():
            return self._judge.judge(message, context)

    def bands(self, text: str) -> tuple[int, ...]:
        with self._watch():
            return self._judge.bands(text)

    def similar(self, text: str, others: Sequence[str]) -> int:
        with self._watch():
            return self._judge.similar(text, others)

    def with_picture(
        self, message: IncomingMessage, context: JudgeContext, opinion: Verdict, rule: RuleId, sure: float
    ) -> Verdict:
        with self._watch():
            return self._judge.with_picture(message, context, opinion, rule, sure)

    @contextmanager
    def _watch(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.spent += time.perf_counter() - began


def _import(intake: Intake, actor: Actor, path: Path) -> tuple[int, float]:
    began = time.perf_counter()
    report = intake.import_file(actor, path, lambda done, total: None)
    return report.added + report.unchanged, time.perf_counter() - began


def _actor(db: StoreDatabase, clock: FixedClock) -> Actor:
    return Access(db, clock).introduce("Banc d’essai", Role.ADMINISTRATOR)


# --- memory -----------------------------------------------------------------------------------


def _memory(folder: Path, size: int) -> bool:
    if not size:
        return True
    held = True
    print(f"reading {size / 1e6:,.0f} MB           rows   seconds   MB at most")
    for kind in _WRITERS:
        path = _write(folder / f"big-{kind}", kind, rows(None, size))
        command = [sys.executable, "-m", "tests.bench.intake", f"--read={path}"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        read, seconds, most = json.loads(said)
        print(f"  {kind:<14} {read:>14,} {seconds:>9.1f} {most:>12.0f}")
        held = held and most <= MOST_MEMORY
        path.unlink()
    if not held:
        print(f"  ! reading may take {MOST_MEMORY} MB")
    return held


def _read_alone(path: Path) -> int:
    began = time.perf_counter()
    rows = _consume(path)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([rows, time.perf_counter() - began, most]))
    return 0


# --- files ------------------------------------------------------------------------------------


def rows(number: int | None, size: int = 0) -> Iterator[Row]:
    """Comments made of pieces of the sample queue and of words of their own: `number` of them, or `size`
    bytes. One in twenty repeats a comment of the sample word for word, as a flood does."""
    chance = random.Random(20250624)
    lines = (RESOURCES / "sample" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    pieces = [text.split() for text in texts]
    words = vocabulary(random.Random(1))[:20_000]
    written = done = 0
    while (number is not None and done < number) or written < size:
        text = chance.choice(texts) if chance.random() < 0.05 else _made_up(chance, pieces, words)
        at = NOW - timedelta(days=60) + timedelta(seconds=20 * done)
        yield {
            "id": f"c-{done}",
            "channel": "private" if done % 10 == 0 else "comment",
            "platform": "facebook",
            "account": "Ville",
            "text": text,
            "parent": f"Publication {done // 40}",
            "author": {"id": f"u{chance.randrange(5_000)}", "name": "Léa Côté"},
            "posted_at": at.isoformat(),
        }
        done += 1
        written += len(text) + 240


def _made_up(chance: random.Random, pieces: list[list[str]], words: list[str]) -> str:
    first, last = (chance.choice(pieces) for _ in range(2))
    begin, end = chance.randrange(len(first)), chance.randrange(len(last))
    middle = chance.choices(words, k=chance.randint(3, 12))
    return " ".join([*first[begin : begin + 4], *middle, *last[end : end + 4]])


def _write(path: Path, kind: str, rows: Iterator[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        for piece in _WRITERS[kind](rows):
            file.write(piece)
    return path


def _as_lines(rows: Iterator[Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _as_list(rows: Iterator[Row]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"


def _as_table(rows: Iterator[Row]) -> Iterator[str]:
    yield "id;date;auteur;texte;réseau\r\n"
    for row in rows:
        text = str(row["text"]).replace('"', '""')
        yield f'{row["id"]};{row["posted_at"]};Léa Côté;"{text}";Facebook\r\n'


_WRITERS = {"jsonl": _as_lines, "json": _as_list, "csv": _as_table}


if __name__ == "__main__":
    sys.exit(main())
