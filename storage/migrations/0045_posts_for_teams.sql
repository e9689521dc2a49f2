-- Members may write for a team, or without their name. Who wrote it stands in ``audit``, and beside what waits until it
-- is out or given back; nowhere else.
ALTER TABLE pending ADD COLUMN as_id BIGINT REFERENCES actors (id) ON DELETE CASCADE;  -- under whose name it comes out; NULL: its author's
ALTER TABLE cases ADD COLUMN as_id BIGINT REFERENCES actors (id) ON DELETE CASCADE;    -- as in pending; author_id becomes it when the case is closed
CREATE INDEX pending_as ON pending (as_id, author_id) WHERE as_id IS NOT NULL;
CREATE INDEX cases_as ON cases (as_id) WHERE as_id IS NOT NULL;
CREATE INDEX audit_by_actor ON audit (actor_id, action, subject);
