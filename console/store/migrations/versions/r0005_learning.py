"""What a desk has learned from its decisions."""

from pathlib import Path

from alembic import op

from console.store.migrations import sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """r0005_learning.sql is what this revision adds and never changes."""
    sql.run(Path(__file__).with_suffix(".sql"))


def downgrade() -> None:
    """What was learned is left behind; it can be learned again from the same decisions."""
    for table in ("adoptions", "layers"):
        op.execute(f"DROP TABLE {table}")
