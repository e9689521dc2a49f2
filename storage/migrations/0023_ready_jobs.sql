-- What can be delivered at once is read in the order of promising, whatever waits behind it: through (shard, due, id) each
-- look at the table read all that waited and sorted it.
CREATE INDEX jobs_ready ON jobs (id) WHERE due = 0 AND kind = 'deliver';
CREATE INDEX jobs_parked ON jobs (shard, host, activity_id, id) WHERE due > 0 AND kind = 'deliver';
CREATE INDEX jobs_by_due ON jobs (shard, due, id) WHERE kind <> 'deliver';
DROP INDEX jobs_by_shard;
