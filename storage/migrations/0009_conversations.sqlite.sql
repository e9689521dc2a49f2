CREATE TRIGGER conversation_grew AFTER INSERT ON conversation_posts BEGIN
    UPDATE conversations SET last_post_id = NEW.post_id
    WHERE id = NEW.conversation_id AND (last_post_id IS NULL OR last_post_id < NEW.post_id);
END;
CREATE TRIGGER conversation_shrank AFTER DELETE ON conversation_posts BEGIN
    UPDATE conversations SET last_post_id = (
        SELECT MAX(post_id) FROM conversation_posts WHERE conversation_id = OLD.conversation_id)
    WHERE id = OLD.conversation_id AND last_post_id = OLD.post_id;
END;
