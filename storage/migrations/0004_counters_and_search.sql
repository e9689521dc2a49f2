-- Counters on posts and actors, and full-text search. All of it is in the files of the two dialects beside this one.
SELECT 1;
