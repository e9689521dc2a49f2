-- Mentoring: which offers and requests are open and what they are about, who is matched with whom, and what the two
-- write to each other.
CREATE TABLE boards (
    post_id       BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    direction     TEXT NOT NULL,                  -- offer, request
    level         TEXT NOT NULL DEFAULT '',       -- storage.shapes.mentoring
    format        TEXT NOT NULL DEFAULT '',
    hours         BIGINT NOT NULL DEFAULT 0,      -- a month; 0: not said
    months        BIGINT NOT NULL DEFAULT 0,
    places        BIGINT NOT NULL DEFAULT 1,      -- how many matches it takes at a time
    taken         BIGINT NOT NULL DEFAULT 0,      -- of a post of ours: how many it has
    local         BIGINT,                         -- since when it is here; NULL: of another server
    status        TEXT NOT NULL,                  -- open, matched, closed; of a post of ours as its matches make it
    said          TEXT NOT NULL                   -- the same, as the post says it
);
CREATE INDEX boards_open ON boards (direction, status, post_id);
CREATE INDEX boards_unsaid ON boards (post_id) WHERE local IS NOT NULL AND said <> status;

CREATE TABLE board_topics (
    topic         TEXT NOT NULL,
    post_id       BIGINT NOT NULL REFERENCES boards (post_id) ON DELETE CASCADE,
    PRIMARY KEY (topic, post_id)
);
CREATE INDEX board_topics_by_post ON board_topics (post_id, topic);

CREATE TABLE matches (
    id            BIGINT PRIMARY KEY,
    uri           TEXT NOT NULL UNIQUE,           -- of the Offer that proposed it
    offer_id      BIGINT REFERENCES posts (id) ON DELETE SET NULL,   -- NULL: deleted
    request_id    BIGINT REFERENCES posts (id) ON DELETE SET NULL,
    mentor_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    mentee_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    proposer_id   BIGINT NOT NULL,                -- one of the two
    state         TEXT NOT NULL,                  -- storage.matches.State
    message       TEXT NOT NULL DEFAULT '',       -- of the proposal
    goal          TEXT NOT NULL DEFAULT '',
    hours         BIGINT NOT NULL DEFAULT 0,      -- a month, as the request or else the offer says
    months        BIGINT NOT NULL DEFAULT 0,
    proposed      BIGINT NOT NULL,
    answered      BIGINT,
    ended         BIGINT,
    heard         BIGINT NOT NULL                 -- when something of it was last told or remembered
);
CREATE UNIQUE INDEX matches_of_posts ON matches (offer_id, request_id)
    WHERE state IN ('proposed', 'accepted') AND offer_id IS NOT NULL AND request_id IS NOT NULL;
CREATE INDEX matches_by_request ON matches (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX matches_by_mentor ON matches (mentor_id, id);
CREATE INDEX matches_by_mentee ON matches (mentee_id, id);
CREATE INDEX matches_quiet ON matches (heard) WHERE state = 'accepted';
CREATE INDEX matches_by_state ON matches (state);

CREATE TABLE check_ins (
    id            BIGINT PRIMARY KEY,
    match_id      BIGINT NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
    author_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    uri           TEXT NOT NULL UNIQUE,
    sort          TEXT NOT NULL,                  -- check-in, goal, closing
    day           TEXT NOT NULL,                  -- YYYY-MM-DD
    text          TEXT NOT NULL,
    withheld      BIGINT,                         -- the privacy check found something in it: it is not shown
    written       BIGINT NOT NULL
);
CREATE INDEX check_ins_by_match ON check_ins (match_id, id);
CREATE INDEX check_ins_by_author ON check_ins (author_id);
