-- Members take their data along, and bring what they had elsewhere. Of each the latest is kept.
CREATE TABLE archives (
    member_id     BIGINT PRIMARY KEY REFERENCES members (actor_id) ON DELETE CASCADE,
    file          TEXT NOT NULL UNIQUE,           -- a random name in the folder archives
    asked         BIGINT NOT NULL,
    done          BIGINT NOT NULL DEFAULT 0,      -- parts of the work
    total         BIGINT NOT NULL DEFAULT 0,
    ready         BIGINT,                         -- NULL: it is being made
    size          BIGINT NOT NULL DEFAULT 0       -- bytes
);
CREATE INDEX archives_by_time ON archives (asked);

CREATE TABLE imports (
    member_id     BIGINT PRIMARY KEY REFERENCES members (actor_id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,                  -- storage.imports.Kind
    overwrite     BIGINT,                         -- what is not in the file ends; NULL: it stays
    asked         BIGINT NOT NULL,
    total         BIGINT NOT NULL,                -- rows
    done          BIGINT NOT NULL DEFAULT 0,
    failed        BIGINT NOT NULL DEFAULT 0,
    finished      BIGINT
);
CREATE INDEX imports_by_time ON imports (asked);

CREATE TABLE import_rows (
    member_id     BIGINT NOT NULL REFERENCES imports (member_id) ON DELETE CASCADE,
    line          BIGINT NOT NULL,                -- of the file
    subject       TEXT NOT NULL,                  -- whom or what it is about, as what is here is written
    cells         TEXT NOT NULL,                  -- JSON
    done          BIGINT,
    problem       TEXT NOT NULL DEFAULT '',       -- why it could not be done
    PRIMARY KEY (member_id, line)
);
CREATE INDEX import_rows_waiting ON import_rows (member_id, line) WHERE done IS NULL;
CREATE INDEX import_rows_failed ON import_rows (member_id, line) WHERE problem <> '';
CREATE INDEX import_rows_by_subject ON import_rows (member_id, subject);
