"""One Vigie a file: a lock that the operating system drops by itself when the program dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from console.errors import EnvironmentProblemError

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        file.seek(_GUARD)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


_GUARD = 1 << 20
"""On Windows a locked byte cannot be read: one far behind the text is locked."""


class DeskLock:
    """Holds `<file>.lock` from `acquire` to `release`. A stale file without a holder is no obstacle."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock. Codes `store.in_use` (with the holder's process number), `store.cannot_open`."""
        try:
            file = self._path.open("a+", encoding="ascii")
        except OSError as error:
            raise EnvironmentProblemError("store.cannot_open", path=str(self._path)) from error
        try:
            _take(file)
        except OSError as error:
            file.seek(0)
            holder = file.read(20).strip()
            file.close()
            raise EnvironmentProblemError("store.in_use", path=str(self._path), pid=holder) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    @property
    def released(self) -> bool:
        """Whether the lock is not held."""
        return self._file is None

    def release(self) -> None:
        """Give it back. The file stays: removing it would race with another process taking it."""
        if self._file is not None:
            self._file.close()
            self._file = None
