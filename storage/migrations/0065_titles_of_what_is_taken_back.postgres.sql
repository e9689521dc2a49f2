CREATE FUNCTION heirs_of_hidden() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO jobs (kind, shard, payload, due, promised)
    SELECT 'retitle-heirs', 57, NEW.uri, 0, CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)
    WHERE EXISTS (SELECT 1 FROM heirs WHERE heirs.uri = NEW.uri);
    RETURN NULL;
END $$;
CREATE TRIGGER heirs_of_hidden AFTER UPDATE OF visibility ON posts FOR EACH ROW WHEN (NEW.kind <> 'plain' AND OLD.visibility <> NEW.visibility) EXECUTE FUNCTION heirs_of_hidden();
CREATE FUNCTION heirs_of_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO jobs (kind, shard, payload, due, promised)
    SELECT 'retitle-heirs', 57, OLD.uri, 0, CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)
    WHERE EXISTS (SELECT 1 FROM heirs WHERE heirs.uri = OLD.uri);
    RETURN NULL;
END $$;
CREATE TRIGGER heirs_of_gone AFTER DELETE ON posts FOR EACH ROW WHEN (OLD.kind <> 'plain') EXECUTE FUNCTION heirs_of_gone();

-- What was taken back until now.
INSERT INTO jobs (kind, shard, payload, due, promised)
SELECT 'retitle-heirs', 57, named.uri, 0, CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)
FROM (SELECT DISTINCT uri FROM heirs) AS named
WHERE EXISTS (SELECT 1 FROM tombstones WHERE tombstones.uri = named.uri)
   OR EXISTS (SELECT 1 FROM posts WHERE posts.uri = named.uri AND posts.visibility = 'hidden');
