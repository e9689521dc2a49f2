CREATE FUNCTION card_lost_a_post() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM cards WHERE id = OLD.card_id AND NOT EXISTS (
        SELECT 1 FROM post_cards WHERE post_cards.card_id = OLD.card_id);
    RETURN NULL;
END $$;
CREATE TRIGGER card_lost_a_post AFTER DELETE ON post_cards FOR EACH ROW EXECUTE FUNCTION card_lost_a_post();
CREATE TRIGGER card_of_other_words AFTER UPDATE OF card_id ON post_cards FOR EACH ROW
    WHEN (OLD.card_id <> NEW.card_id) EXECUTE FUNCTION card_lost_a_post();
