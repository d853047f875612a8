"""`vigie.key.json` beside the desk's file: how it is protected. It holds no secret and may be copied.

A second copy lies in `backups/`; it stands in when the first is missing or unreadable.
"""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from console.domain.ids import new_id
from console.errors import EnvironmentProblemError
from console.services.recovery_code import Wrapped
from console.services.secret_ports import FileKey
from console.services.whole_file import whole_file

NAME = "vigie.key.json"
FORMAT = 1


class Protection(StrEnum):
    """How a desk's file lies on the disk."""

    KEYRING = "keyring"
    """Encrypted; the key is in the keyring of the system."""
    PLAIN = "plain"
    """Not encrypted, because somebody chose so."""


class Because(StrEnum):
    """Who chose plain text."""

    PERSON = "person"
    ENVIRONMENT = "environment"
    """`VIGIE_AT_REST=plain`: a server, a test."""
    SAMPLE = "sample"
    """Nothing in the sample is real."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """The key under the newest recovery code; making another replaces it."""

    wrapped: Wrapped
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What the side file says. `chosen_by` is the login of the operating system's account."""

    file: str
    protection: Protection
    chosen_at: datetime
    chosen_by: str
    because: Because | None = None
    """Why it is plain; None when encrypted."""
    check: str = ""
    """Tells whether a key is this file's, and nothing about it; "" when plain."""
    recovery: Recovery | None = None

    @staticmethod
    def plain(because: Because, at: datetime, by: str) -> KeyFile:
        """Somebody chose plain text."""
        return KeyFile(new_id(), Protection.PLAIN, at, by, because)

    @staticmethod
    def encrypted(key: FileKey, at: datetime, by: str) -> KeyFile:
        """A file of this key, without a recovery code so far."""
        file = new_id()
        return KeyFile(file, Protection.KEYRING, at, by, check=check_of(key, file))

    @property
    def secret_name(self) -> str:
        """Under which name the keyring holds the key."""
        return f"desk-key:{self.file}"

    def fits(self, key: FileKey) -> bool:
        """Whether this is the file's key."""
        return self.check == check_of(key, self.file)

    def with_recovery(self, wrapped: Wrapped, at: datetime, by: str) -> KeyFile:
        """With a new recovery code; the one before is worth nothing any more."""
        return replace(self, recovery=Recovery(wrapped, at, by))


def check_of(key: FileKey, file: str) -> str:
    """96 bits of a hash of the key: from a random 256-bit key nothing can be told from them."""
    return hashlib.sha256(b"vigie key check 1|" + file.encode() + b"|" + key.raw).hexdigest()[:24]


def read(folder: Path) -> KeyFile | None:
    """The side file of a folder, or its copy; None when there is neither.

    Code `at_rest.key_file`: what is there cannot be read, and no copy stands in.
    """
    problem: EnvironmentProblemError | None = None
    for path in _places(folder):
        try:
            return _parsed(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            problem = problem or EnvironmentProblemError("at_rest.key_file", path=str(path))
            problem.__cause__ = error
    if problem is not None:
        raise problem
    return None


def write(folder: Path, content: KeyFile) -> None:
    """Put the side file in place, whole or not at all, and its copy. Code `at_rest.key_file_write`."""
    main, copy = _places(folder)
    _keep_aside(folder, content)
    words = json.dumps(_plain_values(content), indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(main) as whole:
            whole.stream.write(words)
    except OSError as error:
        raise EnvironmentProblemError("at_rest.key_file_write", path=str(main)) from error
    # The copy is a help for another day; that it cannot be made is no reason to stop today's work.
    with suppress(OSError):
        copy.parent.mkdir(exist_ok=True)
        with whole_file(copy) as whole:
            whole.stream.write(words)


def put_back(folder: Path, before: KeyFile | None) -> None:
    """What was there before `write`, after all. Code `at_rest.key_file_write`."""
    if before is not None:
        write(folder, before)
        return
    try:
        for path in _places(folder):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentProblemError("at_rest.key_file_write", path=str(folder / NAME)) from error


def _keep_aside(folder: Path, content: KeyFile) -> None:
    """The side file of another encrypted file is not lost: somebody may bring that file back."""
    with suppress(EnvironmentProblemError, OSError):
        before = read(folder)
        if before is not None and before.check and before.file != content.file:
            main, copy = _places(folder)
            kept = copy.with_name(f"vigie.key-{before.file}.json")
            kept.write_bytes((main if main.exists() else copy).read_bytes())


def _places(folder: Path) -> tuple[Path, Path]:
    return folder / NAME, folder / "backups" / NAME


def _plain_values(content: KeyFile) -> dict[str, Any]:
    values: dict[str, Any] = {"vigie_key_file": FORMAT, **asdict(content)}
    values["chosen_at"] = content.chosen_at.isoformat()
    if content.recovery is not None:
        wrapped = {
            name: base64.b64encode(each).decode() for name, each in values["recovery"]["wrapped"].items()
        }
        values["recovery"] |= {"wrapped": wrapped, "made_at": content.recovery.made_at.isoformat()}
    return values


def _parsed(values: dict[str, Any]) -> KeyFile:
    if values["vigie_key_file"] != FORMAT:
        raise ValueError("a format of another version")
    recovery = None
    if values["recovery"] is not None:
        given = values["recovery"]
        parts = {name: base64.b64decode(each, validate=True) for name, each in given["wrapped"].items()}
        recovery = Recovery(Wrapped(**parts), datetime.fromisoformat(given["made_at"]), str(given["made_by"]))
    because = values["because"]
    return KeyFile(
        file=str(values["file"]),
        protection=Protection(values["protection"]),
        chosen_at=datetime.fromisoformat(values["chosen_at"]),
        chosen_by=str(values["chosen_by"]),
        because=None if because is None else Because(because),
        check=str(values["check"]),
        recovery=recovery,
    )
