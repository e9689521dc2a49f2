-- Direct posts by who takes part: one conversation for each member and each set of others.
CREATE TABLE conversations (
    id           BIGINT PRIMARY KEY,
    member_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    people       TEXT NOT NULL,                   -- ids of the other actors, rising, joined by commas
    last_post_id BIGINT,                          -- kept by triggers; NULL: all its posts are gone
    unread       BIGINT,                          -- since when, ms since 1970 UTC; NULL: read
    UNIQUE (member_id, people)
);
CREATE INDEX conversations_newest ON conversations (member_id, last_post_id) WHERE last_post_id IS NOT NULL;
CREATE TABLE conversation_posts (
    conversation_id BIGINT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    post_id         BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation_id, post_id)
);
CREATE INDEX conversation_posts_by_post ON conversation_posts (post_id);
