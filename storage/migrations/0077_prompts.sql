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
    SELECT posts.id, posts.author_id, posts.published + 7689600000   -- by who is of this node, since most posts are of others
    FROM actors JOIN posts ON posts.author_id = actors.id
    WHERE actors.domain = '' AND posts.local IS NOT NULL AND posts.boost_of_id IS NULL
      AND posts.kind IN ('idea', 'case-study', 'measure');
-- Since when a member does not want to be asked.
ALTER TABLE members ADD COLUMN unprompted BIGINT;
