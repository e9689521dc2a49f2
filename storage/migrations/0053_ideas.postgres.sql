INSERT INTO ideas (post_id, stage)
SELECT id, COALESCE(CAST(fields AS json) ->> 'stage', 'new') FROM posts WHERE kind = 'idea' AND fields <> '';
