-- What was taken back or corrected everywhere, and what each server said to that. No words of any post.
CREATE TABLE recalls (
    id          BIGINT PRIMARY KEY,
    post_id     BIGINT NOT NULL,                  -- no reference, nor of the actors below: it outlives them
    uri         TEXT NOT NULL,                    -- of the post
    act         TEXT NOT NULL,                    -- storage.recalls.Act
    activity    TEXT NOT NULL UNIQUE,             -- id of what is sent
    author_id   BIGINT NOT NULL,
    by_id       BIGINT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',         -- storage.recalls.Reason
    kind        TEXT NOT NULL,                    -- of the post
    created     BIGINT NOT NULL
);
CREATE UNIQUE INDEX recalls_taken_back ON recalls (post_id) WHERE act = 'taken-back';
CREATE INDEX recalls_by_uri ON recalls (uri);
CREATE INDEX recalls_by_author ON recalls (author_id, id);

CREATE TABLE recall_inboxes (
    recall_id   BIGINT NOT NULL REFERENCES recalls (id) ON DELETE CASCADE,
    inbox       TEXT NOT NULL,                    -- state 'sought': the key whose owner's inbox is looked for
    host        TEXT NOT NULL,
    state       TEXT NOT NULL,                    -- storage.recalls.Standing
    status      BIGINT NOT NULL DEFAULT 0,        -- of HTTP, the last; 0: there was no answer
    tries       BIGINT NOT NULL DEFAULT 0,
    at          BIGINT NOT NULL,                  -- of the last change
    PRIMARY KEY (recall_id, inbox)
);
CREATE INDEX recall_inboxes_by_host ON recall_inboxes (recall_id, host);

-- Members who are still to be told.
CREATE TABLE recall_members (
    recall_id   BIGINT NOT NULL REFERENCES recalls (id) ON DELETE CASCADE,
    member_id   BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    did         TEXT NOT NULL,                    -- storage.recalls.Did
    PRIMARY KEY (recall_id, member_id)
);
CREATE INDEX recall_members_by_member ON recall_members (member_id);

ALTER TABLE activities_out ADD COLUMN recall_id BIGINT REFERENCES recalls (id) ON DELETE SET NULL;
CREATE INDEX activities_out_by_recall ON activities_out (recall_id) WHERE recall_id IS NOT NULL;
