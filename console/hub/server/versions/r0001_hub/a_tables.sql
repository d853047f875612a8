-- The hub's own tables. Nobody but vigie_owner writes them, and members only through the functions.
-- Ids are the desks' own (32 hexadecimal digits), so that they are the same everywhere.

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE DOMAIN hex32 AS text CHECK (VALUE ~ '^[0-9a-f]{32}$');
CREATE DOMAIN hex64 AS text CHECK (VALUE ~ '^[0-9a-f]{64}$');

-- One row: which hub this is, and which line of its history (a restore from backup starts a new one).
CREATE TABLE hub (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id hex32 NOT NULL,
    timeline hex32 NOT NULL,
    ladder jsonb NOT NULL
);

-- Kept apart from what views show: a mistake in a grant on `hub` must not give keys away.
CREATE TABLE hub_secret (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    carry_key bytea NOT NULL CHECK (length(carry_key) = 32)
);

-- A person gets an id at the first join: it may be the one they already have at their desk.
CREATE TABLE staff (
    login text PRIMARY KEY,
    id hex32 UNIQUE,
    name text NOT NULL CHECK (name ~ '\S'),
    role text NOT NULL CHECK (role IN
        ('moderator', 'supervisor', 'agent_311', 'administrator', 'auditor', 'collector')),
    valid_until timestamptz,
    active boolean NOT NULL DEFAULT true,
    added_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE desk (
    id hex32 PRIMARY KEY,
    name text NOT NULL,
    staff hex32 NOT NULL REFERENCES staff (id) ON UPDATE CASCADE,
    public_key bytea NOT NULL,
    joined_at timestamptz NOT NULL DEFAULT now(),
    sequence bigint NOT NULL DEFAULT 0,
    sha256 hex64 NOT NULL DEFAULT repeat('0', 64)
);

CREATE TABLE desk_secret (
    desk hex32 REFERENCES desk,
    staff hex32 REFERENCES staff (id),
    secret bytea NOT NULL CHECK (length(secret) = 32),
    PRIMARY KEY (desk, staff)
);

-- What the feed holds. `seq` is taken under one lock, so that it becomes visible in order.
CREATE SEQUENCE feed_seq AS bigint;

CREATE TABLE content (
    seq bigint PRIMARY KEY,
    message hex32 NOT NULL,
    revision integer NOT NULL,
    sha256 hex64 NOT NULL,
    body bytea NOT NULL,
    desk text NOT NULL,
    login text NOT NULL,
    accepted_at timestamptz NOT NULL
);
CREATE INDEX content_message ON content (message, seq);

CREATE TABLE event (
    seq bigint PRIMARY KEY,
    id hex32 NOT NULL UNIQUE,
    kind text NOT NULL,
    subject text NOT NULL,
    desk hex32 NOT NULL REFERENCES desk,
    sequence bigint NOT NULL,
    previous hex64 NOT NULL,
    sha256 hex64 NOT NULL,
    actor hex32 NOT NULL,
    at timestamptz NOT NULL,
    accepted_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('accepted', 'contested', 'refused')),
    code text CHECK ((code IS NULL) = (status = 'accepted')),
    brought_by text,
    vouched_by text,
    body text NOT NULL,
    UNIQUE (desk, sequence)
);
CREATE INDEX event_subject ON event (subject, seq);

-- Words that go with an event but not into its chain, so that they can be purged one day.
CREATE TABLE matter (
    event hex32 PRIMARY KEY REFERENCES event (id),
    words text NOT NULL
);

-- What follows from the accepted events: the present state, by which new ones are judged.
CREATE TABLE case_file (
    message hex32 PRIMARY KEY,
    platform text NOT NULL,
    account text NOT NULL,
    person hex32 NOT NULL,
    route text NOT NULL,
    by_city boolean NOT NULL,
    state text NOT NULL,
    revision integer NOT NULL,
    sha256 hex64 NOT NULL,
    decision hex32,
    gone boolean NOT NULL DEFAULT false,
    for_311 boolean NOT NULL DEFAULT false
);

-- Every decision that came in, whatever became of it: later events about it are judged by that.
CREATE TABLE decision (
    id hex32 PRIMARY KEY,
    message hex32 NOT NULL REFERENCES case_file,
    event hex32 NOT NULL REFERENCES event (id),
    actor hex32 NOT NULL,
    vouched_by text,
    actions text[] NOT NULL,
    rules text[] NOT NULL,
    exception boolean NOT NULL,
    state_before text NOT NULL,
    status text NOT NULL,
    approved_by hex32,
    undone boolean NOT NULL DEFAULT false,
    settled text
);
CREATE INDEX decision_message ON decision (message);

CREATE TABLE warning (
    id hex32 PRIMARY KEY,
    decision hex32 NOT NULL REFERENCES decision,
    message hex32 NOT NULL,
    person hex32 NOT NULL,
    platform text NOT NULL,
    issued_at timestamptz NOT NULL,
    delivered_at timestamptz,
    withdrawn boolean NOT NULL DEFAULT false
);
CREATE INDEX warning_person ON warning (person);
CREATE INDEX warning_decision ON warning (decision);

CREATE TABLE outgoing (
    id hex32 PRIMARY KEY,
    decision hex32 NOT NULL REFERENCES decision,
    message hex32 NOT NULL,
    operation text NOT NULL,
    inverse boolean NOT NULL,
    not_before timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'given_up', 'cancelled')),
    warning hex32 REFERENCES warning,
    lease_staff hex32,
    lease_desk hex32,
    lease_until timestamptz
);
CREATE INDEX outgoing_decision ON outgoing (decision);
CREATE INDEX outgoing_open ON outgoing (not_before) WHERE state = 'open';

CREATE TABLE escalation (
    id hex32 PRIMARY KEY,
    message hex32 NOT NULL REFERENCES case_file,
    decision hex32 NOT NULL REFERENCES decision,
    kind text NOT NULL CHECK (kind IN ('question', 'ban_signature')),
    actor hex32 NOT NULL,
    outcome text NOT NULL DEFAULT 'open'
);
CREATE INDEX escalation_message ON escalation (message) WHERE outcome IN ('open', 'held');

CREATE TABLE person_link (
    merged hex32 PRIMARY KEY,
    keep hex32 NOT NULL CHECK (keep <> merged)
);
CREATE INDEX person_link_keep ON person_link (keep);

CREATE TABLE claim (
    message hex32 PRIMARY KEY,
    staff hex32 NOT NULL,
    desk hex32 NOT NULL,
    until timestamptz NOT NULL
);

CREATE TABLE presence (
    desk hex32,
    staff hex32,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (desk, staff)
);

-- The record is append-only even for its owner's ordinary statements. Only `purge_matter` may take
-- words away, and says so for its own transaction.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = vigie, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'matter' AND TG_OP = 'DELETE'
       AND current_setting('vigie.purging', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'VG001', MESSAGE = 'hub.append_only',
        DETAIL = jsonb_build_object('table', TG_TABLE_NAME, 'operation', TG_OP)::text;
END $$;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['event', 'content', 'matter'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
    END LOOP;
END $$;
