"""The file of any earlier revision becomes one of today, with all that is in it, and can go back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from console.domain.decisions import Action
from console.errors import EnvironmentProblemError
from console.services.rows import HistoryFilter, QueueFilter
from console.store import backup, migrate
from console.store.migrate import bring_up_to_date, revision_of
from console.store.migrations import HEAD, REVISIONS
from console.store.migrations.sql import statements
from console.store.tables import metadata
from tests.builders import NOW, desk_file, finding, judged, message, verdict
from tests.store.file_state import check, plain, rows_in

LATER = frozenset(
    {"attempts", "connections", "content_places", "contested", "edits", "known_pictures", "peer_desks"}
    | {"shared_events", "unsent", "adoptions", "layers"}
)
"""Tables that came after the first revision; a desk that works alone leaves them empty."""
LATER_COLUMNS = frozenset({("outgoing", "retry_at"), ("outgoing", "code")})
"""Columns that came later."""


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A file of today with a bit of everything in it."""
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        first, second = desk.take_in(
            judged(message("L’évènement de la rentrée", post_external_id="p1"), verdict(finding())),
            judged("autre chose", verdict(finding("threat", 4))),
        )
        decision = desk.decide(first, Action.WARN, reason="insulte envers une élue")
        desk.warn(first, decision)
        with desk.db.write() as work:
            work.add_note(second, "à suivre", desk.actor().staff.id, NOW)
    return path


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all ordinary tables."""
    with plain(path) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        names = [table.name for table in metadata.sorted_tables if table.name in there - {"meta"} - LATER]
        found = {}
        for name in names:
            columns = [each for _, each, *_ in connection.execute(f"PRAGMA table_info({name})")]
            known = ", ".join(f'"{each}"' for each in columns if (name, each) not in LATER_COLUMNS)
            found[name] = connection.execute(f"SELECT {known} FROM {name}").fetchall()
        return found


def objects(path: Path) -> set[tuple[str, str, str]]:
    """Everything that the file's schema defines."""
    with plain(path) as connection:
        rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master")
        return {(kind, name, " ".join(sql.split())) for kind, name, sql in rows if sql}


def test_the_listed_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", "console.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert [each.revision for each in scripts.walk_revisions()] == list(reversed(REVISIONS))
    assert scripts.get_heads() == [HEAD]


def test_the_migrated_schema_is_that_of_the_tables(tmp_path: Path) -> None:
    migrated, created = tmp_path / "migrated.db", tmp_path / "created.db"
    migrate.migrate(migrated, HEAD)
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    # Alembic does not see checks, partial indexes or WITHOUT ROWID; the words of the schema do.
    engine = create_engine(f"sqlite:///{created}")
    metadata.create_all(engine)
    engine.dispose()
    tables = set(metadata.tables)
    ours = {each for each in objects(migrated) if each[0] in ("table", "index")}
    wanted = {each for each in objects(created) if each[0] in ("table", "index")}
    assert {each for each in wanted if each[1] in tables} <= ours
    assert {each for each in wanted if each[0] == "index"} == {each for each in ours if each[0] == "index"}


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_back_to_each_revision_and_forward_again_keeps_everything(full: Path, revision: str) -> None:
    before, schema = everything(full), objects(full)
    migrate.migrate(full, revision)
    assert revision_of(full) == revision
    assert everything(full) == before
    bring_up_to_date(full, NOW)
    assert revision_of(full) == HEAD
    assert (everything(full), objects(full)) == (before, schema)
    check(full)
    with desk_file(full) as desk:
        assert desk.db.reads.matches(QueueFilter(states=frozenset(), text="evenement"), 10) == 1
        assert len(desk.db.reads.history(HistoryFilter(text="elue"), None, 10).rows) == 1
        desk.take_in("et la vie continue")
    check(full)


def test_back_to_nothing_and_forward_again(full: Path) -> None:
    schema = objects(full)
    migrate.migrate(full, "base")
    assert {each[1] for each in objects(full) if each[0] == "table"} <= {"alembic_version", "sqlite_sequence"}
    migrate.migrate(full, HEAD)
    assert objects(full) == schema


def test_a_copy_is_kept_before_a_file_is_migrated(full: Path) -> None:
    migrate.migrate(full, "0001")
    before = everything(full)
    bring_up_to_date(full, NOW)
    (copy,) = backup.backups(full.parent / "backups", full)
    assert copy.name == "vigie-20250624T183000000000Z-0001.db"
    assert revision_of(copy) == "0001"
    assert everything(copy) == before
    bring_up_to_date(full, NOW)  # nothing to do, no further copy
    assert len(backup.backups(full.parent / "backups", full)) == 1


def test_only_the_newest_copies_are_kept(full: Path) -> None:
    folder = full.parent / "backups"
    made = [backup.back_up(full, folder, NOW.replace(hour=hour), "0002") for hour in range(8)]
    assert backup.backups(folder, full) == tuple(made[-backup.KEPT :])
    assert not list(folder.glob("*.partial"))


def test_a_full_disk_stops_before_anything_is_changed(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate.migrate(full, "0001")
    before = everything(full)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(EnvironmentProblemError) as error:
        bring_up_to_date(full, NOW)
    assert error.value.code == "store.disk_full"
    assert (everything(full), revision_of(full)) == (before, "0001")


def test_a_backup_folder_that_cannot_be_made_stops_too(full: Path) -> None:
    migrate.migrate(full, "0001")
    (full.parent / "backups").write_text("pas un dossier")
    with pytest.raises(EnvironmentProblemError) as error:
        bring_up_to_date(full, NOW)
    assert error.value.code == "store.backup"
    assert revision_of(full) == "0001"


def test_a_migration_that_fails_changes_nothing(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connection: object) -> None:
        raise sqlite3.OperationalError("no such thing")

    monkeypatch.setattr("console.store.search.fill", fail)
    migrate.migrate(full, "0001")
    before, schema = everything(full), objects(full)
    with pytest.raises(sqlite3.OperationalError):
        bring_up_to_date(full, NOW)
    assert (everything(full), objects(full), revision_of(full)) == (before, schema, "0001")


def test_another_folding_rebuilds_the_search(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.store.search.FOLD_VERSION", "2")
    monkeypatch.setattr(
        "console.store.search.fold", lambda text: text.casefold().replace("rentrée", "retour")
    )
    with desk_file(full) as desk:
        assert desk.db.reads.matches(QueueFilter(states=frozenset(), text="retour"), 10) == 1
    with plain(full) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'fold'").fetchone() == ("2",)


def test_statements_are_split_outside_triggers_only() -> None:
    script = "-- words\nCREATE TABLE a (b);\nCREATE TRIGGER c AFTER INSERT ON a\nBEGIN\n  SELECT 1;\nEND;\n"
    assert [each.split()[1] for each in statements(script)] == ["TABLE", "TRIGGER"]
    with pytest.raises(ValueError, match="unfinished"):
        list(statements("CREATE TABLE a (b)"))


def test_rows_in_a_file_survive_a_backup_taken_while_open(full: Path) -> None:
    with desk_file(full) as desk:
        desk.take_in("pas encore dans le fichier principal")
        copy = backup.back_up(full, full.parent / "copies", NOW, "open")
        wanted = rows_in(full)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (wanted["messages"],)
