"""Collectors join, read what they carry out, and take turns at accounts; the end of a ban goes with it."""

from pathlib import Path

from console.hub.server.running import run, run_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the files beside this one, in order; they are the schema of this revision and never change."""
    run_files(Path(__file__).with_suffix(""))


def downgrade() -> None:
    """Collectors read nothing again and take no turns. What was widened besides (the end of a ban) stays:
    events that were accepted by it are in the record."""
    run(
        """
        DROP FUNCTION vigie.collectors(), vigie.lease_account(text, text, integer);
        DROP TABLE vigie.account_lease;
        REVOKE SELECT ON vigie.content, vigie.event, vigie.matter, vigie.colleagues, vigie.desk_registry,
            vigie.claims_now, vigie.presence_now FROM vigie_collector;
        REVOKE EXECUTE ON FUNCTION vigie.feed, vigie.my_id, vigie.my_role, vigie.reads_all, vigie.reads_311,
            vigie.join_desk, vigie.put_events, vigie.seen, vigie.lease_outgoing, vigie.lease_item
            FROM vigie_collector;
        """
    )
