-- Who may put an account into a collection; and that a member is told of a collection they are in.
ALTER TABLE actors ADD COLUMN feature_policy TEXT NOT NULL DEFAULT '';   -- of accounts elsewhere: storage.consents
ALTER TABLE notifications ADD COLUMN collection_id BIGINT REFERENCES collections (id) ON DELETE CASCADE;
DROP INDEX notifications_of_actor;
CREATE UNIQUE INDEX notifications_of_actor ON notifications (member_id, reason, actor_id)
    WHERE post_id IS NULL AND collection_id IS NULL;
CREATE UNIQUE INDEX notifications_of_collection ON notifications (collection_id, member_id, reason)
    WHERE collection_id IS NOT NULL;
