-- Who moved to which account, here and elsewhere: the latest of each. What it says of itself stands in ``actors``.
CREATE TABLE moves (
    actor_id    BIGINT PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    target_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    begun       BIGINT NOT NULL,                  -- ms; another has to wait from then on
    ended       BIGINT,                           -- taken back; NULL: it holds
    carried     BIGINT NOT NULL DEFAULT 0         -- members of this node who went along
);
CREATE INDEX moves_by_target ON moves (target_id);
-- Who changes when the account changes that they moved to.
CREATE INDEX actors_moved ON actors (moved_to) WHERE moved_to <> '';
