-- keep_account --
-- Where the money is to go; the last word counts.
INSERT INTO refund_accounts (buyer_id, refund_id, bank, holder, number_sealed, number_end, given_at)
VALUES (%(buyer_id)s, %(refund_id)s, %(bank)s, %(holder)s, %(number_sealed)s, %(number_end)s, %(at)s)
ON CONFLICT (buyer_id, refund_id) DO UPDATE
SET bank = EXCLUDED.bank, holder = EXCLUDED.holder, number_sealed = EXCLUDED.number_sealed, number_end = EXCLUDED.number_end,
    given_at = EXCLUDED.given_at;

-- accounts_of_refunds --
-- Where the money of these refunds is to go.
SELECT a.buyer_id, a.refund_id, a.bank, a.holder, a.number_sealed, a.number_end, a.given_at
FROM unnest(%(buyer_ids)s::bigint[], %(refund_ids)s::bigint[]) AS wanted (buyer_id, refund_id)
CROSS JOIN LATERAL (
    SELECT * FROM refund_accounts WHERE buyer_id = wanted.buyer_id AND refund_id = wanted.refund_id LIMIT 1
) AS a;

-- lock_refund --
-- The refund's state, locked until the transaction ends.
SELECT state FROM refunds WHERE buyer_id = %(buyer_id)s AND id = %(refund_id)s FOR UPDATE;

-- refunds_of_purchase --
-- Money going back for a purchase that belongs to none of its orders, oldest first.
SELECT r.buyer_id, r.id, r.payment_id, r.shop_id, r.order_id, r.reason, r.state, r.amount_minor, r.currency, r.provider_reference,
       r.approved_at, r.sent_at, r.done_at, r.expected_from, r.expected_until, r.attempts, r.failure, r.by_hand, r.to_wallet
FROM payments p
JOIN refunds r ON r.buyer_id = p.buyer_id AND r.payment_id = p.id
WHERE p.buyer_id = %(buyer_id)s AND p.purchase_id = %(purchase_id)s AND r.order_id IS NULL
ORDER BY r.id
LIMIT 50;
