"""What SQLite and the disk complain about, as the errors that the catalogue can say in French."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import NoReturn

from console.errors import EnvironmentProblemError

_CODES = {
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_PERM: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.cannot_open",
    sqlite3.SQLITE_NOTADB: "store.not_a_database",
    sqlite3.SQLITE_CORRUPT: "store.corrupt",
    sqlite3.SQLITE_BUSY: "store.locked",
    sqlite3.SQLITE_LOCKED: "store.locked",
    sqlite3.SQLITE_PROTOCOL: "store.locked",
    sqlite3.SQLITE_IOERR: "store.disk",
}
_FULL = 1 << 18
"""Bytes under which a disk counts as full: less than SQLite needs to open a file in WAL mode."""


def fault(error: BaseException, path: str, *, encrypted: bool = False) -> EnvironmentProblemError | None:
    """The environment's problem behind an error of SQLite, or None when it is a bug of ours.

    SQLite's extended codes carry the primary one in their low byte (sqlite.org/rescode.html). SQLCipher
    raises classes of its own with the same codes, so the code is asked for and not the class. To it a
    file that another key has encrypted is no database.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    name = _CODES.get(code & 0xFF)
    if encrypted and name == "store.not_a_database":
        name = "store.wrong_key"
    if name == "store.disk" and _is_full(path):
        # The shared-memory file beside a WAL gives a plain I/O error when it finds no room.
        name = "store.disk_full"
    return EnvironmentProblemError(name, path=path) if name else None


def _is_full(path: str) -> bool:
    try:
        return shutil.disk_usage(Path(path).parent).free < _FULL
    except OSError:
        return False


def raise_fault(error: BaseException, path: str, *, encrypted: bool = False) -> NoReturn:
    """Raise what `fault` found, or the error itself."""
    found = fault(error, path, encrypted=encrypted)
    if found is not None:
        raise found from error
    raise error
