"""Bringing a desk's file to this version: after a copy, in one transaction, never backwards by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool

from console.errors import EnvironmentProblemError
from console.store.backup import back_up
from console.store.engine import raw_connection
from console.store.faults import raise_fault
from console.store.migrations import HEAD, REVISIONS

_SQLITE_HEADER = b"SQLite format 3\x00"
_NOTHING_YET = {"alembic_version", "sqlite_sequence", "sqlite_autoindex_alembic_version_1"}


def bring_up_to_date(path: Path, at: datetime) -> None:
    """Create the file, or migrate it after a backup; a file of this version is left alone.

    Codes: `store.too_new` and `store.not_vigie` (the file is not touched), `store.not_a_database`,
    `store.corrupt`, `store.disk_full`, `store.read_only`, `store.cannot_open`.
    """
    before = revision_of(path)
    if before == HEAD:
        return
    if before is not None:
        back_up(path, path.parent / "backups", at, before)
    migrate(path, HEAD)


def revision_of(path: Path) -> str | None:
    """The revision of a file, None when there is none yet. Reads only."""
    try:
        if not path.exists() or path.stat().st_size == 0:
            return None
        with path.open("rb") as file:
            header = file.read(len(_SQLITE_HEADER))
    except OSError as error:
        raise EnvironmentProblemError("store.cannot_open", path=str(path)) from error
    if header != _SQLITE_HEADER:
        raise EnvironmentProblemError("store.not_a_database", path=str(path))
    try:
        with closing(raw_connection(path, read_only=True)) as connection:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            if tables <= _NOTHING_YET:
                return None
            if "alembic_version" not in tables or "meta" not in tables:
                raise EnvironmentProblemError("store.not_vigie", path=str(path))
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise_fault(error, str(path))
    if revision is None or revision[0] not in REVISIONS:
        found = revision[0] if revision else ""
        raise EnvironmentProblemError("store.too_new", path=str(path), found=found, known=HEAD)
    return str(revision[0])


def migrate(path: Path, to: str) -> None:
    """Go to a revision, forwards or back («base»), wholly or not at all."""
    # Imported here: needed on the first start and after an update only, and 0.1 s slow.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "console.store:migrations")
    engine = create_engine("sqlite+pysqlite://", creator=lambda: _connect(path), poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    step = command.upgrade if _is_forward(revision_of(path), to) else command.downgrade
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            step(config, to)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise EnvironmentProblemError("store.corrupt", path=str(path))
    except Exception as error:
        raise_fault(getattr(error, "orig", None) or error, str(path))
    finally:
        engine.dispose()


def _connect(path: Path) -> sqlite3.Connection:
    connection = raw_connection(path)
    try:
        # Foreign keys stay off: rebuilding a table drops it for a moment. They are checked at the end.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_forward(before: str | None, to: str) -> bool:
    if to not in REVISIONS:
        return False
    return before is None or REVISIONS.index(before) <= REVISIONS.index(to)
