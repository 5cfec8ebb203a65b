ALTER TABLE order_lines ADD COLUMN cost_fen INTEGER;
ALTER TABLE stock_moves ADD COLUMN value_fen INTEGER;
ALTER TABLE stock_moves ADD COLUMN paid_fen INTEGER;
ALTER TABLE stock_levels ADD COLUMN valued_milli INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock_levels ADD COLUMN value_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock_levels ADD COLUMN cost_fen INTEGER;
DROP TRIGGER stock_moves_count;
CREATE TRIGGER stock_moves_count AFTER INSERT ON stock_moves BEGIN
    INSERT INTO stock_levels VALUES (
        new.product_id, new.milli, iif(new.value_fen IS NULL, 0, new.milli),
        coalesce(new.value_fen, 0), (new.paid_fen * 2000 + new.milli) / (new.milli * 2)
    ) ON CONFLICT (product_id) DO UPDATE SET
        milli = milli + excluded.milli, valued_milli = valued_milli + excluded.valued_milli,
        value_fen = value_fen + excluded.value_fen,
        cost_fen = coalesce(excluded.cost_fen, cost_fen)
    ; END;
CREATE TABLE stock_documents (
    doc_id TEXT NOT NULL,
    jn INTEGER NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    at TEXT NOT NULL,
    frozen_at TEXT NOT NULL,
    partner TEXT NOT NULL,
    reference TEXT NOT NULL,
    reason TEXT NOT NULL,
    approver TEXT NOT NULL,
    lines INTEGER NOT NULL,
    value_fen INTEGER NOT NULL,
    PRIMARY KEY (doc_id),
    UNIQUE (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    UNIQUE (number)
)
 STRICT;
CREATE INDEX stock_documents_by_date ON stock_documents (business_date);
CREATE TRIGGER stock_documents_no_update BEFORE UPDATE ON stock_documents BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER stock_documents_no_delete BEFORE DELETE ON stock_documents BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE stock_drafts (
    doc_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (doc_id),
    UNIQUE (kind)
)
 STRICT;
CREATE TABLE stock_draft_lines (
    doc_id TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (doc_id, line_no),
    FOREIGN KEY(doc_id) REFERENCES stock_drafts (doc_id) ON DELETE CASCADE
)
 STRICT;
