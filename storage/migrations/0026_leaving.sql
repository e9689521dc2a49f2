-- A member asked for the account to be deleted: it is hidden from then on, and erased when the time to change one's mind
-- is over.
ALTER TABLE members ADD COLUMN leaving BIGINT;   -- when they asked, milliseconds since 1970 UTC; NULL: they stay
CREATE INDEX members_leaving ON members (leaving) WHERE leaving IS NOT NULL;
