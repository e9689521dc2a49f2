-- Rows of jobs live for seconds. By default a vacuum begins when a fifth of the table is dead; here it is to begin at
-- 1,000 dead rows however large the table is, and not to spare itself (SCALE rule 10). The server looks once a minute.
ALTER TABLE jobs SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
