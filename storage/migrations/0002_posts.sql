-- What is shared, who may see it, and what people do with it.
CREATE TABLE posts (
    id              BIGINT PRIMARY KEY,           -- storage.ids: sorts by time
    uri             TEXT NOT NULL UNIQUE,
    url             TEXT NOT NULL DEFAULT '',
    author_id       BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    local           BIGINT,                       -- written here
    type            TEXT NOT NULL,                -- AS2 type: Note, Article, Page, Question, Event, Video, Audio, Image; Announce for a boost
    kind            TEXT NOT NULL,                -- storage.kinds.Kind
    visibility      TEXT NOT NULL,                -- storage.posts.Visibility
    title           TEXT NOT NULL DEFAULT '',
    summary         TEXT NOT NULL DEFAULT '',     -- content warning, plain text
    sensitive       BIGINT,
    html            TEXT NOT NULL DEFAULT '',     -- sanitized before it came here: safe to send to a browser
    text            TEXT NOT NULL DEFAULT '',     -- plain, for search
    source          TEXT NOT NULL DEFAULT '',     -- what a member typed
    fields          TEXT NOT NULL DEFAULT '',     -- JSON of the kind's own fields; '': none
    language        TEXT NOT NULL DEFAULT '',
    emojis          TEXT NOT NULL DEFAULT '[]',   -- JSON: [{"shortcode", "url"}]
    in_reply_to_id  BIGINT REFERENCES posts (id) ON DELETE SET NULL,
    in_reply_to_uri TEXT NOT NULL DEFAULT '',
    reply_to_actor_id BIGINT REFERENCES actors (id) ON DELETE SET NULL,
    boost_of_id     BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    app_id          BIGINT REFERENCES apps (id) ON DELETE SET NULL,
    idempotency_key TEXT,
    published       BIGINT NOT NULL,
    edited          BIGINT,
    changed         BIGINT NOT NULL DEFAULT 1,    -- grows with every change a reader could see
    replies_count   BIGINT NOT NULL DEFAULT 0,    -- what this node knows; kept by triggers
    boosts_count    BIGINT NOT NULL DEFAULT 0,
    likes_count     BIGINT NOT NULL DEFAULT 0,
    their_replies   BIGINT,                       -- totals the author's server told
    their_boosts    BIGINT,
    their_likes     BIGINT
);
CREATE INDEX posts_by_author ON posts (author_id, id);
CREATE INDEX posts_public ON posts (id) WHERE visibility = 'public' AND boost_of_id IS NULL;
CREATE INDEX posts_public_here ON posts (id) WHERE visibility = 'public' AND boost_of_id IS NULL AND local IS NOT NULL;
CREATE INDEX posts_by_parent ON posts (in_reply_to_id, id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX posts_by_missing_parent ON posts (in_reply_to_uri) WHERE in_reply_to_id IS NULL AND in_reply_to_uri <> '';
CREATE INDEX posts_by_reply_to_actor ON posts (reply_to_actor_id) WHERE reply_to_actor_id IS NOT NULL;
CREATE INDEX posts_by_kind ON posts (kind, id) WHERE kind <> 'plain' AND visibility = 'public';
CREATE UNIQUE INDEX posts_boost_once ON posts (boost_of_id, author_id) WHERE boost_of_id IS NOT NULL;
CREATE INDEX posts_boosts ON posts (boost_of_id, id) WHERE boost_of_id IS NOT NULL;
CREATE UNIQUE INDEX posts_idempotent ON posts (author_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What is no more: uri and time, nothing of its text. A later Create of the uri stays refused.
CREATE TABLE tombstones (
    uri         TEXT PRIMARY KEY,
    gone        BIGINT NOT NULL
);

CREATE TABLE recipients (
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    circle      TEXT NOT NULL,                    -- self, followers (of actor_id), members (of actor_id)
    PRIMARY KEY (post_id, actor_id, circle)
);
CREATE INDEX recipients_by_actor ON recipients (actor_id, post_id);

CREATE TABLE memberships (
    group_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    role        TEXT NOT NULL DEFAULT 'member',
    since       BIGINT NOT NULL,
    PRIMARY KEY (group_id, actor_id)
);
CREATE INDEX memberships_by_actor ON memberships (actor_id, group_id);

-- A post that is not out yet: scheduled, held, or in its undo time.
CREATE TABLE pending (
    id          BIGINT PRIMARY KEY,               -- storage.ids
    author_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    reason      TEXT NOT NULL,                    -- storage.pending.Reason: undo, scheduled, held
    due         BIGINT,                           -- NULL: waits for a person
    payload     TEXT NOT NULL,                    -- JSON: what was asked for
    idempotency_key TEXT,
    created     BIGINT NOT NULL,
    post_id     BIGINT                            -- what it became; then payload is empty
);
CREATE INDEX pending_by_due ON pending (due) WHERE due IS NOT NULL;
CREATE INDEX pending_by_author ON pending (author_id, id);
CREATE UNIQUE INDEX pending_idempotent ON pending (author_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE edits (
    id          BIGINT PRIMARY KEY,
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    at          BIGINT NOT NULL,                  -- when this version was made
    title       TEXT NOT NULL,
    summary     TEXT NOT NULL,
    sensitive   BIGINT,
    html        TEXT NOT NULL,
    source      TEXT NOT NULL,
    fields      TEXT NOT NULL
);
CREATE INDEX edits_by_post ON edits (post_id, id);

CREATE TABLE attachments (
    id          BIGINT PRIMARY KEY,
    post_id     BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    place       BIGINT NOT NULL DEFAULT 0,        -- order in the post
    media_type  TEXT NOT NULL,
    url         TEXT NOT NULL,                    -- where it is; ours or the peer's
    preview_url TEXT NOT NULL DEFAULT '',
    alt         TEXT NOT NULL DEFAULT '',
    blurhash    TEXT NOT NULL DEFAULT '',
    width       BIGINT,
    height      BIGINT,
    focus       TEXT NOT NULL DEFAULT ''          -- JSON [x, y], each -1 to 1; '': none
);
CREATE INDEX attachments_by_post ON attachments (post_id, place) WHERE post_id IS NOT NULL;
CREATE INDEX attachments_by_actor ON attachments (actor_id);

CREATE TABLE mentions (
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, actor_id)
);
CREATE INDEX mentions_by_actor ON mentions (actor_id, post_id);

CREATE TABLE tags (
    id          BIGINT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,             -- lower case, NFKC
    shown       TEXT NOT NULL                     -- as first written
);
CREATE TABLE post_tags (
    tag_id      BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, post_id)
);
CREATE INDEX post_tags_by_post ON post_tags (post_id);

CREATE TABLE likes (
    id          BIGINT PRIMARY KEY,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    uri         TEXT NOT NULL DEFAULT '',         -- of the Like, for its Undo
    UNIQUE (post_id, actor_id)
);
CREATE INDEX likes_by_actor ON likes (actor_id, id);
CREATE INDEX likes_by_post ON likes (post_id, id);

CREATE TABLE bookmarks (
    id          BIGINT PRIMARY KEY,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    UNIQUE (post_id, actor_id)
);
CREATE INDEX bookmarks_by_actor ON bookmarks (actor_id, id);

CREATE TABLE pins (
    id          BIGINT PRIMARY KEY,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    UNIQUE (post_id, actor_id)
);
CREATE INDEX pins_by_actor ON pins (actor_id, id);

CREATE TABLE follows (
    id          BIGINT PRIMARY KEY,
    follower_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    target_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    uri         TEXT NOT NULL DEFAULT '',         -- of the Follow, for its Accept and Undo
    asked       BIGINT NOT NULL,
    accepted    BIGINT,                           -- NULL: still asked for
    boosts      BIGINT DEFAULT 1,                 -- shows the target's boosts at home
    notify      BIGINT,                           -- tells of each new post
    UNIQUE (follower_id, target_id)
);
CREATE INDEX follows_by_target ON follows (target_id, id);
CREATE INDEX follows_by_follower ON follows (follower_id, id);

CREATE TABLE blocks (
    id          BIGINT PRIMARY KEY,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    target_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    uri         TEXT NOT NULL DEFAULT '',
    UNIQUE (actor_id, target_id)
);
CREATE INDEX blocks_by_target ON blocks (target_id, actor_id);
CREATE INDEX blocks_by_actor ON blocks (actor_id, id);

CREATE TABLE home (
    member_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    position    BIGINT NOT NULL,                  -- the id clients see: the post's, or the boost's
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    author_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    booster_id  BIGINT REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (member_id, position)
);
CREATE INDEX home_by_author ON home (author_id, member_id);
CREATE INDEX home_by_booster ON home (booster_id, member_id) WHERE booster_id IS NOT NULL;
CREATE INDEX home_by_post ON home (post_id);

CREATE TABLE notifications (
    id          BIGINT PRIMARY KEY,
    member_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    reason      TEXT NOT NULL,                    -- storage.notifications.Reason
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id     BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    created     BIGINT NOT NULL
);
CREATE INDEX notifications_by_member ON notifications (member_id, id);
CREATE INDEX notifications_by_actor ON notifications (actor_id);
CREATE UNIQUE INDEX notifications_of_post ON notifications (post_id, member_id, reason, actor_id) WHERE post_id IS NOT NULL;
CREATE UNIQUE INDEX notifications_of_actor ON notifications (member_id, reason, actor_id) WHERE post_id IS NULL;
