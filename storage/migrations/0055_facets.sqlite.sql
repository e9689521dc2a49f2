INSERT INTO post_facets (facet, post_id)
SELECT names.name || '=' || said.value, posts.id
FROM (SELECT 'topics' AS list, 'topic' AS name UNION ALL SELECT 'settings', 'setting') AS names
JOIN posts ON posts.fields <> '' AND posts.visibility = 'public'
JOIN json_each(posts.fields, '$.' || names.list) AS said
WHERE said.type = 'text'
ON CONFLICT DO NOTHING;
INSERT INTO post_facets (facet, post_id)
SELECT names.name || '=' || json_extract(posts.fields, '$.' || names.name), posts.id
FROM (SELECT 'harm' AS name UNION ALL SELECT 'evidence') AS names
JOIN posts ON posts.fields <> '' AND posts.visibility = 'public'
WHERE json_type(posts.fields, '$.' || names.name) = 'text' AND json_extract(posts.fields, '$.' || names.name) <> ''
ON CONFLICT DO NOTHING;
