-- A post of the type Question may be a poll; of other servers too.
CREATE TABLE polls (
    post_id       BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    multiple      BIGINT,                         -- several options may be chosen
    hide_totals   BIGINT,                         -- nobody sees the counts before the end
    ends          BIGINT,                         -- NULL: it does not
    closed        BIGINT,                         -- when its end was told of; no vote counts any more
    voters_count  BIGINT,                         -- NULL: the author's server does not say
    told          BIGINT NOT NULL                 -- when its server said these counts, or was asked last
);
CREATE TABLE poll_options (
    post_id       BIGINT NOT NULL REFERENCES polls (post_id) ON DELETE CASCADE,
    place         BIGINT NOT NULL,
    title         TEXT NOT NULL,
    votes_count   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (post_id, place)
);

-- Who voted: once in a poll of one choice. Who for what is shown to nobody but themselves.
CREATE TABLE poll_voters (
    post_id       BIGINT NOT NULL REFERENCES polls (post_id) ON DELETE CASCADE,
    actor_id      BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, actor_id)
);
CREATE INDEX poll_voters_by_actor ON poll_voters (actor_id, post_id);
CREATE TABLE poll_votes (
    post_id       BIGINT NOT NULL REFERENCES polls (post_id) ON DELETE CASCADE,
    actor_id      BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    place         BIGINT NOT NULL,
    PRIMARY KEY (post_id, actor_id, place)
);
CREATE INDEX poll_votes_by_actor ON poll_votes (actor_id, post_id);
