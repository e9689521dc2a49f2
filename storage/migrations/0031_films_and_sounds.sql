-- Members upload films and sounds: what is to be known to play them, and how long those of other servers last.
ALTER TABLE attachments ADD COLUMN playing TEXT NOT NULL DEFAULT '';   -- JSON, see storage.attachments; '': a picture
