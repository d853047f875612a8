"""A disk that is full: a clear error, nothing lost, and work goes on once there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.journal import first_break
from console.errors import EnvironmentProblemError
from console.services.rows import QueueFilter
from tests.builders import NOW, DeskFile, desk_file, finding, judged, verdict
from tests.store.file_state import check, rows_in


def decide_until_it_fails(desk: DeskFile) -> tuple[list[str], EnvironmentProblemError]:
    """Take in and decide until the disk says no; the decisions that were acknowledged, and the error."""
    acknowledged: list[str] = []
    for number in range(100_000):
        try:
            (case,) = desk.take_in(judged(f"message {number} " + "long " * 200, verdict(finding())))
            acknowledged.append(desk.decide(case, reason="motif " * 50).id)
        except EnvironmentProblemError as error:
            return acknowledged, error
    raise AssertionError("the disk never filled up")


def still_whole(desk: DeskFile, acknowledged: list[str]) -> None:
    """Everything acknowledged is there, and the file is sound."""
    for decision in acknowledged:
        desk.db.reads.decision_detail(decision)
    assert rows_in(desk.db.path)["decisions"] == len(acknowledged)
    assert first_break(desk.db.reads.journal(), desk.db.reads.journal_head()) is None
    check(desk.db.path)


def test_a_quota_gives_a_clear_error_and_loses_nothing(desk: DeskFile) -> None:
    def limit(pages: int) -> None:
        with desk.db.write() as work:
            work.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with desk.db.write() as work:
        now = work.connection.exec_driver_sql("PRAGMA page_count").scalar()
    limit(now + 60)
    acknowledged, error = decide_until_it_fails(desk)
    assert error.code == "store.disk_full"
    assert acknowledged
    still_whole(desk, acknowledged)
    limit(now + 10_000)
    (case,) = desk.take_in("de la place de nouveau")
    acknowledged.append(desk.decide(case).id)
    still_whole(desk, acknowledged)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place]
    made = subprocess.run(mount, capture_output=True, check=False)
    if made.returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small file system"
)
def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    path, filler = small_disk / "vigie.db", small_disk / "filler"
    with desk_file(path) as desk:
        filler.write_bytes(b"x" * (1 << 20))
        acknowledged, error = decide_until_it_fails(desk)
        assert error.code == "store.disk_full"
        still_whole(desk, acknowledged)
        assert desk.db.reads.matches(QueueFilter(), 10) >= 0
        filler.unlink()
        (case,) = desk.take_in("de la place de nouveau")
        acknowledged.append(desk.decide(case).id)
    with desk_file(path) as desk:
        still_whole(desk, acknowledged)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small file system"
)
def test_a_desk_cannot_be_made_on_a_full_disk(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * ((4 << 20) - 40_000))
    with pytest.raises(EnvironmentProblemError) as error:
        _open(small_disk / "vigie.db")
    assert error.value.code == "store.disk_full"
    (small_disk / "filler").unlink()
    with desk_file(small_disk / "vigie.db") as desk:
        desk.take_in("maintenant oui")
        assert desk.clock.now() == NOW


def _open(path: Path) -> None:
    with desk_file(path):
        pass
