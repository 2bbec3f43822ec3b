-- Version 2: the tables of checks, disputes, synthetic data and releases.

CREATE TABLE finding (
    id {id},
    project_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    score DOUBLE PRECISION,
    body TEXT NOT NULL,
    state INTEGER NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX finding_project ON finding (project_id, state, id);
CREATE INDEX finding_task ON finding (task_id);

CREATE TABLE verdict (
    id {id},
    project_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    annotation_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX verdict_task ON verdict (task_id);

CREATE TABLE synthetic_batch (
    id {id},
    project_id BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    plan TEXT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX synthetic_batch_project ON synthetic_batch (project_id);

CREATE TABLE lineage (
    task_id BIGINT NOT NULL,
    parent_id BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    how TEXT NOT NULL,
    PRIMARY KEY (task_id, parent_id)
) {clustered};

CREATE TABLE release (
    id {id},
    project_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    certificate TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    signature {bytes} NOT NULL,
    created_by BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX release_project ON release (project_id);
