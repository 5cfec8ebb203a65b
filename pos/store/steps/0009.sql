CREATE TABLE epochs (
    epoch INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (epoch),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
INSERT INTO epochs SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE "key" = 'epoch'), jn, 'created'
    FROM journal WHERE jn = 1;
CREATE TRIGGER epochs_no_update BEFORE UPDATE ON epochs BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER epochs_no_delete BEFORE DELETE ON epochs BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE recovered (
    epoch INTEGER NOT NULL,
    own_jn INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (epoch, own_jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE TRIGGER recovered_no_update BEFORE UPDATE ON recovered BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER recovered_no_delete BEFORE DELETE ON recovered BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE sync_parked (
    jn INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    hash TEXT NOT NULL,
    verdict TEXT NOT NULL,
    code TEXT NOT NULL,
    words TEXT NOT NULL,
    at TEXT NOT NULL,
    times INTEGER NOT NULL,
    again INTEGER NOT NULL,
    PRIMARY KEY (jn)
)
 STRICT;
CREATE TABLE sync_requests (
    request_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    order_id TEXT NOT NULL,
    state TEXT NOT NULL,
    body BLOB NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (request_id)
)
 STRICT;
CREATE INDEX sync_requests_open ON sync_requests (state, kind);
CREATE TABLE received (
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, "key")
)
 STRICT;
CREATE TABLE received_prices (
    sku TEXT NOT NULL,
    stream TEXT NOT NULL,
    effective_at TEXT NOT NULL,
    price_fen INTEGER NOT NULL,
    member_fen INTEGER,
    lowest_fen INTEGER,
    PRIMARY KEY (sku, stream, effective_at)
)
 STRICT;
CREATE INDEX received_prices_due ON received_prices (effective_at);
ALTER TABLE products ADD COLUMN listed INTEGER;
