-- Version 9: tasks whose answer is known, and what people answered to them without knowing it.

-- regions: the trusted answer, which nothing that happens to the annotation moves. origin: that of
-- the task's label before, which is 3 while the gold is in use. state: 0 in use, 1 withdrawn.
CREATE TABLE gold (
    project_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    regions TEXT NOT NULL,
    origin INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    created BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    ended_by BIGINT NOT NULL,
    PRIMARY KEY (project_id, task_id)
) {clustered};
CREATE INDEX gold_in_use ON gold (project_id, task_id) WHERE state = 0;

-- One person's answer to a gold task; its ids are of the same sequences as those of work. purpose:
-- 0 onboarding, 1 hidden. state: 0 with the person, 1 answered, 2 skipped, 3 answered, but the gold
-- was withdrawn since. shown: when the person was told the trusted answer (0: not).
CREATE TABLE trial (
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    purpose INTEGER NOT NULL,
    round INTEGER NOT NULL,
    state INTEGER NOT NULL,
    assignment_id BIGINT NOT NULL,
    draft_id BIGINT NOT NULL,
    arm INTEGER NOT NULL,
    annotation_id BIGINT NOT NULL,
    action INTEGER NOT NULL,
    regions TEXT NOT NULL,
    edits INTEGER NOT NULL,
    active_ms BIGINT NOT NULL,
    flagged INTEGER NOT NULL,
    comment TEXT NOT NULL,
    score DOUBLE PRECISION,
    agreed INTEGER NOT NULL,
    answered BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    PRIMARY KEY (project_id, person_id, task_id)
) {clustered};
CREATE UNIQUE INDEX trial_assignment ON trial (assignment_id);
CREATE UNIQUE INDEX trial_annotation ON trial (annotation_id) WHERE annotation_id <> 0;
CREATE INDEX trial_person ON trial (project_id, person_id, state, action, flagged, purpose, task_id);
CREATE INDEX trial_task ON trial (task_id);

-- state: 0 under way, 1 passed, 2 failed. wanted and least: as the policy said when the round began.
CREATE TABLE onboarding (
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    state INTEGER NOT NULL,
    round INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    least DOUBLE PRECISION NOT NULL,
    score DOUBLE PRECISION,
    decided BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    PRIMARY KEY (project_id, person_id)
) {clustered};

ALTER TABLE progress ADD COLUMN gold BIGINT NOT NULL DEFAULT 0;
