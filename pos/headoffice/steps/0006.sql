-- shared
-- what accounts of members and gift cards hold: one row for the whole chain, whichever shops pay in
CREATE TABLE balances (
    member_id {text} NOT NULL PRIMARY KEY,
    shop_id {text} NOT NULL, card {text} NOT NULL, level {text} NOT NULL, active {int} NOT NULL,
    stored_fen {int} NOT NULL, points {int} NOT NULL, changed_at {text} NOT NULL
){end};
INSERT INTO balances
    SELECT member_id, min(shop_id), max(card), max(level), max(active),
        sum(stored_fen), sum(points), max(changed_at)
    FROM members GROUP BY member_id;
DROP TABLE members;
CREATE INDEX spends_of_account ON spends (member_id, state);

-- shared
-- who joined, for all shops: sealed, found by keyed hashes; main is the same person's first id
CREATE TABLE people (
    member_id {text} NOT NULL PRIMARY KEY,
    main {text} NOT NULL, phone_mac {text} NOT NULL, last4_mac {text} NOT NULL,
    name_mac {text} NOT NULL, card_mac {text} NOT NULL,
    level {text} NOT NULL, joined_at {text} NOT NULL,
    wrapped_key {text} NOT NULL, sealed {text} NOT NULL,
    erased {int} NOT NULL, asker {text} NOT NULL, changed_at {text} NOT NULL
){end};
CREATE INDEX people_by_phone ON people (phone_mac);
CREATE INDEX people_by_last4 ON people (last4_mac);
CREATE INDEX people_by_name ON people (name_mac);
CREATE INDEX people_by_card ON people (card_mac);
CREATE INDEX people_by_main ON people (main);

-- codes that customers show; shop_id is empty for those of the whole chain
CREATE TABLE coupons (
    shop_id {text} NOT NULL, code {text} NOT NULL,
    offer_id {text} NOT NULL, uses {int} NOT NULL, active {int} NOT NULL,
    PRIMARY KEY (shop_id, code)
){end};
CREATE TABLE coupon_uses (
    shop_id {text} NOT NULL, request_id {text} NOT NULL,
    code {text} NOT NULL, asker {text} NOT NULL, operator {text} NOT NULL,
    order_id {text} NOT NULL, state {text} NOT NULL, since {text} NOT NULL,
    ended_at {text} NOT NULL, order_number {text} NOT NULL,
    PRIMARY KEY (shop_id, request_id)
){end};
CREATE INDEX coupon_uses_of ON coupon_uses (shop_id, code, state);
CREATE INDEX coupon_uses_open ON coupon_uses (asker, state);
