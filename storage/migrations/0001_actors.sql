-- Actors: members, teams, alliances and the node itself, ours and remote ones; their keys; who may sign in; apps.
-- Times are milliseconds since 1970 UTC. A nullable time is also the flag: NULL means no.
CREATE TABLE actors (
    id               BIGINT PRIMARY KEY,
    uri              TEXT NOT NULL UNIQUE,
    kind             TEXT NOT NULL,               -- storage.actors.ActorKind: Person, Group, Organization, Application, Service
    handle           TEXT NOT NULL,
    handle_key       TEXT NOT NULL,               -- lower case
    domain           TEXT NOT NULL,               -- '': lives on this node
    name             TEXT NOT NULL DEFAULT '',
    summary          TEXT NOT NULL DEFAULT '',    -- HTML, sanitized before it came here
    summary_source   TEXT NOT NULL DEFAULT '',    -- what a member typed
    url              TEXT NOT NULL DEFAULT '',
    inbox            TEXT NOT NULL DEFAULT '',
    shared_inbox     TEXT NOT NULL DEFAULT '',
    outbox           TEXT NOT NULL DEFAULT '',
    followers        TEXT NOT NULL DEFAULT '',
    following        TEXT NOT NULL DEFAULT '',
    featured         TEXT NOT NULL DEFAULT '',
    icon             TEXT NOT NULL DEFAULT '',    -- URL of the picture
    header           TEXT NOT NULL DEFAULT '',
    fields           TEXT NOT NULL DEFAULT '[]',  -- JSON: [{"name", "value" (HTML)}]
    emojis           TEXT NOT NULL DEFAULT '[]',  -- JSON: [{"shortcode", "url"}]
    also_known_as    TEXT NOT NULL DEFAULT '[]',  -- JSON: [uri]
    moved_to         TEXT NOT NULL DEFAULT '',
    locked           BIGINT,                      -- approves followers by hand
    discoverable     BIGINT,
    indexable        BIGINT,
    suspended        BIGINT,                      -- hidden from everyone
    gone             BIGINT,                      -- deleted: texts are erased, the row keeps uri and key for what is still to be sent
    published        BIGINT NOT NULL,             -- when the account was made, as far as known
    fetched          BIGINT NOT NULL DEFAULT 0,   -- when a remote actor was last read from its home
    changed          BIGINT NOT NULL DEFAULT 1,   -- grows with every change a reader could see
    followers_count  BIGINT NOT NULL DEFAULT 0,   -- what this node knows; kept by triggers
    following_count  BIGINT NOT NULL DEFAULT 0,
    posts_count      BIGINT NOT NULL DEFAULT 0,
    last_post        BIGINT,
    their_followers  BIGINT,                      -- totals their own server told
    their_following  BIGINT,
    their_posts      BIGINT,
    UNIQUE (handle_key, domain)
);
CREATE INDEX actors_by_domain ON actors (domain, id);

CREATE TABLE keys (
    id          BIGINT PRIMARY KEY,
    uri         TEXT NOT NULL UNIQUE,             -- the keyId
    actor_id    BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,                    -- rsa, ed25519
    public      TEXT NOT NULL,                    -- PEM
    private     TEXT,                             -- PEM; NULL: not ours
    fetched     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX keys_by_actor ON keys (actor_id);

CREATE TABLE members (
    actor_id      BIGINT PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL UNIQUE,           -- lower case
    password      TEXT NOT NULL,                  -- argon2id
    role          TEXT NOT NULL,                  -- storage.members.Role
    confirmed     BIGINT,
    approved      BIGINT,
    trusted       BIGINT,
    disabled      BIGINT,
    created       BIGINT NOT NULL,
    seen          BIGINT NOT NULL,                -- last use of an app or page, to the day
    home_since    BIGINT,                         -- home rows are kept from then on; NULL: away, rebuilt at sign-in
    language      TEXT NOT NULL DEFAULT '',
    visibility    TEXT NOT NULL DEFAULT 'public', -- of new posts
    sensitive     BIGINT,
    locale        TEXT NOT NULL DEFAULT ''
);

CREATE TABLE apps (
    id            BIGINT PRIMARY KEY,
    client_id     TEXT NOT NULL UNIQUE,
    secret        BYTEA NOT NULL,                 -- SHA-256 of the client secret
    name          TEXT NOT NULL,
    website       TEXT NOT NULL DEFAULT '',
    redirect_uris TEXT NOT NULL,                  -- JSON: [uri]
    scopes        TEXT NOT NULL,                  -- space between
    created       BIGINT NOT NULL
);

CREATE TABLE codes (
    id            BIGINT PRIMARY KEY,
    code          BYTEA NOT NULL UNIQUE,          -- SHA-256
    app_id        BIGINT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    member_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    redirect_uri  TEXT NOT NULL,
    scopes        TEXT NOT NULL,
    challenge     TEXT NOT NULL DEFAULT '',       -- RFC 7636, S256
    expires       BIGINT NOT NULL,
    used          BIGINT
);
CREATE INDEX codes_by_app ON codes (app_id);
CREATE INDEX codes_by_member ON codes (member_id);

CREATE TABLE tokens (
    id            BIGINT PRIMARY KEY,
    token         BYTEA NOT NULL UNIQUE,          -- SHA-256
    app_id        BIGINT REFERENCES apps (id) ON DELETE CASCADE,
    member_id     BIGINT REFERENCES actors (id) ON DELETE CASCADE,   -- NULL: the app itself (client credentials)
    code_id       BIGINT,                         -- the code it was given for: a code used twice takes its token back
    scopes        TEXT NOT NULL,
    created       BIGINT NOT NULL
);
CREATE INDEX tokens_by_member ON tokens (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX tokens_by_app ON tokens (app_id) WHERE app_id IS NOT NULL;
CREATE INDEX tokens_by_code ON tokens (code_id) WHERE code_id IS NOT NULL;

CREATE TABLE sessions (
    id            BIGINT PRIMARY KEY,
    token         BYTEA NOT NULL UNIQUE,          -- SHA-256 of the cookie
    member_id     BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    own_device    BIGINT,                         -- "this is my own device": does not end after 30 idle minutes
    agent         TEXT NOT NULL DEFAULT '',
    created       BIGINT NOT NULL,
    seen          BIGINT NOT NULL
);
CREATE INDEX sessions_by_member ON sessions (member_id);

CREATE TABLE attempts (
    subject       TEXT NOT NULL,                  -- what is throttled: sign-in of one account from one address
    since         BIGINT NOT NULL,
    count         BIGINT NOT NULL,
    PRIMARY KEY (subject)
);
