"""The one place where connections to the desk's file are made: plain SQLite, or SQLCipher with a key.

SQLCipher encrypts every page of the file, of its write-ahead log and of its journals with AES-256 and
authenticates it (zetetic.net/sqlcipher/design); its temporary tables stay in memory.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import Pool, QueuePool

from console.services.secret_ports import FileKey
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


def raw_connection(path: Path, *, read_only: bool = False, key: FileKey | None = None) -> sqlite3.Connection:
    """A connection without implicit transactions; `read_only` leaves the file as it is.

    With a key it is SQLCipher's connection, which offers the same methods but is a class of its own.
    """
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    # Usable from several threads: the pool hands a connection to one thread at a time.
    connection: sqlite3.Connection = driver(key).connect(
        uri, uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        if key is not None:
            unlock(connection, key)
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    except BaseException:
        connection.close()
        raise
    return connection


def driver(key: FileKey | None) -> ModuleType:
    """The module that makes connections. SQLCipher's is loaded only where a file is encrypted."""
    if key is None:
        return sqlite3
    from sqlcipher3 import dbapi2

    module: ModuleType = dbapi2
    return module


def unlock(connection: sqlite3.Connection, key: FileKey) -> None:
    """Give a fresh connection its key. A wrong one shows at the first read (`store.wrong_key`)."""
    # A refused key is our caller's to say; SQLCipher would write lines of its own on standard error.
    connection.execute("PRAGMA cipher_log_level = NONE")
    # The raw key, as it is: 256 random bits need no stretching, which costs 0.1 s at every connection.
    # `cipher_memory_security` stays off, as SQLCipher ships: wiping each freed page makes reads several
    # times slower, and whoever reads this process's memory sees the open desk anyway.
    connection.execute(f"PRAGMA key = \"x'{key.hex}'\"")


def write_engine(path: Path, key: FileKey | None = None) -> Engine:
    """The engine of the single writer: every transaction begins with BEGIN IMMEDIATE."""
    return _engine(path, key, (*_COMMON, *_WRITER), "BEGIN IMMEDIATE", QueuePool, pool_size=1, max_overflow=0)


def read_engine(path: Path, key: FileKey | None = None) -> Engine:
    """The engine of readers, for any thread: each transaction sees one state of the file."""
    return _engine(path, key, (*_COMMON, *_READER), "BEGIN", QueuePool, pool_size=4, max_overflow=READERS - 4)


def one_connection(path: Path, key: FileKey | None, pragmas: tuple[str, ...], pool: type[Pool]) -> Engine:
    """An engine for one piece of work that sets its own pragmas; errors come as the driver gives them."""
    return _bare(path, key, pragmas, "BEGIN IMMEDIATE", pool)


def _engine(
    path: Path, key: FileKey | None, pragmas: tuple[str, ...], begin: str, pool: type[Pool], **sizes: int
) -> Engine:
    engine = _bare(path, key, pragmas, begin, pool, **sizes)

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> Any:
        found = fault(context.original_exception, str(path), encrypted=key is not None)
        if found is not None:
            raise found from context.original_exception

    return engine


def _bare(
    path: Path, key: FileKey | None, pragmas: tuple[str, ...], begin: str, pool: type[Pool], **sizes: int
) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = raw_connection(path, key=key)
        try:
            for pragma in pragmas:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    # The dialect asks its module for the classes of errors: SQLCipher's are not those of `sqlite3`.
    engine = create_engine("sqlite+pysqlite://", creator=connect, module=driver(key), poolclass=pool, **sizes)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
