-- Accounts that a member reads together.
CREATE TABLE lists (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    title         TEXT NOT NULL,
    replies       TEXT NOT NULL,                  -- storage.lists.Replies: to whom the replies are that are shown
    exclusive     BIGINT                          -- its accounts are not on the home timeline
);
CREATE INDEX lists_by_member ON lists (member_id, id);

CREATE TABLE list_accounts (
    id            BIGINT PRIMARY KEY,
    list_id       BIGINT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    actor_id      BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    UNIQUE (list_id, actor_id)
);
CREATE INDEX list_accounts_by_list ON list_accounts (list_id, id);
CREATE INDEX list_accounts_by_actor ON list_accounts (actor_id, list_id);
