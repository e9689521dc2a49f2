-- Other servers, what they sent, what is to be sent to them, work to do later, and what was done by whom.
CREATE TABLE peers (
    host        TEXT PRIMARY KEY,                 -- host[:port], lower case
    policy      TEXT NOT NULL DEFAULT '',         -- '', silenced, suspended
    reason      TEXT NOT NULL DEFAULT '',
    signatures  TEXT NOT NULL DEFAULT '',         -- '', cavage, rfc9421: the form this host takes
    first_seen  BIGINT NOT NULL,
    last_seen   BIGINT NOT NULL                   -- to the hour
);

-- Activities taken in, by id, so that the same one twice is one; the body only while there is something to fetch first.
CREATE TABLE received (
    uri         TEXT PRIMARY KEY,
    arrived     BIGINT NOT NULL,
    actor_id    BIGINT REFERENCES actors (id) ON DELETE CASCADE,
    body        BYTEA                             -- NULL: done
);
CREATE INDEX received_by_arrival ON received (arrived);
CREATE INDEX received_by_actor ON received (actor_id) WHERE actor_id IS NOT NULL;

-- AUTOINCREMENT: an id is never given twice. Workers hold these ids in memory while the rows may be deleted.
CREATE TABLE activities_out (
    id          BIGINT PRIMARY KEY AUTOINCREMENT,
    uri         TEXT NOT NULL UNIQUE,
    object_uri  TEXT NOT NULL DEFAULT '',         -- what it is about: a later Delete or Update of it cancels what has not left
    signer_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    body        BYTEA NOT NULL,
    created     BIGINT NOT NULL
);
CREATE INDEX activities_out_by_object ON activities_out (object_uri) WHERE object_uri <> '';
CREATE INDEX activities_out_by_signer ON activities_out (signer_id);

CREATE TABLE jobs (
    id          BIGINT PRIMARY KEY AUTOINCREMENT,
    key         TEXT UNIQUE,                      -- recurring and single work: never two of the same
    kind        TEXT NOT NULL,
    shard       BIGINT NOT NULL,                  -- crc32(host or kind) % 64
    host        TEXT NOT NULL DEFAULT '',         -- '': a fan-out to many hosts of the shard, or no delivery
    activity_id BIGINT REFERENCES activities_out (id) ON DELETE CASCADE,
    payload     TEXT NOT NULL DEFAULT '',         -- JSON, as the job's own module writes it
    due         BIGINT NOT NULL,
    attempts    BIGINT NOT NULL DEFAULT 0,
    promised    BIGINT NOT NULL DEFAULT 0         -- when it was first asked for: it is given up two days later
);
CREATE INDEX jobs_by_shard ON jobs (shard, due, id);
CREATE INDEX jobs_by_activity ON jobs (activity_id) WHERE activity_id IS NOT NULL;

CREATE TABLE shards (
    shard       BIGINT NOT NULL,
    owner       TEXT NOT NULL DEFAULT '',
    until       BIGINT NOT NULL DEFAULT 0,
    epoch       BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (shard)
);
INSERT INTO shards (shard)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 63) SELECT i FROM n;

CREATE TABLE workers (
    name        TEXT PRIMARY KEY,
    seen        BIGINT NOT NULL
);

CREATE TABLE reports (
    id          BIGINT PRIMARY KEY,
    uri         TEXT UNIQUE,                      -- of the Flag it came as
    reporter_id BIGINT REFERENCES actors (id) ON DELETE CASCADE,
    target_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_uris   TEXT NOT NULL DEFAULT '[]',       -- JSON
    comment     TEXT NOT NULL DEFAULT '',
    created     BIGINT NOT NULL,
    resolved    BIGINT
);
CREATE INDEX reports_open ON reports (id) WHERE resolved IS NULL;
CREATE INDEX reports_by_target ON reports (target_id);
CREATE INDEX reports_by_reporter ON reports (reporter_id) WHERE reporter_id IS NOT NULL;

-- Who did what. Append-only; holds no texts. No reference to actors: it outlives them.
CREATE TABLE audit (
    id          BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    actor_id    BIGINT,
    action      TEXT NOT NULL,
    subject     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_by_subject ON audit (subject, id);
