CREATE TRIGGER card_lost_a_post AFTER DELETE ON post_cards BEGIN
    DELETE FROM cards WHERE id = OLD.card_id AND NOT EXISTS (
        SELECT 1 FROM post_cards WHERE post_cards.card_id = OLD.card_id);
END;
CREATE TRIGGER card_of_other_words AFTER UPDATE OF card_id ON post_cards WHEN OLD.card_id <> NEW.card_id BEGIN
    DELETE FROM cards WHERE id = OLD.card_id AND NOT EXISTS (
        SELECT 1 FROM post_cards WHERE post_cards.card_id = OLD.card_id);
END;
