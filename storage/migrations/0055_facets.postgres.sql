INSERT INTO post_facets (facet, post_id)
SELECT names.name || '=' || said.value, posts.id
FROM (VALUES ('topics', 'topic'), ('settings', 'setting')) AS names (list, name)
JOIN posts ON posts.fields <> '' AND posts.visibility = 'public'
CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE WHEN jsonb_typeof(posts.fields::jsonb -> names.list) = 'array' THEN posts.fields::jsonb -> names.list ELSE '[]' END
) AS said (value)
ON CONFLICT DO NOTHING;
INSERT INTO post_facets (facet, post_id)
SELECT names.name || '=' || (posts.fields::jsonb ->> names.name), posts.id
FROM (VALUES ('harm'), ('evidence')) AS names (name)
JOIN posts ON posts.fields <> '' AND posts.visibility = 'public'
WHERE jsonb_typeof(posts.fields::jsonb -> names.name) = 'string' AND posts.fields::jsonb ->> names.name <> ''
ON CONFLICT DO NOTHING;
