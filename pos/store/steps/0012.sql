ALTER TABLE order_lines ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN account TEXT NOT NULL DEFAULT '';
CREATE TABLE members (
    person_id TEXT NOT NULL,
    level TEXT NOT NULL,
    card BLOB,
    card_mac BLOB,
    birthday BLOB,
    joined_at TEXT NOT NULL,
    PRIMARY KEY (person_id),
    FOREIGN KEY(person_id) REFERENCES persons (person_id) ON DELETE RESTRICT
)
 STRICT;
CREATE UNIQUE INDEX members_by_card ON members (card_mac);
ALTER TABLE order_tenders ADD COLUMN account TEXT NOT NULL DEFAULT '';
CREATE INDEX order_lines_topups ON order_lines (order_id) WHERE account <> '';
