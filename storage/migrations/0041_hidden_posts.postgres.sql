-- A hidden post does not count among those of its author.
DROP TRIGGER post_removed ON posts;
CREATE TRIGGER post_removed AFTER DELETE ON posts FOR EACH ROW WHEN (OLD.boost_of_id IS NULL AND OLD.visibility NOT IN ('direct', 'hidden')) EXECUTE FUNCTION post_removed();
CREATE FUNCTION post_turned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE actors SET posts_count = posts_count + CASE WHEN NEW.visibility = 'hidden' THEN -1 ELSE 1 END, changed = changed + 1 WHERE id = NEW.author_id;
    RETURN NULL;
END $$;
CREATE TRIGGER post_hidden AFTER UPDATE OF visibility ON posts FOR EACH ROW WHEN (NEW.visibility = 'hidden' AND OLD.visibility NOT IN ('direct', 'hidden')) EXECUTE FUNCTION post_turned();
CREATE TRIGGER post_shown AFTER UPDATE OF visibility ON posts FOR EACH ROW WHEN (OLD.visibility = 'hidden' AND NEW.visibility NOT IN ('direct', 'hidden')) EXECUTE FUNCTION post_turned();
