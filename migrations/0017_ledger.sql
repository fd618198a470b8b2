-- The ledger whole: every account, owners of wallets, running totals that are checked, and entries nobody can change.
-- depends: 0016_handover

ALTER TABLE ledger_entries
    ADD COLUMN owner_id     bigint NOT NULL DEFAULT 0,     -- whose wallet; 0: the shop's own account, or the platform's
    ADD COLUMN reference_id bigint,                        -- the payout, payment or case it is about, where that is no order
    DROP CONSTRAINT ledger_entries_account_check,
    ADD CONSTRAINT ledger_entries_account_known CHECK (account IN (
        'provider_clearing', 'cod_receivable', 'carrier_receivable', 'bank', 'subsidy', 'provider_fee', 'rounding',
        'escrow', 'surplus', 'seller_pending', 'seller_available', 'payout_clearing', 'buyer_wallet', 'wallet_held',
        'commission', 'platform_fee', 'shipping', 'insurance', 'tax')),
    ADD CONSTRAINT ledger_entries_owner_of_wallet CHECK ((owner_id <> 0) = (account IN ('buyer_wallet', 'wallet_held')));
CREATE INDEX ledger_entries_of_seller ON ledger_entries (shop_id, account, currency, id)
    WHERE account IN ('seller_pending', 'seller_available', 'payout_clearing');
CREATE INDEX ledger_entries_of_wallet ON ledger_entries (shop_id, owner_id, account, currency, id) WHERE owner_id <> 0;

-- Running totals of what belongs to somebody. What a busy shop waits for is spread over slots; what can be spent is one row.
CREATE TABLE ledger_totals (
    shop_id       bigint   NOT NULL,               -- 0: wallets
    account       text     NOT NULL CHECK (account IN ('seller_pending', 'seller_available', 'buyer_wallet', 'wallet_held')),
    owner_id      bigint   NOT NULL,
    currency      char(3)  NOT NULL,
    slot          smallint NOT NULL CHECK (slot BETWEEN 0 AND 15 AND (slot = 0 OR account = 'seller_pending')),
    amount_minor  bigint   NOT NULL,               -- as entries have it: negative is owed to the owner
    PRIMARY KEY (shop_id, account, owner_id, currency, slot),
    CONSTRAINT ledger_totals_wallet_covered CHECK (account NOT IN ('buyer_wallet', 'wallet_held') OR amount_minor <= 0)
);
COMMENT ON TABLE ledger_totals IS 'shop: running totals of sellers and wallets, equal to the sum of their entries';

INSERT INTO ledger_totals (shop_id, account, owner_id, currency, slot, amount_minor)
SELECT shop_id, account, owner_id, currency, coalesce((order_id >> 22) % 16, 0), sum(amount_minor)
FROM ledger_entries
WHERE account = 'seller_pending'
GROUP BY 1, 2, 3, 4, 5;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of the ledger are never changed or deleted: a correction is a further posting'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_kept BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
