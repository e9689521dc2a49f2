CREATE FUNCTION quote_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET quotes_count = quotes_count + 1, changed = changed + 1 WHERE id = NEW.quoted_id;
    RETURN NULL;
END $$;
CREATE TRIGGER quote_added AFTER INSERT ON quotes FOR EACH ROW WHEN (NEW.state = 'accepted')
    EXECUTE FUNCTION quote_added();
CREATE FUNCTION quote_accepted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET quotes_count = quotes_count + 1, changed = changed + 1 WHERE id = NEW.quoted_id;
    RETURN NULL;
END $$;
CREATE TRIGGER quote_accepted AFTER UPDATE OF state ON quotes FOR EACH ROW WHEN (OLD.state <> 'accepted' AND NEW.state = 'accepted')
    EXECUTE FUNCTION quote_accepted();
CREATE FUNCTION quote_ended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET quotes_count = quotes_count - 1, changed = changed + 1 WHERE id = NEW.quoted_id;
    RETURN NULL;
END $$;
CREATE TRIGGER quote_ended AFTER UPDATE OF state ON quotes FOR EACH ROW WHEN (OLD.state = 'accepted' AND NEW.state <> 'accepted')
    EXECUTE FUNCTION quote_ended();
CREATE FUNCTION quote_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE posts SET quotes_count = quotes_count - 1, changed = changed + 1 WHERE id = OLD.quoted_id;
    RETURN NULL;
END $$;
CREATE TRIGGER quote_removed AFTER DELETE ON quotes FOR EACH ROW WHEN (OLD.state = 'accepted')
    EXECUTE FUNCTION quote_removed();
CREATE FUNCTION quoted_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE quotes SET state = 'deleted', stamp = '' WHERE post_id = NEW.post_id;
    RETURN NULL;
END $$;
CREATE TRIGGER quoted_erased AFTER UPDATE OF quoted_id ON quotes FOR EACH ROW WHEN (OLD.quoted_id IS NOT NULL AND NEW.quoted_id IS NULL)
    EXECUTE FUNCTION quoted_erased();
CREATE FUNCTION quoting_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM quote_stamps WHERE quoting_uri = NEW.uri;
    RETURN NULL;
END $$;
CREATE TRIGGER quoting_erased AFTER INSERT ON tombstones FOR EACH ROW
    EXECUTE FUNCTION quoting_erased();
