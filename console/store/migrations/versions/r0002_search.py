"""Full-text search over messages and decisions, ignoring accents and both spellings of French."""

from alembic import op

from console.domain.folding import FOLD_VERSION
from console.store.search import CREATE, DROP, fill

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the index and fill it from what is there."""
    for statement in CREATE:
        op.execute(statement)
    fill(op.get_bind())
    query = "INSERT INTO meta (key, value) VALUES ('fold', ?)"
    op.get_bind().exec_driver_sql(query, (FOLD_VERSION,))


def downgrade() -> None:
    """The index goes; the texts stay."""
    for statement in DROP:
        op.execute(statement)
    op.execute("DELETE FROM meta WHERE key = 'fold'")
