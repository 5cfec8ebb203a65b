CREATE TABLE payment_attempts (
    attempt_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    way TEXT NOT NULL,
    out_trade_no TEXT NOT NULL,
    fen INTEGER NOT NULL,
    state TEXT NOT NULL,
    live INTEGER NOT NULL,
    open INTEGER NOT NULL,
    code_mark TEXT NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    created_at TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (attempt_id),
    CONSTRAINT attempt_fen CHECK (fen > 0),
    UNIQUE (out_trade_no)
)
 STRICT;
CREATE UNIQUE INDEX attempt_code ON payment_attempts (code_mark, business_date) WHERE code_mark <> '';
CREATE INDEX attempts_by_order ON payment_attempts (order_id);
CREATE INDEX attempts_open ON payment_attempts (open) WHERE open = 1;
CREATE UNIQUE INDEX one_live_attempt ON payment_attempts (order_id) WHERE live = 1;
CREATE TABLE payment_refunds (
    out_refund_no TEXT NOT NULL,
    attempt_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    fen INTEGER NOT NULL,
    state TEXT NOT NULL,
    open INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (out_refund_no),
    CONSTRAINT refund_fen CHECK (fen > 0),
    FOREIGN KEY(attempt_id) REFERENCES payment_attempts (attempt_id) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX refunds_by_attempt ON payment_refunds (attempt_id);
CREATE INDEX refunds_open ON payment_refunds (open) WHERE open = 1;
CREATE TABLE payment_log (
    subject TEXT NOT NULL,
    n INTEGER NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (subject, n)
)
 STRICT;
CREATE TABLE payment_differences (
    channel TEXT NOT NULL,
    day TEXT NOT NULL,
    difference TEXT NOT NULL,
    number TEXT NOT NULL,
    order_id TEXT NOT NULL,
    local_fen INTEGER,
    bill_fen INTEGER,
    explained INTEGER NOT NULL,
    resolved_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (channel, day, difference, number)
)
 STRICT;
CREATE TABLE payment_pool (
    channel TEXT NOT NULL,
    day TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (channel, day)
)
 STRICT;
