-- An app may have the device it runs on told by a push service. One subscription for each access token, gone with it.
CREATE TABLE push_subscriptions (
    id            BIGINT PRIMARY KEY AUTOINCREMENT,   -- no job ever means another's subscription
    token_id      BIGINT NOT NULL UNIQUE REFERENCES tokens (id) ON DELETE CASCADE,
    member_id     BIGINT NOT NULL REFERENCES members (actor_id) ON DELETE CASCADE,
    access_token  TEXT NOT NULL,                  -- itself: apps find by it in a message which account is meant
    endpoint      TEXT NOT NULL,                  -- URL of the push service
    host          TEXT NOT NULL,                  -- the endpoint's, as jobs have it
    shard         BIGINT NOT NULL,                -- and its shard
    public        TEXT NOT NULL,                  -- the app's key: P-256, uncompressed, base64url
    auth          TEXT NOT NULL,                  -- its secret of 16 bytes, base64url
    standard      BIGINT,                         -- RFC 8291; NULL: the draft before it
    alerts        TEXT NOT NULL,                  -- reasons, a space before and after each: storage.notifications.Reason
    policy        TEXT NOT NULL                   -- storage.push_subscriptions.Policy
);
CREATE INDEX push_subscriptions_by_member ON push_subscriptions (member_id);
