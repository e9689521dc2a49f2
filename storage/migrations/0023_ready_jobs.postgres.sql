-- Lists are passed as arrays now (storage.postgres.numbered).
DROP FUNCTION ids_of(text);
DROP FUNCTION texts_of(text);

-- Deliveries have no key, and are nearly all of the jobs: they need no entry in its index. (SQLite cannot drop a UNIQUE.)
ALTER TABLE jobs DROP CONSTRAINT jobs_key_key;
CREATE UNIQUE INDEX jobs_by_key ON jobs (key) WHERE key IS NOT NULL;
