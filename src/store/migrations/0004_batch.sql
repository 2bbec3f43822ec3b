-- Version 4: batches of routine drafts of one class, accepted together.

-- class: control, a line break, label, when the draft is routine (core/routine.h), else null.
-- least: the surety of its least sure region.
ALTER TABLE draft ADD COLUMN class TEXT;
ALTER TABLE draft ADD COLUMN least DOUBLE PRECISION;

-- population 0: each task was looked at. Else a random sample of `sample` tasks answers for
-- `population`, at most `alpha` of them wrong with confidence 1 - `delta`; errors and most_wrong (the
-- bound, tasks) are -1 until the sample is reviewed.
CREATE TABLE batch (
    id {id},
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    control TEXT NOT NULL,
    label TEXT NOT NULL,
    population BIGINT NOT NULL,
    sample BIGINT NOT NULL,
    alpha DOUBLE PRECISION NOT NULL,
    delta DOUBLE PRECISION NOT NULL,
    errors BIGINT NOT NULL,
    most_wrong BIGINT NOT NULL,
    created BIGINT NOT NULL,
    undone BIGINT NOT NULL
);
CREATE INDEX batch_project ON batch (project_id, id);

-- state: 0 waits, 1 accepted and looked at, 2 marked: left to the desk, 3 accepted on the sample's
-- word, 4 lost to somebody else, 5 taken back. The sample of a batch stands in its first places.
CREATE TABLE batch_task (
    batch_id BIGINT NOT NULL,
    place BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    draft_id BIGINT NOT NULL,
    annotation_id BIGINT NOT NULL,
    state INTEGER NOT NULL,
    PRIMARY KEY (batch_id, place)
) {clustered};
CREATE INDEX batch_task_state ON batch_task (batch_id, state, place);
CREATE INDEX batch_task_marked ON batch_task (task_id, draft_id) WHERE state = 2;
