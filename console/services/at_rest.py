"""How a desk's file is protected at rest: found out before it is opened, chosen by a person where it has
to be. Plain text is never written without a choice that the side file names.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from console.clock import Clock
from console.errors import ConflictError, EnvironmentProblemError, SecretLockedError, VigieError
from console.services import key_file
from console.services.key_file import Because, KeyFile, Protection, Recovery
from console.services.recovery_code import new_code, unwrap, wrap
from console.services.secret_ports import FileKey, Secrets

CHOICE = "at_rest.choice"
"""A new desk cannot be encrypted (fact `reason`: a code of `Secrets`); nothing has been made."""
PLAIN_FILE = "at_rest.plain_file"
"""The file is not encrypted, and nobody has chosen that."""
KEY_LOST = "at_rest.key_lost"
"""The keyring has no key for this file, or another file's; the recovery code gives it back."""


class State(StrEnum):
    """What lies on the disk, whatever the side file says."""

    ABSENT = "absent"
    PLAIN = "plain"
    SEALED = "sealed"


class DeskFile(Protocol):
    """The desk's file as the store sees it, closed."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    def state(self) -> State:
        """Looks at its first bytes. Code `store.cannot_open`."""
        ...

    def seal(self, key: FileKey, before_swap: Callable[[], None]) -> None:
        """Replace the plain file by an encrypted one of the same content, checked before the swap.

        `before_swap` is called just before. Codes: `store.in_use`, `store.disk_full`, `store.seal_failed`
        (the plain file is as it was) and those of the store's faults.
        """
        ...

    def opens_with(self, key: FileKey) -> None:
        """Raise `store.wrong_key` unless the key opens the file."""
        ...

    def sweep(self) -> None:
        """Remove plain copies and unfinished files that encrypting left; called once it is encrypted."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """How a desk is protected, for people."""

    state: State
    chosen_at: datetime | None = None
    chosen_by: str = ""
    because: Because | None = None
    recovery: Recovery | None = None


class AtRest:
    """One desk's file and the keyring. Made by `console.bootstrap`, used before the file is opened."""

    def __init__(self, file: DeskFile, secrets: Secrets, clock: Clock) -> None:
        self._file, self._secrets, self._clock = file, secrets, clock
        self._folder = file.path.parent
        self.fresh = False
        """Whether `key` has just made the key of a new desk: the person is told."""

    @property
    def passing(self) -> bool:
        """Whether the secrets end with this process."""
        return self._secrets.passing

    def key(self, plain: Because | None = None) -> FileKey | None:
        """What opens the file: its key, or None for a plain one. `plain`: somebody chooses that now.

        Codes: `at_rest.choice`, `at_rest.plain_file`, `at_rest.key_lost`, `at_rest.key_file`,
        `at_rest.key_file_missing`, those of `Secrets` for a file that is encrypted already.
        """
        said, state = key_file.read(self._folder), self._file.state()
        if state is State.SEALED:
            key = self._key_of_sealed(said)
            self._file.sweep()
            return key
        if said is not None and said.protection is Protection.PLAIN:
            return None
        if plain is not None:
            key_file.write(self._folder, KeyFile.plain(plain, self._clock.now(), login()))
            return None
        if state is State.PLAIN:
            raise EnvironmentProblemError(PLAIN_FILE, path=str(self._file.path))
        return self._key_of_new(said)

    def known_key(self) -> FileKey | None:
        """The key of a file that is there already, None for a plain one or none; changes nothing.

        Codes: those of `key` for an encrypted file.
        """
        if self._file.state() is not State.SEALED:
            return None
        return self._key_of_sealed(key_file.read(self._folder))

    def status(self) -> Status:
        """How the file lies on the disk. Codes `store.cannot_open`, `at_rest.key_file`."""
        said = key_file.read(self._folder)
        if said is None:
            return Status(self._file.state())
        return Status(self._file.state(), said.chosen_at, said.chosen_by, said.because, said.recovery)

    def keyring(self) -> str:
        """Which keyring there is, as its makers call it; "" for none."""
        return self._secrets.kind

    def recover(self, code: str) -> FileKey:
        """The key, from the recovery code, tried on the file. `put_back` gives it to the keyring.

        Codes: `recovery.*`, `at_rest.no_recovery`, `at_rest.not_sealed`, `at_rest.key_file_missing`,
        `store.wrong_key`.
        """
        said = key_file.read(self._folder)
        if self._file.state() is not State.SEALED:
            raise ConflictError("at_rest.not_sealed", path=str(self._file.path))
        if said is None or said.protection is Protection.PLAIN:
            raise EnvironmentProblemError("at_rest.key_file_missing", path=str(self._folder / key_file.NAME))
        if said.recovery is None:
            raise EnvironmentProblemError("at_rest.no_recovery")
        key = unwrap(said.recovery.wrapped, code, said.file)
        self._file.opens_with(key)
        return key

    def put_back(self, key: FileKey) -> None:
        """Put a recovered key into the keyring. Codes of `Secrets`."""
        said = key_file.read(self._folder)
        if said is not None:
            self._secrets.put(said.secret_name, key.hex)

    def encrypt(self) -> None:
        """Encrypt a plain file. Killed at any step it can be begun again; nothing is lost.

        Codes: `at_rest.not_plain`, those of `Secrets`, of `DeskFile.seal`, `at_rest.key_file_write`.
        """
        if self._file.state() is not State.PLAIN:
            raise ConflictError("at_rest.not_plain", path=str(self._file.path))
        before = key_file.read(self._folder)
        key, after = self._key_for_sealing(before)
        try:
            # Written just before the swap: a file that is encrypted always has its key's name beside it.
            self._file.seal(key, lambda: key_file.write(self._folder, after))
        except VigieError:
            if self._file.state() is State.PLAIN:
                key_file.put_back(self._folder, before)
                self._forget(after)
            raise
        self._file.sweep()

    def renew_recovery(self, by: str) -> str:
        """A new recovery code; the one before is worth nothing any more. Not journalled here.

        Codes: `at_rest.not_sealed`, `at_rest.key_lost`, those of `Secrets`, `at_rest.key_file_write`.
        """
        said = key_file.read(self._folder)
        if said is None or said.protection is Protection.PLAIN:
            raise ConflictError("at_rest.not_sealed", path=str(self._file.path))
        key, code = self._kept(said), new_code()
        key_file.write(self._folder, said.with_recovery(wrap(key, code, said.file), self._clock.now(), by))
        return code

    def _key_of_sealed(self, said: KeyFile | None) -> FileKey:
        if said is None or said.protection is Protection.PLAIN:
            raise EnvironmentProblemError("at_rest.key_file_missing", path=str(self._folder / key_file.NAME))
        return self._kept(said)

    def _key_of_new(self, before: KeyFile | None) -> FileKey:
        if before is not None and before.check:
            # The file was moved away, or a crash came before it was made: its key is good for the next.
            with suppress(EnvironmentProblemError):
                return self._kept(before)
        key = FileKey.new()
        said = KeyFile.encrypted(key, self._clock.now(), login())
        try:
            self._secrets.put(said.secret_name, key.hex)
        except SecretLockedError as error:
            raise SecretLockedError(CHOICE, reason=error.code) from error
        key_file.write(self._folder, said)
        self.fresh = True
        return key

    def _key_for_sealing(self, before: KeyFile | None) -> tuple[FileKey, KeyFile]:
        """The key of an encryption that was interrupted, or a new one."""
        if before is not None and before.protection is Protection.KEYRING:
            with suppress(EnvironmentProblemError):
                return self._kept(before), before
        key = FileKey.new()
        after = KeyFile.encrypted(key, self._clock.now(), login())
        self._secrets.put(after.secret_name, key.hex)
        return key, after

    def _kept(self, said: KeyFile) -> FileKey:
        found = self._secrets.get(said.secret_name)
        if found is not None:
            with suppress(VigieError):
                key = FileKey.from_hex(found)
                if said.fits(key):
                    return key
        raise EnvironmentProblemError(KEY_LOST, path=str(self._file.path))

    def _forget(self, said: KeyFile) -> None:
        with suppress(SecretLockedError):
            self._secrets.drop(said.secret_name)


def login() -> str:
    """The login of the operating system's account; "" when it has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
