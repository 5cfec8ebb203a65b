-- e-invoices that tills asked for, by the order they are of
CREATE TABLE invoices (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    invoice_no {text} NOT NULL, number {text} NOT NULL, business_date {text} NOT NULL,
    at {text} NOT NULL, operator {text} NOT NULL, special {int} NOT NULL,
    total_fen {int} NOT NULL, tax_fen {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE INDEX invoices_of_order ON invoices (shop_id, number);
-- what takes them back
CREATE TABLE invoice_reds (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    red_no {text} NOT NULL, invoice_no {text} NOT NULL, total_fen {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE INDEX invoice_reds_of ON invoice_reds (shop_id, invoice_no);
-- how either ended, by our own number
CREATE TABLE invoice_ends (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    no {text} NOT NULL, state {text} NOT NULL, bureau_no {text} NOT NULL, at {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE INDEX invoice_ends_of ON invoice_ends (shop_id, no);
