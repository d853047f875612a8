"""The desk's file: tables, indexes, and the triggers that keep the journal append-only."""

from pathlib import Path

from alembic import op

from console.store.migrations import sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything; r0001_desk.sql is the schema of this revision and never changes."""
    sql.run(Path(__file__).with_suffix(".sql"))


def downgrade() -> None:
    """Back to an empty file."""
    connection = op.get_bind()
    for kind in ("TRIGGER", "TABLE"):
        query = "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite%' AND name <> ?"
        found = connection.exec_driver_sql(query, (kind.lower(), "alembic_version"))
        for name in found.scalars().all():
            op.execute(f'DROP {kind} "{name}"')
