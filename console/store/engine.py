"""The one place where connections to the desk's file are made (an encrypting driver would slip in here)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import QueuePool

from console.store.faults import fault

BUSY_MS = 5_000
READERS = 16
"""Most read connections at once; four are kept open."""

_COMMON = ("PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF", f"PRAGMA busy_timeout={BUSY_MS}")
# FULL: in WAL mode SQLite then syncs the log on every commit, so what was acknowledged survives a
# power cut (sqlite.org/pragma.html#pragma_synchronous). Cache sizes are in KiB when negative.
_WRITER = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-65536",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA wal_autocheckpoint=4000",
)
_READER = ("PRAGMA query_only=ON", "PRAGMA cache_size=-32768")


def raw_connection(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A plain connection without implicit transactions; `read_only` leaves the file as it is."""
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    # Usable from several threads: the pool hands a connection to one thread at a time.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    return connection


def write_engine(path: Path) -> Engine:
    """The engine of the single writer: every transaction begins with BEGIN IMMEDIATE."""
    return _engine(path, (*_COMMON, *_WRITER), "BEGIN IMMEDIATE", size=1, overflow=0)


def read_engine(path: Path) -> Engine:
    """The engine of readers, for any thread: each transaction sees one state of the file."""
    return _engine(path, (*_COMMON, *_READER), "BEGIN", size=4, overflow=READERS - 4)


def _engine(path: Path, pragmas: tuple[str, ...], begin: str, size: int, overflow: int) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = raw_connection(path)
        try:
            for pragma in pragmas:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine(
        "sqlite+pysqlite://", creator=connect, poolclass=QueuePool, pool_size=size, max_overflow=overflow
    )

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> Any:
        found = fault(context.original_exception, str(path))
        if found is not None:
            raise found from context.original_exception

    return engine
