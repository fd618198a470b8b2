-- What audits found.
-- depends: 0017_ledger

CREATE TABLE audits (
    id              bigint      PRIMARY KEY,
    state           text        NOT NULL CHECK (state IN ('asked', 'running', 'done', 'failed')),
    cause           text        NOT NULL CHECK (cause IN ('nightly', 'operator')),
    shop_id         bigint,                        -- none: all of them
    asked_by        bigint,
    asked_at        timestamptz NOT NULL,
    started_at      timestamptz,
    heard_at        timestamptz,                   -- when it last said how far it is
    ended_at        timestamptz,
    orders          bigint      NOT NULL DEFAULT 0,
    postings        bigint      NOT NULL DEFAULT 0,  -- entries read
    refunds         bigint      NOT NULL DEFAULT 0,
    findings_count  bigint      NOT NULL DEFAULT 0,
    findings        jsonb       NOT NULL DEFAULT '[]',
    failure         text        NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX audits_one_open ON audits ((true)) WHERE state IN ('asked', 'running');
CREATE INDEX audits_nightly ON audits (id) WHERE cause = 'nightly';
COMMENT ON TABLE audits IS 'local: what was proved of the books, when, and what was found';
