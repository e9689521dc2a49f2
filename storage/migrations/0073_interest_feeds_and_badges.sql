-- Who is interested in an event takes no place: a state of attendance (0061), counted beside the others.
ALTER TABLE events ADD COLUMN interested_count BIGINT NOT NULL DEFAULT 0;
-- What a member brought from the feed of their blog, and shares one by one; of what was shared or left only the key stays,
-- so that the same entry is not brought twice.
CREATE TABLE brought (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    key           BYTEA NOT NULL,                 -- SHA-256 of what names the entry in its feed
    title         TEXT NOT NULL,
    text          TEXT NOT NULL,
    link          TEXT NOT NULL,                  -- of the original; '': none
    published     BIGINT,                         -- there
    at            BIGINT NOT NULL,                -- when it was brought
    done          BIGINT,                         -- shared, or left
    UNIQUE (member_id, key)
);
CREATE INDEX brought_waiting ON brought (member_id, id) WHERE done IS NULL;
CREATE INDEX brought_by_time ON brought (at) WHERE done IS NULL;
-- The domain of a member's work address, which is confirmed and which the operator named; '': none, or not shown.
ALTER TABLE actors ADD COLUMN work TEXT NOT NULL DEFAULT '';
ALTER TABLE actors ADD COLUMN work_since BIGINT;
CREATE INDEX actors_at_work ON actors (id) WHERE work <> '';
ALTER TABLE members ADD COLUMN work_hidden BIGINT; -- the member does not want it shown
