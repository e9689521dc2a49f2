-- What waits for a group, or for a member, is shown in the order in which it came here: ids carry dates of their authors.
DROP INDEX submissions_waiting;
CREATE INDEX submissions_waiting ON submissions (group_id, created, post_id) WHERE state = 'waiting';
CREATE INDEX admissions_in_turn ON admissions (group_id, way, created, actor_id);
DROP INDEX admissions_by_actor;
CREATE INDEX admissions_of_actor ON admissions (actor_id, way, created, group_id);

-- With which activity somebody joined a group: it may be taken back by its id alone.
ALTER TABLE memberships ADD COLUMN uri TEXT NOT NULL DEFAULT '';   -- '': not by a Join
