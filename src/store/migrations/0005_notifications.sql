-- Version 5: mentions in comments, and what each person is told of.

-- Whom a comment mentions. In its body a mention stands as "@" and the person's id on the wire.
CREATE TABLE mention (
    comment_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (comment_id, person_id)
) {clustered};

-- The last number given out in a person's list. Whoever changes the list takes the next one, and
-- holds the row until the commit: the numbers of a list are in the order of the commits.
CREATE TABLE notification_head (
    person_id BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL
);

-- by_id: who did it (0: the program). about_id: the comment, annotation or job, by kind.
CREATE TABLE notification (
    person_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    project_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    by_id BIGINT NOT NULL,
    about_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    created BIGINT NOT NULL,
    is_read INTEGER NOT NULL,
    PRIMARY KEY (person_id, seq)
) {clustered};
CREATE INDEX notification_unread ON notification (person_id, kind, project_id) WHERE is_read = 0;
CREATE INDEX notification_created ON notification (created);

-- Kinds that a person does not want to be told of.
CREATE TABLE notification_off (
    person_id BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    PRIMARY KEY (person_id, kind)
) {clustered};
