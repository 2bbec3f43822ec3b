-- Version 11: models that are asked elsewhere: their secrets, what they cost, what they answered.

-- sealed: by the key file of the data directory, which is not in the database. tail: the last four
-- characters, for people to know it by.
CREATE TABLE model_secret (
    model_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    tail TEXT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (model_id, name)
) {clustered};

-- micros: millionths of the unit that the model's prices are in.
CREATE TABLE model_spend (
    model_id BIGINT NOT NULL PRIMARY KEY,
    calls BIGINT NOT NULL,
    tokens_in BIGINT NOT NULL,
    tokens_out BIGINT NOT NULL,
    micros BIGINT NOT NULL
);

-- key: a hash of the question. reply: as it came.
CREATE TABLE model_answer (
    model_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    status INTEGER NOT NULL,
    reply {bytes} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (model_id, key)
) {clustered};
CREATE INDEX model_answer_age ON model_answer (created);
