-- A collaborative says once what is counted, and teams, here and elsewhere, show their own numbers against it.
CREATE TABLE shared_measures (
    id        BIGINT PRIMARY KEY,
    group_id  BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,   -- of this node or another
    uri       TEXT NOT NULL UNIQUE,         -- by which measures name it
    series    TEXT NOT NULL,                -- JSON, storage.series.dumped: what is counted, without points
    private   BIGINT,                       -- for who is in the group alone; NULL: everybody reads it
    created   BIGINT NOT NULL
);
CREATE INDEX shared_measures_by_group ON shared_measures (group_id, id);

-- Which post shows numbers against which of them, as the post itself says. Of whom a page shows some, it asks in turn.
CREATE TABLE shared_series (
    definition TEXT NOT NULL,               -- shared_measures.uri; it may come after the post
    author_id  BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id    BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (definition, author_id, post_id)
);
CREATE INDEX shared_series_by_post ON shared_series (post_id);
