"""Whoever changes the record behind Vigie's back is found, at the first link that no longer holds."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.domain.journal import Break
from console.errors import CancelledError
from console.services.history import verify_journal
from tests.builders import DeskFile, desk_file
from tests.desks import Desk

LINKS = 12
Change = Callable[[sqlite3.Connection], object]


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[DeskFile]:
    """A store with a dozen links."""
    with desk_file(tmp_path / "vigie.sqlite") as desk:
        for number in range(LINKS):
            with desk.db.write() as work:
                work.append(desk.event("note.added", f"dossier {number}", {"mot": f"mot {number}"}))
        yield desk


def silent(_done: int, _total: int | None) -> None:
    """Progress nobody watches."""


def verify(desk: DeskFile) -> Break | None:
    """Check the chain."""
    return verify_journal(desk.db.reads, silent)


def tamper(desk: DeskFile, change: Change) -> None:
    """Do with the file what somebody with the rights of its owner can do."""
    with closing(sqlite3.connect(desk.db.path, isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal%'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        change(connection)
        for _, sql in triggers:
            connection.execute(sql)


def test_an_untouched_record_holds(recorded: DeskFile) -> None:
    assert verify(recorded) is None


def test_an_empty_record_holds(tmp_path: Path) -> None:
    with desk_file(tmp_path / "new.sqlite") as desk:
        assert verify(desk) is None


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ('UPDATE journal SET payload = \'{"mot":"autre"}\' WHERE sequence = 5', Break(5, "content")),
        ('UPDATE journal SET payload = \'{"mot": "mot 4"}\' WHERE sequence = 5', Break(5, "content")),
        ("UPDATE journal SET payload = 'pas du JSON' WHERE sequence = 5", Break(5, "content")),
        ("UPDATE journal SET at = at + 1 WHERE sequence = 5", Break(5, "content")),
        ("UPDATE journal SET actor = 'quelqu’un' WHERE sequence = 5", Break(5, "content")),
        ("UPDATE journal SET subject = 'dossier 9' WHERE sequence = 1", Break(1, "content")),
        ("UPDATE journal SET sha256 = 'ab' WHERE sequence = 12", Break(12, "content")),
        ("UPDATE journal SET previous = 'ab' WHERE sequence = 7", Break(7, "previous")),
        ("DELETE FROM journal WHERE sequence = 1", Break(1, "gap")),
        ("DELETE FROM journal WHERE sequence = 6", Break(6, "gap")),
        ("DELETE FROM journal WHERE sequence > 10", Break(11, "tail")),
        ("DELETE FROM journal", Break(1, "tail")),
        ("UPDATE journal SET sequence = 99 WHERE sequence = 12", Break(12, "gap")),
        ("UPDATE journal_head SET sha256 = 'ab'", Break(13, "tail")),
        ("DELETE FROM journal_head", Break(13, "tail")),
    ],
)
def test_the_first_broken_link_is_named(recorded: DeskFile, statement: str, found: Break) -> None:
    tamper(recorded, lambda connection: connection.execute(statement))
    assert verify(recorded) == found


def test_a_row_taken_out_and_the_rest_numbered_anew_is_found(recorded: DeskFile) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM journal WHERE sequence = 4")
        for number in range(5, LINKS + 1):
            connection.execute("UPDATE journal SET sequence = ? WHERE sequence = ?", (number - 1, number))
        connection.execute("UPDATE journal_head SET sequence = sequence - 1")

    tamper(recorded, change)
    assert verify(recorded) == Break(4, "previous")


def test_a_link_added_behind_the_head_is_found(recorded: DeskFile) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT INTO journal SELECT 13, 'ff', kind, subject, actor, desk, at, payload, sha256, sha256 "
            "FROM journal WHERE sequence = 12"
        )

    tamper(recorded, change)
    assert verify(recorded) == Break(13, "content")


def test_bytes_changed_in_the_file_itself_are_found(tmp_path: Path) -> None:
    path = tmp_path / "vigie.sqlite"
    with desk_file(path) as desk:
        for number in range(LINKS):
            with desk.db.write() as work:
                work.append(desk.event("note.added", f"dossier {number}", {"mot": f"motsecret{number:02}"}))
    content = path.read_bytes()
    assert content.count(b"motsecret07") == 1
    path.write_bytes(content.replace(b"motsecret07", b"motchange07"))
    with desk_file(path) as desk:
        assert verify(desk) == Break(8, "content")


def test_checking_goes_on_while_decisions_are_made(recorded: DeskFile) -> None:
    """The head moves on while the chain is read: that is no break."""
    stop = threading.Event()

    def record() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with recorded.db.write() as work:
                work.append(recorded.event("note.added", "dossier", {"mot": f"pendant {number}"}))

    writer = threading.Thread(target=record)
    writer.start()
    try:
        found = [verify(recorded) for _ in range(30)]
    finally:
        stop.set()
        writer.join()
    assert found == [None] * 30
    assert verify(recorded) is None


def test_progress_is_told_and_may_stop_the_check(desk: Desk) -> None:
    desk.decide(desk.receive("c1"), Action.KEEP)
    told: list[tuple[int, int | None]] = []
    assert desk.services.history.verify(lambda done, total: told.append((done, total))) is None
    head = desk.db.reads.journal_head()
    assert head is not None
    assert told[0] == (0, head[0])
    assert told[-1] == (head[0], head[0])

    def stop(_done: int, _total: int | None) -> None:
        raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        desk.services.history.verify(stop)
