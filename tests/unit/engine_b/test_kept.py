"""What the first start works out is kept for the next, and never believed when it is not what it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.errors import ConfigurationError
from console.netiquette.cues.phrasebook import Phrasebook, plain
from console.netiquette.kept import kept
from console.netiquette.lexicon.compiling import compile_folders
from console.netiquette.lexicon.scanner import Scanner
from console.netiquette.text.document import build
from console.paths import RESOURCES

TERMS, FRAMES = RESOURCES / "lexicon" / "terms", RESOURCES / "frames"
TEXT = "Les immigrants, y'en a trop, qu'ils retournent chez eux; le maire est un maudit incompétent."


class Worker:
    """Counts how often the work was done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cache"
        self.source = folder / "source.yaml"
        self.source.write_text("a: 1\n", encoding="utf-8")
        self.made = 0

    def ask(self, folder: Path | None = None) -> list[int]:
        return kept("numbers", [self.source], self._make, self._restore, folder or self.folder)

    def _make(self) -> Any:
        self.made += 1
        return {"numbers": [1, 2, 3]}

    @staticmethod
    def _restore(data: Any) -> list[int]:
        return [int(number) for number in data["numbers"]]

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    return Worker(tmp_path)


def test_the_second_start_takes_what_the_first_worked_out(worker: Worker) -> None:
    assert worker.ask() == worker.ask() == [1, 2, 3]
    assert worker.made == 1
    assert len(worker.files) == 1


def test_another_source_is_worked_out_anew_and_the_old_file_goes(worker: Worker) -> None:
    worker.ask()
    worker.source.write_text("a: 2\n", encoding="utf-8")
    worker.ask()
    assert worker.made == 2
    assert len(worker.files) == 1


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "other"])
def test_a_damaged_file_is_worked_out_anew_and_mended(worker: Worker, damage: str) -> None:
    worker.ask()
    (path,) = worker.files
    content = path.read_bytes()
    path.write_bytes(
        {
            "cut": content[:-3],
            "changed": content.replace(b"1", b"7"),
            "empty": b"",
            "other": b"\x00\xff" * 70,
        }[damage]
    )
    assert worker.ask() == [1, 2, 3]
    assert path.read_bytes() == content


def test_data_of_another_shape_is_not_believed(worker: Worker) -> None:
    kept("numbers", [worker.source], lambda: ["something else"], list, worker.folder)
    assert worker.ask() == [1, 2, 3]
    assert worker.ask() == [1, 2, 3]
    assert worker.made == 1


def test_without_a_place_to_write_the_work_is_done_each_time(worker: Worker, tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("no folder", encoding="utf-8")
    assert worker.ask(occupied) == worker.ask(occupied) == [1, 2, 3]
    assert worker.made == 2


def test_a_missing_source_is_said(worker: Worker) -> None:
    worker.source.unlink()
    with pytest.raises(ConfigurationError):
        worker.ask()


def test_the_lexicon_reads_alike_before_and_after_being_kept(tmp_path: Path) -> None:
    readings = [
        Scanner(compile_folders(TERMS, FRAMES, tmp_path)).read(build(TEXT)) for _start in ("first", "second")
    ]
    first, second = readings
    assert first.at == second.at
    assert first.hits == second.hits
    assert first.matches == second.matches
    assert first.group_at == second.group_at
    assert first.matches


def test_the_phrasebook_finds_alike_before_and_after_being_kept() -> None:
    phrases = {"offer": ["soumission{|s} gratuite{|s}", "financ*"], "contact": ["communiquez .. avec moi"]}
    text = build("soumissions gratuites et financement, communiquez vite avec moi")
    found = Phrasebook(phrases).find(text)
    assert Phrasebook.restored(plain(phrases)).find(text) == found
    assert set(found) == {"offer", "contact"}
