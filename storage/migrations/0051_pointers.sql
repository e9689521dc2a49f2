-- Where a structured post points: which post replaces it, which page it is about, and until when it is to be looked
-- at again. What points at the same is found without reading fields.
CREATE TABLE pointers (
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    term TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (post_id, term)
);
CREATE INDEX pointers_by_target ON pointers (term, target, post_id);
