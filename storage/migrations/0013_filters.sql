-- What a member does not want to read: words, and single posts, each with where and how it is kept from them.
CREATE TABLE filters (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    title         TEXT NOT NULL,
    contexts      TEXT NOT NULL,                  -- space between: storage.filters.Context
    action        TEXT NOT NULL,                  -- storage.filters.Action
    ends          BIGINT NOT NULL                 -- ms since 1970 UTC; storage.ids.LAST: never
);
CREATE INDEX filters_by_member ON filters (member_id, id);

CREATE TABLE filter_keywords (
    id            BIGINT PRIMARY KEY,
    filter_id     BIGINT NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
    keyword       TEXT NOT NULL,
    whole_word    BIGINT                          -- NULL: inside a word, too
);
CREATE INDEX filter_keywords_by_filter ON filter_keywords (filter_id, id);

CREATE TABLE filter_statuses (
    id            BIGINT PRIMARY KEY,
    filter_id     BIGINT NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
    post_id       BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    UNIQUE (filter_id, post_id)
);
CREATE INDEX filter_statuses_by_post ON filter_statuses (post_id);
