-- What a member does not want to be told of at once, or at all, by whom it comes from; accept, filter or drop each.
CREATE TABLE notification_policies (
    member_id        BIGINT PRIMARY KEY REFERENCES members (actor_id) ON DELETE CASCADE,
    not_following    TEXT NOT NULL DEFAULT 'accept',
    not_followers    TEXT NOT NULL DEFAULT 'accept',
    new_accounts     TEXT NOT NULL DEFAULT 'accept',
    private_mentions TEXT NOT NULL DEFAULT 'accept',
    limited_accounts TEXT NOT NULL DEFAULT 'accept',
    bots             TEXT NOT NULL DEFAULT 'accept'
);
ALTER TABLE notifications ADD COLUMN filtered BIGINT;   -- since when it is held back; NULL: it is told
CREATE INDEX notifications_held ON notifications (member_id, actor_id, id) WHERE filtered IS NOT NULL;

-- Of whom notifications are held back, until the member lets them through or not.
CREATE TABLE notification_requests (
    id               BIGINT PRIMARY KEY,
    member_id        BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    actor_id         BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    created          BIGINT NOT NULL,
    updated          BIGINT NOT NULL,
    UNIQUE (member_id, actor_id)
);
CREATE INDEX notification_requests_by_member ON notification_requests (member_id, id);
CREATE INDEX notification_requests_by_actor ON notification_requests (actor_id);
-- Whom a member let through once: of them nothing is held back any more.
CREATE TABLE notification_permissions (
    member_id        BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    actor_id         BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (member_id, actor_id)
);
CREATE INDEX notification_permissions_by_actor ON notification_permissions (actor_id);

-- Custom emoji of this node.
CREATE TABLE emojis (
    id               BIGINT PRIMARY KEY,
    shortcode        TEXT NOT NULL UNIQUE,
    category         TEXT NOT NULL DEFAULT '',
    url              TEXT NOT NULL                -- of our media
);
ALTER TABLE files ADD COLUMN emoji_id BIGINT REFERENCES emojis (id) ON DELETE SET NULL;   -- whose picture it is
CREATE INDEX files_by_emoji ON files (emoji_id) WHERE emoji_id IS NOT NULL;
DROP INDEX files_loose;
CREATE INDEX files_loose ON files (name)
    WHERE attachment_id IS NULL AND actor_id IS NULL AND card_id IS NULL AND emoji_id IS NULL;

-- How many members were here in each week that begins on a Monday, counted once a member.
CREATE TABLE weeks (
    week             BIGINT PRIMARY KEY,          -- storage.activity.week_of
    logins           BIGINT NOT NULL
);
