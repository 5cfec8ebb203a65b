ALTER TABLE orders ADD COLUMN reopened_as TEXT NOT NULL DEFAULT '';
ALTER TABLE order_lines ADD COLUMN of_order TEXT NOT NULL DEFAULT '';
ALTER TABLE order_lines ADD COLUMN of_line INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN condition TEXT NOT NULL DEFAULT '';
CREATE INDEX order_lines_back ON order_lines (of_order) WHERE of_order <> '';
ALTER TABLE order_tenders ADD COLUMN of_order TEXT NOT NULL DEFAULT '';
ALTER TABLE order_tenders ADD COLUMN of_tender INTEGER NOT NULL DEFAULT 0;
