-- Counters change in the statement that adds or removes the row: by trigger, so that no code path can forget one.
CREATE FUNCTION like_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET likes_count = likes_count + 1, changed = changed + 1 WHERE id = NEW.post_id;
    RETURN NULL;
END $$;
CREATE TRIGGER like_added AFTER INSERT ON likes FOR EACH ROW EXECUTE FUNCTION like_added();
CREATE FUNCTION like_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET likes_count = likes_count - 1, changed = changed + 1 WHERE id = OLD.post_id;
    RETURN NULL;
END $$;
CREATE TRIGGER like_removed AFTER DELETE ON likes FOR EACH ROW EXECUTE FUNCTION like_removed();
CREATE FUNCTION boost_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET boosts_count = boosts_count + 1, changed = changed + 1 WHERE id = NEW.boost_of_id;
    RETURN NULL;
END $$;
CREATE TRIGGER boost_added AFTER INSERT ON posts FOR EACH ROW WHEN (NEW.boost_of_id IS NOT NULL) EXECUTE FUNCTION boost_added();
CREATE FUNCTION boost_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET boosts_count = boosts_count - 1, changed = changed + 1 WHERE id = OLD.boost_of_id;
    RETURN NULL;
END $$;
CREATE TRIGGER boost_removed AFTER DELETE ON posts FOR EACH ROW WHEN (OLD.boost_of_id IS NOT NULL) EXECUTE FUNCTION boost_removed();
CREATE FUNCTION reply_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET replies_count = replies_count + 1, changed = changed + 1 WHERE id = NEW.in_reply_to_id;
    RETURN NULL;
END $$;
CREATE TRIGGER reply_added AFTER INSERT ON posts FOR EACH ROW WHEN (NEW.in_reply_to_id IS NOT NULL) EXECUTE FUNCTION reply_added();
CREATE FUNCTION reply_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET replies_count = replies_count - 1, changed = changed + 1 WHERE id = OLD.in_reply_to_id;
    RETURN NULL;
END $$;
CREATE TRIGGER reply_removed AFTER DELETE ON posts FOR EACH ROW WHEN (OLD.in_reply_to_id IS NOT NULL) EXECUTE FUNCTION reply_removed();
CREATE FUNCTION reply_joined() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET replies_count = replies_count + 1, changed = changed + 1 WHERE id = NEW.in_reply_to_id;
    RETURN NULL;
END $$;
CREATE TRIGGER reply_joined AFTER UPDATE OF in_reply_to_id ON posts FOR EACH ROW WHEN (OLD.in_reply_to_id IS NULL AND NEW.in_reply_to_id IS NOT NULL) EXECUTE FUNCTION reply_joined();
CREATE FUNCTION post_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE actors SET posts_count = posts_count + 1, last_post = NEW.published, changed = changed + 1 WHERE id = NEW.author_id;
    RETURN NULL;
END $$;
CREATE TRIGGER post_added AFTER INSERT ON posts FOR EACH ROW WHEN (NEW.boost_of_id IS NULL AND NEW.visibility <> 'direct') EXECUTE FUNCTION post_added();
CREATE FUNCTION post_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE actors SET posts_count = posts_count - 1, changed = changed + 1 WHERE id = OLD.author_id;
    RETURN NULL;
END $$;
CREATE TRIGGER post_removed AFTER DELETE ON posts FOR EACH ROW WHEN (OLD.boost_of_id IS NULL AND OLD.visibility <> 'direct') EXECUTE FUNCTION post_removed();
CREATE FUNCTION follow_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE actors SET followers_count = followers_count + 1, changed = changed + 1 WHERE id = NEW.target_id;
    UPDATE actors SET following_count = following_count + 1, changed = changed + 1 WHERE id = NEW.follower_id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_added AFTER INSERT ON follows FOR EACH ROW WHEN (NEW.accepted IS NOT NULL) EXECUTE FUNCTION follow_added();
CREATE FUNCTION follow_accepted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE actors SET followers_count = followers_count + 1, changed = changed + 1 WHERE id = NEW.target_id;
    UPDATE actors SET following_count = following_count + 1, changed = changed + 1 WHERE id = NEW.follower_id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_accepted AFTER UPDATE OF accepted ON follows FOR EACH ROW WHEN (OLD.accepted IS NULL AND NEW.accepted IS NOT NULL) EXECUTE FUNCTION follow_accepted();
CREATE FUNCTION follow_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE actors SET followers_count = followers_count - 1, changed = changed + 1 WHERE id = OLD.target_id;
    UPDATE actors SET following_count = following_count - 1, changed = changed + 1 WHERE id = OLD.follower_id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_removed AFTER DELETE ON follows FOR EACH ROW WHEN (OLD.accepted IS NOT NULL) EXECUTE FUNCTION follow_removed();

-- Search: newest first over the plain text.
ALTER TABLE posts ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('english', text)) STORED;
CREATE INDEX posts_search ON posts USING gin (words) WHERE text <> '';

-- A list as one parameter; see storage.database.listed.
CREATE FUNCTION ids_of(list text) RETURNS TABLE (value bigint) LANGUAGE sql IMMUTABLE STRICT ROWS 40
    AS $$ SELECT value::bigint FROM json_array_elements_text(list::json) AS value $$;
CREATE FUNCTION texts_of(list text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE STRICT ROWS 40
    AS $$ SELECT value FROM json_array_elements_text(list::json) AS value $$;
