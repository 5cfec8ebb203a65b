-- Everything that belongs to a shop has its shop_id first in every key, so that it can be spread by
-- shop. Tables marked "shared" are the same everywhere: reference tables of a distributed database.

-- shared
CREATE TABLE chain (key {text} NOT NULL PRIMARY KEY, value {text} NOT NULL){end};

-- shared
CREATE TABLE codes (
    code_hash {text} NOT NULL PRIMARY KEY,
    shop_id {text} NOT NULL, till_id {text} NOT NULL,
    made_at {text} NOT NULL, expires_at {text} NOT NULL,
    used_at {text} NOT NULL, public_key {text} NOT NULL, ledger_id {text} NOT NULL
){end};

-- shared
CREATE TABLE products (
    sku {text} NOT NULL PRIMARY KEY,
    name {text} NOT NULL, unit {text} NOT NULL, category {text} NOT NULL,
    active {int} NOT NULL, stocked {int} NOT NULL, low_milli {int} NOT NULL
){end};

CREATE TABLE shops (
    shop_id {text} NOT NULL PRIMARY KEY, name {text} NOT NULL, made_at {text} NOT NULL
){end};

CREATE TABLE tills (
    shop_id {text} NOT NULL, till_id {text} NOT NULL,
    state {text} NOT NULL, serial {int} NOT NULL,
    public_key {text} NOT NULL, ledger_id {text} NOT NULL, epoch {int} NOT NULL,
    enrolled_at {text} NOT NULL,
    seen_at {text} NOT NULL, seen_state {text} NOT NULL, version {text} NOT NULL,
    head_epoch {int} NOT NULL, head_jn {int} NOT NULL, head_hash {text} NOT NULL,
    pending {int} NOT NULL, rejected {int} NOT NULL, oldest {text} NOT NULL,
    skew_seconds {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id)
){end};

CREATE TABLE epochs (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL,
    public_key {text} NOT NULL, ledger_id {text} NOT NULL,
    first_jn {int} NOT NULL, top_jn {int} NOT NULL,
    high_jn {int} NOT NULL, high_hash {text} NOT NULL,
    opened_at {text} NOT NULL, fenced_at {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch)
){end};

-- ranges of jn below the top that are not there: missing, or kept aside as rejected
CREATE TABLE gaps (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL,
    from_jn {int} NOT NULL, to_jn {int} NOT NULL, kind {text} NOT NULL, since {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, from_jn)
){end};

CREATE TABLE inbox (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    body {text} NOT NULL, hash {text} NOT NULL, previous {text} NOT NULL,
    signature {text} NOT NULL, received_at {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){wide};

CREATE TABLE quarantine (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    hash {text} NOT NULL, verdict {text} NOT NULL, code {text} NOT NULL,
    body {text} NOT NULL, previous {text} NOT NULL, signature {text} NOT NULL,
    received_at {text} NOT NULL,
    decided_at {text} NOT NULL, decided_by {text} NOT NULL, decision {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn, hash)
){end};

-- up to where the inbox is in the tables; what came later below that; what made no sense
CREATE TABLE progress (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch)
){end};
CREATE TABLE todo (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE TABLE flaws (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    kind {text} NOT NULL, why {text} NOT NULL, found_at {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};

CREATE TABLE nonces (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, nonce {text} NOT NULL, at {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, nonce)
){end};
CREATE INDEX nonces_by_time ON nonces (shop_id, at);
CREATE TABLE rates (
    shop_id {text} NOT NULL, subject {text} NOT NULL, minute {text} NOT NULL, n {int} NOT NULL,
    PRIMARY KEY (shop_id, subject, minute)
){end};

CREATE TABLE orders (
    shop_id {text} NOT NULL, number {text} NOT NULL,
    till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL, seq {int} NOT NULL,
    order_id {text} NOT NULL, state {text} NOT NULL,
    operator {text} NOT NULL, shift_id {text} NOT NULL, business_date {text} NOT NULL,
    opened_at {text} NOT NULL, ended_at {text} NOT NULL, hour {int} NOT NULL,
    lines {int} NOT NULL, total_fen {int} NOT NULL, tax_fen {int} NOT NULL,
    rounding_fen {int} NOT NULL, change_fen {int} NOT NULL,
    person_id {text} NOT NULL, reason {text} NOT NULL,
    PRIMARY KEY (shop_id, number)
){end};
CREATE INDEX orders_by_day ON orders (shop_id, business_date, till_id);
CREATE INDEX orders_by_id ON orders (order_id);

CREATE TABLE order_lines (
    shop_id {text} NOT NULL, number {text} NOT NULL, line_no {int} NOT NULL,
    business_date {text} NOT NULL,
    sku {text} NOT NULL, barcode {text} NOT NULL, name {text} NOT NULL, unit {text} NOT NULL,
    milli {int} NOT NULL, factor {int} NOT NULL, unit_fen {int} NOT NULL, list_fen {int} NOT NULL,
    net_fen {int} NOT NULL, tax_bp {int} NOT NULL, tax_fen {int} NOT NULL,
    costed {int} NOT NULL, cost_fen {int} NOT NULL, adjustments {text} NOT NULL,
    PRIMARY KEY (shop_id, number, line_no)
){end};

CREATE TABLE order_tenders (
    shop_id {text} NOT NULL, number {text} NOT NULL, n {int} NOT NULL,
    business_date {text} NOT NULL, way {text} NOT NULL,
    fen {int} NOT NULL, given_fen {int} NOT NULL, reference {text} NOT NULL,
    PRIMARY KEY (shop_id, number, n)
){end};

-- goods that came back: by the line they were sold with
CREATE TABLE returned (
    shop_id {text} NOT NULL, order_id {text} NOT NULL, line_no {int} NOT NULL,
    by_shop {text} NOT NULL, by_number {text} NOT NULL, by_line {int} NOT NULL, milli {int} NOT NULL,
    PRIMARY KEY (shop_id, order_id, line_no, by_shop, by_number, by_line)
){end};

CREATE INDEX returned_by ON returned (by_shop, by_number);
-- records a till got back from head office, under the records that brought them
CREATE TABLE recovered (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    of_epoch {int} NOT NULL, of_jn {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};

CREATE TABLE stock (
    shop_id {text} NOT NULL, sku {text} NOT NULL, milli {int} NOT NULL, version {int} NOT NULL,
    PRIMARY KEY (shop_id, sku)
){end};
CREATE INDEX stock_by_version ON stock (shop_id, version);
-- moves that no order made
CREATE TABLE stock_moves (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    n {int} NOT NULL, sku {text} NOT NULL, kind {text} NOT NULL, milli {int} NOT NULL,
    doc {text} NOT NULL, at {text} NOT NULL, operator {text} NOT NULL, partner {text} NOT NULL,
    reason {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn, n)
){end};

CREATE TABLE shifts (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, shift_id {text} NOT NULL,
    epoch {int} NOT NULL, jn {int} NOT NULL, operator {text} NOT NULL,
    business_date {text} NOT NULL, opened_at {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, shift_id)
){end};
CREATE TABLE cash_moves (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    operator {text} NOT NULL, shift_id {text} NOT NULL, business_date {text} NOT NULL,
    at {text} NOT NULL, move {text} NOT NULL, fen {int} NOT NULL, reason {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE TABLE voided_lines (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    operator {text} NOT NULL, shift_id {text} NOT NULL, business_date {text} NOT NULL,
    at {text} NOT NULL, order_id {text} NOT NULL, sku {text} NOT NULL, name {text} NOT NULL,
    milli {int} NOT NULL, list_fen {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE TABLE overrides (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    operator {text} NOT NULL, approver {text} NOT NULL, business_date {text} NOT NULL,
    at {text} NOT NULL, command {text} NOT NULL, reason {text} NOT NULL,
    before {text} NOT NULL, after {text} NOT NULL, order_id {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
-- wallets: refunds asked and ended, doubts and differences settled by a manager
CREATE TABLE payments (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    kind {text} NOT NULL, at {text} NOT NULL, business_date {text} NOT NULL,
    channel {text} NOT NULL, reference {text} NOT NULL, fen {int} NOT NULL,
    state {text} NOT NULL, reason {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
-- everything else: its words are in the inbox under the same key
CREATE TABLE events (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    kind {text} NOT NULL, at {text} NOT NULL, operator {text} NOT NULL,
    business_date {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE INDEX events_by_kind ON events (shop_id, kind, business_date);

-- each till's Z beside what arrived
CREATE TABLE closes (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    z {int} NOT NULL, business_date {text} NOT NULL, at {text} NOT NULL, operator {text} NOT NULL,
    after_jn {int} NOT NULL, upto_jn {int} NOT NULL,
    first_seq {int} NOT NULL, last_seq {int} NOT NULL, orders {int} NOT NULL,
    net_fen {int} NOT NULL, tax_fen {int} NOT NULL, grand_total_fen {int} NOT NULL,
    ways {text} NOT NULL, counted {int} NOT NULL, difference_fen {int} NOT NULL,
    uncounted {int} NOT NULL, auto {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE INDEX closes_by_day ON closes (shop_id, business_date);
CREATE TABLE shift_closes (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    shift_id {text} NOT NULL, owner {text} NOT NULL, business_date {text} NOT NULL,
    opened_at {text} NOT NULL, closed_at {text} NOT NULL, orders {int} NOT NULL,
    net_fen {int} NOT NULL, expected_fen {int} NOT NULL, left_fen {int} NOT NULL,
    counted {int} NOT NULL, approver {text} NOT NULL, reason {text} NOT NULL, auto {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};
CREATE INDEX shift_closes_by_day ON shift_closes (shop_id, business_date);
-- what a shift declared, when it closed or later
CREATE TABLE counts (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    way {text} NOT NULL, shift_id {text} NOT NULL, business_date {text} NOT NULL,
    declared_fen {int} NOT NULL, expected_fen {int} NOT NULL, difference_fen {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn, way)
){end};
-- records of a day that was closed before they came
CREATE TABLE late (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    business_date {text} NOT NULL, found_at {text} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn)
){end};

-- what goes down; the chain's own stream has an empty shop_id
CREATE TABLE streams (shop_id {text} NOT NULL PRIMARY KEY, version {int} NOT NULL){end};
CREATE TABLE versions (
    shop_id {text} NOT NULL, version {int} NOT NULL, mark {text} NOT NULL, at {text} NOT NULL,
    PRIMARY KEY (shop_id, version)
){end};
CREATE TABLE items (
    shop_id {text} NOT NULL, kind {text} NOT NULL, key {text} NOT NULL,
    version {int} NOT NULL, value {text} NOT NULL,
    PRIMARY KEY (shop_id, kind, key)
){end};
CREATE INDEX items_by_version ON items (shop_id, version);
-- who changed what, for people
CREATE TABLE changes (
    shop_id {text} NOT NULL, version {int} NOT NULL, kind {text} NOT NULL, key {text} NOT NULL,
    value {text} NOT NULL, before {text} NOT NULL, at {text} NOT NULL, who {text} NOT NULL,
    PRIMARY KEY (shop_id, version, kind, key)
){end};

CREATE TABLE holds (
    shop_id {text} NOT NULL, hold_id {text} NOT NULL,
    till_id {text} NOT NULL, request_id {text} NOT NULL, operator {text} NOT NULL,
    label {text} NOT NULL, lines {int} NOT NULL, total_fen {int} NOT NULL,
    held_at {text} NOT NULL, body {text} NOT NULL, arrived_at {text} NOT NULL,
    claimed_by {text} NOT NULL, claim_id {text} NOT NULL, claim_operator {text} NOT NULL,
    claimed_at {text} NOT NULL,
    PRIMARY KEY (shop_id, hold_id)
){end};
CREATE INDEX holds_waiting ON holds (shop_id, claimed_by, arrived_at);

-- shop_id is the shop of the order, asker the till that returns
CREATE TABLE reservations (
    shop_id {text} NOT NULL, request_id {text} NOT NULL,
    asker {text} NOT NULL, operator {text} NOT NULL, number {text} NOT NULL, lines {text} NOT NULL,
    state {text} NOT NULL, since {text} NOT NULL, ended_at {text} NOT NULL,
    order_number {text} NOT NULL,
    PRIMARY KEY (shop_id, request_id)
){end};
CREATE INDEX reservations_open ON reservations (asker, state);
CREATE TABLE reserved (
    shop_id {text} NOT NULL, number {text} NOT NULL, request_id {text} NOT NULL,
    line_no {int} NOT NULL, milli {int} NOT NULL, state {text} NOT NULL,
    PRIMARY KEY (shop_id, number, request_id, line_no)
){end};

-- shop_id is the member's home shop
CREATE TABLE members (
    shop_id {text} NOT NULL, member_id {text} NOT NULL, card {text} NOT NULL,
    level {text} NOT NULL, active {int} NOT NULL,
    stored_fen {int} NOT NULL, points {int} NOT NULL, changed_at {text} NOT NULL,
    PRIMARY KEY (shop_id, member_id)
){end};
CREATE TABLE spends (
    shop_id {text} NOT NULL, request_id {text} NOT NULL,
    member_id {text} NOT NULL, asset {text} NOT NULL, amount {int} NOT NULL,
    asker {text} NOT NULL, operator {text} NOT NULL, order_id {text} NOT NULL,
    state {text} NOT NULL, since {text} NOT NULL, ended_at {text} NOT NULL,
    order_number {text} NOT NULL,
    PRIMARY KEY (shop_id, request_id)
){end};
CREATE INDEX spends_of_member ON spends (shop_id, member_id, state);
CREATE INDEX spends_open ON spends (asker, state);
