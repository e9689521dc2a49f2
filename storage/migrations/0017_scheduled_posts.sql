-- A member's posts that come out at a time they chose are listed apart.
CREATE INDEX pending_scheduled ON pending (author_id, id) WHERE reason = 'scheduled' AND post_id IS NULL;
