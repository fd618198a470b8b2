-- What the operator gives sellers or takes, and who owes the platform.
-- depends: 0029_desks

CREATE TABLE adjustments (
    shop_id       bigint      NOT NULL REFERENCES shops (shop_id),
    id            bigint      NOT NULL,
    form_key      bigint      NOT NULL,            -- of the form that was sent: a repeat finds the first
    kind          text        NOT NULL CHECK (kind IN ('credit', 'debit', 'compensation', 'carrier', 'subsidy')),
    order_id      bigint,
    currency      char(3)     NOT NULL,
    amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
    reason        text        NOT NULL CHECK (char_length(reason) BETWEEN 5 AND 300),
    made_by       bigint      NOT NULL,
    made_at       timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT adjustments_once UNIQUE (shop_id, form_key),
    CONSTRAINT adjustments_about_an_order CHECK (kind IN ('credit', 'debit') OR order_id IS NOT NULL),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX adjustments_latest ON adjustments (id);
COMMENT ON TABLE adjustments IS 'shop: what the operator gave the seller or took, and why';

CREATE TABLE seller_debts (
    shop_id   bigint      NOT NULL REFERENCES shops (shop_id),
    currency  char(3)     NOT NULL,
    since     timestamptz NOT NULL,
    PRIMARY KEY (shop_id, currency)
);
COMMENT ON TABLE seller_debts IS 'shop: sellers whose available money is below nothing, told once';

-- The predicate names no column that changes: totals are updated in place as before.
CREATE INDEX ledger_totals_available ON ledger_totals (shop_id) WHERE account = 'seller_available';
