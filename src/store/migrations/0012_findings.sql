-- Version 12: what looks wrong. The table of version 2 was never written to.

DROP TABLE finding;

-- One thing that a check wants a person to look at, found once for ever: fingerprint is unique in a
-- project. kind: its place in the list of kinds. rank: lower comes sooner, from level and score.
-- annotation_id: the label it was found in (0: none). state: 0 open, 1 fixed, 2 dismissed, 3 gone,
-- 4 waiting: its task is with people again. before: what that task's label was, to put it back.
CREATE TABLE finding (
    id {id},
    project_id BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    kind INTEGER NOT NULL,
    check_name TEXT NOT NULL,
    task_id BIGINT NOT NULL,
    annotation_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    body TEXT NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    before TEXT NOT NULL,
    found BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided BIGINT NOT NULL
);
CREATE UNIQUE INDEX finding_fingerprint ON finding (project_id, fingerprint);
CREATE INDEX finding_list ON finding (project_id, state, rank, id);
CREATE INDEX finding_kind ON finding (project_id, kind, state, rank, id);
CREATE INDEX finding_task ON finding (task_id, state) WHERE task_id <> 0;

-- When a project was last checked as a whole, and how long that took.
CREATE TABLE finding_check (
    project_id BIGINT PRIMARY KEY,
    checked BIGINT NOT NULL,
    took_ms BIGINT NOT NULL
);
