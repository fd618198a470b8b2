-- What apps are told: messages with their attempts, and the addresses they go to.
-- depends: 0016_handover

CREATE TABLE webhook_addresses (
    id             bigint      PRIMARY KEY,
    app_id         bigint      NOT NULL REFERENCES apps (id),
    address        text        NOT NULL CHECK (char_length(address) BETWEEN 1 AND 255),
    failures       integer     NOT NULL DEFAULT 0,       -- one after the other
    failing_since  timestamptz,
    last_error     text        NOT NULL DEFAULT '',
    hold_until     timestamptz,                          -- nothing is sent before, then one message to try
    paused_at      timestamptz,                          -- until its owner says that it answers again
    CONSTRAINT webhook_addresses_once UNIQUE (app_id, address)
);
COMMENT ON TABLE webhook_addresses IS 'reference: addresses that apps are told at, and whether they answer';

CREATE TABLE webhook_messages (
    shop_id     bigint      NOT NULL REFERENCES shops (shop_id),
    id          bigint      NOT NULL,                    -- the tts_notification_id of the message
    app_id      bigint      NOT NULL REFERENCES apps (id),
    address_id  bigint      NOT NULL REFERENCES webhook_addresses (id),
    event_type  text        NOT NULL,
    subject_id  bigint      NOT NULL,                    -- order, product or app: messages of one go one after the other
    fact_id     bigint      NOT NULL,
    body        text        NOT NULL,                    -- as it is signed and sent
    state       text        NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    attempts    integer     NOT NULL DEFAULT 0,          -- since it was last asked to be sent
    tried       integer     NOT NULL DEFAULT 0,          -- in all
    due_at      timestamptz NOT NULL,
    lease       bigint,                                  -- who sends it just now
    status      integer,                                 -- what the address answered last, none without an answer
    note        text        NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT webhook_messages_once UNIQUE (shop_id, app_id, event_type, fact_id)
);
CREATE INDEX webhook_messages_waiting ON webhook_messages (address_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_messages_in_turn ON webhook_messages (shop_id, address_id, subject_id, fact_id, id) WHERE state = 'waiting';
CREATE INDEX webhook_messages_of_app ON webhook_messages (app_id, state, id DESC);
CREATE INDEX webhook_messages_of_shop ON webhook_messages (shop_id, app_id, state, id DESC);
COMMENT ON TABLE webhook_messages IS 'shop: what apps are told of the shop, kept for a month';

CREATE TABLE webhook_attempts (
    shop_id     bigint      NOT NULL,
    message_id  bigint      NOT NULL,
    number      integer     NOT NULL CHECK (number > 0),
    at          timestamptz NOT NULL,
    address     text        NOT NULL,
    status      integer,
    answer      text        NOT NULL DEFAULT '',
    error       text        NOT NULL DEFAULT '',
    took_ms     integer     NOT NULL,
    PRIMARY KEY (shop_id, message_id, number),
    FOREIGN KEY (shop_id, message_id) REFERENCES webhook_messages (shop_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE webhook_attempts IS 'shop: how telling an app went, attempt by attempt';

ALTER TABLE apps ADD COLUMN says_cancelled boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN apps.says_cancelled IS 'messages spell CANCELLED as the calls do, not CANCEL as the documents of webhooks have it';
