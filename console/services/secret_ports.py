"""Secrets: the key of a file, and where the operating system keeps it and passwords for us."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Protocol

from console.errors import ValidationError

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class FileKey:
    """A raw 256-bit key. It has no `repr`, so that no log and no traceback ever holds it."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")

    @staticmethod
    def new() -> FileKey:
        """A key that nobody has had before, from the system's source of randomness."""
        return FileKey(secrets.token_bytes(KEY_BYTES))

    @staticmethod
    def from_hex(text: str) -> FileKey:
        """The key that `hex` gave. Code `secret.unusable`: it is none."""
        try:
            return FileKey(bytes.fromhex(text))
        except ValueError as error:
            # The words of the error could hold a part of the secret.
            raise ValidationError("secret.unusable") from error

    @property
    def hex(self) -> str:
        """64 hexadecimal digits, for the keyring and for SQLCipher."""
        return self.raw.hex()

    def __repr__(self) -> str:
        return "FileKey(…)"


class Secrets(Protocol):
    """The keyring of the operating system. Names: `desk-key:<file>`, `hub:<host>/<db>/<login>`.

    Every method raises `SecretLockedError`: `secret.locked` (it may be unlocked, then tried again),
    `secret.no_keyring` (none on this machine, or one that keeps plain text), `secret.failed`.
    """

    @property
    def kind(self) -> str:
        """Which keyring it is, as its makers call it; for the technical log and for settings."""
        ...

    @property
    def passing(self) -> bool:
        """Whether what is put here ends with the process."""
        ...

    def get(self, name: str) -> str | None:
        """The secret, or None when there is none of this name."""
        ...

    def put(self, name: str, secret: str) -> None:
        """Keep a secret; read back before it counts as kept."""
        ...

    def drop(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        ...
