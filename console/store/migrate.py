"""Bringing a desk's file to this version: after a copy, in one transaction, never backwards by itself."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.pool import StaticPool

from console.errors import EnvironmentProblemError
from console.services.secret_ports import FileKey
from console.store.backup import back_up
from console.store.engine import one_connection, raw_connection
from console.store.faults import raise_fault
from console.store.migrations import HEAD, REVISIONS

_SQLITE_HEADER = b"SQLite format 3\x00"
# Foreign keys stay off: rebuilding a table drops it for a moment. They are checked at the end.
_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
_NOTHING_YET = {"alembic_version", "sqlite_sequence", "sqlite_autoindex_alembic_version_1"}


def bring_up_to_date(path: Path, at: datetime, key: FileKey | None = None) -> None:
    """Create the file, or migrate it after a backup; a file of this version is left alone.

    Codes: `store.too_new` and `store.not_vigie` (the file is not touched), `store.not_a_database`,
    `store.wrong_key`, `store.not_encrypted`, `store.corrupt`, `store.disk_full`, `store.read_only`,
    `store.cannot_open`.
    """
    before = revision_of(path, key)
    if before == HEAD:
        return
    if before is not None:
        back_up(path, path.parent / "backups", at, before, key)
    migrate(path, HEAD, key)


def is_plain(path: Path) -> bool | None:
    """Whether a file begins as SQLite's own do, None when there is none yet. Code `store.cannot_open`."""
    try:
        if not path.exists() or path.stat().st_size == 0:
            return None
        with path.open("rb") as file:
            return file.read(len(_SQLITE_HEADER)) == _SQLITE_HEADER
    except OSError as error:
        raise EnvironmentProblemError("store.cannot_open", path=str(path)) from error


def revision_of(path: Path, key: FileKey | None = None) -> str | None:
    """The revision of a file, None when there is none yet. Reads only."""
    plain = is_plain(path)
    if plain is None:
        return None
    if plain and key is not None:
        # Opening it with a key would only call it «no database»; and it must never pass for encrypted.
        raise EnvironmentProblemError("store.not_encrypted", path=str(path))
    if not plain and key is None:
        raise EnvironmentProblemError("store.not_a_database", path=str(path))
    try:
        with closing(raw_connection(path, read_only=True, key=key)) as connection:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            if tables <= _NOTHING_YET:
                return None
            if "alembic_version" not in tables or "meta" not in tables:
                raise EnvironmentProblemError("store.not_vigie", path=str(path))
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except Exception as error:
        raise_fault(error, str(path), encrypted=key is not None)
    if revision is None or revision[0] not in REVISIONS:
        found = revision[0] if revision else ""
        raise EnvironmentProblemError("store.too_new", path=str(path), found=found, known=HEAD)
    return str(revision[0])


def migrate(path: Path, to: str, key: FileKey | None = None) -> None:
    """Go to a revision, forwards or back («base»), wholly or not at all."""
    # Imported here: needed on the first start and after an update only, and 0.1 s slow.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "console.store:migrations")
    engine = one_connection(path, key, _PRAGMAS, StaticPool)
    step = command.upgrade if _is_forward(revision_of(path, key), to) else command.downgrade
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            step(config, to)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise EnvironmentProblemError("store.corrupt", path=str(path))
    except Exception as error:
        raise_fault(getattr(error, "orig", None) or error, str(path), encrypted=key is not None)
    finally:
        engine.dispose()


def _is_forward(before: str | None, to: str) -> bool:
    if to not in REVISIONS:
        return False
    return before is None or REVISIONS.index(before) <= REVISIONS.index(to)
