-- What is used most these days, as a job counts it: reading it costs the same however much there is.
CREATE TABLE trending_tags (
    tag_id        BIGINT PRIMARY KEY REFERENCES tags (id) ON DELETE CASCADE,
    place         BIGINT NOT NULL,               -- 0: first
    history       TEXT NOT NULL                  -- JSON: {day since 1970: [uses, accounts]}
);
CREATE INDEX trending_tags_in_order ON trending_tags (place);
CREATE TABLE trending_posts (
    post_id       BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    place         BIGINT NOT NULL
);
CREATE INDEX trending_posts_in_order ON trending_posts (place);

-- Who was suggested to a member, and is not to be again.
CREATE TABLE dismissed_suggestions (
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    target_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (member_id, target_id)
);
CREATE INDEX dismissed_suggestions_by_target ON dismissed_suggestions (target_id);

-- The directory: who wants to be found, by their last post, by when they came, and those here by who follows them.
CREATE INDEX actors_active ON actors (COALESCE(last_post, 0), id)
    WHERE discoverable IS NOT NULL AND suspended IS NULL AND gone IS NULL;
CREATE INDEX actors_active_here ON actors (COALESCE(last_post, 0), id)
    WHERE discoverable IS NOT NULL AND suspended IS NULL AND gone IS NULL AND domain = '';
CREATE INDEX actors_popular_here ON actors (followers_count, id)
    WHERE discoverable IS NOT NULL AND suspended IS NULL AND gone IS NULL AND domain = '';
