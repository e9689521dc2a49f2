-- A text that is no JSON, as '' is, would end the migration, in whatever order the tables are read.
INSERT INTO post_facets (facet, post_id)
SELECT names.name || '=' || said.value, structured.id
FROM (SELECT posts.id, CASE WHEN json_valid(posts.fields) THEN posts.fields ELSE '{}' END AS fields
      FROM posts WHERE posts.fields <> '' AND posts.visibility = 'public') AS structured
JOIN (SELECT 'topics' AS list, 'topic' AS name UNION ALL SELECT 'settings', 'setting') AS names
JOIN json_each(structured.fields, '$.' || names.list) AS said
WHERE said.type = 'text'
ON CONFLICT DO NOTHING;
INSERT INTO post_facets (facet, post_id)
SELECT names.name || '=' || json_extract(structured.fields, '$.' || names.name), structured.id
FROM (SELECT posts.id, CASE WHEN json_valid(posts.fields) THEN posts.fields ELSE '{}' END AS fields
      FROM posts WHERE posts.fields <> '' AND posts.visibility = 'public') AS structured
JOIN (SELECT 'harm' AS name UNION ALL SELECT 'evidence') AS names
WHERE json_type(structured.fields, '$.' || names.name) = 'text'
  AND json_extract(structured.fields, '$.' || names.name) <> ''
ON CONFLICT DO NOTHING;
