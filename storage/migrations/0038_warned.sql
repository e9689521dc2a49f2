-- That an author was asked to look again at a text: a keyed hash of it, for ten minutes. Never the text.
CREATE TABLE warned (
    author_id  BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    digest     TEXT NOT NULL,
    until      BIGINT NOT NULL,
    PRIMARY KEY (author_id, digest)
);
CREATE INDEX warned_until ON warned (until);
