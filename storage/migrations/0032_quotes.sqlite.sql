CREATE TRIGGER quote_added AFTER INSERT ON quotes WHEN NEW.state = 'accepted' BEGIN
    UPDATE posts SET quotes_count = quotes_count + 1, changed = changed + 1 WHERE id = NEW.quoted_id;
END;
CREATE TRIGGER quote_accepted AFTER UPDATE OF state ON quotes WHEN OLD.state <> 'accepted' AND NEW.state = 'accepted' BEGIN
    UPDATE posts SET quotes_count = quotes_count + 1, changed = changed + 1 WHERE id = NEW.quoted_id;
END;
CREATE TRIGGER quote_ended AFTER UPDATE OF state ON quotes WHEN OLD.state = 'accepted' AND NEW.state <> 'accepted' BEGIN
    UPDATE posts SET quotes_count = quotes_count - 1, changed = changed + 1 WHERE id = NEW.quoted_id;
END;
CREATE TRIGGER quote_removed AFTER DELETE ON quotes WHEN OLD.state = 'accepted' BEGIN
    UPDATE posts SET quotes_count = quotes_count - 1, changed = changed + 1 WHERE id = OLD.quoted_id;
END;
CREATE TRIGGER quoted_erased AFTER UPDATE OF quoted_id ON quotes WHEN OLD.quoted_id IS NOT NULL AND NEW.quoted_id IS NULL BEGIN
    UPDATE quotes SET state = 'deleted', stamp = '' WHERE post_id = NEW.post_id;
END;
CREATE TRIGGER quoting_erased AFTER INSERT ON tombstones BEGIN
    DELETE FROM quote_stamps WHERE quoting_uri = NEW.uri;
END;
