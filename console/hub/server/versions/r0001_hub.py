"""The first hub: tables, members, the feed, judging, claims, and who may read and call what."""

from pathlib import Path

from console.hub.server.running import run, run_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the files beside this one, in order; they are the schema of this revision and never change."""
    run_files(Path(__file__).with_suffix(""))


def downgrade() -> None:
    """Back to an empty schema. Everything in it goes: take a backup first."""
    run(
        """
        DROP VIEW IF EXISTS vigie.colleagues, vigie.desk_registry, vigie.claims_now,
            vigie.presence_now;
        DO $$
        DECLARE found record;
        BEGIN
            FOR found IN SELECT tablename AS name FROM pg_tables
                WHERE schemaname = 'vigie' AND tablename <> 'alembic_version'
            LOOP
                EXECUTE format('DROP TABLE vigie.%I CASCADE', found.name);
            END LOOP;
            FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
                WHERE p.pronamespace = 'vigie'::regnamespace
            LOOP
                EXECUTE format('DROP FUNCTION %s CASCADE', found.name);
            END LOOP;
        END $$;
        DROP SEQUENCE vigie.feed_seq;
        DROP TYPE vigie.incoming, vigie.judgement;
        """
    )
