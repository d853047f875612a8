-- What a desk has learned from its decisions, and which of it is in force.

CREATE TABLE layers (
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    figures TEXT NOT NULL,
    engine TEXT NOT NULL,
    decisions INTEGER NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    CONSTRAINT pk_layers PRIMARY KEY (id)
) WITHOUT ROWID;

CREATE TABLE adoptions (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    layer TEXT NOT NULL,
    at BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by TEXT,
    CONSTRAINT fk_adoptions_layer FOREIGN KEY(layer) REFERENCES layers (id)
);
