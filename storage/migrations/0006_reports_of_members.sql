-- Members report too: why, and whether the server of whom they report was told.
ALTER TABLE reports ADD COLUMN category TEXT NOT NULL DEFAULT 'other';   -- other, spam, legal, violation
ALTER TABLE reports ADD COLUMN forwarded BIGINT;                         -- ms since 1970 UTC; NULL: kept here
