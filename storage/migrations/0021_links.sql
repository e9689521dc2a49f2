-- Links that are mailed to members and work once: to confirm an address, to set a new password.
CREATE TABLE links (
    id            BIGINT PRIMARY KEY,
    token         BYTEA NOT NULL UNIQUE,          -- SHA-256 of what the link ends with
    member_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    purpose       TEXT NOT NULL,                  -- storage.links.Purpose
    address       TEXT NOT NULL,                  -- SHA-256 of the address it was mailed to: it is about no other
    expires       BIGINT NOT NULL,
    used          BIGINT
);
CREATE INDEX links_by_member ON links (member_id);
CREATE INDEX links_by_end ON links (expires);
