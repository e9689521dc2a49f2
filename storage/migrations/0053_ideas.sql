-- How far each idea is, and which call for ideas it answers: what its fields say, to find ideas by.
CREATE TABLE ideas (
    post_id  BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    stage    TEXT NOT NULL,                       -- storage.shapes.idea.STAGES
    call_uri TEXT NOT NULL DEFAULT ''             -- "": none
);
CREATE INDEX ideas_by_stage ON ideas (stage, post_id);
CREATE INDEX ideas_by_call ON ideas (call_uri, post_id) WHERE call_uri <> '';
