-- Who can be asked about what, when they were last asked, and which question went to whom.
CREATE TABLE experts (
    actor_id      BIGINT PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    role          TEXT NOT NULL DEFAULT '',       -- storage.experts
    region        TEXT NOT NULL DEFAULT '',
    asked         BIGINT NOT NULL DEFAULT 0       -- when a question last went to them from here, or came to them
);
CREATE TABLE expertise (
    word          TEXT NOT NULL,                  -- a topic, or a setting
    sort          TEXT NOT NULL,                  -- topic, setting
    actor_id      BIGINT NOT NULL REFERENCES experts (actor_id) ON DELETE CASCADE,
    PRIMARY KEY (sort, word, actor_id)
);
CREATE INDEX expertise_by_actor ON expertise (actor_id);

CREATE TABLE asks (
    post_id       BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,   -- the question
    actor_id      BIGINT NOT NULL REFERENCES experts (actor_id) ON DELETE CASCADE,
    at            BIGINT NOT NULL,
    PRIMARY KEY (post_id, actor_id)
);
CREATE INDEX asks_by_actor ON asks (actor_id);
CREATE INDEX posts_unanswered ON posts (id) WHERE kind = 'question' AND visibility = 'public' AND replies_count = 0;
