-- The text of a post names what it builds on, or answers, by its title: heirs. When what is named is hidden, shown again or
-- erased, a job writes that line anew in each; the triggers that promise it are in the files of the two dialects, so
-- that no way of taking something back can forget it.
CREATE VIEW heirs AS
    SELECT child_id AS post_id, parent_uri AS uri, 0 AS answers FROM lineage WHERE outcome <> 'same'
    UNION ALL
    SELECT post_id, call_uri AS uri, 1 AS answers FROM ideas WHERE call_uri <> '';
