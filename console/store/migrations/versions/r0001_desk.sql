-- The schema of revision 0001, frozen. Tables are explained in console/store/schema.

CREATE TABLE accounts (
    pk INTEGER NOT NULL,
    id TEXT NOT NULL,
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    type SMALLINT NOT NULL,
    archived_at BIGINT,
    import_id TEXT,
    CONSTRAINT pk_accounts PRIMARY KEY (pk),
    CONSTRAINT uq_accounts_platform UNIQUE (platform, name),
    CONSTRAINT uq_accounts_id UNIQUE (id)
);

CREATE TABLE bands (
    week SMALLINT NOT NULL,
    band BIGINT NOT NULL,
    message INTEGER NOT NULL,
    CONSTRAINT pk_bands PRIMARY KEY (week, band, message)
) WITHOUT ROWID;

CREATE TABLE counters (
    state SMALLINT NOT NULL,
    channel SMALLINT NOT NULL,
    emergency BOOLEAN NOT NULL,
    number INTEGER NOT NULL,
    CONSTRAINT pk_counters PRIMARY KEY (state, channel, emergency)
) WITHOUT ROWID;

CREATE TABLE emergencies (
    pk INTEGER NOT NULL,
    reason TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    started_by TEXT NOT NULL,
    planned_end BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    CONSTRAINT pk_emergencies PRIMARY KEY (pk),
    CONSTRAINT uq_emergencies_started_at UNIQUE (started_at)
);

CREATE TABLE imports (
    id TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    last_arrival BIGINT NOT NULL,
    tally TEXT NOT NULL,
    added INTEGER DEFAULT '0' NOT NULL,
    unchanged INTEGER DEFAULT '0' NOT NULL,
    first_message INTEGER NOT NULL,
    first_person INTEGER NOT NULL,
    first_post INTEGER NOT NULL,
    CONSTRAINT pk_imports PRIMARY KEY (id)
);

CREATE TABLE journal (
    sequence INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    desk TEXT NOT NULL,
    at BIGINT NOT NULL,
    payload TEXT NOT NULL,
    previous TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    CONSTRAINT pk_journal PRIMARY KEY (sequence),
    CONSTRAINT uq_journal_event_id UNIQUE (event_id)
);

CREATE INDEX ix_journal_subject ON journal (subject);

CREATE TABLE journal_head (
    one INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    CONSTRAINT pk_journal_head PRIMARY KEY (one),
    CONSTRAINT ck_journal_head_one CHECK (one = 1)
);

CREATE TABLE meta (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_meta PRIMARY KEY ("key")
) WITHOUT ROWID;

CREATE TABLE people (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    folded_name TEXT DEFAULT '' NOT NULL,
    declared_warnings INTEGER DEFAULT '0' NOT NULL,
    merged_into INTEGER,
    root INTEGER NOT NULL,
    CONSTRAINT uq_people_platform UNIQUE (platform, external_id),
    CONSTRAINT uq_people_id UNIQUE (id),
    CONSTRAINT fk_people_merged_into FOREIGN KEY(merged_into) REFERENCES people (number)
);

CREATE INDEX ix_people_folded_name ON people (folded_name, number);

CREATE INDEX ix_people_merged_into ON people (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX ix_people_root ON people (root);

CREATE TABLE rules (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    CONSTRAINT pk_rules PRIMARY KEY (number),
    CONSTRAINT uq_rules_id UNIQUE (id)
);

CREATE TABLE settings (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY ("key")
) WITHOUT ROWID;

CREATE TABLE staff (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    role SMALLINT NOT NULL,
    valid_until BIGINT,
    CONSTRAINT pk_staff PRIMARY KEY (id)
);

CREATE TABLE views (
    pk INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT pk_views PRIMARY KEY (pk),
    CONSTRAINT uq_views_name UNIQUE (name)
);

CREATE TABLE watermark (
    one INTEGER NOT NULL,
    arrival BIGINT NOT NULL,
    CONSTRAINT pk_watermark PRIMARY KEY (one),
    CONSTRAINT ck_watermark_one CHECK (one = 1)
);

CREATE TABLE import_changes (
    pk INTEGER NOT NULL,
    import_id TEXT NOT NULL,
    payload BLOB NOT NULL,
    CONSTRAINT pk_import_changes PRIMARY KEY (pk),
    CONSTRAINT fk_import_changes_import_id FOREIGN KEY(import_id) REFERENCES imports (id)
);

CREATE INDEX ix_import_changes_import_id ON import_changes (import_id);

CREATE TABLE posts (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    account INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    posted_at BIGINT,
    permalink TEXT DEFAULT '' NOT NULL,
    CONSTRAINT uq_posts_account UNIQUE (account, external_id),
    CONSTRAINT uq_posts_id UNIQUE (id),
    CONSTRAINT fk_posts_account FOREIGN KEY(account) REFERENCES accounts (pk)
);

CREATE TABLE messages (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    account INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    state SMALLINT NOT NULL,
    priority SMALLINT DEFAULT '0' NOT NULL,
    severity SMALLINT DEFAULT '0' NOT NULL,
    route SMALLINT DEFAULT '0' NOT NULL,
    channel SMALLINT NOT NULL,
    kind SMALLINT NOT NULL,
    rules BIGINT DEFAULT '0' NOT NULL,
    criticism BOOLEAN DEFAULT '0' NOT NULL,
    similar INTEGER DEFAULT '0' NOT NULL,
    by_city BOOLEAN DEFAULT '0' NOT NULL,
    posted_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    arrival BIGINT NOT NULL,
    author INTEGER NOT NULL,
    author_name TEXT DEFAULT '' NOT NULL,
    post INTEGER,
    parent_external_id TEXT DEFAULT '' NOT NULL,
    revision INTEGER DEFAULT '1' NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    verdict INTEGER,
    decision TEXT,
    sha256 TEXT NOT NULL,
    permalink TEXT DEFAULT '' NOT NULL,
    thread TEXT,
    attachments TEXT,
    text TEXT NOT NULL,
    CONSTRAINT uq_messages_account UNIQUE (account, external_id),
    CONSTRAINT uq_messages_id UNIQUE (id),
    CONSTRAINT fk_messages_account FOREIGN KEY(account) REFERENCES accounts (pk),
    CONSTRAINT fk_messages_author FOREIGN KEY(author) REFERENCES people (number),
    CONSTRAINT fk_messages_post FOREIGN KEY(post) REFERENCES posts (pk)
);

CREATE INDEX ix_messages_arrival ON messages (arrival, state);

CREATE INDEX ix_messages_author ON messages (author, posted_at);

CREATE INDEX ix_messages_emergency ON messages (route, state, priority DESC, pk, posted_at, arrival, account, channel, kind, severity, rules, author) WHERE route = 5;

CREATE INDEX ix_messages_parent ON messages (account, parent_external_id, posted_at) WHERE parent_external_id != '';

CREATE INDEX ix_messages_post ON messages (post, posted_at) WHERE post IS NOT NULL;

CREATE INDEX ix_messages_posted ON messages (state, posted_at, pk, arrival, account, channel, kind, severity, route, rules, author);

CREATE INDEX ix_messages_priority ON messages (state, priority DESC, pk, posted_at, arrival, account, channel, kind, severity, route, rules, author);

CREATE TABLE decisions (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    message INTEGER NOT NULL,
    account INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    verdict INTEGER,
    actions TEXT NOT NULL,
    actions_mask INTEGER NOT NULL,
    rules TEXT NOT NULL,
    rules_mask BIGINT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    texts TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    policy TEXT DEFAULT '' NOT NULL,
    engine TEXT DEFAULT '' NOT NULL,
    suggested TEXT NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    exception TEXT,
    state_before SMALLINT NOT NULL,
    previous TEXT,
    undone_at BIGINT,
    undone_by TEXT,
    approved_at BIGINT,
    approved_by TEXT,
    CONSTRAINT uq_decisions_id UNIQUE (id),
    CONSTRAINT fk_decisions_message FOREIGN KEY(message) REFERENCES messages (pk),
    CONSTRAINT fk_decisions_account FOREIGN KEY(account) REFERENCES accounts (pk)
);

CREATE INDEX ix_decisions_actor ON decisions (actor, at);

CREATE INDEX ix_decisions_at ON decisions (at, pk, actor, actions_mask, rules_mask, account, undone_at);

CREATE INDEX ix_decisions_message ON decisions (message, at);

CREATE TABLE findings (
    message INTEGER NOT NULL,
    position SMALLINT NOT NULL,
    rule INTEGER NOT NULL,
    article TEXT NOT NULL,
    severity SMALLINT NOT NULL,
    CONSTRAINT pk_findings PRIMARY KEY (message, position),
    CONSTRAINT fk_findings_message FOREIGN KEY(message) REFERENCES messages (pk),
    CONSTRAINT fk_findings_rule FOREIGN KEY(rule) REFERENCES rules (number)
) WITHOUT ROWID;

CREATE INDEX ix_findings_rule ON findings (rule, message);

CREATE TABLE notes (
    pk INTEGER NOT NULL,
    message INTEGER NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT pk_notes PRIMARY KEY (pk),
    CONSTRAINT fk_notes_message FOREIGN KEY(message) REFERENCES messages (pk)
);

CREATE INDEX ix_notes_message ON notes (message);

CREATE TABLE snapshots (
    message INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    CONSTRAINT pk_snapshots PRIMARY KEY (message, revision),
    CONSTRAINT fk_snapshots_message FOREIGN KEY(message) REFERENCES messages (pk)
) WITHOUT ROWID;

CREATE TABLE verdicts (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT fk_verdicts_message FOREIGN KEY(message) REFERENCES messages (pk)
);

CREATE INDEX ix_verdicts_message ON verdicts (message);

CREATE TABLE escalations (
    id TEXT NOT NULL,
    message INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    outcome SMALLINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    submitted_by TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    question TEXT DEFAULT '' NOT NULL,
    suggested TEXT NOT NULL,
    decision TEXT,
    answered_at BIGINT,
    answered_by TEXT,
    answer TEXT DEFAULT '' NOT NULL,
    seen BOOLEAN DEFAULT '0' NOT NULL,
    CONSTRAINT pk_escalations PRIMARY KEY (id),
    CONSTRAINT fk_escalations_message FOREIGN KEY(message) REFERENCES messages (pk),
    CONSTRAINT fk_escalations_decision FOREIGN KEY(decision) REFERENCES decisions (id)
);

CREATE INDEX ix_escalations_message ON escalations (message);

CREATE INDEX ix_escalations_outcome ON escalations (outcome, submitted_at);

CREATE INDEX ix_escalations_submitted_by ON escalations (submitted_by, submitted_at);

CREATE TABLE warnings (
    id TEXT NOT NULL,
    person INTEGER NOT NULL,
    decision TEXT NOT NULL,
    incident INTEGER NOT NULL,
    platform TEXT NOT NULL,
    rules TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    delivered_at BIGINT,
    delivery_means TEXT DEFAULT '' NOT NULL,
    delivery_proof TEXT DEFAULT '' NOT NULL,
    withdrawn_at BIGINT,
    CONSTRAINT pk_warnings PRIMARY KEY (id),
    CONSTRAINT fk_warnings_person FOREIGN KEY(person) REFERENCES people (number),
    CONSTRAINT fk_warnings_decision FOREIGN KEY(decision) REFERENCES decisions (id),
    CONSTRAINT fk_warnings_incident FOREIGN KEY(incident) REFERENCES messages (pk)
);

CREATE INDEX ix_warnings_decision ON warnings (decision);

CREATE INDEX ix_warnings_incident ON warnings (incident);

CREATE INDEX ix_warnings_person ON warnings (person);

CREATE TABLE outgoing (
    id TEXT NOT NULL,
    decision TEXT NOT NULL,
    message INTEGER NOT NULL,
    operation TEXT NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    not_before BIGINT NOT NULL,
    warning TEXT,
    state SMALLINT NOT NULL,
    changed_at BIGINT,
    changed_by TEXT,
    proof TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_outgoing PRIMARY KEY (id),
    CONSTRAINT fk_outgoing_decision FOREIGN KEY(decision) REFERENCES decisions (id),
    CONSTRAINT fk_outgoing_message FOREIGN KEY(message) REFERENCES messages (pk),
    CONSTRAINT fk_outgoing_warning FOREIGN KEY(warning) REFERENCES warnings (id)
);

CREATE INDEX ix_outgoing_decision ON outgoing (decision);

CREATE INDEX ix_outgoing_message ON outgoing (message);

CREATE INDEX ix_outgoing_state ON outgoing (state, not_before);

CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_keeps_words BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_keeps_order BEFORE INSERT ON journal
WHEN NEW.sequence <> coalesce((SELECT sequence FROM journal_head), 0) + 1
BEGIN
    SELECT RAISE(ABORT, 'the journal grows by one');
END;

CREATE TRIGGER journal_head_stays BEFORE DELETE ON journal_head
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_head_moves_on BEFORE UPDATE ON journal_head
WHEN NEW.sequence <> OLD.sequence + 1
BEGIN
    SELECT RAISE(ABORT, 'the journal grows by one');
END;

INSERT INTO watermark (one, arrival) VALUES (1, 0);
