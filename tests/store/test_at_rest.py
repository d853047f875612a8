"""An encrypted desk: nothing of it is plain on the disk, and everything works as on a plain one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from console.clock import FixedClock
from console.domain.decisions import Action
from console.domain.journal import first_break
from console.errors import EnvironmentProblemError
from console.services.history import verify_journal
from console.services.intake_spool import Spool
from console.services.rows import HistoryFilter, QueueFilter
from console.services.secret_ports import FileKey
from console.store import backup, migrate
from console.store.at_rest import DeskFileOnDisk
from console.store.database import open_reads, open_store
from console.store.engine import raw_connection
from console.store.migrate import bring_up_to_date, revision_of
from console.store.migrations import HEAD, REVISIONS
from console.store.tables import metadata
from tests.builders import NOW, DeskFile, desk_file, finding, judged, message, verdict

WORDS = ("Zébrulon", "Quinquagésime", "insulte-marquante", "Théodule Persillon")
CLOCK = FixedClock(NOW)


@pytest.fixture
def key() -> FileKey:
    """A key of its own for each test."""
    return FileKey.new()


def fill(desk: DeskFile) -> None:
    """A bit of everything, with words that can be looked for."""
    first, second = desk.take_in(
        judged(
            message(f"L’évènement {WORDS[0]} de la rentrée", author_name=WORDS[3], post_external_id="p1"),
            verdict(finding()),
        ),
        judged(f"autre chose {WORDS[1]}", verdict(finding("threat", 4))),
    )
    desk.warn(first, desk.decide(first, Action.WARN, reason=WORDS[2]))
    with desk.db.write() as work:
        work.add_note(second, f"à suivre {WORDS[1]}", desk.actor().staff.id, NOW)


def on_disk(folder: Path) -> bytes:
    """Every byte under a folder, small and capital letters as they are."""
    return b"".join(each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file())


def plain_words(folder: Path) -> list[str]:
    """Which of the words can be read from the disk, in UTF-8 or UTF-16."""
    found = on_disk(folder)
    ways = ("utf-8", "utf-16-le", "utf-16-be")
    return [
        word
        for word in (*WORDS, "sqlite_master", "SQLite format")
        for way in ways
        if word.encode(way) in found
    ]


def everything(path: Path, key: FileKey | None) -> dict[str, list[Any]]:
    """All rows of all ordinary tables, and what the search finds by row."""
    with closing(raw_connection(path, read_only=True, key=key)) as connection:
        rows = {
            table.name: connection.execute(f"SELECT * FROM {table.name}").fetchall()
            for table in metadata.sorted_tables
            if table.name != "meta"
        }
        rows["search"] = connection.execute(
            "SELECT rowid FROM search WHERE search MATCH 'rentree'"
        ).fetchall()
        return rows


def test_the_words_are_plain_where_nothing_is_encrypted(tmp_path: Path) -> None:
    # The proof that the tests below look in the right way.
    with desk_file(tmp_path / "vigie.db") as desk:
        fill(desk)
        assert set(WORDS) <= set(plain_words(tmp_path))


def test_nothing_plain_is_on_the_disk(tmp_path: Path, key: FileKey) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path, key) as desk:
        fill(desk)
        assert path.with_name("vigie.db-wal").stat().st_size > 0
        assert plain_words(tmp_path) == []
        copy = backup.back_up(path, tmp_path / "backups", NOW, HEAD, key)
        assert copy.stat().st_size > 0
    assert plain_words(tmp_path) == []
    assert key.raw not in on_disk(tmp_path)
    assert everything(copy, key) == everything(path, key)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"), closing(sqlite3.connect(path)) as raw:
        raw.execute("SELECT * FROM sqlite_master")


def test_an_encrypted_desk_works_as_a_plain_one(tmp_path: Path, key: FileKey) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path, key) as desk:
        fill(desk)
        with desk.db.write() as work:
            for pragma, expected in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
                value = work.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
                assert value == expected, pragma
        assert desk.db.reads.matches(QueueFilter(states=frozenset(), text="evenement"), 10) == 1
        assert len(desk.db.reads.history(HistoryFilter(text=WORDS[2]), None, 10).rows) == 1
        assert first_break(desk.db.reads.journal(), desk.db.reads.journal_head()) is None
    with desk_file(path, key) as desk, open_reads(path, key) as reads:
        desk.take_in("encore un")
        assert verify_journal(reads, lambda _done, _total: None) is None
        assert reads.matches(QueueFilter(states=frozenset()), 10) == 3


def code_of(path: Path, key: FileKey | None) -> str:
    """The code that opening gives."""
    with pytest.raises(EnvironmentProblemError) as error:
        open_store(path, CLOCK, key)
    return error.value.code


def test_a_wrong_key_no_key_and_a_plain_file_are_told_apart(tmp_path: Path, key: FileKey) -> None:
    sealed, plain = tmp_path / "sealed.db", tmp_path / "plain.db"
    with desk_file(sealed, key) as desk:
        fill(desk)
    with desk_file(plain):
        pass
    before = sealed.read_bytes(), plain.read_bytes()
    assert code_of(sealed, FileKey.new()) == "store.wrong_key"
    assert code_of(sealed, None) == "store.not_a_database"
    assert code_of(plain, key) == "store.not_encrypted"
    with pytest.raises(EnvironmentProblemError, match="wrong_key"), open_reads(sealed, FileKey.new()):
        pass
    with pytest.raises(EnvironmentProblemError, match="wrong_key"):
        DeskFileOnDisk(sealed).opens_with(FileKey.new())
    DeskFileOnDisk(sealed).opens_with(key)
    assert (sealed.read_bytes(), plain.read_bytes()) == before


def test_a_wrong_key_says_nothing_on_standard_error(
    tmp_path: Path, key: FileKey, capfd: pytest.CaptureFixture[str]
) -> None:
    with desk_file(tmp_path / "vigie.db", key):
        pass
    code_of(tmp_path / "vigie.db", FileKey.new())
    assert capfd.readouterr() == ("", "")


def test_a_byte_changed_by_somebody_is_noticed(tmp_path: Path, key: FileKey) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path, key) as desk:
        desk.take_in(*(f"message {number}" for number in range(200)))
    changed = bytearray(path.read_bytes())
    for page in range(1, len(changed) // 4096):
        changed[page * 4096 + 100] ^= 1
    path.write_bytes(changed)
    with pytest.raises(EnvironmentProblemError) as error, desk_file(path, key) as desk:
        desk.db.reads.matches(QueueFilter(text="message"), 1000)
    assert error.value.code in ("store.corrupt", "store.wrong_key")


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_migrations_run_on_an_encrypted_file(tmp_path: Path, key: FileKey, revision: str) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path, key) as desk:
        fill(desk)
    migrate.migrate(path, revision, key)
    assert revision_of(path, key) == revision
    bring_up_to_date(path, NOW, key)
    assert revision_of(path, key) == HEAD
    (copy,) = backup.backups(tmp_path / "backups", path)
    assert revision_of(copy, key) == revision
    assert plain_words(tmp_path) == []
    with desk_file(path, key) as desk:
        assert desk.db.reads.matches(QueueFilter(states=frozenset(), text="evenement"), 10) == 1


def test_encrypting_keeps_everything_and_leaves_nothing_plain(tmp_path: Path, key: FileKey) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        fill(desk)
        backup.back_up(path, tmp_path / "backups", NOW, HEAD)
    before, steps, named = everything(path, None), [], []
    file = DeskFileOnDisk(path, steps.append)
    file.seal(key, lambda: named.append(path.read_bytes()[:6]))
    assert named == [b"SQLite"]
    assert steps == ["room", "export", "check", "name", "swap", "sweep"]
    assert everything(path, key) == before
    assert plain_words(tmp_path) != []  # the plain copy is still there
    file.sweep()
    assert plain_words(tmp_path) == []
    with closing(raw_connection(path, key=key)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO search(search) VALUES('integrity-check')")
    with desk_file(path, key) as desk:
        desk.take_in("et la vie continue")


def test_a_desk_at_work_is_not_encrypted_under_its_feet(tmp_path: Path, key: FileKey) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        fill(desk)
        with pytest.raises(EnvironmentProblemError) as error:
            DeskFileOnDisk(path).seal(key, lambda: None)
    assert error.value.code == "store.in_use"


def test_a_disk_without_room_stops_encrypting_at_once(
    tmp_path: Path, key: FileKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        fill(desk)
    before = everything(path, None)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(EnvironmentProblemError) as error:
        DeskFileOnDisk(path).seal(key, lambda: None)
    assert error.value.code == "store.disk_full"
    assert everything(path, None) == before


def test_a_copy_that_is_not_the_same_is_never_put_in_place(
    tmp_path: Path, key: FileKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.store import at_rest

    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        fill(desk)
    before, export = everything(path, None), at_rest._export

    def forgetful(source: Path, to: Path, with_key: FileKey) -> None:
        export(source, to, with_key)
        with closing(raw_connection(to, key=with_key)) as connection:
            connection.execute("DELETE FROM notes")

    monkeypatch.setattr(at_rest, "_export", forgetful)
    with pytest.raises(EnvironmentProblemError) as error:
        DeskFileOnDisk(path).seal(key, lambda: pytest.fail("the swap"))
    assert error.value.code == "store.seal_failed"
    assert everything(path, None) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["vigie.db", "vigie.db.lock"]


def test_the_spool_of_an_import_is_never_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.services.intake_spool.IN_MEMORY", 0)
    given = [message(f"{WORDS[0]} {number}", author_name=WORDS[3]) for number in range(50)]
    with Spool() as spool:
        for each in given:
            spool.add(each)
        spool._file.seek(0)
        raw = spool._file.read()
        assert WORDS[0].encode() not in raw
        assert WORDS[3].encode() not in raw
        assert list(spool.in_order()) == given
        assert list(spool.in_order()) == given
