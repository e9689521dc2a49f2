-- Hashtags whose public posts come to a member's home timeline.
CREATE TABLE tag_follows (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    tag_id        BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    UNIQUE (member_id, tag_id)
);
CREATE INDEX tag_follows_by_member ON tag_follows (member_id, id);
CREATE INDEX tag_follows_by_tag ON tag_follows (tag_id, member_id);

-- Hashtags that a member shows on their page.
CREATE TABLE featured_tags (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    tag_id        BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    UNIQUE (member_id, tag_id)
);
CREATE INDEX featured_tags_by_tag ON featured_tags (tag_id);
