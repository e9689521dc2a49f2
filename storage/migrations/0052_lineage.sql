-- What posts build on, and what is about the same problem: rows for each post here that says so in its fields, the parent
-- here or not. Counters on the parent, and what changes whether a row counts, are triggers in the files of the two dialects.
CREATE TABLE lineage (
    child_id    BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    parent_uri  TEXT NOT NULL,
    parent_id   BIGINT REFERENCES posts (id) ON DELETE SET NULL,   -- NULL: not here, or deleted
    author_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,   -- of the child
    outcome     TEXT NOT NULL,                    -- storage.lineage.Outcome
    counted     BIGINT NOT NULL DEFAULT 0,        -- 1: in the counters of the parent; rows are added with 0
    PRIMARY KEY (child_id, parent_uri)
);
CREATE UNIQUE INDEX lineage_one_parent ON lineage (child_id) WHERE outcome <> 'same';
CREATE INDEX lineage_of_parent ON lineage (parent_id, child_id) WHERE parent_id IS NOT NULL;
CREATE INDEX lineage_by_uri ON lineage (parent_uri, child_id);
CREATE INDEX lineage_by_author ON lineage (author_id);

-- Who has the problem of a post, too.
CREATE TABLE affected (
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, actor_id)
);
CREATE INDEX affected_by_actor ON affected (actor_id);

-- Counters on a post that others build on; kept by triggers.
CREATE TABLE lineage_counts (
    post_id     BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    adopted     BIGINT NOT NULL DEFAULT 0,
    adapted     BIGINT NOT NULL DEFAULT 0,
    abandoned   BIGINT NOT NULL DEFAULT 0,
    interested  BIGINT NOT NULL DEFAULT 0,
    built       BIGINT NOT NULL DEFAULT 0,
    same        BIGINT NOT NULL DEFAULT 0,
    affected    BIGINT NOT NULL DEFAULT 0
);

-- What the server of a post says of it, when it was asked last.
CREATE TABLE lineage_looks (
    post_id     BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    looked      BIGINT NOT NULL,
    theirs      TEXT NOT NULL DEFAULT ''          -- JSON, counters by name; "": nothing
);

-- Whether a row counts: everybody may see the child, nobody is suspended, and neither author blocks the other.
CREATE VIEW lineage_standing AS
    SELECT lineage.child_id AS child_id, lineage.parent_uri AS parent_uri, CASE WHEN
        child.visibility IN ('public', 'unlisted') AND writer.suspended IS NULL AND writer.gone IS NULL
        AND NOT EXISTS (SELECT 1 FROM posts AS parent JOIN blocks
                        ON (blocks.actor_id = parent.author_id AND blocks.target_id = lineage.author_id)
                        OR (blocks.actor_id = lineage.author_id AND blocks.target_id = parent.author_id)
                        WHERE parent.id = lineage.parent_id)
        THEN 1 ELSE 0 END AS counts
    FROM lineage JOIN posts AS child ON child.id = lineage.child_id JOIN actors AS writer ON writer.id = lineage.author_id;
