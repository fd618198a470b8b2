-- Sellers are paid: what each order brings, statements of what happened, bank accounts, payouts.
-- depends: 0017_ledger 0019_returns

CREATE TABLE settlements (
    shop_id                bigint      NOT NULL,
    order_id               bigint      NOT NULL,
    state                  text        NOT NULL CHECK (state IN ('waiting', 'settled')),
    currency               char(3)     NOT NULL,
    due_at                 timestamptz NOT NULL,
    pending_minor          bigint      NOT NULL DEFAULT 0,     -- what was shared out
    base_minor             bigint      NOT NULL DEFAULT 0,     -- of which commission and tax were reckoned
    commission_minor       bigint      NOT NULL DEFAULT 0,
    fee_minor              bigint      NOT NULL DEFAULT 0,
    tax_minor              bigint      NOT NULL DEFAULT 0,
    shipping_minor         bigint      NOT NULL DEFAULT 0,     -- what carriers take
    net_minor              bigint      NOT NULL DEFAULT 0,
    policies               jsonb       NOT NULL DEFAULT '{}',  -- key -> [version, value], as they were applied
    settled_at             timestamptz,
    PRIMARY KEY (shop_id, order_id),
    CONSTRAINT settlements_add_up CHECK (pending_minor = commission_minor + fee_minor + tax_minor + shipping_minor + net_minor),
    CONSTRAINT settlements_settled_with_moment CHECK ((state = 'settled') = (settled_at IS NOT NULL)),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX settlements_due ON settlements (due_at) WHERE state = 'waiting';
CREATE INDEX settlements_waiting ON settlements (shop_id, due_at, order_id) WHERE state = 'waiting';
COMMENT ON TABLE settlements IS 'shop: how a completed order is shared between seller, platform and carriers, and when';

INSERT INTO settlements (shop_id, order_id, state, currency, due_at)
SELECT shop_id, id, 'waiting', currency, completed_at + interval '7 days' FROM orders WHERE state = 'completed';

CREATE INDEX ledger_entries_by_time ON ledger_entries (shop_id, account, currency, at, id) WHERE account = 'seller_available';

CREATE TABLE statements (
    shop_id        bigint      NOT NULL REFERENCES shops (shop_id),
    id             bigint      NOT NULL,
    currency       char(3)     NOT NULL,
    from_at        timestamptz NOT NULL,
    until_at       timestamptz NOT NULL CHECK (until_at > from_at),
    opening_minor  bigint      NOT NULL,
    closing_minor  bigint      NOT NULL,
    entries        integer     NOT NULL,
    issued_at      timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT statements_one_a_period UNIQUE (shop_id, currency, from_at)
);
COMMENT ON TABLE statements IS 'shop: weeks of the seller''s available money that are over';

CREATE TABLE seller_bank_accounts (
    shop_id      bigint      NOT NULL REFERENCES shops (shop_id),
    id           bigint      NOT NULL,
    state        text        NOT NULL CHECK (state IN ('entered', 'verified', 'refused', 'replaced')),
    bank         text        NOT NULL,
    number       text        NOT NULL CHECK (number ~ '^[0-9]{6,20}$'),
    holder       text        NOT NULL CHECK (char_length(holder) BETWEEN 2 AND 80),
    entered_by   bigint      NOT NULL,
    entered_at   timestamptz NOT NULL,
    decided_by   bigint,
    decided_at   timestamptz,
    usable_from  timestamptz,                      -- a change of account cools off
    refusal      text        NOT NULL DEFAULT '',
    PRIMARY KEY (shop_id, id)
);
CREATE UNIQUE INDEX seller_bank_accounts_one_entered ON seller_bank_accounts (shop_id) WHERE state = 'entered';
CREATE UNIQUE INDEX seller_bank_accounts_one_verified ON seller_bank_accounts (shop_id) WHERE state = 'verified';
CREATE INDEX seller_bank_accounts_to_verify ON seller_bank_accounts (entered_at) WHERE state = 'entered';
COMMENT ON TABLE seller_bank_accounts IS 'shop: where payouts go';

CREATE TABLE payout_batches (
    id           bigint      PRIMARY KEY,
    state        text        NOT NULL CHECK (state IN ('proposed', 'approved', 'dropped', 'closed')),
    proposed_by  bigint      NOT NULL,
    proposed_at  timestamptz NOT NULL,
    approved_by  bigint,
    approved_at  timestamptz,
    ended_at     timestamptz
);
CREATE UNIQUE INDEX payout_batches_one_proposed ON payout_batches ((true)) WHERE state = 'proposed';
COMMENT ON TABLE payout_batches IS 'local: payouts that the operator approves together';

CREATE TABLE payouts (
    shop_id       bigint      NOT NULL REFERENCES shops (shop_id),
    id            bigint      NOT NULL,
    batch_id      bigint      NOT NULL,
    state         text        NOT NULL CHECK (state IN ('proposed', 'approved', 'paid', 'returned', 'dropped')),
    currency      char(3)     NOT NULL,
    amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
    bank          text        NOT NULL,            -- copy of the account it goes to
    number        text        NOT NULL,
    holder        text        NOT NULL,
    proposed_at   timestamptz NOT NULL,
    approved_at   timestamptz,
    paid_at       timestamptz,
    ended_at      timestamptz,
    failure       text        NOT NULL DEFAULT '',
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX payouts_of_batch ON payouts (batch_id, shop_id, id);
CREATE UNIQUE INDEX payouts_one_open ON payouts (shop_id, currency) WHERE state IN ('proposed', 'approved');
COMMENT ON TABLE payouts IS 'shop: transfers to a seller''s bank account, in steps';
