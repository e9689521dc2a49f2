-- Whom a member does not want to see for a while or for good; nobody else is told.
CREATE TABLE mutes (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    target_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    notifications BIGINT,                         -- not told of what the target does, either; NULL: told
    ends          BIGINT NOT NULL,                -- ms since 1970 UTC; storage.ids.LAST: when the member says so
    UNIQUE (member_id, target_id)
);
CREATE INDEX mutes_by_member ON mutes (member_id, id);
CREATE INDEX mutes_by_target ON mutes (target_id);
CREATE INDEX mutes_that_end ON mutes (ends) WHERE ends < 9223372036854775807;
