CREATE TABLE invoices (
    invoice_no TEXT NOT NULL,
    jn INTEGER NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    order_id TEXT NOT NULL,
    number TEXT NOT NULL,
    provider TEXT NOT NULL,
    special INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    total_fen INTEGER NOT NULL,
    tax_fen INTEGER NOT NULL,
    replaces TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    PRIMARY KEY (invoice_no),
    CONSTRAINT invoice_fen CHECK (total_fen > 0),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX invoices_by_date ON invoices (business_date);
CREATE INDEX invoices_by_order ON invoices (order_id);
CREATE TRIGGER invoices_no_update BEFORE UPDATE ON invoices BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE invoice_rows (
    invoice_no TEXT NOT NULL,
    n INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    milli INTEGER NOT NULL,
    net_fen INTEGER NOT NULL,
    tax_fen INTEGER NOT NULL,
    PRIMARY KEY (invoice_no, n),
    FOREIGN KEY(invoice_no) REFERENCES invoices (invoice_no) ON DELETE RESTRICT,
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE TRIGGER invoice_rows_no_update BEFORE UPDATE ON invoice_rows BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER invoice_rows_no_delete BEFORE DELETE ON invoice_rows BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE invoice_ends (
    jn INTEGER NOT NULL,
    invoice_no TEXT NOT NULL,
    state TEXT NOT NULL,
    bureau_no TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    FOREIGN KEY(invoice_no) REFERENCES invoices (invoice_no) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX invoice_ends_by_invoice ON invoice_ends (invoice_no);
CREATE TRIGGER invoice_ends_no_update BEFORE UPDATE ON invoice_ends BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER invoice_ends_no_delete BEFORE DELETE ON invoice_ends BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE invoice_reds (
    red_no TEXT NOT NULL,
    jn INTEGER NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    invoice_no TEXT NOT NULL,
    order_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    total_fen INTEGER NOT NULL,
    tax_fen INTEGER NOT NULL,
    asked_at TEXT NOT NULL,
    PRIMARY KEY (red_no),
    CONSTRAINT red_fen CHECK (total_fen > 0),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    FOREIGN KEY(invoice_no) REFERENCES invoices (invoice_no) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX reds_by_date ON invoice_reds (business_date);
CREATE INDEX reds_by_invoice ON invoice_reds (invoice_no);
CREATE TRIGGER invoice_reds_no_update BEFORE UPDATE ON invoice_reds BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER invoice_reds_no_delete BEFORE DELETE ON invoice_reds BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE invoice_red_rows (
    red_no TEXT NOT NULL,
    n INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    milli INTEGER NOT NULL,
    net_fen INTEGER NOT NULL,
    tax_fen INTEGER NOT NULL,
    PRIMARY KEY (red_no, n),
    FOREIGN KEY(red_no) REFERENCES invoice_reds (red_no) ON DELETE RESTRICT,
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE TRIGGER invoice_red_rows_no_update BEFORE UPDATE ON invoice_red_rows BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER invoice_red_rows_no_delete BEFORE DELETE ON invoice_red_rows BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE red_ends (
    jn INTEGER NOT NULL,
    red_no TEXT NOT NULL,
    state TEXT NOT NULL,
    bureau_no TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    FOREIGN KEY(red_no) REFERENCES invoice_reds (red_no) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX red_ends_by_red ON red_ends (red_no);
CREATE TRIGGER red_ends_no_update BEFORE UPDATE ON red_ends BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER red_ends_no_delete BEFORE DELETE ON red_ends BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE invoice_work (
    no TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    state TEXT NOT NULL,
    open INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    waits_for TEXT NOT NULL,
    body BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (no)
)
 STRICT;
CREATE INDEX invoice_work_by_order ON invoice_work (order_id);
CREATE INDEX invoice_work_open ON invoice_work (open) WHERE open = 1;
CREATE TABLE messages (
    message_id TEXT NOT NULL,
    about TEXT NOT NULL,
    person_id TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    doubtful INTEGER NOT NULL,
    why TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (message_id)
)
 STRICT;
CREATE INDEX messages_open ON messages (next_at) WHERE state in ('waiting', 'sending');
