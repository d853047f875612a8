"""ZIP downloads (Google Takeout, Meta): opened in place, never unpacked to disk.

Whatever could be an attack or a surprise is refused as a whole before anything is read: passwords,
paths that leave the archive, links, archives within, and members that unpack to absurd sizes.
"""

from __future__ import annotations

import itertools
import stat
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath

from console.errors import ValidationError
from console.platforms.files.blob import Blob, archive_kind, binary_kind

MAX_MEMBERS = 200_000
MAX_TOTAL = 64 << 30
"""Bytes that all members together unpack to."""
MAX_RATIO, RATIO_FROM = 200, 32 << 20
"""A member above `RATIO_FROM` bytes may not unpack to more than `MAX_RATIO` times its packed size;
real text reaches about 20."""


def candidates(blob: Blob) -> tuple[Blob, ...]:
    """The members that could hold messages: every one that is a text.

    Raises `ValidationError`: `import.archive_encrypted`, `import.archive_paths`,
    `import.archive_bomb`, `import.archive_nested`.
    """
    with zipfile.ZipFile(blob.path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _check(blob.name, members)
        return tuple(
            Blob(blob.path, member.filename)
            for member in members
            if member.file_size and _is_text(blob.name, archive, member)
        )


def _check(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    for member in members:
        if member.flag_bits & 0x1:
            raise ValidationError("import.archive_encrypted", name=name)
        if _leaves(member):
            raise ValidationError("import.archive_paths", name=name, member=member.filename[:120])
        if member.file_size > RATIO_FROM and member.file_size > member.compress_size * MAX_RATIO:
            raise ValidationError("import.archive_bomb", name=name, member=member.filename[:120])
    if (
        len(members) > MAX_MEMBERS
        or sum(member.file_size for member in members) > MAX_TOTAL
        or _overlap(members)
    ):
        raise ValidationError("import.archive_bomb", name=name, member="")


def _leaves(member: zipfile.ZipInfo) -> bool:
    """Whether the name points outside the archive, or the member is a link."""
    name = member.orig_filename
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    outside = posix.is_absolute() or bool(windows.anchor) or ".." in posix.parts or ".." in windows.parts
    return outside or stat.S_ISLNK(member.external_attr >> 16)


def _overlap(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Members that share bytes: the trick of archives that unpack without end."""
    placed = sorted((member.header_offset, member.compress_size) for member in members)
    return any(offset + size > following for (offset, size), (following, _) in itertools.pairwise(placed))


def _is_text(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with archive.open(member) as content:
        head = content.read(512)
    if archive_kind(head):
        raise ValidationError("import.archive_nested", name=name, member=member.filename[:120])
    return not binary_kind(head)
