-- The weekly mail: which members want it, and when the next is due. No row: none.
CREATE TABLE digests (
    member_id  BIGINT PRIMARY KEY REFERENCES members (actor_id) ON DELETE CASCADE,
    weekday    BIGINT NOT NULL,           -- 0: Monday
    hour       BIGINT NOT NULL,           -- of that day, in the node's time zone
    due        BIGINT NOT NULL            -- ms; when the next one is to be sent
);
CREATE INDEX digests_by_due ON digests (due);
