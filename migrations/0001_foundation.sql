-- The ground everything stands on: facts, deadlines, policies, the calendar, the clock, files.
-- depends:

CREATE TABLE facts (
    shop_id       bigint      NOT NULL,            -- 0: the platform itself (accounts, purchases)
    id            bigint      NOT NULL,
    name          text        NOT NULL,            -- 'order.placed'
    subject_kind  text        NOT NULL,            -- 'order', 'parcel', 'product', 'account' ...
    subject_id    bigint      NOT NULL,
    order_id      bigint,                          -- the order whose timeline shows it
    buyer_id      bigint,
    actor_kind    text        NOT NULL CHECK (actor_kind IN ('buyer', 'seller', 'operator', 'system', 'carrier', 'provider')),
    actor_id      bigint,
    at            timestamptz NOT NULL,
    data          jsonb       NOT NULL DEFAULT '{}',
    recorded_xid  xid8        NOT NULL DEFAULT pg_current_xact_id(),  -- lets the relay read in commit-safe order
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX facts_by_commit ON facts (recorded_xid, id);
CREATE INDEX facts_of_order ON facts (shop_id, order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX facts_of_subject ON facts (shop_id, subject_kind, subject_id, id);
COMMENT ON TABLE facts IS 'shop: what happened, once, in the transaction in which it happened';

CREATE TABLE relay_positions (
    relay         text   PRIMARY KEY,
    recorded_xid  xid8   NOT NULL,
    fact_id       bigint NOT NULL,
    floor_id      bigint NOT NULL DEFAULT 0        -- facts at or below it are never relayed (set after a restore)
);
COMMENT ON TABLE relay_positions IS 'local: how far each relay has read the facts';

CREATE TABLE deadlines (
    shop_id        bigint      NOT NULL,
    id             bigint      NOT NULL,
    kind           text        NOT NULL,           -- 'payment.deadline', 'ship.autocancel' ...
    subject_kind   text        NOT NULL,
    subject_id     bigint      NOT NULL,
    order_id       bigint      NOT NULL,
    started_at     timestamptz NOT NULL,
    due_at         timestamptz NOT NULL,
    policy_key     text        NOT NULL,
    policy_version integer     NOT NULL,
    state          text        NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'fired', 'stopped', 'paused')),
    paused_since   timestamptz,
    extended_times integer     NOT NULL DEFAULT 0,
    ended_at       timestamptz,
    attempts       integer     NOT NULL DEFAULT 0,
    retry_at       timestamptz,
    last_error     text,
    warn_at        timestamptz,                    -- when both sides are next told that it is near
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX deadlines_due ON deadlines (COALESCE(retry_at, due_at)) WHERE state = 'running';
CREATE INDEX deadlines_to_warn ON deadlines (warn_at) WHERE state = 'running' AND warn_at IS NOT NULL;
CREATE INDEX deadlines_ended ON deadlines (ended_at) WHERE state = 'fired';
CREATE INDEX deadlines_next ON deadlines (due_at) WHERE state = 'running';
CREATE INDEX deadlines_to_act_on ON deadlines (shop_id, due_at, order_id)
    WHERE state = 'running' AND kind IN ('confirm.deadline', 'ship.autocancel', 'cancel.seller_response');
CREATE UNIQUE INDEX deadlines_one_running ON deadlines (shop_id, subject_kind, subject_id, kind) WHERE state IN ('running', 'paused');
CREATE INDEX deadlines_of_order ON deadlines (shop_id, order_id);
COMMENT ON TABLE deadlines IS 'shop: every running clock, with what happens at zero';

CREATE TABLE policies (
    scope       text        NOT NULL CHECK (scope IN ('operator', 'shop', 'category', 'product')),
    scope_id    bigint      NOT NULL DEFAULT 0,
    key         text        NOT NULL,
    version     integer     NOT NULL CHECK (version > 0),
    value       jsonb       NOT NULL,
    valid_from  timestamptz NOT NULL,
    set_by      bigint,
    PRIMARY KEY (key, scope, scope_id, version),
    CONSTRAINT policies_one_version UNIQUE (key, version)  -- "ship.sla v7" names one row, whatever its scope
);
COMMENT ON TABLE policies IS 'reference: figures that bind promises, versioned, most specific scope wins';

CREATE TABLE calendar_days (
    shop_id     bigint  NOT NULL DEFAULT 0,        -- 0: for every shop
    day         date    NOT NULL,
    is_working  boolean NOT NULL,
    name        text    NOT NULL,
    PRIMARY KEY (shop_id, day)
);
COMMENT ON TABLE calendar_days IS 'reference: days that differ from the national calendar';

CREATE TABLE clock_offset (
    only_row        boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    offset_seconds  bigint      NOT NULL DEFAULT 0 CHECK (offset_seconds >= 0)
);
INSERT INTO clock_offset DEFAULT VALUES;
COMMENT ON TABLE clock_offset IS 'local: how far the demo''s time machine has moved the clock';

CREATE TABLE id_nodes (
    node        smallint    PRIMARY KEY CHECK (node BETWEEN 0 AND 1023),
    holder      text,
    leased_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO id_nodes (node) SELECT generate_series(0, 1007);
COMMENT ON TABLE id_nodes IS 'local: which process may make ids with which node number';

CREATE TABLE inbound_events (
    vendor       text        NOT NULL,             -- 'payments.sandbox', 'carriers.sandbox'
    event_id     text        NOT NULL,
    received_at  timestamptz NOT NULL,
    body         bytea       NOT NULL,
    applied_at   timestamptz,
    attempts     integer     NOT NULL DEFAULT 0,
    retry_at     timestamptz NOT NULL,
    outcome      text,
    PRIMARY KEY (vendor, event_id)
);
CREATE INDEX inbound_events_waiting ON inbound_events (retry_at) WHERE applied_at IS NULL;
COMMENT ON TABLE inbound_events IS 'local: what vendors told us, stored before it is handled';

CREATE TABLE mails (
    id          bigint      PRIMARY KEY,
    recipient   text        NOT NULL,
    subject     text        NOT NULL,
    body        text        NOT NULL,
    cause_id    bigint      NOT NULL UNIQUE,       -- the fact that asked for it: sent once
    created_at  timestamptz NOT NULL,
    sent_at     timestamptz,
    attempts    integer     NOT NULL DEFAULT 0,
    retry_at    timestamptz NOT NULL,
    last_error  text        NOT NULL DEFAULT ''
);
CREATE INDEX mails_unsent ON mails (retry_at) WHERE sent_at IS NULL;
COMMENT ON TABLE mails IS 'local: outgoing mail, kept until sent (in the demo: readable at /demo/mail)';
