"""A real process imports and is killed with SIGKILL at every stage: all of the file is there, or nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from console.platforms.files import FileLibrary
from console.services.intake import Intake
from console.services.rows import QueueFilter
from tests.builders import NOW, DeskFile, desk_file
from tests.judges import PlainJudge

ROWS = 2_000
ROOT = Path(__file__).resolve().parents[2]

CHILD = """
import sys
from pathlib import Path
from console.platforms.files import FileLibrary
from console.services.intake import Intake
from tests.builders import desk_file
from tests.judges import PlainJudge

with desk_file(Path(sys.argv[1])) as desk:
    intake = Intake(desk.db, PlainJudge(), FileLibrary(), desk.clock)
    intake.import_file(desk.actor(), Path(sys.argv[2]), lambda done, total: print(done, total, flush=True))
    print("published", flush=True)
"""


def _file(folder: Path) -> Path:
    path = folder / "messages.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(ROWS):
            at = (NOW - timedelta(days=1) + timedelta(seconds=number)).isoformat()
            record = {"id": str(number), "channel": "comment", "platform": "x", "text": f"Allô {number}"}
            file.write(json.dumps({**record, "posted_at": at, "author": {"id": f"u{number % 50}"}}) + "\n")
    return path


def _killed(store: Path, file: Path, last_line: str, delay: float) -> bool:
    """Import in a process of its own and kill it `delay` seconds after it said `last_line`.

    Returns whether it had said that the import was published.
    """
    command = [sys.executable, "-c", CHILD, str(store), str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.strip() == last_line:
                break
        # Not a wait for something to happen: the moment of death itself is what is varied.
        time.sleep(delay)
        child.kill()
        said = child.stdout.read()
    return "published" in said


def _held(desk: DeskFile) -> int:
    imports = [link for link in desk.db.reads.journal() if link.event.kind == "import.done"]
    held = desk.db.reads.matches(QueueFilter(), ROWS + 1)
    assert held == ROWS * len(imports)
    assert (held == 0) == (desk.db.reads.accounts() == ())
    return held


@pytest.mark.timeout(300)
def test_killed_anywhere_all_of_the_file_is_there_or_nothing(tmp_path: Path) -> None:
    file = _file(tmp_path)
    moments = [("0 None", 0.0), ("2000 None", 0.0), (f"0 {ROWS}", 0.01), (f"500 {ROWS}", 0.03)]
    moments += [(f"{ROWS} {ROWS}", delay / 1000) for delay in (0, 2, 5, 10, 20)]
    published = 0
    for number, (line, delay) in enumerate(moments):
        store = tmp_path / f"{number}.db"
        acknowledged = _killed(store, file, line, delay)
        with desk_file(store) as desk:
            held = _held(desk)
            assert held == ROWS or not acknowledged
            published += held == ROWS
    assert published < len(moments)


def test_after_a_kill_the_same_file_imports_whole(tmp_path: Path) -> None:
    file, store = _file(tmp_path), tmp_path / "vigie.db"
    _killed(store, file, f"1000 {ROWS}", 0.0)
    with desk_file(store) as desk:
        assert _held(desk) == 0
        intake = Intake(desk.db, PlainJudge(), FileLibrary(), desk.clock)
        report = intake.import_file(desk.actor(), file, lambda done, total: None)
        assert (report.added, report.unchanged) == (ROWS, 0)
        assert _held(desk) == ROWS
