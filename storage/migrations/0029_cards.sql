-- Previews of linked pages: one for each address, shared by the posts that link there, gone with the last of them
-- (triggers in the files of the two dialects).
CREATE TABLE cards (
    id            BIGINT PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,          -- as it is linked, without what follows a #
    asked         BIGINT,                        -- when its server was asked last; NULL: not yet
    shown         BIGINT,                        -- since when there is something to show; NULL: there is nothing
    title         TEXT NOT NULL DEFAULT '',
    description   TEXT NOT NULL DEFAULT '',
    language      TEXT NOT NULL DEFAULT '',
    author_name   TEXT NOT NULL DEFAULT '',
    author_url    TEXT NOT NULL DEFAULT '',
    provider_name TEXT NOT NULL DEFAULT '',
    provider_url  TEXT NOT NULL DEFAULT '',
    published     BIGINT,
    image         TEXT NOT NULL DEFAULT '',      -- of our media; '': none
    image_alt     TEXT NOT NULL DEFAULT '',
    width         BIGINT NOT NULL DEFAULT 0,     -- of the image
    height        BIGINT NOT NULL DEFAULT 0,
    blurhash      TEXT NOT NULL DEFAULT ''
);
CREATE TABLE post_cards (
    post_id       BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    card_id       BIGINT NOT NULL REFERENCES cards (id) ON DELETE CASCADE
);
CREATE INDEX post_cards_by_card ON post_cards (card_id, post_id);

ALTER TABLE files ADD COLUMN card_id BIGINT REFERENCES cards (id) ON DELETE SET NULL;   -- whose image it is
CREATE INDEX files_by_card ON files (card_id) WHERE card_id IS NOT NULL;
DROP INDEX files_loose;
CREATE INDEX files_loose ON files (name) WHERE attachment_id IS NULL AND actor_id IS NULL AND card_id IS NULL;

CREATE TABLE trending_links (
    card_id       BIGINT PRIMARY KEY REFERENCES cards (id) ON DELETE CASCADE,
    place         BIGINT NOT NULL,
    history       TEXT NOT NULL
);
CREATE INDEX trending_links_in_order ON trending_links (place);
