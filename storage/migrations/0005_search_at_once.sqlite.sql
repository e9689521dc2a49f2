-- FTS5 writes its pending words to disk at each savepoint, and a trigger is one: 40 µs a post. Posts whose words are not
-- in the index yet wait here; the committer lets all of a group in before its COMMIT, so that nobody ever sees them wait.
CREATE TABLE unsearched (post_id BIGINT PRIMARY KEY);
DROP TRIGGER search_added;
DROP TRIGGER search_changed;
DROP TRIGGER search_removed;
CREATE TRIGGER search_added AFTER INSERT ON posts WHEN NEW.text <> '' BEGIN
    INSERT INTO unsearched (post_id) VALUES (NEW.id);
END;
CREATE TRIGGER search_changed AFTER UPDATE OF text ON posts WHEN OLD.text <> NEW.text BEGIN
    INSERT INTO posts_search (posts_search, rowid, text) SELECT 'delete', OLD.id, OLD.text
        WHERE OLD.text <> '' AND NOT EXISTS (SELECT 1 FROM unsearched WHERE post_id = OLD.id);
    DELETE FROM unsearched WHERE post_id = OLD.id;
    INSERT INTO unsearched (post_id) SELECT NEW.id WHERE NEW.text <> '';
    INSERT INTO unscrubbed (id) VALUES (NULL);
END;
CREATE TRIGGER search_removed AFTER DELETE ON posts WHEN OLD.text <> '' BEGIN
    INSERT INTO posts_search (posts_search, rowid, text) SELECT 'delete', OLD.id, OLD.text
        WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE post_id = OLD.id);
    DELETE FROM unsearched WHERE post_id = OLD.id;
    INSERT INTO unscrubbed (id) VALUES (NULL);
END;
