"""The desk's file made encrypted: written beside, checked, put in its place in one step of the file system.

Until that step the plain file is whole and in use; from it on the encrypted one is. What is plain and
superseded is removed only afterwards, and again on later openings if that was interrupted. Removing
frees the space; what a disk keeps of freed space is the affair of its own encryption.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from console.errors import EnvironmentProblemError
from console.services.at_rest import State
from console.services.secret_ports import FileKey
from console.store.backup import backups
from console.store.engine import BUSY_MS, driver, raw_connection
from console.store.faults import raise_fault
from console.store.lock import DeskLock
from console.store.migrate import is_plain

Step = Callable[[str], None]
_UNFINISHED = ".chiffrement"


class DeskFileOnDisk:
    """Fulfils `console.services.at_rest.DeskFile`. `step` hears the name of each step that begins."""

    def __init__(self, path: Path, step: Step = lambda _name: None) -> None:
        self._path, self._step = path, step

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def state(self) -> State:
        """See `DeskFile.state`. Something that is neither counts as encrypted: no key will open it."""
        plain = is_plain(self._path)
        if plain is None:
            return State.ABSENT
        return State.PLAIN if plain else State.SEALED

    def opens_with(self, key: FileKey) -> None:
        """See `DeskFile.opens_with`."""
        try:
            with closing(raw_connection(self._path, read_only=True, key=key)) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except Exception as error:
            raise_fault(error, str(self._path), encrypted=True)

    def seal(self, key: FileKey, before_swap: Callable[[], None]) -> None:
        """See `DeskFile.seal`."""
        lock = DeskLock(self._path)
        lock.acquire()
        unfinished = self._unfinished()
        try:
            self._seal(key, unfinished, before_swap)
        except OSError as error:
            raise EnvironmentProblemError("store.seal_failed", path=str(self._path)) from error
        except Exception as error:
            raise_fault(error, str(self._path))
        finally:
            with suppress(OSError):
                _remove(unfinished)
            lock.release()

    def _seal(self, key: FileKey, unfinished: Path, before_swap: Callable[[], None]) -> None:
        self._step("room")
        if shutil.disk_usage(self._path.parent).free < 2 * self._path.stat().st_size:
            raise EnvironmentProblemError("store.disk_full", path=str(self._path))
        _remove(unfinished)
        self._step("export")
        _settle_log(self._path)
        _export(self._path, unfinished, key)
        self._step("check")
        if _content(self._path, None) != _content(unfinished, key):
            raise EnvironmentProblemError("store.seal_failed", path=str(self._path))
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        self._step("name")
        before_swap()
        self._step("swap")
        unfinished.replace(self._path)
        _settle_folder(self._path.parent)
        self._step("sweep")

    def sweep(self) -> None:
        """See `DeskFile.sweep`. What cannot be removed now is tried again on the next opening."""
        with suppress(OSError, EnvironmentProblemError):
            _remove(self._unfinished())
            for copy in backups(self._path.parent / "backups", self._path):
                if is_plain(copy):
                    copy.unlink(missing_ok=True)

    def _unfinished(self) -> Path:
        return self._path.with_name(self._path.name + _UNFINISHED)


def _settle_log(path: Path) -> None:
    """Bring the plain write-ahead log into the file and remove it: the encrypted file must not find it."""
    with closing(raw_connection(path)) as connection:
        mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if mode != "delete" or path.with_name(path.name + "-wal").exists():
        raise EnvironmentProblemError("store.locked", path=str(path))


def _export(path: Path, to: Path, key: FileKey) -> None:
    # SQLCipher's own connection, without a key: it reads the plain file and writes the encrypted one.
    cipher = driver(key)
    with closing(cipher.connect(str(path), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        connection.execute(f"ATTACH DATABASE ? AS sealed KEY \"x'{key.hex}'\"", (str(to),))
        connection.execute("SELECT sqlcipher_export('sealed')").fetchone()
        for pragma in ("user_version", "application_id"):
            value = int(connection.execute(f"PRAGMA main.{pragma}").fetchone()[0])
            connection.execute(f"PRAGMA sealed.{pragma} = {value}")
        connection.execute("DETACH DATABASE sealed")


def _content(path: Path, key: FileKey | None) -> tuple[object, ...]:
    """What both files must agree on: schema, rows a table, soundness; «ok» is asked of the new one, too."""
    with closing(raw_connection(path, read_only=True, key=key)) as connection:
        schema = sorted(
            connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall(), key=repr
        )
        counts = [(name, _count(connection, name)) for kind, name, _, _ in schema if kind == "table"]
        sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if sound != "ok":
        raise EnvironmentProblemError("store.corrupt", path=str(path))
    return schema, counts, broken, version


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608  a name of the schema


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-journal", f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _settle_folder(folder: Path) -> None:
    """Make the swap durable; systems that cannot open a folder (Windows) do that themselves."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
