-- Wallets: what they pay and set aside, refunds into them, top-ups, bank accounts of buyers, withdrawals.
-- depends: 0026_claims_money

ALTER TABLE payments
    ADD COLUMN wallet_minor bigint NOT NULL DEFAULT 0 CHECK (wallet_minor >= 0),
    ADD COLUMN is_top_up boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN payments.wallet_minor IS 'what the wallet pays with this attempt: set aside exactly while it is pending';
COMMENT ON COLUMN payments.is_top_up IS 'the money is for the wallet, the purchase has no orders';
CREATE INDEX payments_top_ups_awaited ON payments (buyer_id, expires_at) WHERE is_top_up AND state = 'pending';

ALTER TABLE accounts ADD COLUMN password_changed_at timestamptz;  -- withdrawals cool off after it

ALTER TABLE refunds ADD COLUMN to_wallet boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN refunds.to_wallet IS 'paid into the wallet at once, and not by a provider';

CREATE TABLE refund_wishes (
    buyer_id   bigint      NOT NULL,
    order_id   bigint      NOT NULL,
    to_wallet  boolean     NOT NULL,
    said_at    timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, order_id)
);
COMMENT ON TABLE refund_wishes IS 'buyer: where an order''s money is to go if it goes back';

CREATE TABLE wallets (
    buyer_id   bigint      PRIMARY KEY,
    opened_at  timestamptz NOT NULL
);
COMMENT ON TABLE wallets IS 'buyer: locked by who changes what may be put in or taken out; the money is in the ledger';

CREATE TABLE wallet_bank_accounts (
    buyer_id     bigint      NOT NULL REFERENCES accounts (id),
    id           bigint      NOT NULL,
    state        text        NOT NULL CHECK (state IN ('entered', 'verified', 'replaced')),
    bank         text        NOT NULL,
    number       text        NOT NULL CHECK (number ~ '^[0-9]{6,20}$'),
    holder       text        NOT NULL CHECK (char_length(holder) BETWEEN 2 AND 80),
    entered_at   timestamptz NOT NULL,
    code_hash    bytea,                            -- of the code that was mailed; none once it was used or given up
    code_until   timestamptz,
    tries        integer     NOT NULL DEFAULT 0,
    verified_at  timestamptz,
    usable_from  timestamptz,                      -- a new account cools off
    PRIMARY KEY (buyer_id, id),
    CONSTRAINT wallet_bank_accounts_verified_with_moment CHECK (state <> 'verified' OR verified_at IS NOT NULL AND usable_from IS NOT NULL)
);
CREATE UNIQUE INDEX wallet_bank_accounts_one_entered ON wallet_bank_accounts (buyer_id) WHERE state = 'entered';
CREATE UNIQUE INDEX wallet_bank_accounts_one_verified ON wallet_bank_accounts (buyer_id) WHERE state = 'verified';
COMMENT ON TABLE wallet_bank_accounts IS 'buyer: where withdrawals go';

CREATE TABLE withdrawals (
    buyer_id      bigint      NOT NULL REFERENCES accounts (id),
    id            bigint      NOT NULL,
    request_key   text        NOT NULL CHECK (char_length(request_key) BETWEEN 8 AND 64),
    state         text        NOT NULL CHECK (state IN ('requested', 'approved', 'paid', 'failed', 'refused', 'withdrawn')),
    currency      char(3)     NOT NULL,
    amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),  -- leaves the wallet; the bank gets it less the fee
    fee_minor     bigint      NOT NULL CHECK (fee_minor >= 0),
    bank          text        NOT NULL,            -- copy of the account it goes to
    number        text        NOT NULL,
    holder        text        NOT NULL,
    batch_id      bigint,                          -- the payout batch that the operator approves
    requested_at  timestamptz NOT NULL,
    due_at        timestamptz,                     -- when the default of its state happens; none where nothing is waited for
    approved_at   timestamptz,
    ended_at      timestamptz,
    failure       text        NOT NULL DEFAULT '',
    PRIMARY KEY (buyer_id, id),
    CONSTRAINT withdrawals_requested_once UNIQUE (buyer_id, request_key),
    CONSTRAINT withdrawals_fee_within CHECK (fee_minor < amount_minor),
    CONSTRAINT withdrawals_wait_with_clock CHECK ((state IN ('requested', 'approved')) = (due_at IS NOT NULL))
);
CREATE INDEX withdrawals_due ON withdrawals (due_at) WHERE state IN ('requested', 'approved');
CREATE INDEX withdrawals_of_batch ON withdrawals (batch_id, buyer_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX withdrawals_requested ON withdrawals (requested_at) WHERE state = 'requested' AND batch_id IS NULL;
COMMENT ON TABLE withdrawals IS 'buyer: transfers from a wallet to its owner''s bank account, in steps';
