-- Counters change in the statement that adds or removes the row: by trigger, so that no code path can forget one.
CREATE TRIGGER like_added AFTER INSERT ON likes BEGIN
    UPDATE posts SET likes_count = likes_count + 1, changed = changed + 1 WHERE id = NEW.post_id;
END;
CREATE TRIGGER like_removed AFTER DELETE ON likes BEGIN
    UPDATE posts SET likes_count = likes_count - 1, changed = changed + 1 WHERE id = OLD.post_id;
END;
CREATE TRIGGER boost_added AFTER INSERT ON posts WHEN NEW.boost_of_id IS NOT NULL BEGIN
    UPDATE posts SET boosts_count = boosts_count + 1, changed = changed + 1 WHERE id = NEW.boost_of_id;
END;
CREATE TRIGGER boost_removed AFTER DELETE ON posts WHEN OLD.boost_of_id IS NOT NULL BEGIN
    UPDATE posts SET boosts_count = boosts_count - 1, changed = changed + 1 WHERE id = OLD.boost_of_id;
END;
CREATE TRIGGER reply_added AFTER INSERT ON posts WHEN NEW.in_reply_to_id IS NOT NULL BEGIN
    UPDATE posts SET replies_count = replies_count + 1, changed = changed + 1 WHERE id = NEW.in_reply_to_id;
END;
CREATE TRIGGER reply_removed AFTER DELETE ON posts WHEN OLD.in_reply_to_id IS NOT NULL BEGIN
    UPDATE posts SET replies_count = replies_count - 1, changed = changed + 1 WHERE id = OLD.in_reply_to_id;
END;
CREATE TRIGGER reply_joined AFTER UPDATE OF in_reply_to_id ON posts WHEN OLD.in_reply_to_id IS NULL AND NEW.in_reply_to_id IS NOT NULL BEGIN
    UPDATE posts SET replies_count = replies_count + 1, changed = changed + 1 WHERE id = NEW.in_reply_to_id;
END;
CREATE TRIGGER post_added AFTER INSERT ON posts WHEN NEW.boost_of_id IS NULL AND NEW.visibility <> 'direct' BEGIN
    UPDATE actors SET posts_count = posts_count + 1, last_post = NEW.published, changed = changed + 1 WHERE id = NEW.author_id;
END;
CREATE TRIGGER post_removed AFTER DELETE ON posts WHEN OLD.boost_of_id IS NULL AND OLD.visibility <> 'direct' BEGIN
    UPDATE actors SET posts_count = posts_count - 1, changed = changed + 1 WHERE id = OLD.author_id;
END;
CREATE TRIGGER follow_added AFTER INSERT ON follows WHEN NEW.accepted IS NOT NULL BEGIN
    UPDATE actors SET followers_count = followers_count + 1, changed = changed + 1 WHERE id = NEW.target_id;
    UPDATE actors SET following_count = following_count + 1, changed = changed + 1 WHERE id = NEW.follower_id;
END;
CREATE TRIGGER follow_accepted AFTER UPDATE OF accepted ON follows WHEN OLD.accepted IS NULL AND NEW.accepted IS NOT NULL BEGIN
    UPDATE actors SET followers_count = followers_count + 1, changed = changed + 1 WHERE id = NEW.target_id;
    UPDATE actors SET following_count = following_count + 1, changed = changed + 1 WHERE id = NEW.follower_id;
END;
CREATE TRIGGER follow_removed AFTER DELETE ON follows WHEN OLD.accepted IS NOT NULL BEGIN
    UPDATE actors SET followers_count = followers_count - 1, changed = changed + 1 WHERE id = OLD.target_id;
    UPDATE actors SET following_count = following_count - 1, changed = changed + 1 WHERE id = OLD.follower_id;
END;

-- Search: newest first over the plain text. What makes an erased text leave the index's files too is Database.scrub.
CREATE VIRTUAL TABLE posts_search USING fts5 (text, content = 'posts', content_rowid = 'id', tokenize = 'porter unicode61');
CREATE TRIGGER search_added AFTER INSERT ON posts WHEN NEW.text <> '' BEGIN
    INSERT INTO posts_search (rowid, text) VALUES (NEW.id, NEW.text);
END;
-- A mark for each text that left the index: its words stay in the index's files until Database.scrub has merged them.
-- AUTOINCREMENT: a mark set while a scrub is under way is never taken for one that it saw.
CREATE TABLE unscrubbed (id BIGINT PRIMARY KEY AUTOINCREMENT);
CREATE TRIGGER search_changed AFTER UPDATE OF text ON posts WHEN OLD.text <> NEW.text BEGIN
    INSERT INTO posts_search (posts_search, rowid, text) SELECT 'delete', OLD.id, OLD.text WHERE OLD.text <> '';
    INSERT INTO posts_search (rowid, text) SELECT NEW.id, NEW.text WHERE NEW.text <> '';
    INSERT INTO unscrubbed (id) VALUES (NULL);
END;
CREATE TRIGGER search_removed AFTER DELETE ON posts WHEN OLD.text <> '' BEGIN
    INSERT INTO posts_search (posts_search, rowid, text) VALUES ('delete', OLD.id, OLD.text);
    INSERT INTO unscrubbed (id) VALUES (NULL);
END;
