"""Connected accounts, receipts of what was carried out, and pictures that were removed before."""

from pathlib import Path

from alembic import op

from console.store.migrations import sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """r0004_platforms.sql is what this revision adds and never changes."""
    sql.run(Path(__file__).with_suffix(".sql"))


def downgrade() -> None:
    """No platform is connected any more: what was to be sent is done by hand, what was so stays done."""
    for table in ("attempts", "connections", "known_pictures"):
        op.execute(f"DROP TABLE {table}")
    # States that 0003 does not know: waiting, sending, unknown, refused, failed.
    op.execute("UPDATE outgoing SET state = 2 WHERE state IN (5, 6, 7, 9, 10)")
    op.execute("UPDATE outgoing SET state = 3 WHERE state = 8")
    for column in ("retry_at", "code"):
        op.execute(f"ALTER TABLE outgoing DROP COLUMN {column}")
