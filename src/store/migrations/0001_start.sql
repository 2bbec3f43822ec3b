-- Version 1: projects, people, tasks, drafts, the queue, answers, jobs, and the signed history.
-- Enumerations are stored as the position of their value in the enum of the same name. Times are
-- milliseconds UTC. Names in braces differ between the engines: store/dialect.cpp.

CREATE TABLE project (
    id {id},
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    guideline_version INTEGER NOT NULL,
    policy TEXT NOT NULL,
    seed BIGINT NOT NULL,
    created BIGINT NOT NULL,
    archived INTEGER NOT NULL
);

CREATE TABLE schema_version (
    project_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project_id, version)
) {clustered};

CREATE TABLE guideline_version (
    project_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project_id, version)
) {clustered};

CREATE TABLE person (
    id {id},
    name TEXT NOT NULL UNIQUE,
    display TEXT NOT NULL,
    role INTEGER NOT NULL,
    password TEXT NOT NULL,
    active INTEGER NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE token (
    id {id},
    person_id BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    csrf TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    last_used BIGINT NOT NULL
);
CREATE INDEX token_person ON token (person_id);

CREATE TABLE media (
    id {id},
    sha256 TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    orientation INTEGER NOT NULL,
    seconds DOUBLE PRECISION NOT NULL
);

-- What does not move of a task. A key over 400 characters is told apart by key_digest (else 0):
-- PostgreSQL cannot index rows over 2,704 bytes. `file` is the part of the key behind its last slash.
CREATE TABLE task (
    id {id},
    project_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    key_digest BIGINT NOT NULL,
    file TEXT,
    data TEXT NOT NULL,
    meta TEXT NOT NULL,
    media_id BIGINT NOT NULL,
    lane INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    import_id BIGINT NOT NULL,
    import_row BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE UNIQUE INDEX task_key ON task (project_id, substr(key, 1, 400), key_digest);
CREATE INDEX task_file ON task (project_id, file) WHERE file IS NOT NULL;
CREATE INDEX task_media ON task (media_id) WHERE media_id <> 0;

-- What moves of a task, narrow. rank: lower comes sooner. draft_id and probability are those of the
-- task's newest current draft (0: none).
CREATE TABLE queue (
    project_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    state INTEGER NOT NULL,
    draft_id BIGINT NOT NULL,
    probability DOUBLE PRECISION,
    lease_person BIGINT,
    lease_until BIGINT,
    lease_token BIGINT,
    PRIMARY KEY (project_id, task_id)
) {clustered} {queue_storage};
CREATE INDEX queue_ready ON queue (project_id, rank) WHERE state = 0;
CREATE INDEX queue_held ON queue (lease_person, project_id) WHERE state = 1;
CREATE INDEX queue_expiry ON queue (lease_until) WHERE state = 1;
CREATE INDEX queue_state ON queue (project_id, state, task_id);

CREATE TABLE skip (
    person_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (person_id, task_id)
) {clustered};

-- Counters, added up over the rows of a project or model (store/counters.h).
CREATE TABLE progress (
    id {id},
    project_id BIGINT NOT NULL,
    total BIGINT NOT NULL,
    ready BIGINT NOT NULL,
    leased BIGINT NOT NULL,
    done BIGINT NOT NULL,
    drafted BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    edited BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    created BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    imported BIGINT NOT NULL,
    flagged BIGINT NOT NULL
);
CREATE INDEX progress_project ON progress (project_id);

CREATE TABLE model (
    id {id},
    project_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    config TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX model_project ON model (project_id);

CREATE TABLE model_version (
    id {id},
    model_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    quality TEXT NOT NULL,
    state {bytes} NOT NULL,
    learned_from BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX model_version_model ON model_version (model_id);

CREATE TABLE model_count (
    id {id},
    model_id BIGINT NOT NULL,
    drafted BIGINT NOT NULL,
    decided BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    grounded BIGINT NOT NULL,
    repaired BIGINT NOT NULL,
    weak BIGINT NOT NULL,
    ungrounded BIGINT NOT NULL
);
CREATE INDEX model_count_model ON model_count (model_id);

CREATE TABLE draft (
    task_id BIGINT NOT NULL,
    id {serial},
    model_id BIGINT NOT NULL,
    model_version_id BIGINT NOT NULL,
    current INTEGER NOT NULL,
    confidence DOUBLE PRECISION,
    probability DOUBLE PRECISION,
    grounding INTEGER NOT NULL,
    regions TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (task_id, id)
) {clustered};
CREATE UNIQUE INDEX draft_id ON draft (id);

CREATE TABLE assignment (
    id {id},
    project_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    arm INTEGER NOT NULL,
    arm_probability DOUBLE PRECISION NOT NULL,
    draft_id BIGINT NOT NULL,
    leased BIGINT NOT NULL
);

CREATE TABLE annotation (
    task_id BIGINT NOT NULL,
    id {serial},
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    assignment_id BIGINT NOT NULL,
    draft_id BIGINT NOT NULL,
    arm INTEGER NOT NULL,
    action INTEGER NOT NULL,
    regions TEXT NOT NULL,
    edits INTEGER NOT NULL,
    active_ms BIGINT NOT NULL,
    flagged INTEGER NOT NULL,
    comment TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    guideline_version INTEGER NOT NULL,
    created BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (task_id, id)
) {clustered};
CREATE UNIQUE INDEX annotation_id ON annotation (id);
-- Decisions: all but the labels that came with the data (action 5).
CREATE INDEX annotation_person ON annotation (project_id, person_id, id) WHERE action <> 5;

-- The current truth of a task. origin: 0 human, 1 adjudicated, 2 auto, 3 gold.
CREATE TABLE label (
    project_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    annotation_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    action INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    posterior DOUBLE PRECISION,
    names TEXT NOT NULL,
    decided BIGINT NOT NULL,
    PRIMARY KEY (project_id, task_id)
) {clustered};
CREATE INDEX label_action ON label (project_id, action, task_id);
CREATE INDEX label_flagged ON label (project_id, task_id) WHERE flagged = 1;

CREATE TABLE label_name (
    project_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    task_id BIGINT NOT NULL,
    PRIMARY KEY (project_id, name, task_id)
) {clustered};

CREATE TABLE work (
    task_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    body TEXT NOT NULL,
    saved BIGINT NOT NULL,
    PRIMARY KEY (task_id, person_id)
) {clustered};

CREATE TABLE comment (
    id {id},
    task_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    body TEXT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX comment_task ON comment (task_id);

CREATE TABLE idempotency (
    person_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    response TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (person_id, key)
) {clustered};
CREATE INDEX idempotency_created ON idempotency (created);

CREATE TABLE job (
    id {id},
    project_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state INTEGER NOT NULL,
    payload TEXT NOT NULL,
    checkpoint TEXT NOT NULL,
    result TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    rate DOUBLE PRECISION NOT NULL,
    attempts INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    run_after BIGINT NOT NULL,
    worker TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    cancel INTEGER NOT NULL,
    error TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created BIGINT NOT NULL,
    started BIGINT NOT NULL,
    finished BIGINT NOT NULL
);
CREATE INDEX job_open ON job (project_id, kind) WHERE state < 2;
CREATE INDEX job_project ON job (project_id, id);

CREATE TABLE import_verdict (
    job_id BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    source TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (job_id, row_number)
) {clustered};

CREATE TABLE event (
    id {id},
    project_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    body TEXT NOT NULL,
    created BIGINT NOT NULL,
    hash {bytes} NOT NULL,
    signature {bytes} NOT NULL
);
CREATE INDEX event_project ON event (project_id, id);

CREATE TABLE event_head (
    project_id BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash {bytes} NOT NULL
);

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
