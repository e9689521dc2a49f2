-- Members upload pictures: an attachment without a post until one takes it, and a row for each file on disk.
ALTER TABLE attachments ADD COLUMN uploaded BIGINT;                      -- by a member of this node; NULL: of another server
ALTER TABLE attachments ADD COLUMN pending_id BIGINT REFERENCES pending (id) ON DELETE CASCADE;  -- of a post not out yet
ALTER TABLE attachments ADD COLUMN refused TEXT NOT NULL DEFAULT '';     -- why it cannot be shown; '': it can, or will be
ALTER TABLE attachments ADD COLUMN small_width BIGINT;                   -- of what preview_url shows
ALTER TABLE attachments ADD COLUMN small_height BIGINT;
CREATE INDEX attachments_loose ON attachments (uploaded) WHERE uploaded IS NOT NULL AND post_id IS NULL AND pending_id IS NULL;
CREATE INDEX attachments_by_pending ON attachments (pending_id) WHERE pending_id IS NOT NULL;

-- One row, one file of the folder media. A row that belongs to nothing stays until its file is gone.
CREATE TABLE files (
    name          TEXT PRIMARY KEY,              -- 32 random hexadecimal digits and an ending
    role          TEXT NOT NULL,                 -- storage.media.files.Role
    attachment_id BIGINT REFERENCES attachments (id) ON DELETE SET NULL,
    actor_id      BIGINT REFERENCES actors (id) ON DELETE SET NULL,   -- whose avatar or header it is
    size          BIGINT NOT NULL,
    created       BIGINT NOT NULL
);
CREATE INDEX files_by_attachment ON files (attachment_id) WHERE attachment_id IS NOT NULL;
CREATE INDEX files_by_actor ON files (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX files_loose ON files (name) WHERE attachment_id IS NULL AND actor_id IS NULL;
