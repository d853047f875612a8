"""Files that are there whole or not at all: written beside, flushed to disk, then renamed."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_PREFIX, _SUFFIX = ".vigie-", ".partiel"
_LEFTOVER_SECONDS = 24 * 3600


class WholeFile:
    """The unfinished file; text, UTF-8, line ends as written."""

    def __init__(self, temporary: Path, stream: IO[str]) -> None:
        self._temporary, self.stream = temporary, stream

    def settle(self) -> str:
        """Bring everything written so far to the disk; the SHA-256 (hex) of it."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        with self._temporary.open("rb") as written:
            return hashlib.file_digest(written, "sha256").hexdigest()


@contextmanager
def whole_file(to: Path, *, bom: bool = False) -> Iterator[WholeFile]:
    """Write `to` through a hidden file beside it; leaving the block puts it in place of an older one.

    Raising leaves an older `to` as it was and nothing new. Only the owner of the session may read
    the file: it holds what citizens wrote. `OSError` of the system passes through.
    """
    with (
        _beside(to) as (handle, temporary),
        os.fdopen(handle, "w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream,
    ):
        whole = WholeFile(temporary, stream)
        yield whole
        whole.settle()


def write_whole(to: Path, data: bytes) -> None:
    """The same for bytes that are at hand."""
    with _beside(to) as (handle, _), os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(handle)


@contextmanager
def _beside(to: Path) -> Iterator[tuple[int, Path]]:
    """An open hidden file; leaving the block, where it must be closed, gives it its name."""
    _sweep(to.parent)
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=to.parent)
    temporary = Path(name)
    try:
        yield handle, temporary
        temporary.replace(to)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _settle_folder(to.parent)


def _sweep(folder: Path) -> None:
    """Remove what a killed program left; a day's age spares the files that others are writing now."""
    for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFTOVER_SECONDS:
                left.unlink()


def _settle_folder(folder: Path) -> None:
    """Make the new name durable; systems that cannot open a folder (Windows) do that themselves."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
