CREATE TABLE drafts (
    order_id TEXT NOT NULL,
    state TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (order_id)
)
 STRICT;
CREATE TABLE journal (
    jn INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (jn),
    CONSTRAINT jn_positive CHECK (jn > 0)
)
 STRICT;
CREATE TABLE meta (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY ("key")
)
 STRICT;
CREATE TABLE operators (
    operator_id TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    active INTEGER NOT NULL,
    wrong_pins INTEGER NOT NULL,
    wait_until TEXT NOT NULL,
    PRIMARY KEY (operator_id)
)
 STRICT;
CREATE TABLE print_jobs (
    job_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    copy_no INTEGER NOT NULL,
    state TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    PRIMARY KEY (job_id)
)
 STRICT;
CREATE INDEX print_jobs_waiting ON print_jobs (state);
CREATE TABLE products (
    product_id INTEGER NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    spec TEXT NOT NULL,
    unit TEXT NOT NULL,
    category TEXT NOT NULL,
    price_fen INTEGER NOT NULL,
    member_fen INTEGER,
    lowest_fen INTEGER,
    tax_bp INTEGER NOT NULL,
    weighed INTEGER NOT NULL,
    discountable INTEGER NOT NULL,
    active INTEGER NOT NULL,
    PRIMARY KEY (product_id),
    UNIQUE (sku)
)
 STRICT;
CREATE TABLE barcodes (
    code TEXT NOT NULL,
    product_id INTEGER NOT NULL,
    PRIMARY KEY (code),
    FOREIGN KEY(product_id) REFERENCES products (product_id) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX ix_barcodes_product_id ON barcodes (product_id);
CREATE TABLE cash_moves (
    jn INTEGER NOT NULL,
    cash_id TEXT NOT NULL,
    move TEXT NOT NULL,
    fen INTEGER NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    UNIQUE (cash_id)
)
 STRICT;
CREATE TABLE draft_lines (
    order_id TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY(order_id) REFERENCES drafts (order_id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE events (
    jn INTEGER NOT NULL,
    kind TEXT NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX events_by_kind ON events (kind, subject);
CREATE TABLE orders (
    order_id TEXT NOT NULL,
    jn INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    number TEXT NOT NULL,
    ref TEXT,
    state TEXT NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    total_fen INTEGER NOT NULL,
    tax_fen INTEGER NOT NULL,
    rounding_fen INTEGER NOT NULL,
    change_fen INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (order_id),
    CONSTRAINT order_seq UNIQUE (epoch, seq),
    CONSTRAINT order_state CHECK (state in ('closed', 'voided')),
    UNIQUE (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    UNIQUE (number),
    UNIQUE (ref)
)
 STRICT;
CREATE INDEX orders_by_date ON orders (business_date);
CREATE TABLE overrides (
    jn INTEGER NOT NULL,
    override_id TEXT NOT NULL,
    command TEXT NOT NULL,
    operator TEXT NOT NULL,
    approver TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    order_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    PRIMARY KEY (jn),
    CONSTRAINT two_people CHECK (approver <> operator),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    UNIQUE (override_id)
)
 STRICT;
CREATE TABLE shifts (
    shift_id TEXT NOT NULL,
    jn INTEGER NOT NULL,
    operator TEXT NOT NULL,
    business_date TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    PRIMARY KEY (shift_id),
    UNIQUE (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE TABLE stock_moves (
    jn INTEGER NOT NULL,
    n INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    sku TEXT NOT NULL,
    kind TEXT NOT NULL,
    milli INTEGER NOT NULL,
    PRIMARY KEY (jn, n),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX stock_moves_by_product ON stock_moves (product_id);
CREATE TABLE voided_lines (
    jn INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    milli INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    list_fen INTEGER NOT NULL,
    PRIMARY KEY (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE TABLE line_adjustments (
    order_id TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    n INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    kind TEXT NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (order_id, line_no, n),
    FOREIGN KEY(order_id) REFERENCES orders (order_id) ON DELETE RESTRICT,
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE TABLE order_lines (
    order_id TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    sku TEXT NOT NULL,
    barcode TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    milli INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    list_fen INTEGER NOT NULL,
    net_fen INTEGER NOT NULL,
    tax_bp INTEGER NOT NULL,
    tax_fen INTEGER NOT NULL,
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY(order_id) REFERENCES orders (order_id) ON DELETE RESTRICT,
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE TABLE order_tenders (
    order_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    way TEXT NOT NULL,
    fen INTEGER NOT NULL,
    given_fen INTEGER NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (order_id, n),
    FOREIGN KEY(order_id) REFERENCES orders (order_id) ON DELETE RESTRICT,
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER shifts_no_update BEFORE UPDATE ON shifts BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER shifts_no_delete BEFORE DELETE ON shifts BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER orders_no_update BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER order_lines_no_update BEFORE UPDATE ON order_lines BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER order_lines_no_delete BEFORE DELETE ON order_lines BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER line_adjustments_no_update BEFORE UPDATE ON line_adjustments BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER line_adjustments_no_delete BEFORE DELETE ON line_adjustments BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER order_tenders_no_update BEFORE UPDATE ON order_tenders BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER order_tenders_no_delete BEFORE DELETE ON order_tenders BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER stock_moves_no_update BEFORE UPDATE ON stock_moves BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER stock_moves_no_delete BEFORE DELETE ON stock_moves BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER voided_lines_no_update BEFORE UPDATE ON voided_lines BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER voided_lines_no_delete BEFORE DELETE ON voided_lines BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER overrides_no_update BEFORE UPDATE ON overrides BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER overrides_no_delete BEFORE DELETE ON overrides BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER cash_moves_no_update BEFORE UPDATE ON cash_moves BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER cash_moves_no_delete BEFORE DELETE ON cash_moves BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
