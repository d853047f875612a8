"""The one tree of errors. Codes are stable; the catalogue (resources/catalogue) says each in French.

Nothing here is text for people: `code` selects the sentence, `facts` fill its placeholders.
"""

from __future__ import annotations

from typing import Any


class VigieError(Exception):
    """Base of every error that Vigie expects. `exit_code` follows BSD sysexits where one fits."""

    exit_code = 70

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class ExpectedError(VigieError):
    """Part of normal use; the person can act on it."""


class ValidationError(ExpectedError):
    """What was given is not usable (EX_DATAERR)."""

    exit_code = 65


class UsageError(ExpectedError):
    """The command was called wrongly (EX_USAGE)."""

    exit_code = 64


class PermissionDeniedError(ExpectedError):
    """The role may not do this (EX_NOPERM)."""

    exit_code = 77


class ConflictError(ExpectedError):
    """Somebody or something changed the state meanwhile."""

    exit_code = 75


class OfflineError(ExpectedError):
    """The line or the other side is away (EX_UNAVAILABLE)."""

    exit_code = 69


class UncertainError(OfflineError):
    """The answer was lost: what was asked may have been done. Look before asking again."""


class AccessLostError(ExpectedError):
    """A platform does not accept who calls any more (EX_NOPERM): token, role, or blocked."""

    exit_code = 77


class RateLimitedError(ExpectedError):
    """A platform asks to wait (EX_TEMPFAIL)."""

    exit_code = 75


class SecretLockedError(ExpectedError):
    """The keyring is locked or absent."""

    exit_code = 77


class EnvironmentProblemError(VigieError):
    """The machine does not give what Vigie needs: disk, database, a newer file (EX_IOERR)."""

    exit_code = 74


class ConfigurationError(VigieError):
    """A policy or settings file is wrong (EX_CONFIG)."""

    exit_code = 78


class CancelledError(VigieError):
    """The person stopped the work."""

    exit_code = 130
