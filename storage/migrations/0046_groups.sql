-- Teams, collaboratives and alliances are groups that can be joined and posted to, from anywhere. A group without a row
-- here was made by whoever runs the node: nobody asks to join it, and it passes on nothing of others.
CREATE TABLE group_settings (
    actor_id    BIGINT PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    sort        TEXT NOT NULL,                    -- storage.groups.Sort: team, collaborative
    joining     TEXT NOT NULL,                    -- storage.groups.Joining: open, request, invitation
    posting     TEXT NOT NULL,                    -- storage.groups.Posting: anyone, members, nobody
    private     BIGINT,                           -- what is in it is for its members alone
    aim         TEXT NOT NULL DEFAULT '',         -- of a collaborative, plain
    starts      BIGINT,
    ends        BIGINT,
    closed      BIGINT,                           -- takes no new posts and members; what is in it stays readable
    created     BIGINT NOT NULL
);

-- Who asked to be in a group, or was asked by it; of groups here, and of members here in groups elsewhere.
CREATE TABLE admissions (
    group_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    way         TEXT NOT NULL,                    -- storage.admissions.Way: asked, invited
    uri         TEXT NOT NULL,                    -- of the Join or Invite
    created     BIGINT NOT NULL,
    PRIMARY KEY (group_id, actor_id)
);
CREATE INDEX admissions_by_actor ON admissions (actor_id, group_id);

-- Which posts were sent to which group here, once each.
CREATE TABLE submissions (
    group_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    state       TEXT NOT NULL,                    -- storage.submissions.State: waiting, passed, removed
    created     BIGINT NOT NULL,
    PRIMARY KEY (group_id, post_id)
);
CREATE INDEX submissions_by_post ON submissions (post_id);
CREATE INDEX submissions_waiting ON submissions (group_id, post_id) WHERE state = 'waiting';
