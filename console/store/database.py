"""The desk's own store: one file, one writer at a time, many readers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from console.clock import Clock
from console.domain.ids import DeskId, ImportId, new_id
from console.errors import EnvironmentProblemError
from console.services.ports import Reads, UnitOfWork
from console.services.secret_ports import FileKey
from console.store.dropping import Dropping, leftover
from console.store.engine import read_engine, write_engine
from console.store.lock import DeskLock
from console.store.migrate import bring_up_to_date, revision_of
from console.store.migrations import HEAD
from console.store.network_share import refuse_network_share
from console.store.reads import SqlReads
from console.store.search import rebuild, up_to_date
from console.store.tables import meta
from console.store.turns import Turns
from console.store.unit_of_work import SqlUnitOfWork

_log = logging.getLogger(__name__)

_PATIENCE = 0.5
"""Seconds that opening spends on an import left by a crash, before the rest goes on beside the work."""


class StoreDatabase:
    """Fulfils `console.services.ports.Database`. Make one with `open_store`; close it once."""

    def __init__(self, path: Path, lock: DeskLock, key: FileKey | None = None) -> None:
        self._path, self._lock = path, lock
        self._turns = Turns()
        self._writer, self._reader = write_engine(path, key), read_engine(path, key)
        self._desk = DeskId("")
        self._closing = threading.Event()
        self._tidying: threading.Thread | None = None
        self.on_commit: Callable[[], None] = lambda: None
        """Called after each unit of work, in its thread: there may be something to send."""

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def desk(self) -> DeskId:
        """This desk, for ever the same for this file."""
        return self._desk

    @property
    def reads(self) -> Reads:
        """Reads for any thread."""
        return SqlReads(self._reader)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A unit of work; see `Database.write`."""
        with self._transaction() as connection:
            work = SqlUnitOfWork(connection)
            yield work
            work.finish()
        self.on_commit()

    def drop_import(self, import_id: ImportId) -> None:
        """Forget a staged import; see `Database.drop_import`."""
        dropping = Dropping(import_id)
        while self._step(dropping):
            pass

    def close(self) -> None:
        """Close all connections and give the file back. Closing again does nothing."""
        self._closing.set()
        if self._tidying is not None:
            self._tidying.join()
        self._reader.dispose()
        self._writer.dispose()
        self._lock.release()

    def prepare(self, clock: Clock) -> None:
        """What opening has to see to: the desk's id, a search index of this version, left imports."""
        with self._transaction() as connection:
            self._desk = _desk(connection, clock)
            if not up_to_date(connection):
                rebuild(connection)
            left = leftover(connection)
        if left is not None:
            self._tidy_up(Dropping(left))

    def _tidy_up(self, dropping: Dropping) -> None:
        enough = time.monotonic() + _PATIENCE
        while self._step(dropping):
            if time.monotonic() > enough:
                # Nothing of it is seen, and only another import has to wait (`import.running`).
                self._tidying = threading.Thread(target=self._go_on, args=(dropping,), name="vigie-tidy")
                self._tidying.start()
                return

    def _go_on(self, dropping: Dropping) -> None:
        try:
            while not self._closing.is_set() and self._step(dropping):
                pass
        except EnvironmentProblemError as error:
            # Tried again on the next opening; whatever is wrong will show itself in the work as well.
            _log.warning("the import left by a crash stays for now: %s", error)

    def _step(self, dropping: Dropping) -> bool:
        with self._transaction() as connection:
            return dropping.step(connection)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._turns:
            if self._lock.released:
                # The engine would open the file again, without the lock.
                raise RuntimeError("the store is closed")
            with self._writer.begin() as connection:
                yield connection


KeySource = Callable[[], FileKey | None]
"""Finds or makes the key, asked while the file is locked: two programs must not both make one."""


def open_store(path: Path, clock: Clock, key: FileKey | KeySource | None = None) -> StoreDatabase:
    """Open the desk's file, creating or migrating it as needed. See `console.store.migrate`.

    With a key the file is encrypted; without one it is plain (the sample, tests, a choice made before:
    `console.services.at_rest`). Codes beside those of migrating and of the key's source: `store.in_use`,
    `store.no_folder`, `store.locked`, `store.network_share`.
    """
    refuse_network_share(path.parent)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblemError("store.no_folder", path=str(path.parent)) from error
    lock = DeskLock(path)
    lock.acquire()
    try:
        known = key() if callable(key) else key
        bring_up_to_date(path, clock.now(), known)
        database = StoreDatabase(path, lock, known)
        try:
            database.prepare(clock)
        except BaseException:
            database.close()
            raise
    except BaseException:
        lock.release()
        raise
    return database


@contextmanager
def open_reads(path: Path, key: FileKey | None = None) -> Iterator[Reads]:
    """Reads of a desk that may be at work in another process: takes no lock and changes nothing.

    Codes: those of `revision_of`, `store.absent`, `store.too_old` (opening the desk migrates it).
    """
    revision = revision_of(path, key)
    if revision is None:
        raise EnvironmentProblemError("store.absent", path=str(path))
    if revision != HEAD:
        raise EnvironmentProblemError("store.too_old", path=str(path))
    reader = read_engine(path, key)
    try:
        yield SqlReads(reader)
    finally:
        reader.dispose()


def _desk(connection: Connection, clock: Clock) -> DeskId:
    now = clock.now().isoformat()
    # Written on every opening: a file that cannot be changed is noticed now, not at the first decision.
    opened = upsert(meta).values(key="opened_at", value=now)
    connection.execute(opened.on_conflict_do_update(index_elements=["key"], set_={"value": now}))
    found = connection.execute(select(meta.c.value).where(meta.c.key == "desk")).scalar_one_or_none()
    if found is None:
        found = new_id()
        facts = [{"key": "desk", "value": found}, {"key": "created_at", "value": now}]
        connection.execute(insert(meta), facts)
    return DeskId(found)
