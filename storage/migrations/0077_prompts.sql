-- When the author of what was tried is asked whether it is still in place: after three, six and twelve months, once each.
CREATE TABLE prompts (
    post_id    BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    author_id  BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    due        BIGINT,                    -- ms; when to look at it next; NULL: never again
    months     BIGINT NOT NULL DEFAULT 0, -- age of the post that was asked about last; 0: none
    asked      BIGINT NOT NULL DEFAULT 0, -- ms; when that was
    answered   BIGINT NOT NULL DEFAULT 0  -- age that was answered last
);
CREATE INDEX prompts_by_due ON prompts (due) WHERE due IS NOT NULL;
CREATE INDEX prompts_by_author ON prompts (author_id, asked);
INSERT INTO prompts (post_id, author_id, due)
    SELECT id, author_id, published + 7689600000 FROM posts
    WHERE local IS NOT NULL AND boost_of_id IS NULL AND kind IN ('idea', 'case-study', 'measure');
-- Since when a member does not want to be asked.
ALTER TABLE members ADD COLUMN unprompted BIGINT;
