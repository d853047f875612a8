"""How a connection to the hub is made: address, encryption, time limits, and what fails in words of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar, cast

import psycopg
from psycopg import conninfo
from psycopg.abc import PQGen

from console.errors import ConfigurationError, EnvironmentProblemError, PermissionDeniedError
from console.hub.faults import connection_fault, fault, raise_fault
from console.hub.server import SCHEMA, VERSION
from console.services import sharing_ports

__all__ = ["HubAddress", "change_password", "connect", "fault", "raise_fault"]

RV = TypeVar("RV")
_LOOKS_EVERY = 0.1
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_LIMITS = "-c statement_timeout=60s -c lock_timeout=20s -c idle_in_transaction_session_timeout=60s"
"""A call of the desk takes milliseconds; whoever holds the feed's turn longer holds everybody up."""
CONNECTS_WITHIN = 5
"""Seconds, whole and at least 2 (libpq)."""
ANSWERS_WITHIN = 75.0
"""Seconds. The server itself ends a call after 60; what says nothing for longer is a proxy that hangs or a
machine that stands still: TCP sees nothing wrong, and the driver would wait for ever."""


@dataclass(frozen=True, slots=True)
class HubAddress:
    """Where the hub is and under which login; never the password.

    `host` may be a folder with the server's socket. `ca_file` is the authority (PEM) that signed the
    server's certificate; without one the system's own authorities are asked.
    """

    host: str
    database: str
    login: str
    port: int = 5432
    ca_file: Path | None = field(default=None)

    @property
    def on_this_machine(self) -> bool:
        """Whether nothing leaves the machine on the way there."""
        return self.host in _OWN_MACHINE or self.host.startswith(("/", "@"))

    def to_json(self) -> dict[str, Any]:
        """JSON values for the desk's settings."""
        return asdict(self) | {"ca_file": str(self.ca_file) if self.ca_file else None}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> HubAddress:
        """The address that `to_json` wrote. Raises `ConfigurationError` (`hub.address`)."""
        try:
            ca_file = Path(value["ca_file"]) if value.get("ca_file") else None
            return HubAddress(
                str(value["host"]), str(value["database"]), str(value["login"]), int(value["port"]), ca_file
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigurationError("hub.address") from error


def reach(address: sharing_ports.HubAddress, password: str) -> psycopg.Connection:
    """`connect` for an address as a desk keeps it."""
    ca_file = Path(address.ca_file) if address.ca_file else None
    return connect(HubAddress(address.host, address.database, address.login, address.port, ca_file), password)


def parameters(address: HubAddress) -> dict[str, Any]:
    """libpq's parameters for an address, without the password (postgresql.org, «Parameter Key Words»)."""
    chosen: dict[str, Any] = {
        "host": address.host,
        "port": address.port,
        "dbname": address.database,
        "user": address.login,
        "application_name": "vigie",
        "client_encoding": "UTF8",
        "connect_timeout": CONNECTS_WITHIN,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        "options": _LIMITS,
    }
    if address.on_this_machine:
        return chosen | {"sslmode": "prefer"}
    return chosen | {
        "sslmode": "verify-full",
        "sslrootcert": str(address.ca_file) if address.ca_file else "system",
    }


class Impatient(psycopg.Connection):
    """A connection that breaks off when an answer does not come."""

    def wait(self, gen: PQGen[RV], interval: float = _LOOKS_EVERY, timeout: float | None = None) -> RV:
        """See psycopg; raises `OperationalError` when the time is over.

        A wait with a time of its own (for notifications) may end without anything: that is no fault.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        return super().wait(_until(gen, monotonic() + ANSWERS_WITHIN), interval)


def _until(gen: PQGen[RV], until: float) -> PQGen[RV]:
    """The same conversation with the server, broken off at an instant of `monotonic`."""
    try:
        asked = next(gen)
        while True:
            ready = yield asked
            if not ready and monotonic() > until:
                gen.close()
                raise psycopg.OperationalError("the server does not answer")
            asked = gen.send(ready)
    except StopIteration as end:
        return cast(RV, end.value)


def open_raw(
    address: HubAddress,
    password: str | None,
    *,
    autocommit: bool,
    kind: type[psycopg.Connection] = psycopg.Connection,
) -> psycopg.Connection:
    """A connection, whatever is installed there. Codes: see `connect`, but for those about the schema."""
    if address.ca_file is not None and not address.on_this_machine and not address.ca_file.is_file():
        raise ConfigurationError("hub.certificate_file", path=str(address.ca_file))
    try:
        chosen = conninfo.make_conninfo("", **parameters(address))
        return kind.connect(chosen, password=password, autocommit=autocommit)
    except psycopg.Error as error:
        # libpq's text names host and login, never the password; it is kept out of facts all the same.
        raise connection_fault(error, address.host, address.database, address.login) from None


def connect(address: HubAddress, password: str | None, *, autocommit: bool = True) -> psycopg.Connection:
    """A connection of a member to a hub of this version.

    Raises `OfflineError` for what passes by itself (`hub.unreachable`, `hub.starting`, `hub.busy`),
    `PermissionDeniedError` (`hub.wrong_password`, `hub.login_disabled`, `hub.not_a_member`),
    `ConfigurationError` (`hub.address`, `hub.certificate`, `hub.certificate_file`, `hub.no_tls`,
    `hub.no_database`, `hub.not_allowed_from_here`, `hub.not_installed`) and
    `EnvironmentProblemError` (`hub.too_old`, `hub.too_new`, `hub.failed`).
    """
    connection = open_raw(address, password, autocommit=True, kind=Impatient)
    try:
        check(connection)
        connection.autocommit = autocommit
    except psycopg.Error as error:
        connection.close()
        raise_fault(error)
    except BaseException:
        connection.close()
        raise
    return connection


def check(connection: psycopg.Connection) -> None:
    """Raise unless the schema is there, of this version, and open to this login."""
    row = connection.execute(
        "SELECT n.oid IS NOT NULL, n.oid IS NOT NULL AND has_schema_privilege(n.oid, 'USAGE')"
        " FROM (SELECT (SELECT oid FROM pg_namespace WHERE nspname = %s) AS oid) AS n",
        (SCHEMA,),
    ).fetchone()
    installed, open_to_me = row or (False, False)
    if not installed:
        raise ConfigurationError("hub.not_installed", database=connection.info.dbname)
    if not open_to_me:
        raise PermissionDeniedError("hub.not_a_member", login=connection.info.user)
    found = connection.execute("SELECT vigie.schema_version()").fetchone()
    require_version(found[0] if found else 0)


def require_version(found: int) -> None:
    """Raise `hub.too_old` or `hub.too_new` unless the schema is the one this program knows."""
    if found < VERSION:
        raise EnvironmentProblemError("hub.too_old", found=found, known=VERSION)
    if found > VERSION:
        raise EnvironmentProblemError("hub.too_new", found=found, known=VERSION)


def change_password(connection: psycopg.Connection, new: str) -> None:
    """Give the connection's own login another password; only its verifier travels."""
    try:
        connection.pgconn.change_password(connection.info.user.encode(), new.encode())
    except psycopg.Error as error:
        raise_fault(error)
