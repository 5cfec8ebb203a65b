ALTER TABLE orders ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE order_lines ADD COLUMN seller TEXT NOT NULL DEFAULT '';
ALTER TABLE line_adjustments ADD COLUMN offer_id TEXT NOT NULL DEFAULT '';
CREATE TABLE order_offers (
    order_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    jn INTEGER NOT NULL,
    business_date TEXT NOT NULL,
    person_id TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    times INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    code TEXT NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (order_id, n),
    FOREIGN KEY(order_id) REFERENCES orders (order_id) ON DELETE RESTRICT,
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX order_offers_by_day ON order_offers (offer_id, business_date);
CREATE INDEX order_offers_by_person ON order_offers (person_id, offer_id) WHERE person_id <> '';
CREATE INDEX order_offers_by_code ON order_offers (code) WHERE code <> '';
CREATE TRIGGER order_offers_no_update BEFORE UPDATE ON order_offers BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER order_offers_no_delete BEFORE DELETE ON order_offers BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TABLE offer_totals (
    offer_id TEXT NOT NULL,
    times INTEGER NOT NULL,
    fen INTEGER NOT NULL,
    PRIMARY KEY (offer_id)
)
 STRICT;
CREATE TRIGGER order_offers_count AFTER INSERT ON order_offers BEGIN
    INSERT INTO offer_totals VALUES (new.offer_id, new.times, new.fen)
        ON CONFLICT (offer_id) DO UPDATE SET times = times + excluded.times, fen = fen + excluded.fen
    ; END;
CREATE TABLE offer_versions (
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    loaded_at TEXT NOT NULL,
    PRIMARY KEY (version)
)
 STRICT;
CREATE TABLE offers (
    version INTEGER NOT NULL,
    offer_id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (version, offer_id),
    FOREIGN KEY(version) REFERENCES offer_versions (version) ON DELETE RESTRICT
)
 STRICT;
CREATE TABLE coupons (
    code TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (code)
)
 STRICT;
