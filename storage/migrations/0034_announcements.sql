-- What the operator announces to members, what they think of it, and who needs to see it no longer.
CREATE TABLE announcements (
    id               BIGINT PRIMARY KEY AUTOINCREMENT,   -- apps remember ids: none is given twice
    text             TEXT NOT NULL,
    html             TEXT NOT NULL,
    emojis           TEXT NOT NULL DEFAULT '[]',
    starts           BIGINT,                             -- when what is announced begins
    ends             BIGINT,                             -- when it is over: then it is shown no longer
    all_day          BIGINT,                             -- NULL: starts and ends are moments, not days
    published        BIGINT NOT NULL,
    changed          BIGINT NOT NULL DEFAULT 0           -- grows with every reaction
);
CREATE TABLE announcement_reactions (
    announcement_id  BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    name             TEXT NOT NULL,                      -- an emoji, or the name of one of ours
    member_id        BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    PRIMARY KEY (announcement_id, name, member_id)
);
CREATE INDEX announcement_reactions_by_member ON announcement_reactions (member_id);
CREATE TABLE announcement_dismissals (
    announcement_id  BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    member_id        BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    PRIMARY KEY (announcement_id, member_id)
);
CREATE INDEX announcement_dismissals_by_member ON announcement_dismissals (member_id);
