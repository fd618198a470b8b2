-- What follows from facts: the inbox.
-- depends: 0005_payments

CREATE TABLE notifications (
    account_id   bigint      NOT NULL,
    id           bigint      NOT NULL,
    audience     text        NOT NULL CHECK (audience IN ('buyer', 'seller')),
    shop_id      bigint      NOT NULL,
    order_id     bigint,
    fact_id      bigint      NOT NULL,
    kind         text        NOT NULL,             -- 'order.created', 'order.shipped' ...: title and text in rules.py
    values       jsonb       NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL,
    read_at      timestamptz,
    PRIMARY KEY (account_id, id),
    CONSTRAINT notifications_once UNIQUE (account_id, audience, fact_id, kind)
);
CREATE INDEX notifications_unread ON notifications (account_id, audience) WHERE read_at IS NULL;
CREATE INDEX notifications_newest ON notifications (id);
COMMENT ON TABLE notifications IS 'buyer: the inbox, each notice once';
