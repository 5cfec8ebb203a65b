CREATE TABLE payment_steps (
    jn INTEGER NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    row_sha256 TEXT NOT NULL,
    PRIMARY KEY (jn),
    FOREIGN KEY(jn) REFERENCES journal (jn) ON DELETE RESTRICT
)
 STRICT;
CREATE INDEX payment_steps_by_subject ON payment_steps (subject);
CREATE TRIGGER payment_steps_no_update BEFORE UPDATE ON payment_steps BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
CREATE TRIGGER payment_steps_no_delete BEFORE DELETE ON payment_steps BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
INSERT INTO meta SELECT 'payment_log', json_group_array(json_array(subject, at, event, state, detail))
    FROM (SELECT * FROM payment_log ORDER BY at, subject, n) HAVING count(*) > 0;
DROP TABLE payment_log;
