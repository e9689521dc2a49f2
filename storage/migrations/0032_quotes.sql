-- A post may quote another, if the other's author allows it. What a post quotes, and how that stands; counters and what
-- follows a deleted post are triggers in the files of the two dialects.
ALTER TABLE posts ADD COLUMN quoting BIGINT;                          -- since when it quotes another post; NULL: none
ALTER TABLE posts ADD COLUMN quote_policy TEXT NOT NULL DEFAULT '';   -- who may quote it: storage.quotes
ALTER TABLE posts ADD COLUMN quotes_count BIGINT NOT NULL DEFAULT 0;  -- those that were allowed; kept by triggers
ALTER TABLE members ADD COLUMN quote_policy TEXT NOT NULL DEFAULT 'public';   -- of new posts
CREATE TABLE quotes (
    post_id       BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,   -- that quotes
    quoted_id     BIGINT REFERENCES posts (id) ON DELETE SET NULL,   -- NULL: not here, or deleted
    quoted_uri    TEXT NOT NULL,
    state         TEXT NOT NULL,                  -- storage.quotes.State
    stamp         TEXT NOT NULL DEFAULT ''        -- uri of the QuoteAuthorization; while pending, what is said to be it
);
CREATE INDEX quotes_of ON quotes (quoted_id, state, post_id) WHERE quoted_id IS NOT NULL;
CREATE INDEX quotes_by_stamp ON quotes (stamp) WHERE stamp <> '';

-- What we allowed: a QuoteAuthorization each, served under its id until it is revoked or one of the two posts goes.
CREATE TABLE quote_stamps (
    id            BIGINT PRIMARY KEY,
    quoted_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    quoting_uri   TEXT NOT NULL,
    actor_id      BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,   -- who quotes
    created       BIGINT NOT NULL,
    revoked       BIGINT,                         -- remembered, so that it is not asked for again
    UNIQUE (quoted_id, quoting_uri)
);
CREATE INDEX quote_stamps_by_actor ON quote_stamps (actor_id);
CREATE INDEX quote_stamps_by_uri ON quote_stamps (quoting_uri);
