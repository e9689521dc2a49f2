-- What waits for a guardian, why, and what was decided: kinds of findings and where they stand, never the text itself.
CREATE TABLE cases (
    id            BIGINT PRIMARY KEY,
    pending_id    BIGINT REFERENCES pending (id) ON DELETE SET NULL,  -- what waits; NULL: it is no more
    author_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    found         TEXT NOT NULL,                  -- JSON [{"kind", "verdict", "field", "start", "end"}]
    newcomer      BIGINT,                         -- one of the first posts of a new member
    place         BIGINT NOT NULL,                -- in the queue: 0 may be happening now, 1 the rest
    opened        BIGINT NOT NULL,
    claimed_by    BIGINT REFERENCES actors (id) ON DELETE SET NULL,
    claimed_until BIGINT,
    second_by     BIGINT REFERENCES actors (id) ON DELETE SET NULL,   -- who asked for another guardian
    closed        BIGINT,
    closed_by     BIGINT REFERENCES actors (id) ON DELETE SET NULL,
    outcome       TEXT NOT NULL DEFAULT '',       -- storage.cases.Outcome
    reason        TEXT NOT NULL DEFAULT ''        -- what the author was told when it was returned
);
CREATE INDEX cases_open ON cases (place, id) WHERE closed IS NULL;
CREATE UNIQUE INDEX cases_by_pending ON cases (pending_id) WHERE pending_id IS NOT NULL;
CREATE INDEX cases_opened ON cases (opened);
CREATE INDEX cases_by_author ON cases (author_id, id);
CREATE INDEX cases_closed ON cases (closed) WHERE closed IS NOT NULL;
CREATE INDEX cases_claimed_by ON cases (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX cases_second_by ON cases (second_by) WHERE second_by IS NOT NULL;
CREATE INDEX cases_closed_by ON cases (closed_by) WHERE closed_by IS NOT NULL;
-- Kinds of findings that a guardian said were none.
CREATE TABLE mistaken (
    case_id       BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (case_id, kind)
);
CREATE INDEX mistaken_at ON mistaken (at);
-- A post that waits for a person may have a time its author chose, too.
DROP INDEX pending_scheduled;
CREATE INDEX pending_scheduled ON pending (author_id, id)
    WHERE post_id IS NULL AND (reason = 'scheduled' OR (reason = 'held' AND due IS NOT NULL));
CREATE INDEX pending_returned ON pending (due) WHERE reason = 'returned';
CREATE INDEX members_with_a_role ON members (actor_id) WHERE role <> 'member';
