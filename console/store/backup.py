"""Copies of the desk's file, taken before it is changed."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from console.errors import EnvironmentProblemError
from console.services.secret_ports import FileKey
from console.store.engine import raw_connection
from console.store.faults import raise_fault

KEPT = 5
"""How many copies stay; older ones are removed after a new one is complete."""


def back_up(path: Path, folder: Path, at: datetime, label: str, key: FileKey | None = None) -> Path:
    """Copy `path` with SQLite's online backup into `folder`; returns the copy, complete and checked.

    The copy of an encrypted file is encrypted with the same key.

    Codes: `store.disk_full` (checked before, so that the disk is not filled), `store.backup`, and
    those of `console.store.faults`.
    """
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    final = folder / f"{path.stem}-{stamp}-{label}{path.suffix}"
    partial = final.with_suffix(".partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        needed = path.stat().st_size + _wal_size(path)
        if shutil.disk_usage(folder).free < needed:
            raise EnvironmentProblemError("store.disk_full", path=str(folder))
        try:
            _copy(path, partial, key)
            _settle(partial)
            partial.replace(final)
        finally:
            partial.unlink(missing_ok=True)
        _thin_out(folder, path)
    except OSError as error:
        raise EnvironmentProblemError("store.backup", path=str(folder)) from error
    except Exception as error:
        raise_fault(error, str(folder), encrypted=key is not None)
    return final


def backups(folder: Path, path: Path) -> tuple[Path, ...]:
    """Complete copies of `path`, oldest first."""
    return tuple(sorted(folder.glob(f"{path.stem}-*{path.suffix}")))


def _copy(path: Path, to: Path, key: FileKey | None) -> None:
    with (
        closing(raw_connection(path, read_only=True, key=key)) as source,
        closing(raw_connection(to, key=key)) as target,
    ):
        source.backup(target)
        # One file that can be carried away: no write-ahead log beside it.
        target.execute("PRAGMA journal_mode=DELETE")
        found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise EnvironmentProblemError("store.corrupt", path=str(path))


def _settle(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _wal_size(path: Path) -> int:
    wal = path.with_name(path.name + "-wal")
    return wal.stat().st_size if wal.exists() else 0


def _thin_out(folder: Path, path: Path) -> None:
    for old in backups(folder, path)[:-KEPT]:
        old.unlink(missing_ok=True)
