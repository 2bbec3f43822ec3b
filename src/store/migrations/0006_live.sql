-- Version 6: how the work goes at the moment.

-- Decisions a minute, person and project; kept for a working day. Undone ones count back.
CREATE TABLE pace (
    minute BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    edited BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    created BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    PRIMARY KEY (minute, project_id, person_id)
) {clustered};

-- Tasks that are not routine, to count without a look at the others.
CREATE INDEX task_lane ON task (project_id, lane, id) WHERE lane <> 0;
