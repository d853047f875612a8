"""What the city's database administrator does with the hub: install, upgrade, look, restore."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import psycopg
from psycopg import sql
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from console.domain.ids import new_id
from console.domain.sanctions import LadderSettings
from console.errors import (
    ConfigurationError,
    ConflictError,
    EnvironmentProblemError,
    PermissionDeniedError,
)
from console.hub.connection import HubAddress, open_raw, require_version
from console.hub.faults import fault
from console.hub.server import HEAD, OLDEST_SERVER, OWNER, REVISIONS, SCHEMA

GROUPS = {
    "moderator": "vigie_moderator",
    "supervisor": "vigie_supervisor",
    "agent_311": "vigie_agent311",
    "administrator": "vigie_administrator",
    "auditor": "vigie_auditor",
    "collector": "vigie_collector",
}
"""Role of a member → group role in PostgreSQL, which holds the grants."""


@dataclass(frozen=True, slots=True)
class HubStatus:
    """What `vigie hub status` shows. `revision` is None when nothing is installed; counts are then 0."""

    server: str
    revision: str | None
    hub: str = ""
    timeline: str = ""
    members: int = 0
    desks: int = 0
    messages: int = 0
    events: int = 0


def init(address: HubAddress, password: str | None, ladder: LadderSettings) -> HubStatus:
    """Create roles, schema and rules, wholly or not at all.

    Needs a superuser, or a role with CREATEROLE and CREATE on the database. `ladder` is the city's
    start. Codes: those of `open_raw`, `hub.server_too_old`, `hub.exists`, `hub.administrator_needed`.
    """
    with _administration(address, password) as connection:
        engine = _prepared(connection)
        if _has_schema(connection):
            raise ConflictError("hub.exists", database=address.database)
        _create_roles(connection)
        # The schema comes from the administrator: the owner needs no right on the database itself.
        connection.execute(
            sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(sql.Identifier(SCHEMA), sql.Identifier(OWNER))
        )
        as_owner(connection)
        _migrate(engine, connection)
        settings = json.dumps(asdict(ladder))
        connection.execute(
            "INSERT INTO hub (id, timeline, ladder) VALUES (%s, %s, %s)", (new_id(), new_id(), settings)
        )
        connection.execute("INSERT INTO hub_secret (carry_key) VALUES (random_key())")
        return _status(connection)


def upgrade(address: HubAddress, password: str | None) -> HubStatus:
    """Bring the schema to this version, in one transaction; a hub of this version is left alone.

    Codes: `hub.not_installed`, `hub.too_new`, `hub.administrator_needed`, those of `open_raw`.
    """
    with _administration(address, password) as connection:
        engine = _prepared(connection)
        _require_installed(connection, address)
        as_owner(connection)
        _migrate(engine, connection)
        return _status(connection)


def status(address: HubAddress, password: str | None) -> HubStatus:
    """What is installed, read only. Codes: those of `open_raw`, `hub.administrator_needed`."""
    with _administration(address, password) as connection:
        if not _has_schema(connection):
            return HubStatus(_server(connection), None)
        as_owner(connection)
        return _status(connection)


def restored(address: HubAddress, password: str | None) -> HubStatus:
    """Say that the hub was restored from a backup: a new timeline, so that desks send again what it lacks.

    Claims, presence and turns at accounts of the old time are dropped. Codes: as `upgrade`, and
    `hub.too_old`.
    """
    with owner_session(address, password) as connection:
        connection.execute("UPDATE hub SET timeline = %s", (new_id(),))
        connection.execute("DELETE FROM claim")
        connection.execute("DELETE FROM presence")
        connection.execute("DELETE FROM account_lease")
        connection.execute("UPDATE outgoing SET lease_until = NULL WHERE lease_until IS NOT NULL")
        connection.execute("SELECT pg_notify('vigie', 'feed')")
        return _status(connection)


@contextmanager
def owner_session(address: HubAddress, password: str | None) -> Iterator[psycopg.Connection]:
    """One transaction of administration as the owner of a hub of this version.

    `RESET ROLE` inside goes back to the administrator's own rights (roles are made with these).
    """
    with _administration(address, password) as connection:
        _require_installed(connection, address)
        as_owner(connection)
        require_version(int(_revision(connection)))
        yield connection


def as_owner(connection: psycopg.Connection) -> None:
    """Work as the owner until the transaction ends, or `RESET ROLE`."""
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
    connection.execute(sql.SQL("SET LOCAL search_path = {}, pg_temp").format(sql.Identifier(SCHEMA)))


@contextmanager
def _administration(address: HubAddress, password: str | None) -> Iterator[psycopg.Connection]:
    connection = open_raw(address, password, autocommit=False)
    try:
        if connection.info.server_version < OLDEST_SERVER:
            raise EnvironmentProblemError(
                "hub.server_too_old", found=_server(connection), needed=OLDEST_SERVER // 10000
            )
        with connection:
            yield connection
    except psycopg.Error as error:
        if error.sqlstate == "42501":
            raise PermissionDeniedError("hub.administrator_needed", login=address.login) from error
        found = fault(error)
        if found is None:
            raise
        raise found from error
    finally:
        connection.close()


def _create_roles(connection: psycopg.Connection) -> None:
    """The owner and the groups, unless another database of this server has made them already."""
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for name in (OWNER, *GROUPS.values()):
        if name not in known:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is not None and not row[0]:
        # Since PostgreSQL 16 who creates a role administers it, but may not yet work as it.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))


def _has_schema(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)", (SCHEMA,))
    return bool((row.fetchone() or [False])[0])


def _require_installed(connection: psycopg.Connection, address: HubAddress) -> None:
    if not _has_schema(connection):
        raise ConfigurationError("hub.not_installed", database=address.database)


def _prepared(connection: psycopg.Connection) -> Engine:
    """SQLAlchemy over this connection. It asks the server first and rolls that back: call before any work."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connection,
        poolclass=StaticPool,
        pool_reset_on_return=None,
        use_native_hstore=False,
    )
    engine.connect().close()
    return engine


def _migrate(engine: Engine, connection: psycopg.Connection) -> None:
    """Alembic inside the transaction of the caller, who commits."""
    # Imported here: only an installation or an update needs it, and it is slow.
    from alembic import command
    from alembic.config import Config

    found = _revision(connection)
    if found not in ("", *REVISIONS):
        raise EnvironmentProblemError("hub.too_new", found=found, known=HEAD)
    config = Config()
    config.set_main_option("script_location", "console.hub:server")
    inner = engine.connect()
    config.attributes["connection"] = inner
    command.upgrade(config, HEAD)
    inner.detach()


def _revision(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT to_regclass('vigie.alembic_version') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return ""
    found = connection.execute("SELECT version_num FROM vigie.alembic_version").fetchone()
    return str(found[0]) if found else ""


def _server(connection: psycopg.Connection) -> str:
    return connection.info.parameter_status("server_version") or ""


_COUNTS = """
SELECT h.id, h.timeline, (SELECT count(*) FROM staff WHERE active), (SELECT count(*) FROM desk),
    (SELECT count(*) FROM case_file), (SELECT count(*) FROM event)
FROM hub h
"""


def _status(connection: psycopg.Connection) -> HubStatus:
    revision = _revision(connection)
    row = connection.execute(_COUNTS).fetchone() if revision in REVISIONS else None
    return HubStatus(_server(connection), revision, *(row or ()))
