-- Connected accounts, every try at carrying something out, and pictures that were removed before.

CREATE TABLE connections (
    account INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    state SMALLINT NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    connected_at BIGINT,
    scopes TEXT NOT NULL,
    expires_at BIGINT,
    client_id TEXT DEFAULT '' NOT NULL,
    base_url TEXT DEFAULT '' NOT NULL,
    settings TEXT NOT NULL,
    cursor TEXT DEFAULT '' NOT NULL,
    collected_at BIGINT,
    waits_until BIGINT,
    looked_at BIGINT,
    budgets TEXT NOT NULL,
    CONSTRAINT pk_connections PRIMARY KEY (account),
    CONSTRAINT fk_connections_account FOREIGN KEY(account) REFERENCES accounts (pk)
);

CREATE TABLE attempts (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    item TEXT NOT NULL,
    act TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    result TEXT,
    request_id TEXT DEFAULT '' NOT NULL,
    external_id TEXT DEFAULT '' NOT NULL,
    status SMALLINT DEFAULT '0' NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    answer TEXT DEFAULT '' NOT NULL,
    read_back BOOLEAN DEFAULT '0' NOT NULL,
    CONSTRAINT fk_attempts_item FOREIGN KEY(item) REFERENCES outgoing (id)
);

CREATE INDEX ix_attempts_item ON attempts (item, pk);

CREATE TABLE known_pictures (
    hash BIGINT NOT NULL,
    rule TEXT NOT NULL,
    label TEXT DEFAULT '' NOT NULL,
    message TEXT NOT NULL,
    noted_at BIGINT NOT NULL,
    noted_by TEXT NOT NULL,
    CONSTRAINT pk_known_pictures PRIMARY KEY (hash, rule)
) WITHOUT ROWID;

ALTER TABLE outgoing ADD COLUMN retry_at BIGINT;

ALTER TABLE outgoing ADD COLUMN code TEXT DEFAULT '' NOT NULL;
