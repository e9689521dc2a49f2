-- What the node's editors say on the page of a topic (an id of the taxonomy): a summary, and where to start.
CREATE TABLE topic_summaries (
    topic       TEXT PRIMARY KEY,
    text        TEXT NOT NULL,                    -- plain
    editor_id   BIGINT REFERENCES actors (id) ON DELETE SET NULL,
    written     BIGINT NOT NULL
);
CREATE INDEX topic_summaries_by_editor ON topic_summaries (editor_id) WHERE editor_id IS NOT NULL;
CREATE TABLE topic_starts (
    id          BIGINT PRIMARY KEY,               -- the order in which they are shown
    topic       TEXT NOT NULL,
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    editor_id   BIGINT REFERENCES actors (id) ON DELETE SET NULL,
    chosen      BIGINT NOT NULL,
    UNIQUE (topic, post_id)
);
CREATE INDEX topic_starts_by_topic ON topic_starts (topic, id);
CREATE INDEX topic_starts_by_post ON topic_starts (post_id);
CREATE INDEX topic_starts_by_editor ON topic_starts (editor_id) WHERE editor_id IS NOT NULL;
