"""Fresh databases for the tests of the hub: one is emptied and used again as long as its schema is untouched.

Making and dropping a database costs two checkpoints, ten times what emptying it costs.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count

import psycopg
from psycopg import sql

from console.hub.connection import HubAddress

_SHAPE = """
SELECT (SELECT md5(string_agg(p.oid::text || p.xmin::text, ',' ORDER BY p.oid)) FROM pg_proc p
        WHERE p.pronamespace = to_regnamespace('vigie')),
    (SELECT md5(string_agg(c.oid::text || c.relname || c.relkind::text || c.relrowsecurity::text
            || coalesce(c.relacl::text, ''), ',' ORDER BY c.oid))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('vigie', 'public')),
    (SELECT md5(string_agg(t.oid::text || t.tgenabled::text, ',' ORDER BY t.oid)) FROM pg_trigger t),
    (SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '_temp_'),
    (SELECT string_agg(version_num, ',') FROM vigie.alembic_version)
"""


@dataclass
class Database:
    """One database, its address for the administrator, and the shape of its schema when it was made."""

    address: HubAddress
    shape: tuple[object, ...]
    rows: dict[str, list[str]]


class Databases:
    """Gives fresh hubs. `people` are the logins that belong to every hub; others are dropped after a test."""

    def __init__(self, server: HubAddress, template: str, people: frozenset[str]) -> None:
        self._server, self._template, self._people = server, template, people
        self._numbers = count(1)
        self._spare: Database | None = None

    def take(self) -> Database:
        """A database in which nobody has joined yet."""
        taken, self._spare = self._spare, None
        return taken or self._make()

    def give_back(self, used: Database) -> None:
        """Empty it for the next test; drop it when the test changed its schema."""
        with closing(plain(self._server)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                (used.address.database,),
            )
        if not self._emptied(used):
            with closing(plain(self._server)) as connection:
                name = sql.Identifier(used.address.database)
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            return
        self._spare = used

    def _make(self) -> Database:
        name = f"vigie_{next(self._numbers)}"
        with closing(plain(self._server)) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(self._template)
                )
            )
        address = replace(self._server, database=name)
        with closing(plain(address)) as connection:
            rows = {
                table: [
                    row[0] for row in connection.execute(f"SELECT to_jsonb(t)::text FROM vigie.{table} t")
                ]
                for table in ("staff", "hub", "hub_secret")
            }
            return Database(address, _shape(connection), rows)

    def _emptied(self, used: Database) -> bool:
        try:
            with closing(plain(used.address)) as connection:
                if _shape(connection) != used.shape:
                    return False
                self._empty(connection, used)
        except psycopg.Error:
            # The test broke it, or dropped it.
            return False
        return True

    def _empty(self, connection: psycopg.Connection, used: Database) -> None:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'vigie'::regnamespace AND relkind = 'r'"
            " AND relname <> 'alembic_version'"
        ).fetchall()
        connection.execute("SET session_replication_role = replica")
        names = sql.SQL(", ").join(sql.Identifier("vigie", row[0]) for row in tables)
        connection.execute(sql.SQL("TRUNCATE {}").format(names))
        connection.execute("ALTER SEQUENCE vigie.feed_seq RESTART")
        for table, rows in used.rows.items():
            whole = sql.Identifier("vigie", table)
            fill = sql.SQL("INSERT INTO {} SELECT * FROM jsonb_populate_record(NULL::{}, %s::jsonb)")
            for row in rows:
                connection.execute(fill.format(whole, whole), (row,))
        known = [*self._people, "postgres"]
        strangers = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg|vigie)_' AND rolname <> ALL (%s)", (known,)
        )
        for (name,) in strangers.fetchall():
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def _shape(connection: psycopg.Connection) -> tuple[object, ...]:
    return connection.execute(_SHAPE).fetchone() or ()


def plain(address: HubAddress) -> psycopg.Connection:
    """A connection of the tests' administrator, who needs no password."""
    return psycopg.connect(
        host=address.host, port=address.port, dbname=address.database, user=address.login, autocommit=True
    )
