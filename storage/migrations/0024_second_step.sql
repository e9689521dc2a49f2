-- A second step at sign-in: codes of an authenticator app, and recovery codes for whoever lost it.
CREATE TABLE authenticators (
    member_id     BIGINT PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    secret        BYTEA NOT NULL,                 -- sealed with a key that is not in the database
    started       BIGINT NOT NULL,
    confirmed     BIGINT,                         -- NULL: no code of it was shown yet, and it does not count
    step          BIGINT NOT NULL DEFAULT 0       -- RFC 6238: the latest time step whose code was used
);
CREATE TABLE recovery_codes (
    member_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    code          BYTEA NOT NULL,                 -- SHA-256
    PRIMARY KEY (member_id, code)
);
-- Sign-ins whose password was right and whose second step is still to come.
CREATE TABLE sign_ins (
    token         BYTEA PRIMARY KEY,              -- SHA-256 of the browser's cookie
    member_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    own_device    BIGINT,
    target        TEXT NOT NULL,                  -- the path to go on to
    expires       BIGINT NOT NULL
);
CREATE INDEX sign_ins_by_member ON sign_ins (member_id);
CREATE INDEX sign_ins_by_end ON sign_ins (expires);
-- Addresses that members want instead of theirs, until they open the link that is mailed there.
CREATE TABLE address_changes (
    member_id     BIGINT PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    email         TEXT NOT NULL,
    former        TEXT NOT NULL,                  -- the address of before, which is told
    asked         BIGINT NOT NULL
);
CREATE INDEX address_changes_by_time ON address_changes (asked);
