-- The hub's own tables. Nobody but vigie_owner writes them, and members only through the functions.
-- Ids are the desks' own (32 hexadecimal digits), so that they are the same everywhere.

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Ids are checked where they come in, not once more by every column: that would double the cost of a row.
CREATE FUNCTION is_hex(word text, digits integer DEFAULT 32) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT octet_length(word) = digits AND translate(word, '0123456789abcdef', '') = ''
$$;

-- One row: which hub this is, and which line of its history (a restore from backup starts a new one).
CREATE TABLE hub (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id text NOT NULL,
    timeline text NOT NULL,
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
    id text UNIQUE,
    name text NOT NULL CHECK (name ~ '\S'),
    role text NOT NULL CHECK (role IN
        ('moderator', 'supervisor', 'agent_311', 'administrator', 'auditor', 'collector')),
    valid_until timestamptz,
    active boolean NOT NULL DEFAULT true,
    added_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE desk (
    id text PRIMARY KEY,
    name text NOT NULL,
    staff text NOT NULL REFERENCES staff (id) ON UPDATE CASCADE,
    public_key bytea NOT NULL,
    joined_at timestamptz NOT NULL DEFAULT now(),
    sequence bigint NOT NULL DEFAULT 0,
    sha256 text NOT NULL DEFAULT repeat('0', 64)
);

CREATE TABLE desk_secret (
    desk text REFERENCES desk,
    staff text REFERENCES staff (id),
    secret bytea NOT NULL CHECK (length(secret) = 32),
    PRIMARY KEY (desk, staff)
);

-- What the feed holds. `seq` is taken under one lock, so that it becomes visible in order.
CREATE SEQUENCE feed_seq AS bigint;

CREATE TABLE content (
    seq bigint PRIMARY KEY,
    message text NOT NULL,
    revision integer NOT NULL,
    sha256 text NOT NULL,
    body bytea NOT NULL,
    desk text NOT NULL,
    login text NOT NULL,
    accepted_at timestamptz NOT NULL
);
CREATE INDEX content_message ON content (message, seq);

CREATE TABLE event (
    seq bigint PRIMARY KEY,
    id text NOT NULL UNIQUE,
    kind text NOT NULL,
    subject text NOT NULL,
    desk text NOT NULL REFERENCES desk,
    sequence bigint NOT NULL,
    previous text NOT NULL,
    sha256 text NOT NULL,
    actor text NOT NULL,
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
    event text PRIMARY KEY REFERENCES event (id),
    words text NOT NULL
);

-- What follows from the accepted events: the present state, by which new ones are judged.
CREATE TABLE case_file (
    message text PRIMARY KEY,
    platform text NOT NULL,
    account text NOT NULL,
    person text NOT NULL,
    route text NOT NULL,
    by_city boolean NOT NULL,
    state text NOT NULL,
    revision integer NOT NULL,
    sha256 text NOT NULL,
    decision text,
    gone boolean NOT NULL DEFAULT false,
    for_311 boolean NOT NULL DEFAULT false
);

-- Every decision that came in, whatever became of it: later events about it are judged by that.
CREATE TABLE decision (
    id text PRIMARY KEY,
    message text NOT NULL REFERENCES case_file,
    event text NOT NULL REFERENCES event (id),
    actor text NOT NULL,
    vouched_by text,
    actions text[] NOT NULL,
    rules text[] NOT NULL,
    exception boolean NOT NULL,
    state_before text NOT NULL,
    status text NOT NULL,
    approved_by text,
    undone boolean NOT NULL DEFAULT false,
    settled text
);
CREATE INDEX decision_message ON decision (message);

CREATE TABLE warning (
    id text PRIMARY KEY,
    decision text NOT NULL REFERENCES decision,
    message text NOT NULL,
    person text NOT NULL,
    platform text NOT NULL,
    issued_at timestamptz NOT NULL,
    delivered_at timestamptz,
    withdrawn boolean NOT NULL DEFAULT false
);
CREATE INDEX warning_person ON warning (person);
CREATE INDEX warning_decision ON warning (decision);

CREATE TABLE outgoing (
    id text PRIMARY KEY,
    decision text NOT NULL REFERENCES decision,
    message text NOT NULL,
    operation text NOT NULL,
    inverse boolean NOT NULL,
    not_before timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'given_up', 'cancelled')),
    warning text REFERENCES warning,
    lease_staff text,
    lease_desk text,
    lease_until timestamptz
);
CREATE INDEX outgoing_decision ON outgoing (decision);
CREATE INDEX outgoing_open ON outgoing (not_before) WHERE state = 'open';

CREATE TABLE escalation (
    id text PRIMARY KEY,
    message text NOT NULL REFERENCES case_file,
    decision text NOT NULL REFERENCES decision,
    kind text NOT NULL CHECK (kind IN ('question', 'ban_signature')),
    actor text NOT NULL,
    outcome text NOT NULL DEFAULT 'open'
);
CREATE INDEX escalation_message ON escalation (message) WHERE outcome IN ('open', 'held');

CREATE TABLE person_link (
    merged text PRIMARY KEY,
    keep text NOT NULL CHECK (keep <> merged)
);
CREATE INDEX person_link_keep ON person_link (keep);

CREATE TABLE claim (
    message text PRIMARY KEY,
    staff text NOT NULL,
    desk text NOT NULL,
    until timestamptz NOT NULL
);

CREATE TABLE presence (
    desk text,
    staff text,
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
