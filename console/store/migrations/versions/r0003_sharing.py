"""What a desk knows of the hub and of other desks; and triggers that note what has to be sent."""

from pathlib import Path

from alembic import op

from console.store.migrations import sql

revision = "0003"
down_revision = "0002"

_TRIGGERS = ("unsent_when_new", "unsent_when_edited", "unsent_no_more")
_TABLES = ("content_places", "edits", "unsent", "contested", "peer_desks", "shared_events")


def upgrade() -> None:
    """r0003_sharing.sql is what this revision adds and never changes."""
    sql.run(Path(__file__).with_suffix(".sql"))


def downgrade() -> None:
    """The desk works alone again; its own journal and messages stay."""
    for trigger in _TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger}")
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("DELETE FROM meta WHERE key LIKE 'hub%'")
