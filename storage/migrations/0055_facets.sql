-- What public posts are about and how they can be narrowed down, one row for each word of the field's vocabularies:
-- 'topic=falls', 'setting=theatre', 'evidence=research' (storage.facets). Written with the post, only where it has any.
-- Kind, language and whether it was written here stand in the post's own row.
CREATE TABLE post_facets (
    facet       TEXT NOT NULL,
    post_id     BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (facet, post_id)
);
CREATE INDEX post_facets_by_post ON post_facets (post_id, facet);

-- Posts that are here already: those with the hashtag of a topic; what fields say is in the files of the two dialects.
INSERT INTO post_facets (facet, post_id)
WITH known (topic) AS (VALUES
    ('pressure-ulcers'), ('cannulation'), ('falls'), ('medication'), ('sepsis'), ('vte'), ('deterioration'),
    ('handover'), ('maternity'), ('children'), ('infection'), ('surgery'), ('diagnosis'), ('mental-health'),
    ('delirium'), ('nutrition'), ('continence'), ('blood'), ('devices'), ('identification'), ('digital'),
    ('primary-care'), ('community'), ('care-homes'), ('ambulance'), ('end-of-life'), ('human-factors'),
    ('safety-culture'), ('candour'), ('learning'), ('excellence'), ('measurement'), ('improvement-methods'),
    ('patient-voice'), ('equity'), ('workforce'), ('innovation'), ('international'), ('consultation'), ('network'),
    ('rehabilitation'))
SELECT 'topic=' || known.topic, posts.id
FROM known JOIN tags ON tags.name = replace(known.topic, '-', '') JOIN post_tags ON post_tags.tag_id = tags.id
JOIN posts ON posts.id = post_tags.post_id
WHERE posts.visibility = 'public'
ON CONFLICT DO NOTHING;
