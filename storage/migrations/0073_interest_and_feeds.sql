-- Who is interested in an event takes no place: a state of attendance (0061), counted beside the others.
ALTER TABLE events ADD COLUMN interested_count BIGINT NOT NULL DEFAULT 0;
