-- What a picture of an actor shows, in words; and which websites may name a member as an author.
ALTER TABLE actors ADD COLUMN icon_alt TEXT NOT NULL DEFAULT '';
ALTER TABLE actors ADD COLUMN header_alt TEXT NOT NULL DEFAULT '';
ALTER TABLE actors ADD COLUMN attribution_domains TEXT NOT NULL DEFAULT '[]';   -- JSON: [host]
-- Direct posts of one author, for a list of all that a member wrote and got.
CREATE INDEX posts_direct ON posts (author_id, id) WHERE visibility = 'direct';
