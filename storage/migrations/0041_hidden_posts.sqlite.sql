-- A hidden post does not count among those of its author.
DROP TRIGGER post_removed;
CREATE TRIGGER post_removed AFTER DELETE ON posts WHEN OLD.boost_of_id IS NULL AND OLD.visibility NOT IN ('direct', 'hidden') BEGIN
    UPDATE actors SET posts_count = posts_count - 1, changed = changed + 1 WHERE id = OLD.author_id;
END;
CREATE TRIGGER post_hidden AFTER UPDATE OF visibility ON posts WHEN NEW.visibility = 'hidden' AND OLD.visibility NOT IN ('direct', 'hidden') BEGIN
    UPDATE actors SET posts_count = posts_count - 1, changed = changed + 1 WHERE id = NEW.author_id;
END;
CREATE TRIGGER post_shown AFTER UPDATE OF visibility ON posts WHEN OLD.visibility = 'hidden' AND NEW.visibility NOT IN ('direct', 'hidden') BEGIN
    UPDATE actors SET posts_count = posts_count + 1, changed = changed + 1 WHERE id = NEW.author_id;
END;
