-- Counters of what builds on a post; a row that changes leaves them as it was and joins them as it is.
CREATE FUNCTION lineage_left() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE lineage_counts SET adopted = adopted - CASE WHEN OLD.outcome = 'adopted' THEN 1 ELSE 0 END,
        adapted = adapted - CASE WHEN OLD.outcome = 'adapted' THEN 1 ELSE 0 END,
        abandoned = abandoned - CASE WHEN OLD.outcome = 'abandoned' THEN 1 ELSE 0 END,
        interested = interested - CASE WHEN OLD.outcome = 'interested' THEN 1 ELSE 0 END,
        built = built - CASE WHEN OLD.outcome = 'built' THEN 1 ELSE 0 END,
        same = same - CASE WHEN OLD.outcome = 'same' THEN 1 ELSE 0 END
    WHERE post_id = OLD.parent_id;
    UPDATE posts SET changed = changed + 1 WHERE id = OLD.parent_id;
    RETURN NULL;
END $$;
CREATE TRIGGER lineage_left AFTER UPDATE OF counted, parent_id, outcome ON lineage FOR EACH ROW WHEN (OLD.counted = 1 AND OLD.parent_id IS NOT NULL) EXECUTE FUNCTION lineage_left();
CREATE FUNCTION lineage_joined() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO lineage_counts (post_id, adopted, adapted, abandoned, interested, built, same)
    VALUES (NEW.parent_id, CASE WHEN NEW.outcome = 'adopted' THEN 1 ELSE 0 END, CASE WHEN NEW.outcome = 'adapted' THEN 1 ELSE 0 END, CASE WHEN NEW.outcome = 'abandoned' THEN 1 ELSE 0 END, CASE WHEN NEW.outcome = 'interested' THEN 1 ELSE 0 END, CASE WHEN NEW.outcome = 'built' THEN 1 ELSE 0 END, CASE WHEN NEW.outcome = 'same' THEN 1 ELSE 0 END)
    ON CONFLICT (post_id) DO UPDATE SET adopted = lineage_counts.adopted + excluded.adopted,
        adapted = lineage_counts.adapted + excluded.adapted,
        abandoned = lineage_counts.abandoned + excluded.abandoned,
        interested = lineage_counts.interested + excluded.interested,
        built = lineage_counts.built + excluded.built,
        same = lineage_counts.same + excluded.same;
    UPDATE posts SET changed = changed + 1 WHERE id = NEW.parent_id;
    RETURN NULL;
END $$;
CREATE TRIGGER lineage_joined AFTER UPDATE OF counted, parent_id, outcome ON lineage FOR EACH ROW WHEN (NEW.counted = 1 AND NEW.parent_id IS NOT NULL) EXECUTE FUNCTION lineage_joined();
CREATE FUNCTION lineage_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE lineage_counts SET adopted = adopted - CASE WHEN OLD.outcome = 'adopted' THEN 1 ELSE 0 END,
        adapted = adapted - CASE WHEN OLD.outcome = 'adapted' THEN 1 ELSE 0 END,
        abandoned = abandoned - CASE WHEN OLD.outcome = 'abandoned' THEN 1 ELSE 0 END,
        interested = interested - CASE WHEN OLD.outcome = 'interested' THEN 1 ELSE 0 END,
        built = built - CASE WHEN OLD.outcome = 'built' THEN 1 ELSE 0 END,
        same = same - CASE WHEN OLD.outcome = 'same' THEN 1 ELSE 0 END
    WHERE post_id = OLD.parent_id;
    UPDATE posts SET changed = changed + 1 WHERE id = OLD.parent_id;
    RETURN NULL;
END $$;
CREATE TRIGGER lineage_removed AFTER DELETE ON lineage FOR EACH ROW WHEN (OLD.counted = 1 AND OLD.parent_id IS NOT NULL) EXECUTE FUNCTION lineage_removed();
CREATE FUNCTION lineage_seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE lineage SET counted = (SELECT counts FROM lineage_standing AS standing
        WHERE standing.child_id = lineage.child_id AND standing.parent_uri = lineage.parent_uri)
    WHERE child_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER lineage_seen AFTER UPDATE OF visibility ON posts FOR EACH ROW WHEN (NEW.kind <> 'plain' AND OLD.visibility <> NEW.visibility) EXECUTE FUNCTION lineage_seen();
CREATE FUNCTION lineage_suspended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE lineage SET counted = (SELECT counts FROM lineage_standing AS standing
        WHERE standing.child_id = lineage.child_id AND standing.parent_uri = lineage.parent_uri)
    WHERE author_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER lineage_suspended AFTER UPDATE OF suspended ON actors FOR EACH ROW WHEN ((OLD.suspended IS NULL) <> (NEW.suspended IS NULL)) EXECUTE FUNCTION lineage_suspended();
CREATE FUNCTION lineage_blocked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE lineage SET counted = (SELECT counts FROM lineage_standing AS standing
        WHERE standing.child_id = lineage.child_id AND standing.parent_uri = lineage.parent_uri)
    WHERE author_id = NEW.target_id AND parent_id IN (SELECT id FROM posts WHERE author_id = NEW.actor_id);
    UPDATE lineage SET counted = (SELECT counts FROM lineage_standing AS standing
        WHERE standing.child_id = lineage.child_id AND standing.parent_uri = lineage.parent_uri)
    WHERE author_id = NEW.actor_id AND parent_id IN (SELECT id FROM posts WHERE author_id = NEW.target_id);
    RETURN NULL;
END $$;
CREATE TRIGGER lineage_blocked AFTER INSERT ON blocks FOR EACH ROW EXECUTE FUNCTION lineage_blocked();
CREATE FUNCTION lineage_unblocked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE lineage SET counted = (SELECT counts FROM lineage_standing AS standing
        WHERE standing.child_id = lineage.child_id AND standing.parent_uri = lineage.parent_uri)
    WHERE author_id = OLD.target_id AND parent_id IN (SELECT id FROM posts WHERE author_id = OLD.actor_id);
    UPDATE lineage SET counted = (SELECT counts FROM lineage_standing AS standing
        WHERE standing.child_id = lineage.child_id AND standing.parent_uri = lineage.parent_uri)
    WHERE author_id = OLD.actor_id AND parent_id IN (SELECT id FROM posts WHERE author_id = OLD.target_id);
    RETURN NULL;
END $$;
CREATE TRIGGER lineage_unblocked AFTER DELETE ON blocks FOR EACH ROW EXECUTE FUNCTION lineage_unblocked();
CREATE FUNCTION affected_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO lineage_counts (post_id, affected) VALUES (NEW.post_id, 1)
    ON CONFLICT (post_id) DO UPDATE SET affected = lineage_counts.affected + 1;
    UPDATE posts SET changed = changed + 1 WHERE id = NEW.post_id;
    RETURN NULL;
END $$;
CREATE TRIGGER affected_added AFTER INSERT ON affected FOR EACH ROW EXECUTE FUNCTION affected_added();
CREATE FUNCTION affected_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE lineage_counts SET affected = affected - 1 WHERE post_id = OLD.post_id;
    UPDATE posts SET changed = changed + 1 WHERE id = OLD.post_id;
    RETURN NULL;
END $$;
CREATE TRIGGER affected_removed AFTER DELETE ON affected FOR EACH ROW EXECUTE FUNCTION affected_removed();
