INSERT INTO ideas (post_id, stage)
SELECT id, COALESCE(json_extract(fields, '$.stage'), 'new') FROM posts WHERE kind = 'idea' AND fields <> '';
