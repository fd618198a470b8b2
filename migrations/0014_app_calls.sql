-- What apps leave with us: addresses to be told at, and answers that a repeated call gets again.
-- depends: 0013_apps

CREATE TABLE app_webhooks (
    shop_id      bigint      NOT NULL REFERENCES shops (shop_id),
    app_id       bigint      NOT NULL REFERENCES apps (id),
    event_type   text        NOT NULL,
    address      text        NOT NULL CHECK (char_length(address) BETWEEN 1 AND 255),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (shop_id, app_id, event_type)
);
COMMENT ON TABLE app_webhooks IS 'shop: where an app wants to be told what';

CREATE TABLE app_repeats (
    shop_id      bigint      NOT NULL REFERENCES shops (shop_id),
    app_id       bigint      NOT NULL REFERENCES apps (id),
    call         text        NOT NULL,
    key          text        NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
    body_hash    bytea       NOT NULL,
    answer       jsonb,                                  -- none yet: the call is being carried out
    claimed_at   timestamptz NOT NULL,
    PRIMARY KEY (shop_id, app_id, call, key)
);
CREATE INDEX app_repeats_old ON app_repeats (claimed_at);
COMMENT ON TABLE app_repeats IS 'shop: calls with an idempotency key, and what was answered';
