-- shared
-- messages to managers: kept before they are sent, by whom and until when they are sent (`holder`)
CREATE TABLE messages (
    message_id {text} NOT NULL PRIMARY KEY,
    about {text} NOT NULL, state {text} NOT NULL, tries {int} NOT NULL, next_at {text} NOT NULL,
    doubtful {int} NOT NULL, why {text} NOT NULL, queued_at {text} NOT NULL, body {text} NOT NULL,
    holder {text} NOT NULL, held_until {text} NOT NULL
){end};
CREATE INDEX messages_due ON messages (state, next_at);
