"""A desk killed with SIGKILL at any instant keeps what it acknowledged, whole, and nothing half done."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from console.domain.journal import first_break
from console.paths import RESOURCES
from tests.builders import desk_file
from tests.store.file_state import check, plain

KILLS = 120
_CHECK_EVERY = 10

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="desks are forked")


@dataclass
class Acknowledged:
    """What the desks said they had done; all of it must be found."""

    decided: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    messages: int = 0
    units: Counter[str] = field(default_factory=Counter)

    def hear(self, line: str) -> None:
        """Take down one line."""
        what, _, rest = line.partition(" ")
        self.units[what] += 1
        if what == "decided":
            self.decided.append(rest)
        elif what == "undone":
            self.undone.append(rest)
        elif what in ("taken", "published"):
            self.messages += int(rest)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that forks desks over one file."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.killed", str(tmp_path / "vigie.db")],
        cwd=RESOURCES.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=0,
    ) as process:
        yield process
        process.stdin.close()


def run_one(desks: subprocess.Popen[str], chance: random.Random, said: Acknowledged) -> None:
    """Let a desk work for a moment, kill it wherever it is, and take down all that it said."""
    assert desks.stdin is not None
    assert desks.stdout is not None
    desks.stdin.write(f"{chance.random()}\n".replace("0.", ""))
    lines = Lines(desks.stdout.fileno())
    child = int(lines.next().removeprefix("born "))
    if chance.random() < 0.2:
        # While it opens: making the file, recovering its log, dropping a left import.
        select.select([], [], [], chance.random() * 0.08)
    else:
        assert lines.next() == "open"
        # A few units of work, then in the middle of the next one: at an instant that no line marks.
        for _ in range(chance.randint(0, 6)):
            said.hear(lines.next())
        select.select([], [], [], chance.random() * 0.02)
    os.kill(child, signal.SIGKILL)
    while (line := lines.next()) != "gone":
        said.hear(line)


class Lines:
    """Whole lines from a pipe that several processes write to, one write a line."""

    def __init__(self, pipe: int) -> None:
        self._pipe, self._rest = pipe, b""

    def next(self) -> str:
        """The next line; blocks until it is there."""
        while b"\n" not in self._rest:
            more = os.read(self._pipe, 65536)
            assert more, "the desks are gone"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()


def inspect(path: Path, said: Acknowledged) -> None:
    """Everything acknowledged is there, and every unit of work that left a trace left all of it."""
    check(path)
    with plain(path) as connection:

        def column(query: str) -> list[str]:
            return [row[0] for row in connection.execute(query)]

        decisions = column("SELECT id FROM decisions")
        assert set(said.decided) <= set(decisions)
        assert set(said.undone) <= set(column("SELECT id FROM decisions WHERE undone_at IS NOT NULL"))
        # One unit of work: a decision, its journal entry, its warning and its outbox item, or none.
        journalled = column(
            "SELECT json_extract(payload, '$.decision') FROM journal WHERE kind = 'decision.made'"
        )
        assert sorted(journalled) == sorted(decisions)
        assert sorted(column("SELECT decision FROM warnings")) == sorted(decisions)
        assert sorted(column("SELECT decision FROM outgoing")) == sorted(decisions)
        taken_back = column(
            "SELECT json_extract(payload, '$.decision') FROM journal WHERE kind = 'decision.undone'"
        )
        undone = sorted(column("SELECT id FROM decisions WHERE undone_at IS NOT NULL"))
        assert sorted(taken_back) == undone
        assert sorted(column("SELECT decision FROM warnings WHERE withdrawn_at IS NOT NULL")) == undone
        assert sorted(column("SELECT decision FROM outgoing WHERE state = 4")) == undone
        (visible,) = column("SELECT count(*) FROM messages WHERE arrival <= (SELECT arrival FROM watermark)")
        assert int(visible) >= said.messages
        assert column("SELECT count(*) FROM messages WHERE state = 6") == column(
            "SELECT count(*) FROM decisions WHERE undone_at IS NULL"
        )


@pytest.mark.timeout(300)
def test_a_hundred_killed_desks_lose_nothing(desks: subprocess.Popen[str], tmp_path: Path) -> None:
    path, said, chance = tmp_path / "vigie.db", Acknowledged(), random.Random(20250624)
    for number in range(1, KILLS + 1):
        run_one(desks, chance, said)
        if number % _CHECK_EVERY == 0:
            inspect(path, said)
    with desk_file(path) as desk:
        assert first_break(desk.db.reads.journal(), desk.db.reads.journal_head()) is None
        with plain(path) as connection:
            staged = "SELECT count(*) FROM messages WHERE arrival > (SELECT arrival FROM watermark)"
            assert connection.execute(staged).fetchone() == (0,)
            assert connection.execute("SELECT count(*) FROM imports").fetchone() == (0,)
    inspect(path, said)
    assert len(said.decided) > KILLS
    assert min(said.units[each] for each in ("undone", "published", "dropped", "taken")) > 0
