CREATE TABLE shift_closes (
    shift_id TEXT NOT NULL,
    jn INTEGER NOT NULL,
    operator TEXT NOT NULL,
    owner TEXT NOT NULL,
    business_date TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    expected_fen INTEGER NOT NULL,
    left_fen INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    auto INTEGER NOT NULL,
    PRIMARY KEY (shift_id),
    FOREIGN KEY(shift_id) REFERENCES shifts (shift_id) ON DELETE RESTRICT,
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    UNIQUE (jn)
)
 STRICT;
CREATE TABLE shift_counts (
    jn INTEGER NOT NULL,
    way TEXT NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    declared_fen INTEGER NOT NULL,
    expected_fen INTEGER NOT NULL,
    difference_fen INTEGER NOT NULL,
    PRIMARY KEY (jn, way),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    FOREIGN KEY(shift_id) REFERENCES shifts (shift_id) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX shift_counts_by_shift ON shift_counts (shift_id);
CREATE TABLE day_closes (
    z INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    after_jn INTEGER NOT NULL,
    upto_jn INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    net_fen INTEGER NOT NULL,
    tax_fen INTEGER NOT NULL,
    grand_total_fen INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    auto INTEGER NOT NULL,
    PRIMARY KEY (z),
    CONSTRAINT z_positive CHECK (z > 0),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    UNIQUE (jn)
)
 STRICT;
CREATE INDEX day_closes_by_date ON day_closes (business_date);
CREATE TRIGGER shift_closes_no_update BEFORE UPDATE ON shift_closes BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER shift_closes_no_delete BEFORE DELETE ON shift_closes BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER shift_counts_no_update BEFORE UPDATE ON shift_counts BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER shift_counts_no_delete BEFORE DELETE ON shift_counts BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER day_closes_no_update BEFORE UPDATE ON day_closes BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER day_closes_no_delete BEFORE DELETE ON day_closes BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
