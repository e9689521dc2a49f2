-- Highlights of the month: a public post that editors of the node, or those who lead a team or an alliance, chose, and why.
CREATE TABLE highlights (
    id          BIGINT PRIMARY KEY,
    owner_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,  -- the node's own actor; a team; another alliance
    month       TEXT NOT NULL,                    -- YYYY-MM, in UTC: the one in which it was chosen
    post_id     BIGINT REFERENCES posts (id) ON DELETE SET NULL,  -- NULL: it is gone, and the rest goes in a moment
    reason      TEXT NOT NULL,                    -- plain
    editor_id   BIGINT REFERENCES actors (id) ON DELETE SET NULL,
    note_id     BIGINT REFERENCES posts (id) ON DELETE SET NULL,  -- what the alliance or team said of it
    boost_id    BIGINT REFERENCES posts (id) ON DELETE SET NULL,  -- with which it passed the post on; NULL: it had before
    chosen      BIGINT NOT NULL,
    changed     BIGINT,                           -- when the reason got new words
    UNIQUE (owner_id, post_id)
);
CREATE INDEX highlights_by_owner ON highlights (owner_id, id);
CREATE INDEX highlights_by_month ON highlights (owner_id, month, id);
CREATE INDEX highlights_by_post ON highlights (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX highlights_loose ON highlights (id) WHERE post_id IS NULL;
CREATE INDEX highlights_by_editor ON highlights (editor_id) WHERE editor_id IS NOT NULL;
CREATE INDEX highlights_by_note ON highlights (note_id) WHERE note_id IS NOT NULL;
CREATE INDEX highlights_by_boost ON highlights (boost_id) WHERE boost_id IS NOT NULL;
