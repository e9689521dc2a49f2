-- Teams show with numbers whether a change helped: a measure has a definition, points, and what happened when.
CREATE TABLE measures (
    id       BIGINT PRIMARY KEY,
    owner_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,   -- a person or a team
    series   TEXT NOT NULL,                 -- JSON, storage.series.dumped: all that is shown
    opened   BIGINT,                        -- since when everybody can see its page; NULL: its owner alone
    created  BIGINT NOT NULL,
    changed  BIGINT NOT NULL
);
CREATE INDEX measures_by_owner ON measures (owner_id, id);

-- What its owner changed when. Numbers that were corrected stand here as they were; those that were taken out do not.
CREATE TABLE measure_changes (
    id         BIGINT PRIMARY KEY,
    measure_id BIGINT NOT NULL REFERENCES measures (id) ON DELETE CASCADE,
    made       BIGINT NOT NULL,
    what       TEXT NOT NULL                -- JSON, storage.measures.Change
);
CREATE INDEX measure_changes_by_measure ON measure_changes (measure_id, id);
