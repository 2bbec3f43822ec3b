-- Version 3: several people on one task.

-- answers: annotations that the task has while it still needs more. for_person: the one person who
-- is to label it (0: anyone).
ALTER TABLE queue ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queue ADD COLUMN for_person BIGINT NOT NULL DEFAULT 0;
CREATE INDEX queue_assigned ON queue (for_person, project_id, rank) WHERE for_person <> 0;

ALTER TABLE progress ADD COLUMN disputed BIGINT NOT NULL DEFAULT 0;
