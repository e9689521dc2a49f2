-- CASE, since '' is no JSON, in whatever order conditions are looked at.
INSERT INTO post_facets (facet, post_id)
SELECT names.name || '=' || said.value, structured.id
FROM (SELECT posts.id, (CASE WHEN posts.fields <> '' THEN posts.fields ELSE '{}' END)::jsonb AS fields
      FROM posts WHERE posts.fields <> '' AND posts.visibility = 'public') AS structured
CROSS JOIN (VALUES ('topics', 'topic'), ('settings', 'setting')) AS names (list, name)
CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE WHEN jsonb_typeof(structured.fields -> names.list) = 'array' THEN structured.fields -> names.list ELSE '[]' END
) AS said (value)
ON CONFLICT DO NOTHING;
INSERT INTO post_facets (facet, post_id)
SELECT names.name || '=' || (structured.fields ->> names.name), structured.id
FROM (SELECT posts.id, (CASE WHEN posts.fields <> '' THEN posts.fields ELSE '{}' END)::jsonb AS fields
      FROM posts WHERE posts.fields <> '' AND posts.visibility = 'public') AS structured
CROSS JOIN (VALUES ('harm'), ('evidence')) AS names (name)
WHERE jsonb_typeof(structured.fields -> names.name) = 'string' AND structured.fields ->> names.name <> ''
ON CONFLICT DO NOTHING;
