-- Servers of which a member wants to see nothing, and who are to see nothing of the member.
CREATE TABLE domain_blocks (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    domain        TEXT NOT NULL,                  -- as in actors
    UNIQUE (member_id, domain)
);
CREATE INDEX domain_blocks_by_member ON domain_blocks (member_id, id);

-- What a member wrote down about somebody, for themselves alone.
CREATE TABLE notes (
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    target_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    text          TEXT NOT NULL,
    PRIMARY KEY (member_id, target_id)
);
CREATE INDEX notes_by_target ON notes (target_id);

-- Whom a member shows on their page as worth following.
CREATE TABLE endorsements (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    target_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    UNIQUE (member_id, target_id)
);
CREATE INDEX endorsements_by_member ON endorsements (member_id, id);
CREATE INDEX endorsements_by_target ON endorsements (target_id);
