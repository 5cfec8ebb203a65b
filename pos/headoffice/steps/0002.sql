-- what records pay into accounts of stored value and points; negative where points go back
CREATE TABLE account_moves (
    shop_id {text} NOT NULL, till_id {text} NOT NULL, epoch {int} NOT NULL, jn {int} NOT NULL,
    n {int} NOT NULL, account {text} NOT NULL, asset {text} NOT NULL, amount {int} NOT NULL,
    PRIMARY KEY (shop_id, till_id, epoch, jn, n)
){end};
CREATE INDEX account_moves_of ON account_moves (account, asset);
