-- shared
-- who may look at the pages; of_shop is empty for the whole chain
CREATE TABLE accounts (
    name {text} NOT NULL PRIMARY KEY,
    role {text} NOT NULL, of_shop {text} NOT NULL,
    password_hash {text} NOT NULL, must_change {int} NOT NULL, active {int} NOT NULL,
    made_at {text} NOT NULL, made_by {text} NOT NULL
){end};

-- shared
-- wrong passwords by the name that was typed, known or not
CREATE TABLE knocks (
    name {text} NOT NULL PRIMARY KEY,
    failures {int} NOT NULL, until_at {text} NOT NULL, at {text} NOT NULL
){end};

-- shared
CREATE TABLE sessions (
    token_hash {text} NOT NULL PRIMARY KEY,
    account {text} NOT NULL, made_at {text} NOT NULL, seen_at {text} NOT NULL
){end};

-- shared
-- a provider's bill of a day against all records of the chain
CREATE TABLE reconciled (
    channel {text} NOT NULL, day {text} NOT NULL,
    at {text} NOT NULL, who {text} NOT NULL, report {text} NOT NULL,
    PRIMARY KEY (channel, day)
){end};

-- a Z beside what arrived asks for a till's orders by their place in its journal
CREATE INDEX orders_by_place ON orders (shop_id, till_id, jn);
