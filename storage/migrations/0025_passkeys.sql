-- Passkeys (W3C Web Authentication): public keys with which members sign in.
CREATE TABLE passkeys (
    id            BIGINT PRIMARY KEY,
    member_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    credential    BYTEA NOT NULL UNIQUE,          -- its id, which the authenticator chose
    public        BYTEA NOT NULL,                 -- COSE
    counter       BIGINT NOT NULL,                -- how often it signed, as it says; 0: it does not count
    name          TEXT NOT NULL,                  -- as its member calls it
    created       BIGINT NOT NULL,
    used          BIGINT
);
CREATE INDEX passkeys_by_member ON passkeys (member_id, id);
-- What a passkey has to sign next in a browser, once.
CREATE TABLE challenges (
    holder        BYTEA PRIMARY KEY,              -- SHA-256 of the browser's cookie
    challenge     BYTEA NOT NULL,
    expires       BIGINT NOT NULL
);
CREATE INDEX challenges_by_end ON challenges (expires);
