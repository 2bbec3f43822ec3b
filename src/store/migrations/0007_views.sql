-- Version 7: filters over many tasks, and views that are kept.

-- Where in the order of ids the tasks of one import and one moment lie: a few rows an import.
CREATE TABLE task_span (
    id {id},
    project_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    created BIGINT NOT NULL,
    first_task BIGINT NOT NULL,
    last_task BIGINT NOT NULL
);
CREATE INDEX task_span_project ON task_span (project_id, import_id);
INSERT INTO task_span (project_id, import_id, created, first_task, last_task)
SELECT project_id, import_id, created, MIN(id), MAX(id) FROM task
GROUP BY project_id, import_id, created;

CREATE INDEX label_decided ON label (project_id, decided, task_id);
CREATE INDEX label_person ON label (project_id, person_id, task_id);
CREATE INDEX queue_probability ON queue (project_id, probability, task_id)
WHERE probability IS NOT NULL;

-- A filter, what is shown of each task, and in which order. person_id 0: everybody's.
CREATE TABLE task_view (
    id {id},
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    filter TEXT NOT NULL,
    sort TEXT NOT NULL,
    columns TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE UNIQUE INDEX task_view_name ON task_view (project_id, person_id, name);
