-- People join by themselves. Their account is hidden (actors.suspended) until it is confirmed and approved. Its row of
-- members has the address, a space and its number as email_key until the address is shown to be theirs: nobody learns
-- from signing up who has an account, and nobody keeps an address from its owner.
CREATE TABLE invitations (
    id            BIGINT PRIMARY KEY,
    code          BYTEA NOT NULL UNIQUE,          -- SHA-256 of what the link ends with
    kind          TEXT NOT NULL,                  -- storage.actors.ActorKind of the accounts it makes
    uses          BIGINT NOT NULL,                -- how many accounts it makes in all
    used          BIGINT NOT NULL DEFAULT 0,
    created       BIGINT NOT NULL,
    expires       BIGINT NOT NULL,
    revoked       BIGINT
);

-- One row for each member who joined by themselves.
CREATE TABLE joined (
    member_id     BIGINT PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    reason        TEXT NOT NULL DEFAULT '',       -- why they want to join, in their words
    app_id        BIGINT,                         -- the app that signed them up; NULL: a page
    invitation_id BIGINT,
    opened        BIGINT,                         -- when the account was first shown; NULL: it never was
    welcomed      BIGINT                          -- when they were shown the welcome page
);
CREATE INDEX joined_waiting ON joined (member_id) WHERE opened IS NULL;
