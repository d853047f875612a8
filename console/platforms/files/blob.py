"""The bytes of a file, or of one member of an archive, opened as often as needed."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from console.errors import EnvironmentProblemError, ValidationError

HEAD = 65_536
"""Bytes that recognition looks at first."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\0", "program"),
    (b"ID3\x03", "mp3"),
    (b"ID3\x04", "mp3"),
    (b"OggS\0", "ogg"),
)
_ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


@dataclass(frozen=True, slots=True)
class Blob:
    """A file on disk, or `member` of the ZIP archive at `path`."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """What to call it in a report."""
        return self.member or self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The content from its beginning."""
        if not self.member:
            with self.path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as member:
            yield member

    def head(self, size: int = HEAD) -> bytes:
        """The first `size` bytes."""
        with self.open() as file:
            return file.read(size)


def binary_kind(head: bytes) -> str:
    """What a file that is no text is (`pdf`, `png`, `ole`…), by its first bytes; empty for none known."""
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:4] == b"RIFF" and head[8:12] in (b"WAVE", b"AVI ", b"WEBP"):
        return head[8:12].decode().strip().lower()
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


def archive_kind(head: bytes) -> str:
    """`zip`, `gzip`, `7z`, `rar`… by the first bytes; empty when it is no archive."""
    if head.startswith(ZIP):
        return "zip"
    if head[257:262] == b"ustar":
        return "tar"
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return "bzip2"
    return next((kind for magic, kind in _ARCHIVES if head.startswith(magic)), "")


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn what the system and the archive library raise into codes of `import.*`."""
    try:
        yield
    except FileNotFoundError as error:
        raise ValidationError("import.missing", name=path.name) from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise ValidationError("import.archive_broken", name=path.name) from error
    except OSError as error:
        raise EnvironmentProblemError(
            "import.unreadable", name=path.name, system=error.strerror or type(error).__name__
        ) from error
