"""What must hold in a desk's file at any time, read past the program with plain SQL."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from console.domain.verdicts import Route
from console.store.codes import ROUTE_CODES

TABLES = (
    "accounts", "bands", "decisions", "escalations", "findings", "import_changes", "imports", "journal",
    "messages", "notes", "outgoing", "people", "posts", "snapshots", "verdicts", "warnings",
)  # fmt: skip


@contextmanager
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of our own; changes are committed at the end."""
    with closing(sqlite3.connect(path)) as connection, connection:
        yield connection


def rows_in(path: Path) -> dict[str, int]:
    """How many rows each table holds."""
    with plain(path) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def check(path: Path) -> None:
    """Assert the invariants of the file: counters, references, the file's own structure."""
    with plain(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        _check_counters(connection)
        _check_findings(connection)
        _check_search(connection)


def _check_counters(connection: sqlite3.Connection) -> None:
    kept = Counter(
        {
            (state, channel, emergency): number
            for state, channel, emergency, number in connection.execute(
                "SELECT state, channel, emergency, number FROM counters WHERE number <> 0"
            )
        }
    )
    counted = Counter(
        {
            (state, channel, emergency): number
            for state, channel, emergency, number in connection.execute(
                "SELECT state, channel, route = ?, count(*) FROM messages "
                "WHERE arrival <= (SELECT arrival FROM watermark) GROUP BY 1, 2, 3",
                (ROUTE_CODES[Route.EMERGENCY],),
            )
        }
    )
    assert kept == counted


def _check_findings(connection: sqlite3.Connection) -> None:
    wrong = connection.execute(
        "SELECT m.pk FROM messages m LEFT JOIN verdicts v ON v.pk = m.verdict "
        "WHERE (SELECT count(*) FROM findings f WHERE f.message = m.pk) "
        "<> coalesce(json_array_length(v.body, '$.findings'), 0)"
    ).fetchall()
    assert wrong == []


def _check_search(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO search(search) VALUES('integrity-check')")
    indexed = connection.execute("SELECT count(*) FROM search_docsize").fetchone()[0]
    assert indexed == connection.execute("SELECT count(*) FROM messages").fetchone()[0]
