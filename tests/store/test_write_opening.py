"""Opening a desk's file: what can be wrong is said by a code, and the file is left as it was."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from console.clock import FixedClock
from console.errors import EnvironmentProblemError
from console.paths import RESOURCES
from console.services.rows import QueueFilter
from console.store.database import open_store
from tests.builders import NOW, desk_file
from tests.store.file_state import check, plain

ROOT = RESOURCES.parent
CLOCK = FixedClock(NOW)
NOBODY = 65534


def refused(path: Path) -> EnvironmentProblemError:
    """The error that opening `path` gives."""
    with pytest.raises(EnvironmentProblemError) as error:
        open_store(path, CLOCK)
    return error.value


def test_a_new_file_is_made_with_its_folder_and_keeps_its_desk(tmp_path: Path) -> None:
    path = tmp_path / "à faire" / "poste n° 1" / "vigie.db"
    first = open_store(path, CLOCK)
    desk = first.desk
    first.close()
    first.close()
    second = open_store(path, CLOCK)
    assert second.desk == desk
    assert second.path == path
    second.close()
    with pytest.raises(RuntimeError, match="closed"):
        second.write().__enter__()


def test_commits_are_durable_and_readers_do_not_wait(tmp_path: Path) -> None:
    with desk_file(tmp_path / "vigie.db") as desk:
        desk.take_in("un")
        with desk.db.write() as work:
            for pragma, expected in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
                value = work.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
                assert value == expected, pragma
            work.take_in([], NOW)
            assert desk.db.reads.matches(QueueFilter(), 10) == 1


def test_a_file_that_is_no_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    path.write_bytes(b"une liste de courses\n" * 100)
    assert refused(path).code == "store.not_a_database"
    assert path.read_bytes() == b"une liste de courses\n" * 100


def test_a_database_of_another_program_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with plain(path) as connection:
        connection.execute("CREATE TABLE recettes (nom TEXT)")
    before = path.read_bytes()
    assert refused(path).code == "store.not_vigie"
    assert path.read_bytes() == before


def test_a_newer_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        desk.take_in("un")
    with plain(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    error = refused(path)
    assert (error.code, error.facts["found"]) == ("store.too_new", "9999")
    assert path.read_bytes() == before
    assert not (tmp_path / "backups").exists()


def test_a_file_with_a_damaged_schema_is_called_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path):
        pass
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 200)
    assert refused(path).code == "store.corrupt"


def test_a_cut_off_file_is_called_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        desk.take_in(*(f"message {number}" for number in range(200)))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(EnvironmentProblemError) as error:
        _open_and_read(path)
    assert error.value.code == "store.corrupt"


def _open_and_read(path: Path) -> None:
    with desk_file(path) as desk:
        desk.take_in(*(f"encore {number}" for number in range(200)))
        desk.db.reads.matches(QueueFilter(text="message"), 1000)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("x")
    assert refused(tmp_path / "fichier" / "vigie.db").code == "store.no_folder"


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "vigie.db").mkdir()
    assert refused(tmp_path / "vigie.db").code == "store.cannot_open"


def test_a_second_vigie_is_refused_while_the_first_is_open(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        error = refused(path)
        assert (error.code, error.facts["pid"]) == ("store.in_use", str(os.getpid()))
        said = _in_another_process(path)
        assert said == f"store.in_use {os.getpid()}"
        desk.take_in("toujours ouvert")
    assert _in_another_process(path) == "opened"


def test_a_lock_file_without_a_holder_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    path.with_name("vigie.db.lock").write_text("1")
    with desk_file(path) as desk:
        desk.take_in("un")


def test_a_file_that_another_program_holds_is_said_to_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vigie.db"
    monkeypatch.setattr("console.store.engine.BUSY_MS", 20)
    monkeypatch.setattr("console.store.engine._COMMON", ("PRAGMA foreign_keys=ON", "PRAGMA busy_timeout=20"))
    with desk_file(path) as desk:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(EnvironmentProblemError) as error:
                desk.take_in("un")
            assert error.value.code == "store.locked"
        finally:
            other.execute("ROLLBACK")
            other.close()
        assert desk.take_in("un")
        check(path)


@pytest.mark.skipif(os.name == "nt", reason="rights of folders are another matter on Windows")
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "code"),
    [
        (0o000, 0o644, "store.cannot_open"),
        (0o555, 0o644, "store.cannot_open"),
        (0o755, 0o000, "store.cannot_open"),
        (0o755, 0o444, "store.read_only"),
    ],
)
def test_missing_rights_are_said(folder_mode: int, file_mode: int, code: str) -> None:
    """As somebody without special rights, whoever runs the tests."""
    am_root = os.geteuid() == 0
    # Not pytest's own folder: that one is closed to everybody but its owner.
    with TemporaryDirectory() as place:
        folder = Path(place) / "poste"
        path = folder / "vigie.db"
        with desk_file(path):
            pass
        path.with_name("vigie.db.lock").unlink()
        Path(place).chmod(0o755)
        path.chmod(file_mode)
        folder.chmod(folder_mode)
        if am_root:
            os.chown(folder, NOBODY, NOBODY)
            os.chown(path, NOBODY, NOBODY)
        said = _in_another_process(path, as_nobody=am_root)
        folder.chmod(0o755)
    assert said.split()[0] == code


def _in_another_process(path: Path, *, as_nobody: bool = False) -> str:
    """What a second program says when it opens the file."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.store.opener", str(path), *(["nobody"] if as_nobody else [])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout.strip()
