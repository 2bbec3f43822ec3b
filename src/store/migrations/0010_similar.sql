-- Version 10: embeddings, by which similar items are found.

-- What made the embeddings of a project: features "text", "nanodet", "resnet34"; state is what was
-- fitted on so many tasks. ready: every task that was there has its embedding.
CREATE TABLE embedder (
    id {id},
    project_id BIGINT NOT NULL,
    features TEXT NOT NULL,
    dims INTEGER NOT NULL,
    state {bytes} NOT NULL,
    fitted BIGINT NOT NULL,
    ready INTEGER NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX embedder_project ON embedder (project_id, id);

-- Many embeddings in one row: the ids of the tasks, eight bytes each, and `dims` bytes for each.
CREATE TABLE embedding (
    id {id},
    embedder_id BIGINT NOT NULL,
    tasks {bytes} NOT NULL,
    vectors {bytes} NOT NULL
);
CREATE INDEX embedding_embedder ON embedding (embedder_id, id);
