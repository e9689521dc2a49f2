-- A consultation is a poll (0016) that is answered in words too, and closed by a summary: you said, we did.
CREATE TABLE consultations (
    post_id       BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    summary_id    BIGINT REFERENCES posts (id) ON DELETE SET NULL
);
CREATE INDEX consultations_by_summary ON consultations (summary_id) WHERE summary_id IS NOT NULL;
