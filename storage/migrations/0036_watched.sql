-- Whom anybody watches: each new post asks.
CREATE INDEX follows_watched ON follows (target_id) WHERE notify IS NOT NULL;
