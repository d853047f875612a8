"""What PostgreSQL and the line complain about, as the errors that the catalogue can say in French."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import psycopg

from console.errors import (
    ConfigurationError,
    ConflictError,
    EnvironmentProblemError,
    OfflineError,
    PermissionDeniedError,
    VigieError,
)

OUR_STATE = "VG001"
"""SQLSTATE of what the hub's own functions raise: MESSAGE is the code, DETAIL its facts as JSON."""

_RAISED: dict[str, type[VigieError]] = {
    "hub.altered": ConflictError,
    "hub.append_only": PermissionDeniedError,
    "hub.case_unknown": ConflictError,
    "hub.desk_taken": ConflictError,
    "hub.forked": ConflictError,
    "hub.gap": ConflictError,
    "hub.isolation": ConflictError,
    "hub.malformed": ConflictError,
    "hub.mandate_ended": PermissionDeniedError,
    "hub.not_a_member": PermissionDeniedError,
    "hub.not_joined": PermissionDeniedError,
    "hub.not_yours": PermissionDeniedError,
    "permission.denied": PermissionDeniedError,
}
"""Everything that the hub's functions raise."""

_STATES: dict[str, tuple[type[VigieError], str]] = {
    "25006": (EnvironmentProblemError, "hub.read_only"),
    "28000": (PermissionDeniedError, "hub.login_disabled"),
    "28P01": (PermissionDeniedError, "hub.wrong_password"),
    "3D000": (ConfigurationError, "hub.no_database"),
    "3F000": (ConfigurationError, "hub.not_installed"),
    "40001": (OfflineError, "hub.busy"),
    "40P01": (OfflineError, "hub.busy"),
    "42501": (PermissionDeniedError, "hub.denied"),
    "53100": (EnvironmentProblemError, "hub.full"),
    "53200": (OfflineError, "hub.busy"),
    "53300": (OfflineError, "hub.busy"),
    "55P03": (OfflineError, "hub.busy"),
    "57014": (OfflineError, "hub.busy"),
    "57P01": (OfflineError, "hub.unreachable"),
    "57P02": (OfflineError, "hub.unreachable"),
    "57P03": (OfflineError, "hub.starting"),
    "57P05": (OfflineError, "hub.unreachable"),
    "58P01": (EnvironmentProblemError, "hub.failed"),
    "XX001": (EnvironmentProblemError, "hub.failed"),
    "XX002": (EnvironmentProblemError, "hub.failed"),
}
_CLASSES: dict[str, tuple[type[VigieError], str]] = {
    "08": (OfflineError, "hub.unreachable"),
    "53": (EnvironmentProblemError, "hub.full"),
    "58": (EnvironmentProblemError, "hub.failed"),
}

# A refused connection has no SQLSTATE in libpq, only a text: the server's in its language (English or
# French here), libpq's own in English. The first that fits counts.
_TEXTS: tuple[tuple[tuple[str, ...], type[VigieError], str], ...] = (
    (
        ("password authentication failed", "authentification par mot de passe", "no password supplied"),
        PermissionDeniedError,
        "hub.wrong_password",
    ),
    (("is not permitted to log in", "autorisé à se connecter"), PermissionDeniedError, "hub.login_disabled"),
    (("server does not support ssl",), ConfigurationError, "hub.no_tls"),
    (
        ("certificate", "certificat", "tlsv1 alert", "ssl error", "erreur ssl"),
        ConfigurationError,
        "hub.certificate",
    ),
    (("no pg_hba.conf entry", "dans pg_hba.conf"), ConfigurationError, "hub.not_allowed_from_here"),
    (
        ("starting up", "shutting down", "in recovery mode", "se lance", "s'arrête", "de restauration"),
        OfflineError,
        "hub.starting",
    ),
    (
        ("too many clients", "too many connections", "remaining connection slots", "trop de"),
        OfflineError,
        "hub.busy",
    ),
)


def connection_fault(error: psycopg.Error, host: str, database: str, login: str) -> VigieError:
    """The error behind a connection that did not come about; `hub.unreachable` for all that is unknown."""
    facts = {"host": host, "database": database, "login": login}
    if error.sqlstate is not None:
        return fault(error) or EnvironmentProblemError("hub.failed", state=error.sqlstate)
    said = str(error).lower()
    for words, kind, code in _TEXTS:
        if any(word in said for word in words):
            return kind(code, **facts)
    if f'database "{database.lower()}" does not exist' in said or "la base de données «" in said:
        return ConfigurationError("hub.no_database", **facts)
    return OfflineError("hub.unreachable", **facts)


def fault(error: BaseException) -> VigieError | None:
    """The error behind one of psycopg's, or None when it is a bug of ours."""
    if isinstance(error, VigieError):
        return error
    # SQLAlchemy wraps what psycopg raised.
    error = getattr(error, "orig", None) or error
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state == OUR_STATE:
        return _raised_by_us(error)
    if state is None:
        # No answer came: the line broke, or the connection had been closed before.
        broken = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return OfflineError("hub.unreachable") if broken else None
    kind, code = _STATES.get(state) or _CLASSES.get(state[:2]) or (None, "")
    return kind(code) if kind is not None else None


def raise_fault(error: BaseException) -> NoReturn:
    """Raise what `fault` found, or the error itself."""
    found = fault(error)
    if found is not None:
        raise found from error
    raise error


def _raised_by_us(error: psycopg.Error) -> VigieError:
    code = error.diag.message_primary or "hub.failed"
    return _RAISED.get(code, ConflictError)(code, **_facts(error.diag.message_detail))


def _facts(detail: str | None) -> dict[str, Any]:
    try:
        facts = json.loads(detail or "{}")
    except ValueError:
        return {}
    return (
        {str(key): value for key, value in facts.items() if key != "code"} if isinstance(facts, dict) else {}
    )
