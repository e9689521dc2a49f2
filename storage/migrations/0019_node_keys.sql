-- Keys of the node itself that speak for no actor.
CREATE TABLE node_keys (
    name          TEXT PRIMARY KEY,               -- what for: vapid (RFC 8292)
    private       TEXT NOT NULL                   -- PEM
);
