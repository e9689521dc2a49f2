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

-- Threads of which a member wants to hear no more: the first post that is known of each, with all below it.
CREATE TABLE muted_threads (
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    post_id       BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (member_id, post_id)
);
CREATE INDEX muted_threads_by_post ON muted_threads (post_id);
