"""What is worked out from the lexicons at the first start, kept as plain data for the next ones.

A file beside other caches of the person, named by a digest of all it rests on: the lexicons, the program's
own code and version. It holds JSON behind a checksum; whatever is missing, damaged, of another shape or
not writable is worked out anew, without a word. Nothing in it comes from a message.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

import console
from console.netiquette.datafiles import invalid

_T = TypeVar("_T")
_CODE = Path(__file__).parent
_DIGEST = 64
"""Hexadecimal digits of the checksum before the data."""


def cache_folder() -> Path:
    """Where the system keeps what programs can make anew."""
    return Path(platformdirs.user_cache_dir("Vigie", appauthor=False))


def kept(
    name: str,
    sources: Iterable[Path],
    make: Callable[[], Any],
    restore: Callable[[Any], _T],
    folder: Path | None = None,
) -> _T:
    """`restore(data)`, where `data` is what `make()` once gave for the same `sources`.

    `make` gives plain data (lists, mappings with text keys, text, whole numbers, flags). `restore` may raise
    KeyError, IndexError, TypeError, ValueError or AttributeError for data that is none of its own.

    Raises:
        ConfigurationError: `lexicon.missing` when a source cannot be read, and what `make` raises.
    """
    home = cache_folder() if folder is None else folder
    path = home / f"{name}-{_key(sources)}.json"
    data = _read(path)
    if data is not None:
        with contextlib.suppress(KeyError, IndexError, TypeError, ValueError, AttributeError):
            return restore(data)
    data = make()
    found = restore(data)
    _write(path, name, data)
    return found


def _key(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256(_program())
    for source in sources:
        try:
            content = source.read_bytes()
        except OSError as error:
            raise invalid(source.name, type(error).__name__) from error
        digest.update(f"{source.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1)
def _program() -> bytes:
    """The version, and in a checkout the code of the engine: what it makes of the same files may change."""
    digest = hashlib.sha256(console.__version__.encode())
    for path in sorted(_CODE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def _read(path: Path) -> Any:
    """The data behind a right checksum, else None."""
    try:
        content = path.read_bytes()
        told, payload = content[:_DIGEST], content[_DIGEST:]
        if hashlib.sha256(payload).hexdigest().encode() != told:
            return None
        return json.loads(payload)
    except (OSError, ValueError, RecursionError):
        return None


def _write(path: Path, name: str, data: Any) -> None:
    """Whole or not at all; older files of the same name go."""
    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(payload).hexdigest().encode() + payload)
            Path(beside).replace(path)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
        for old in path.parent.glob(f"{name}-*.json"):
            if old != path:
                old.unlink(missing_ok=True)
