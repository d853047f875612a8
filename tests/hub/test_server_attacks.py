"""A member with psql and their own password: what the server itself does not let them do."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors, sql

from console.hub.administration import GROUPS
from tests.hub.conftest import PEOPLE, Hub
from tests.hub.desk import Content, decision, sha
from tests.hub.test_server_chain import said_by

MESSAGE = Content("Quelle bande d'idiots", "1")
TABLES = (
    *(
        "account_lease",
        "alembic_version",
        "case_file",
        "claim",
        "content",
        "decision",
        "desk",
        "desk_secret",
        "escalation",
    ),
    *("event", "hub", "hub_secret", "matter", "outgoing", "person_link", "presence", "staff", "warning"),
)
VIEWS = ("claims_now", "colleagues", "desk_registry", "presence_now")
READABLE = {"content", "event", "matter", *VIEWS}
CALLABLE = {
    *(
        "feed",
        "hello",
        "schema_version",
        "is_member",
        "my_id",
        "my_role",
        "reads_all",
        "reads_311",
        "join_desk",
    ),
    *("put_events", "put_contents", "seen", "claim", "release", "lease_outgoing", "lease_item"),
    *("lease_account", "collectors", "for_collector"),
}


def denied(connection: psycopg.Connection, statement: str) -> None:
    # Some views cannot be written by anybody.
    with pytest.raises((errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState)):
        connection.execute(statement)


def test_this_file_knows_every_table_and_view(hub: Hub) -> None:
    query = "SELECT array_agg(relname::text) FROM pg_class WHERE relnamespace = 'vigie'::regnamespace"
    assert set(hub.value(f"{query} AND relkind IN ('r', 'p')")) == set(TABLES)
    assert set(hub.value(f"{query} AND relkind IN ('v', 'm')")) == set(VIEWS)


@pytest.mark.parametrize("login", PEOPLE)
def test_no_table_is_written_and_few_are_read(hub: Hub, login: str) -> None:
    connection = hub.connect(login)
    for name in (*TABLES, *VIEWS):
        column = hub.value(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " ORDER BY attnum DESC LIMIT 1",
            f"vigie.{name}",
        )
        denied(connection, f"INSERT INTO vigie.{name} ({column}) SELECT {column} FROM vigie.{name} LIMIT 0")
        denied(connection, f"UPDATE vigie.{name} SET {column} = {column}")
        denied(connection, f"DELETE FROM vigie.{name}")
        if name in TABLES:
            denied(connection, f"TRUNCATE vigie.{name}")
            with connection.transaction(force_rollback=True):
                denied(connection, f"LOCK TABLE vigie.{name} IN ROW EXCLUSIVE MODE")
        if name in READABLE:
            connection.execute(f"SELECT * FROM vigie.{name}")
        else:
            denied(connection, f"SELECT * FROM vigie.{name}")
            denied(connection, f"COPY vigie.{name} TO STDOUT")


REFUSED = (
    "ALTER TABLE vigie.event DISABLE TRIGGER ALL",
    "ALTER TABLE vigie.event DISABLE ROW LEVEL SECURITY",
    "DROP TABLE vigie.event",
    "DROP TRIGGER append_only ON vigie.event",
    "CREATE TRIGGER mine BEFORE INSERT ON vigie.event EXECUTE FUNCTION vigie.refuse_change()",
    "CREATE POLICY mine ON vigie.event USING (true)",
    "CREATE RULE mine AS ON INSERT TO vigie.event DO INSTEAD NOTHING",
    "CREATE TABLE vigie.mine ()",
    "CREATE FUNCTION vigie.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION vigie.may(role text, permission text) RETURNS bool LANGUAGE sql"
    " AS 'SELECT true'",
    "CREATE SCHEMA mine",
    "CREATE TABLE public.mine ()",
    "CREATE ROLE mine",
    "SET ROLE vigie_owner",
    "SET ROLE vigie_supervisor",
    "SET ROLE vigie_administrator",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION solange",
    "SET session_replication_role = replica",
    "GRANT vigie_supervisor TO marie",
    "GRANT vigie_moderator TO marie WITH ADMIN OPTION",
    "ALTER ROLE marie CREATEROLE",
    "ALTER ROLE marie SUPERUSER",
    "ALTER ROLE marie BYPASSRLS",
    "ALTER ROLE noah PASSWORD 'x'",
    "ALTER ROLE noah RENAME TO marion",
    "ALTER GROUP vigie_supervisor ADD USER marie",
    "GRANT SELECT ON vigie.desk_secret TO marie",
    "SELECT nextval('vigie.feed_seq')",
    "SELECT setval('vigie.feed_seq', 1)",
    "ALTER SEQUENCE vigie.feed_seq RESTART",
    "SELECT rolpassword FROM pg_authid",
    "SELECT passwd FROM pg_shadow",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY (SELECT 1) TO '/tmp/vigie-attack'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_stat_get_wal_receiver(), pg_hba_file_rules",
    "ALTER SYSTEM SET fsync = off",
    "SELECT pg_reload_conf()",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'noah'",
    "ALTER DATABASE {database} SET search_path = pg_temp",
    "DROP DATABASE {database}",
    "SELECT vigie.purge_matter('x')",
    "SELECT vigie.random_key()",
    "SELECT vigie.me()",
    "SELECT vigie.take_turn()",
    "SELECT vigie.hand_to_311('x')",
    "SELECT vigie.apply(NULL, NULL)",
)


def test_what_the_server_refuses(hub: Hub) -> None:
    noah, marie = hub.connect("noah"), hub.connect("marie")
    passed = []
    for statement in REFUSED:
        try:
            marie.execute(statement.replace("{database}", hub.address.database))
        except errors.InsufficientPrivilege:
            continue
        passed.append(statement)
    assert passed == []
    assert noah.execute("SELECT 1").fetchone() == (1,)


def test_members_may_call_what_is_meant_for_them_and_nothing_else(hub: Hub) -> None:
    query = (
        "SELECT coalesce(array_agg(proname::text), '{}') FROM pg_proc"
        " WHERE pronamespace = 'vigie'::regnamespace AND has_function_privilege(%s, oid, 'EXECUTE')"
    )
    assert set(hub.value(query, "marie")) == CALLABLE
    assert set(hub.value(query, "collecteur")) == CALLABLE - {"claim", "release"}
    assert set(hub.value(query, "victor")) == CALLABLE - {
        *("put_contents", "claim", "release", "lease_outgoing", "lease_item", "lease_account")
    }
    assert not hub.value(
        "SELECT array_agg(proname) FROM pg_proc WHERE pronamespace = 'vigie'::regnamespace AND prosecdef"
        " AND prosqlbody IS NULL"
        " AND NOT coalesce(proconfig::text LIKE '%%search_path=vigie, pg_temp%%', false)"
    )


def test_groups_cannot_log_in_and_own_nothing(hub: Hub) -> None:
    groups = [*GROUPS.values(), "vigie_owner"]
    row = "SELECT bool_or(rolcanlogin OR rolsuper OR rolcreaterole OR rolbypassrls) FROM pg_roles"
    assert hub.value(f"{row} WHERE rolname = ANY (%s)", groups) is False
    owners = "SELECT array_agg(DISTINCT relowner::regrole::text) FROM pg_class"
    assert hub.value(f"{owners} WHERE relnamespace = 'vigie'::regnamespace") == ["vigie_owner"]


def test_names_of_ones_own_do_not_shadow_those_of_the_hub(hub: Hub) -> None:
    """Temporary objects and operators of the caller must not be found by the functions of the owner."""
    marie = hub.desk("marie")
    marie.contents(MESSAGE)
    attack = marie.connection
    attack.execute("CREATE TEMP TABLE hub AS SELECT '{\"warnings_before_ban\": 0}'::jsonb AS ladder")
    attack.execute("CREATE TEMP TABLE staff AS SELECT session_user::text AS login, 'administrator' AS role")
    attack.execute("CREATE TEMP TABLE warning (id text)")
    for body in (
        "pg_temp.may(role text, permission text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
        "pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT ''''::bytea'",
        "pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''-infinity''::timestamptz'",
        "pg_temp.blank(text) RETURNS bool LANGUAGE sql AS 'SELECT false'",
    ):
        attack.execute(f"CREATE FUNCTION {body}")
    attack.execute("SET search_path = pg_temp, vigie, pg_catalog")
    assert marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "ban"))[1] == "ban.warnings_missing"
    assert marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "hide", reason=" "))[1] == (
        "decision.reason_missing"
    )
    payload = {"before": {}, "after": {"warnings_before_ban": 5}}
    assert marie.send("ladder.changed", "ladder", payload) == ("refused", "permission.denied")
    assert marie.call("hello", marie.id, 0)["staff"]["role"] == "moderator"


@pytest.mark.parametrize("table", ["event", "content", "matter"])
@pytest.mark.parametrize("login", ["vigie_owner", "postgres"])
def test_not_even_the_owner_rewrites_the_record(hub: Hub, table: str, login: str) -> None:
    marie = hub.desk("marie")
    marie.contents(MESSAGE)
    marie.put([marie.link("desk.taken", marie.staff, {})])
    owner = hub.admin()
    owner.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(login)))
    column = {"event": "body", "content": "body", "matter": "words"}[table]
    for statement in (
        f"UPDATE vigie.{table} SET {column} = {column}",
        f"DELETE FROM vigie.{table}",
        f"TRUNCATE vigie.{table} CASCADE",
    ):
        assert said_by(lambda text=statement: owner.execute(text))[0] == "hub.append_only"


def test_a_member_who_is_struck_off_is_out_at_once(hub: Hub) -> None:
    marie = hub.desk("marie")
    marie.contents(MESSAGE)
    hub.admin().execute("UPDATE vigie.staff SET active = false WHERE login = 'marie'")
    assert said_by(lambda: marie.call("hello", marie.id, 0))[0] == "hub.not_a_member"
    assert said_by(lambda: marie.contents(Content("x", "2")))[0] == "hub.not_a_member"
    assert said_by(lambda: marie.put([marie.link("desk.taken", "x", {})]))[0] == "hub.not_a_member"
    for view in ("feed()", "collectors()", "colleagues", "desk_registry", "claims_now", "presence_now"):
        assert marie.connection.execute(f"SELECT * FROM vigie.{view}").fetchall() == []


def test_a_mandate_that_ended_ends(hub: Hub) -> None:
    marie = hub.desk("marie")
    hub.admin().execute(
        "UPDATE vigie.staff SET valid_until = now() - interval '1 hour' WHERE login = 'marie'"
    )
    assert said_by(lambda: marie.call("hello", marie.id, 0))[0] == "hub.mandate_ended"
    assert marie.connection.execute("SELECT * FROM vigie.colleagues").fetchall() == []


@pytest.mark.parametrize(
    ("login", "kind", "ok"),
    [
        ("marie", "emergency.started", False),
        ("solange", "emergency.started", True),
        ("solange", "policy.changed", False),
        ("alix", "policy.changed", True),
        ("marie", "conflict.settled", False),
        ("agathe", "outbox.done", False),
        ("victor", "desk.taken", True),
        ("marie", "account.connected", False),
        ("solange", "account.connected", True),
        ("marie", "collect.done", True),
        ("collecteur", "collect.done", True),
        ("collecteur", "message.gone", True),
        ("collecteur", "decision.made", False),
        ("collecteur", "note.added", False),
        ("collecteur", "escalation.answered", False),
        ("victor", "outbox.unknown", False),
    ],
)
def test_kinds_that_need_a_permission(hub: Hub, login: str, kind: str, ok: bool) -> None:
    hub.desk("marie").contents(MESSAGE)
    desk = hub.desk(login)
    link = desk.link(kind, MESSAGE.id, {})
    desk.put([link])
    status = hub.value("SELECT ROW(status, code)::text FROM vigie.event WHERE id = %s", link.event.id)
    assert status == ("(accepted,)" if ok else "(refused,permission.denied)")


def test_the_collector_reads_what_it_carries_out_and_no_opinions(hub: Hub) -> None:
    marie, collector = hub.desk("marie"), hub.desk("collecteur")
    assert collector.contents(MESSAGE) == 1
    assert marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "hide")) == ("accepted", None)
    words = "Elle est connue."
    note = marie.link("note.added", MESSAGE.id, {"sha256": sha(words)})
    marie.put([note], matters=[words])
    feed = collector.connection.execute("SELECT kind, id FROM vigie.feed() ORDER BY seq").fetchall()
    assert [kind for kind, _ in feed] == ["content", "event"]
    assert note.event.id not in {identity for _, identity in feed}
    assert collector.connection.execute("SELECT * FROM vigie.matter").fetchall() == []
    said = collector.call("hello", collector.id, 1)
    assert (said["staff"]["role"], said["cursor_id"]) == ("collector", MESSAGE.id)
    assert collector.send("decision.made", MESSAGE.id, decision(MESSAGE, "keep")) == (
        "refused",
        "permission.denied",
    )
    denied(collector.connection, "SELECT vigie.claim('', '', 1)")
