-- What a desk knows of the hub and of other desks.

CREATE TABLE shared_events (
    event_id TEXT NOT NULL,
    own BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    decision TEXT DEFAULT '' NOT NULL,
    seq BIGINT,
    standing SMALLINT NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    accepted_at BIGINT,
    desk TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    previous TEXT DEFAULT '' NOT NULL,
    sha256 TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    matter TEXT DEFAULT '' NOT NULL,
    seal TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_shared_events PRIMARY KEY (event_id)
)
 WITHOUT ROWID;

CREATE INDEX ix_shared_events_decision ON shared_events (decision) WHERE decision <> '';

CREATE INDEX ix_shared_events_desk ON shared_events (desk, sequence);

CREATE INDEX ix_shared_events_kind ON shared_events (kind, standing);

CREATE INDEX ix_shared_events_seq ON shared_events (seq);

CREATE INDEX ix_shared_events_subject ON shared_events (subject);

CREATE TABLE content_places (
    message INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    CONSTRAINT pk_content_places PRIMARY KEY (message),
    CONSTRAINT fk_content_places_message FOREIGN KEY(message) REFERENCES messages (pk)
);

CREATE TABLE edits (
    seq BIGINT NOT NULL,
    message INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    CONSTRAINT pk_edits PRIMARY KEY (seq),
    CONSTRAINT fk_edits_message FOREIGN KEY(message) REFERENCES messages (pk)
);

CREATE INDEX ix_edits_message ON edits (message);

CREATE TABLE unsent (
    message INTEGER NOT NULL,
    CONSTRAINT pk_unsent PRIMARY KEY (message)
);

CREATE TABLE contested (
    decision TEXT NOT NULL,
    message INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    accepted_at BIGINT,
    code TEXT NOT NULL,
    fact TEXT NOT NULL,
    settled_at BIGINT,
    settled_by TEXT DEFAULT '' NOT NULL,
    outcome TEXT DEFAULT '' NOT NULL,
    word TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_contested PRIMARY KEY (decision),
    CONSTRAINT fk_contested_message FOREIGN KEY(message) REFERENCES messages (pk)
);

CREATE INDEX ix_contested_message ON contested (message);

CREATE TABLE peer_desks (
    id TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    staff TEXT DEFAULT '' NOT NULL,
    public_key BLOB NOT NULL,
    CONSTRAINT pk_peer_desks PRIMARY KEY (id)
);

CREATE TRIGGER unsent_when_new AFTER INSERT ON messages
WHEN EXISTS (SELECT 1 FROM meta WHERE key = 'hub')
BEGIN
    INSERT OR IGNORE INTO unsent (message) VALUES (NEW.pk);
END;

CREATE TRIGGER unsent_when_edited AFTER UPDATE OF sha256 ON messages
WHEN NEW.sha256 <> OLD.sha256 AND EXISTS (SELECT 1 FROM meta WHERE key = 'hub')
BEGIN
    INSERT OR IGNORE INTO unsent (message) VALUES (NEW.pk);
    DELETE FROM content_places WHERE message = NEW.pk;
END;

CREATE TRIGGER unsent_no_more BEFORE DELETE ON messages
BEGIN
    DELETE FROM unsent WHERE message = OLD.pk;
    DELETE FROM content_places WHERE message = OLD.pk;
    DELETE FROM edits WHERE message = OLD.pk;
END;
