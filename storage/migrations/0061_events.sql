-- Posts of the type Event, of other servers too: when they are, and who comes. Who comes is told to whoever holds them,
-- the address to join by to those who come.
CREATE TABLE events (
    post_id       BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    starts        BIGINT NOT NULL,
    ends          BIGINT NOT NULL,
    cancelled     BIGINT,                         -- it does not take place
    capacity      BIGINT,                         -- NULL: as many as want to come
    link          TEXT NOT NULL DEFAULT '',       -- never leaves the node
    joined_count  BIGINT NOT NULL DEFAULT 0,
    waiting_count BIGINT NOT NULL DEFAULT 0,
    their_joined  BIGINT                          -- what its server says; NULL: nothing, or ours
);
CREATE INDEX events_by_start ON events (starts, post_id);
CREATE INDEX events_by_end ON events (ends, post_id);

-- Who wants to come, in the order of asking.
CREATE TABLE attendance (
    id            BIGINT PRIMARY KEY,
    post_id       BIGINT NOT NULL REFERENCES events (post_id) ON DELETE CASCADE,
    actor_id      BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    state         TEXT NOT NULL,                  -- storage.attendance.State
    uri           TEXT NOT NULL DEFAULT '',       -- of the Join, where it crossed servers
    asked         BIGINT NOT NULL,
    reminded      BIGINT,                         -- that it is tomorrow
    UNIQUE (post_id, actor_id)
);
CREATE INDEX attendance_in_turn ON attendance (post_id, state, id);
CREATE INDEX attendance_by_actor ON attendance (actor_id, id);
