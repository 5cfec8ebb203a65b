ALTER TABLE products ADD COLUMN brand TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN supplier TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN cost_fen INTEGER;
ALTER TABLE products ADD COLUMN tax_code TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN earns_points INTEGER NOT NULL DEFAULT 1;
ALTER TABLE products ADD COLUMN stocked INTEGER NOT NULL DEFAULT 1;
ALTER TABLE products ADD COLUMN low_milli INTEGER;
ALTER TABLE products ADD COLUMN high_milli INTEGER;
ALTER TABLE products ADD COLUMN created_at TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN changed_at TEXT NOT NULL DEFAULT '';
CREATE INDEX products_by_change ON products (changed_at);
ALTER TABLE barcodes ADD COLUMN factor INTEGER NOT NULL DEFAULT 1;
ALTER TABLE barcodes ADD COLUMN price_fen INTEGER;
CREATE TABLE product_search (
    product_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (product_id),
    FOREIGN KEY(product_id) REFERENCES products (product_id) ON DELETE RESTRICT
)
 STRICT;
CREATE TABLE product_initials (
    initials TEXT NOT NULL,
    product_id INTEGER NOT NULL,
    PRIMARY KEY (initials, product_id),
    FOREIGN KEY(product_id) REFERENCES products (product_id) ON DELETE RESTRICT
)
 WITHOUT ROWID, STRICT;
CREATE INDEX ix_product_initials_product_id ON product_initials (product_id);
CREATE TABLE stock_levels (
    product_id INTEGER NOT NULL,
    milli INTEGER NOT NULL,
    PRIMARY KEY (product_id)
)
 STRICT;
CREATE TRIGGER stock_moves_count AFTER INSERT ON stock_moves BEGIN
    INSERT INTO stock_levels VALUES (new.product_id, new.milli)
        ON CONFLICT (product_id) DO UPDATE SET milli = milli + excluded.milli
    ; END;
ALTER TABLE orders ADD COLUMN person_id TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN delivery_id TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_by_person ON orders (person_id) WHERE person_id <> '';
CREATE INDEX orders_to_deliver ON orders (delivery_id) WHERE delivery_id <> '';
ALTER TABLE order_lines ADD COLUMN factor INTEGER NOT NULL DEFAULT 1;
CREATE TABLE persons (
    person_id TEXT NOT NULL,
    wrapped_key BLOB,
    name BLOB,
    phone BLOB,
    name_mac BLOB,
    phone_mac BLOB,
    last4_mac BLOB,
    created_at TEXT NOT NULL,
    erased_at TEXT NOT NULL,
    PRIMARY KEY (person_id)
)
 STRICT;
CREATE INDEX persons_by_phone ON persons (phone_mac);
CREATE INDEX persons_by_last4 ON persons (last4_mac);
CREATE INDEX persons_by_name ON persons (name_mac);
CREATE TABLE deliveries (
    delivery_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    address BLOB,
    note BLOB,
    created_at TEXT NOT NULL,
    PRIMARY KEY (delivery_id),
    FOREIGN KEY(person_id) REFERENCES persons (person_id) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX deliveries_by_person ON deliveries (person_id);
CREATE TABLE fulfilments (
    jn INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    state TEXT NOT NULL,
    operator TEXT NOT NULL,
    shift_id TEXT NOT NULL,
    business_date TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT,
    FOREIGN KEY(order_id) REFERENCES orders (order_id) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX fulfilments_by_order ON fulfilments (order_id);
CREATE TRIGGER fulfilments_no_update BEFORE UPDATE ON fulfilments BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER fulfilments_no_delete BEFORE DELETE ON fulfilments BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
INSERT INTO stock_levels SELECT product_id, sum(milli) FROM stock_moves GROUP BY product_id;
INSERT INTO product_search
    SELECT product_id, lower(name || ' ' || short_name || ' ' || spec) FROM products;
