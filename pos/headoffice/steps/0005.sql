-- e-invoices and red letters that head office itself issues, each under its own number: what was
-- asked for (`items`: its rows, without names), where its machine stands (`course`), the
-- document with its buyer (`sealed`), and who works on it until when (`holder`). `back` are the
-- returns that an invoice leaves out, or that a red letter takes back.
CREATE TABLE issuing (
    shop_id {text} NOT NULL, no {text} NOT NULL, kind {text} NOT NULL,
    number {text} NOT NULL, order_id {text} NOT NULL, day {text} NOT NULL,
    asked_at {text} NOT NULL, asked_by {text} NOT NULL,
    special {int} NOT NULL, person_id {text} NOT NULL,
    total_fen {int} NOT NULL, tax_fen {int} NOT NULL,
    cause {text} NOT NULL, of_no {text} NOT NULL, replaces {text} NOT NULL, back {text} NOT NULL,
    state {text} NOT NULL, open {int} NOT NULL, next_at {text} NOT NULL, waits_for {text} NOT NULL,
    bureau_no {text} NOT NULL, ended_at {text} NOT NULL,
    items {text} NOT NULL, course {text} NOT NULL, sealed {text} NOT NULL,
    holder {text} NOT NULL, held_until {text} NOT NULL,
    PRIMARY KEY (shop_id, no)
){end};
CREATE INDEX issuing_of_order ON issuing (shop_id, number);
CREATE INDEX issuing_by_day ON issuing (shop_id, day);
CREATE INDEX issuing_due ON issuing (open, next_at);
-- their buyers' keys, wrapped; none where a buyer was erased
CREATE TABLE buyers (
    shop_id {text} NOT NULL, person_id {text} NOT NULL,
    wrapped_key {text} NOT NULL, made_at {text} NOT NULL, erased_at {text} NOT NULL,
    PRIMARY KEY (shop_id, person_id)
){end};
-- returns to be looked at for red letters
CREATE TABLE returns_todo (
    shop_id {text} NOT NULL, order_id {text} NOT NULL,
    by_shop {text} NOT NULL, by_number {text} NOT NULL,
    PRIMARY KEY (shop_id, order_id, by_shop, by_number)
){end};
