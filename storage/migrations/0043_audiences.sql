-- Where posts of this node went, so that they can be taken back there. A set of inboxes is kept once, however many
-- posts went to it: an author's followers are on the same servers from one post to the next.
CREATE TABLE audiences (
    id          BIGINT PRIMARY KEY,
    digest      TEXT NOT NULL UNIQUE,             -- of the inboxes
    inboxes     TEXT NOT NULL,                    -- JSON, in order
    used        BIGINT NOT NULL                   -- when a post last went there, to the hour
);
CREATE INDEX audiences_by_use ON audiences (used);
CREATE TABLE post_audiences (
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    audience_id BIGINT NOT NULL REFERENCES audiences (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, audience_id)
);
CREATE INDEX post_audiences_by_audience ON post_audiences (audience_id);

-- Servers that asked for a post themselves, by the key that they signed with.
CREATE TABLE post_fetchers (
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    host        TEXT NOT NULL,
    key_uri     TEXT NOT NULL,
    PRIMARY KEY (post_id, host)
);
