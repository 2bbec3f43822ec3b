-- Version 8: what happens in a project, sent to other people's servers.

-- cursor: the last event that was delivered, or passed over because its kind was not asked for; it
-- moves after the delivery. kinds: JSON list, empty for all. lease_until, worker: who delivers now.
-- failing_since 0: the last try went well. why: the last failure, or why it was switched off.
CREATE TABLE webhook (
    id {id},
    project_id BIGINT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    kinds TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    cursor BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    failing_since BIGINT NOT NULL,
    next_try BIGINT NOT NULL,
    why TEXT NOT NULL,
    worker TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX webhook_project ON webhook (project_id, id);

-- The last tries of each. event_id 0: a ping. status 0: no answer.
CREATE TABLE webhook_delivery (
    id {id},
    webhook_id BIGINT NOT NULL,
    event_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    status BIGINT NOT NULL,
    error TEXT NOT NULL,
    took_ms BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX webhook_delivery_of ON webhook_delivery (webhook_id, id);
