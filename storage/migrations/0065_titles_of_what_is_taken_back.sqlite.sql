CREATE TRIGGER heirs_of_hidden AFTER UPDATE OF visibility ON posts WHEN NEW.kind <> 'plain' AND OLD.visibility <> NEW.visibility BEGIN
    INSERT INTO jobs (kind, shard, payload, due, promised)
    SELECT 'retitle-heirs', 57, NEW.uri, 0, CAST(strftime('%s', 'now') AS INTEGER) * 1000
    WHERE EXISTS (SELECT 1 FROM heirs WHERE heirs.uri = NEW.uri);
END;
CREATE TRIGGER heirs_of_gone AFTER DELETE ON posts WHEN OLD.kind <> 'plain' BEGIN
    INSERT INTO jobs (kind, shard, payload, due, promised)
    SELECT 'retitle-heirs', 57, OLD.uri, 0, CAST(strftime('%s', 'now') AS INTEGER) * 1000
    WHERE EXISTS (SELECT 1 FROM heirs WHERE heirs.uri = OLD.uri);
END;

-- What was taken back until now.
INSERT INTO jobs (kind, shard, payload, due, promised)
SELECT 'retitle-heirs', 57, named.uri, 0, CAST(strftime('%s', 'now') AS INTEGER) * 1000
FROM (SELECT DISTINCT uri FROM heirs) AS named
WHERE EXISTS (SELECT 1 FROM tombstones WHERE tombstones.uri = named.uri)
   OR EXISTS (SELECT 1 FROM posts WHERE posts.uri = named.uri AND posts.visibility = 'hidden');
