"""Installing, upgrading, peopling, backing up and restoring a hub."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from console import arguments
from console.domain.sanctions import LadderSettings
from console.errors import VigieError
from console.hub import administration, commands, persons
from console.hub.connection import HubAddress, connect
from console.hub.server import HEAD
from tests.hub.conftest import PASSWORD, Hub, Server
from tests.hub.databases import plain
from tests.hub.desk import Content, Desk, decision

MESSAGE = Content("Idiot", "1")
LADDER = LadderSettings()


@pytest.fixture
def empty(hub_server: Server) -> Iterator[HubAddress]:
    """A database without a hub, whose owner «technique» may make roles but is no superuser."""
    with closing(plain(hub_server.address)) as connection:
        connection.execute(f"CREATE ROLE technique LOGIN CREATEROLE PASSWORD '{PASSWORD}'")
        connection.execute("CREATE DATABASE vide OWNER technique")
    try:
        yield replace(hub_server.address, database="vide")
    finally:
        with closing(plain(hub_server.address)) as connection:
            connection.execute("DROP DATABASE vide WITH (FORCE)")
            connection.execute("DROP ROLE IF EXISTS zoe")
            connection.execute("DROP OWNED BY technique CASCADE")
            connection.execute("DROP ROLE technique")


def code_of(call: Any) -> str:
    with pytest.raises(VigieError) as caught:
        call()
    assert PASSWORD not in str(caught.value)
    return caught.value.code


def test_a_superuser_installs_once(empty: HubAddress) -> None:
    assert administration.status(empty, None).revision is None
    assert code_of(lambda: administration.upgrade(empty, None)) == "hub.not_installed"
    assert code_of(lambda: connect(replace(empty, login="marie"), PASSWORD)) == "hub.not_installed"
    made = administration.init(empty, None, replace(LADDER, warnings_before_ban=3))
    assert (made.revision, made.members, made.events) == (HEAD, 0, 0)
    assert code_of(lambda: administration.init(empty, None, LADDER)) == "hub.exists"
    assert administration.status(empty, None) == made
    assert administration.upgrade(empty, None) == made
    with closing(plain(empty)) as connection:
        row = connection.execute("SELECT ladder FROM vigie.hub").fetchone()
    assert row == (asdict(replace(LADDER, warnings_before_ban=3)),)


def test_a_failed_installation_leaves_nothing(empty: HubAddress) -> None:
    bad = replace(LADDER, warnings_before_ban=1)
    with pytest.raises(Exception, match="hub"):
        administration.init(empty, None, bad)
    assert administration.status(empty, None).revision is None


def test_a_role_that_may_make_roles_is_enough(empty: HubAddress) -> None:
    """On a server where nobody has installed a hub yet, it makes the groups itself; here they are there."""
    with closing(plain(empty)) as connection:
        for group in ("vigie_owner", *administration.GROUPS.values()):
            connection.execute(
                sql.SQL("GRANT {} TO technique WITH ADMIN OPTION").format(sql.Identifier(group))
            )
    mine = replace(empty, login="technique")
    assert administration.init(mine, PASSWORD, LADDER).revision == HEAD
    drawn = persons.add(mine, PASSWORD, "zoe", "Zoé", "moderator")
    with closing(connect(replace(empty, login="zoe"), drawn)) as connection:
        assert Desk(connection).join().staff
    persons.set_role(mine, PASSWORD, "zoe", "supervisor")
    persons.set_active(mine, PASSWORD, "zoe", False)


def test_others_install_nothing(empty: HubAddress) -> None:
    for login in ("marie", "technique"):
        stranger = replace(empty, login=login)
        assert code_of(lambda at=stranger: administration.init(at, PASSWORD, LADDER)) == (
            "hub.administrator_needed"
        )
    assert administration.status(empty, None).revision is None


def test_a_member_administers_nothing(hub: Hub) -> None:
    marie = hub.address_of("alix")
    for call in (
        lambda: administration.upgrade(marie, PASSWORD),
        lambda: administration.status(marie, PASSWORD),
        lambda: administration.restored(marie, PASSWORD),
        lambda: persons.members(marie, PASSWORD),
        lambda: persons.add(marie, PASSWORD, "zoe", "Zoé", "moderator"),
        lambda: persons.set_role(marie, PASSWORD, "alix", "supervisor"),
    ):
        assert code_of(call) == "hub.administrator_needed"


@pytest.mark.parametrize(("found", "code"), [("0000", "hub.too_old"), ("0999", "hub.too_new")])
def test_another_schema_is_said(hub: Hub, found: str, code: str) -> None:
    hub.admin().execute("UPDATE vigie.alembic_version SET version_num = %s", (found,))
    assert code_of(lambda: hub.connect("marie")) == code
    assert code_of(lambda: persons.members(hub.address, None)) == code
    if code == "hub.too_new":
        assert code_of(lambda: administration.upgrade(hub.address, None)) == code


def test_an_old_server_is_refused(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administration, "OLDEST_SERVER", 990000)
    with pytest.raises(VigieError) as caught:
        administration.status(hub.address, None)
    assert caught.value.code == "hub.server_too_old"
    assert caught.value.facts["needed"] == 99


def test_down_and_up_again(hub: Hub) -> None:
    from alembic import command
    from alembic.config import Config

    with closing(plain(hub.address)) as connection:
        connection.autocommit = False
        engine = administration._prepared(connection)
        administration.as_owner(connection)
        config = Config()
        config.set_main_option("script_location", "console.hub:server")
        config.attributes["connection"] = engine.connect()
        command.downgrade(config, "base")
        left = (
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'vigie'::regnamespace"
            " AND relname !~ '^alembic'"
        )
        assert (connection.execute(left).fetchone() or [None])[0] == 0
        connection.commit()
    assert administration.upgrade(hub.address, None).revision == HEAD


def test_a_person_from_first_to_last_day(hub: Hub) -> None:
    drawn = persons.add(hub.address, None, "zoe", "  Zoé   Roy ", "moderator")
    assert len(drawn) == 19
    assert code_of(lambda: persons.add(hub.address, None, "zoe", "Zoé", "auditor")) == "hub.login_exists"
    zoe = replace(hub.address, login="zoe")
    with closing(connect(zoe, drawn)) as connection:
        desk = Desk(connection).join()
        desk.contents(MESSAGE)
        persons.set_role(hub.address, None, "zoe", "auditor")
        assert desk.call("hello", desk.id, 0)["staff"]["role"] == "auditor"
        late = desk.link("decision.made", MESSAGE.id, decision(MESSAGE, "keep"))
        desk.put([late])
        assert desk.judged(late) == ("refused", "permission.denied")
        persons.set_active(hub.address, None, "zoe", False)
        assert connection.execute("SELECT pg_has_role('zoe', 'vigie_auditor', 'MEMBER')").fetchone() == (
            False,
        )
    assert code_of(lambda: connect(zoe, drawn)) == "hub.login_disabled"
    persons.set_active(hub.address, None, "zoe", True)
    second = persons.set_password(hub.address, None, "zoe")
    assert code_of(lambda: connect(zoe, drawn)) == "hub.wrong_password"
    connect(zoe, second).close()
    [found] = [each for each in persons.members(hub.address, None) if each.login == "zoe"]
    assert (found.name, found.role, found.active, found.id) == ("Zoé Roy", "auditor", True, desk.staff)


@pytest.mark.parametrize(
    ("login", "name", "role", "first", "code"),
    [
        ("Zoe", "Zoé", "moderator", None, "hub.login_invalid"),
        ("pg_zoe", "Zoé", "moderator", None, "hub.login_invalid"),
        ("vigie_owner", "Zoé", "moderator", None, "hub.login_invalid"),
        ('zoe"; DROP ROLE marie; --', "Zoé", "moderator", None, "hub.login_invalid"),
        ("zoe", " ", "moderator", None, "staff.name_missing"),
        ("zoe", "Zoé", "owner", None, "hub.role_unknown"),
        ("zoe", "Zoé", "moderator", "court", "hub.password_short"),
        ("postgres", "Zoé", "moderator", None, "hub.login_exists"),
    ],
)
def test_persons_who_cannot_be_added(
    hub: Hub, login: str, name: str, role: str, first: str | None, code: str
) -> None:
    assert code_of(lambda: persons.add(hub.address, None, login, name, role, first_password=first)) == code
    assert code_of(lambda: persons.set_role(hub.address, None, "personne", "auditor")) == "hub.member_unknown"


def test_no_password_reaches_the_server_in_clear(hub: Hub) -> None:
    log = hub.server.data / "log"
    hub.admin().execute("ALTER SYSTEM SET log_statement = 'all'")
    hub.admin().execute("SELECT pg_reload_conf()")
    secret = "tout a fait secret"
    persons.add(hub.address, None, "zoe", "Zoé", "moderator", first_password=secret)
    hub.admin().execute("ALTER SYSTEM RESET log_statement")
    hub.admin().execute("SELECT pg_reload_conf()")
    said = log.read_text(errors="replace")
    assert "CREATE ROLE" in said
    assert secret not in said


def test_a_backup_restored_elsewhere_is_the_same_hub_on_a_new_timeline(hub: Hub, tmp_path: Path) -> None:
    """What docs/deployment.md says: pg_dump as the owner, pg_restore, `vigie hub restored`."""
    marie = hub.desk("marie")
    marie.contents(MESSAGE)
    marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "warn", "hide"))
    before = marie.call("hello", marie.id, 2)
    dump = tmp_path / "vigie.dump"
    at = ["--host", hub.address.host, "--username", "postgres", "--no-password"]

    def run(program: str, *options: str) -> None:
        done = subprocess.run(
            [str(hub.server.bin / program), *at, *options], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    run("pg_dump", "--format=custom", "--file", str(dump), "--dbname", hub.address.database)
    # Made after the backup: lost in it, still at the desk.
    lost = marie.link("desk.taken", marie.staff, {})
    marie.put([lost])
    other = Content("Après", "2")
    marie.contents(other)
    cursor = marie.call("hello", marie.id, 0)["max_seq"]
    seen = marie.call("hello", marie.id, cursor)["cursor_id"]
    with closing(plain(hub.server.address)) as connection:
        connection.execute("DROP DATABASE IF EXISTS retablie")
        connection.execute("CREATE DATABASE retablie")
    restored = replace(hub.address, database="retablie")
    try:
        run("pg_restore", "--dbname", "retablie", "--exit-on-error", "--single-transaction", str(dump))
        administration.restored(restored, None)
        with closing(connect(replace(restored, login="marie"), PASSWORD)) as connection:
            again = Desk(connection, marie.id, marie.staff)
            said = again.call("hello", marie.id, 2)
            assert (said["hub"], said["cursor_id"]) == (before["hub"], before["cursor_id"])
            assert said["timeline"] != before["timeline"]
            assert said["desk_head"]["sequence"] == 1
            # The desk's own cursor stands after the end, or soon on something else.
            assert again.call("hello", marie.id, cursor)["cursor_id"] is None
            again.contents(Content("Autre chose", "3"), Content("Encore", "4"))
            assert again.call("hello", marie.id, cursor)["cursor_id"] not in (None, seen)
            assert marie.put([lost], by=connection) == 2
            with pytest.raises(Exception, match="append_only"), closing(plain(restored)) as admin:
                admin.execute("DELETE FROM vigie.event")
    finally:
        with closing(plain(hub.server.address)) as connection:
            connection.execute("DROP DATABASE retablie WITH (FORCE)")


def vigie(hub: Hub, *words: str) -> int:
    where = ["--host", hub.address.host, "--database", hub.address.database]
    return commands.run(arguments.parse(["hub", *words, *where], "0"))


def test_the_commands_speak_french(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIGIE_HUB_PASSWORD", "")
    assert vigie(hub, "status") == 0
    assert "8 personnes actives" in capsys.readouterr().out
    vigie(hub, "person", "add", "zoe", "--name", "Zoé", "--role", "moderator")
    drawn = capsys.readouterr().out.split()[-1]
    connect(hub.address_of("zoe"), drawn).close()
    vigie(hub, "person", "role", "zoe", "supervisor")
    vigie(hub, "person", "disable", "zoe")
    vigie(hub, "person", "list")
    assert "zoe\tZoé\tsupervision\tfermé" in capsys.readouterr().out
    vigie(hub, "person", "enable", "zoe")
    vigie(hub, "person", "password", "zoe")
    connect(hub.address_of("zoe"), capsys.readouterr().out.split()[-1]).close()
    before = hub.value("SELECT timeline FROM vigie.hub")
    vigie(hub, "restored")
    assert hub.value("SELECT timeline FROM vigie.hub") != before
    vigie(hub, "upgrade")
    assert f"schéma {HEAD}" in capsys.readouterr().out


def test_the_password_is_asked_when_the_environment_has_none(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.delenv("VIGIE_HUB_PASSWORD", raising=False)
    monkeypatch.setattr(
        commands.getpass, "getpass", lambda prompt: asked.append(prompt) or "un deux trois quatre"
    )
    vigie(hub, "person", "add", "zoe", "--name", "Zoé", "--role", "auditor", "--ask")
    assert len(asked) == 2
    connect(hub.address_of("zoe"), "un deux trois quatre").close()


def test_every_task_of_the_grammar_is_carried_out_by_somebody() -> None:
    for words in ("init", "upgrade", "status", "restored", "person list"):
        given = arguments.parse(["hub", *words.split()], "0")
        name = given.task if given.task != "person" else f"person {given.act}"
        assert name in commands.TASKS
