-- Rows of jobs live for seconds. The default waits for a fifth of the table to be dead, which it nearly always is, and
-- looks once a minute; it is to look at any 1,000 dead rows, and not to spare itself (SCALE rule 10).
ALTER TABLE jobs SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
