-- A post in which somebody may be recognised is hidden from all but guardians: its visibility is 'hidden' meanwhile, a
-- word that no list, index or rule of who may see a post lets through. Here stands what it was.
CREATE TABLE hidden (
    post_id    BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    visibility TEXT NOT NULL,                  -- storage.posts.Visibility, that it has again when it is shown
    since      BIGINT NOT NULL,
    unseen     BIGINT,                         -- it was hidden as it came: nobody was told of it
    unsent     BIGINT                          -- it had not reached every server yet
);
CREATE INDEX hidden_since ON hidden (since);
-- A case is about a post that waits, or about one that is out and hidden.
ALTER TABLE cases ADD COLUMN post_id BIGINT REFERENCES posts (id) ON DELETE SET NULL;
ALTER TABLE cases ADD COLUMN reported BIGINT NOT NULL DEFAULT 0;   -- how many people said that somebody is recognisable
ALTER TABLE cases ADD COLUMN version BIGINT NOT NULL DEFAULT 0;    -- of the post, as guardians read it: posts.edited
ALTER TABLE cases ADD COLUMN flagged BIGINT;                       -- when its server was told
CREATE UNIQUE INDEX cases_by_post ON cases (post_id) WHERE post_id IS NOT NULL AND closed IS NULL;
CREATE INDEX cases_about_post ON cases (post_id) WHERE post_id IS NOT NULL;
-- Between what may be happening now and the rest there is what people reported; what other servers sent is last (3).
UPDATE cases SET place = 2 WHERE place = 1;
-- What people said of a post, for guardians alone; gone when the case is decided, or with the post.
CREATE TABLE concerns (
    id      BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    comment TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX concerns_of_case ON concerns (case_id, id);
CREATE INDEX concerns_of_post ON concerns (post_id);
