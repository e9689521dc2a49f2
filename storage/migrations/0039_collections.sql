-- Accounts that somebody recommends together, for everybody to read; and who among them agreed to that.
CREATE TABLE collections (
    id            BIGINT PRIMARY KEY,
    uri           TEXT NOT NULL UNIQUE,
    owner_id      BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    url           TEXT NOT NULL DEFAULT '',       -- its page elsewhere; '': ours, made of the id
    name          TEXT NOT NULL,
    description   TEXT NOT NULL DEFAULT '',       -- plain text
    language      TEXT NOT NULL DEFAULT '',
    tag           TEXT NOT NULL DEFAULT '',       -- a hashtag, without #
    sensitive     BIGINT,
    discoverable  BIGINT,                         -- on the page of its owner; NULL: only who has the link finds it
    created       BIGINT NOT NULL,
    updated       BIGINT NOT NULL,
    fetched       BIGINT                          -- when its server last told of it; NULL: ours
);
CREATE INDEX collections_by_owner ON collections (owner_id, id);

CREATE TABLE collection_items (
    id            BIGINT PRIMARY KEY,
    collection_id BIGINT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    actor_id      BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,   -- who is recommended
    state         TEXT NOT NULL,                  -- storage.collections.State
    created       BIGINT NOT NULL,
    uri           TEXT NOT NULL DEFAULT '',       -- its id elsewhere; '': ours, made of the id, or not told yet
    stamp         TEXT NOT NULL DEFAULT '',       -- uri of the FeatureAuthorization of an account elsewhere
    UNIQUE (collection_id, actor_id)
);
CREATE INDEX collection_items_by_collection ON collection_items (collection_id, id);
CREATE INDEX collection_items_by_actor ON collection_items (actor_id, collection_id);
CREATE INDEX collection_items_by_stamp ON collection_items (stamp) WHERE stamp <> '';
