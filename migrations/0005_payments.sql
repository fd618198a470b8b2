-- Money: payments, refunds, and the double entries behind them.
-- depends: 0004_orders

CREATE TABLE payments (
    buyer_id            bigint      NOT NULL,
    id                  bigint      NOT NULL,
    purchase_id         bigint      NOT NULL,
    provider            text        NOT NULL,      -- 'sandbox', 'cod'
    method              text        NOT NULL,
    state               text        NOT NULL CHECK (state IN ('pending', 'paid', 'failed', 'expired', 'cancelled')),
    amount_minor        bigint      NOT NULL CHECK (amount_minor >= 0),
    currency            char(3)     NOT NULL,
    provider_reference  text,
    pay_url             text,
    expires_at          timestamptz,
    started_at          timestamptz NOT NULL,
    paid_at             timestamptz,
    asked_at            timestamptz,               -- when the provider was last asked for the outcome
    failure             text        NOT NULL DEFAULT '',
    PRIMARY KEY (buyer_id, id),
    FOREIGN KEY (buyer_id, purchase_id) REFERENCES purchases (buyer_id, id)
);
CREATE UNIQUE INDEX payments_one_pending ON payments (buyer_id, purchase_id) WHERE state = 'pending';
CREATE INDEX payments_of_purchase ON payments (buyer_id, purchase_id, id);
CREATE INDEX payments_undecided ON payments (started_at) WHERE state = 'pending' AND provider <> 'cod';
COMMENT ON TABLE payments IS 'buyer: attempts to pay a purchase';

CREATE TABLE captures (
    buyer_id      bigint      NOT NULL,
    payment_id    bigint      NOT NULL,
    attempt       text        NOT NULL,            -- the provider's id of one paid attempt: paying twice makes two
    amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
    currency      char(3)     NOT NULL,
    at            timestamptz NOT NULL,
    use           text        NOT NULL CHECK (use IN ('purchase', 'surplus')),
    PRIMARY KEY (buyer_id, payment_id, attempt),
    FOREIGN KEY (buyer_id, payment_id) REFERENCES payments (buyer_id, id)
);
COMMENT ON TABLE captures IS 'buyer: money that really arrived, each arrival once';

CREATE TABLE refunds (
    buyer_id            bigint      NOT NULL,
    id                  bigint      NOT NULL,
    payment_id          bigint      NOT NULL,
    shop_id             bigint,                    -- the order it belongs to, unless a surplus is returned
    order_id            bigint,
    cancellation_id     bigint,
    reason              text        NOT NULL,      -- 'cancelled', 'paid_late', 'paid_twice'
    state               text        NOT NULL CHECK (state IN ('approved', 'sent', 'done', 'failed')),
    amount_minor        bigint      NOT NULL CHECK (amount_minor > 0),
    currency            char(3)     NOT NULL,
    provider_reference  text,
    approved_at         timestamptz NOT NULL,
    sent_at             timestamptz,
    done_at             timestamptz,
    expected_from       date        NOT NULL,
    expected_until      date        NOT NULL,
    attempts            integer     NOT NULL DEFAULT 0,
    failure             text        NOT NULL DEFAULT '',
    PRIMARY KEY (buyer_id, id),
    FOREIGN KEY (buyer_id, payment_id) REFERENCES payments (buyer_id, id)
);
CREATE INDEX refunds_of_payment ON refunds (buyer_id, payment_id);
CREATE INDEX refunds_of_order ON refunds (buyer_id, order_id);
CREATE INDEX refunds_unsent ON refunds (approved_at) WHERE state IN ('approved', 'sent');
CREATE INDEX refunds_failed ON refunds (approved_at) WHERE state = 'failed';
COMMENT ON TABLE refunds IS 'buyer: money going back, in steps';

CREATE TABLE ledger_entries (
    shop_id       bigint      NOT NULL,            -- 0: entries of the platform
    id            bigint      NOT NULL,
    posting_id    bigint      NOT NULL,            -- entries of one posting sum to zero per currency
    account       text        NOT NULL CHECK (account IN ('provider_clearing', 'escrow', 'cod_receivable', 'surplus', 'seller_pending', 'shipping')),
    currency      char(3)     NOT NULL,
    amount_minor  bigint      NOT NULL CHECK (amount_minor <> 0),
    cause         text        NOT NULL,
    order_id      bigint,
    at            timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX ledger_entries_of_order ON ledger_entries (shop_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ledger_entries_of_posting ON ledger_entries (shop_id, posting_id);
COMMENT ON TABLE ledger_entries IS 'shop: double entries, never changed, never deleted';
