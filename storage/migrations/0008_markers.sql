-- How far a member has read: the same in every app.
CREATE TABLE markers (
    member_id    BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    timeline     TEXT NOT NULL,                   -- home, notifications
    last_read_id BIGINT NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1,
    updated      BIGINT NOT NULL,                 -- ms since 1970 UTC
    PRIMARY KEY (member_id, timeline)
);
