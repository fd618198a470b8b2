-- insert_purchase --
-- The purchase, unless this placement was written before.
INSERT INTO purchases (buyer_id, id, placement_key, payment_method, currency, total_minor, placed_at)
VALUES (%(buyer_id)s, %(id)s, %(placement_key)s, %(payment_method)s, %(currency)s, %(total_minor)s, %(placed_at)s)
ON CONFLICT ON CONSTRAINT purchases_placed_once DO NOTHING;

-- insert_purchase_orders --
-- How the purchase splits over orders.
INSERT INTO purchase_orders (buyer_id, purchase_id, shop_id, order_id, total_minor)
SELECT %(buyer_id)s, %(purchase_id)s, o.shop_id, o.order_id, o.total_minor
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[], %(totals_minor)s::bigint[]) AS o (shop_id, order_id, total_minor);

-- purchase_by_key --
-- What an earlier placement with this key made.
SELECT buyer_id, id, placement_key, payment_method, currency, total_minor, placed_at
FROM purchases WHERE buyer_id = %(buyer_id)s AND placement_key = %(placement_key)s;

-- purchase_of_buyer --
-- The purchase, if it is this buyer's.
SELECT buyer_id, id, placement_key, payment_method, currency, total_minor, placed_at
FROM purchases WHERE buyer_id = %(buyer_id)s AND id = %(purchase_id)s;

-- insert_payment --
-- A new attempt to pay.
INSERT INTO payments (buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, expires_at, started_at)
VALUES (%(buyer_id)s, %(id)s, %(purchase_id)s, %(provider)s, %(method)s, 'pending', %(amount_minor)s, %(currency)s, %(expires_at)s, %(started_at)s);

-- payment --
-- The payment as it is now.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure
FROM payments WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s;

-- lock_payment --
-- The payment, locked until the transaction ends.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure
FROM payments WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s
FOR UPDATE;

-- payments_of_purchase --
-- Every attempt to pay the purchase, newest first.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure
FROM payments WHERE buyer_id = %(buyer_id)s AND purchase_id = %(purchase_id)s
ORDER BY id DESC
LIMIT 50;

-- lock_purchase --
-- Locks on attempts do not keep new ones from being added: who adds or ends attempts waits here for each other.
SELECT id FROM purchases WHERE buyer_id = %(buyer_id)s AND id = %(purchase_id)s FOR NO KEY UPDATE;

-- lock_payments_of_purchase --
-- Every attempt to pay the purchase, locked in key order.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure
FROM payments WHERE buyer_id = %(buyer_id)s AND purchase_id = %(purchase_id)s
ORDER BY id
LIMIT 50
FOR UPDATE;

-- undecided_payments --
-- Payments whose outcome nobody has told us for a while: the janitor asks.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure
FROM payments
WHERE state = 'pending' AND provider <> 'cod' AND started_at < %(started_before)s
  AND (asked_at IS NULL OR asked_at < %(asked_before)s)
ORDER BY started_at
LIMIT %(limit)s;

-- ended_payments --
-- Payments that ended unpaid not long ago: the buyer may have paid at the last moment, and the word of it been lost.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure
FROM payments
WHERE state IN ('failed', 'expired', 'cancelled') AND provider <> 'cod' AND started_at > %(started_after)s
  AND provider_reference IS NOT NULL AND (asked_at IS NULL OR asked_at < %(asked_before)s)
ORDER BY started_at
LIMIT %(limit)s;

-- stamp_asked --
-- Keep when the provider was last asked.
UPDATE payments SET asked_at = %(at)s WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s;

-- set_started --
-- Where the buyer pays, as the provider answered, also when the payment ended while the provider was asked.
UPDATE payments SET provider_reference = %(provider_reference)s, pay_url = %(pay_url)s
WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s
RETURNING state = 'pending';

-- set_payment_paid --
-- Compare and set: paid once, also after it had failed, expired or been cancelled.
UPDATE payments SET state = 'paid', paid_at = %(at)s, failure = ''
WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s AND state <> 'paid';

-- end_payment --
-- Compare and set: a pending payment ends unpaid.
UPDATE payments SET state = %(state)s, failure = %(failure)s
WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s AND state = 'pending';

-- insert_capture --
-- Money that arrived, each arrival once.
INSERT INTO captures (buyer_id, payment_id, attempt, amount_minor, currency, at, use)
VALUES (%(buyer_id)s, %(payment_id)s, %(attempt)s, %(amount_minor)s, %(currency)s, %(at)s, %(use)s)
ON CONFLICT (buyer_id, payment_id, attempt) DO NOTHING;

-- insert_refund --
-- Money that is to go back.
INSERT INTO refunds (buyer_id, id, payment_id, shop_id, order_id, cancellation_id, reason, state, amount_minor, currency,
                     approved_at, expected_from, expected_until)
VALUES (%(buyer_id)s, %(id)s, %(payment_id)s, %(shop_id)s, %(order_id)s, %(cancellation_id)s, %(reason)s, 'approved', %(amount_minor)s,
        %(currency)s, %(approved_at)s, %(expected_from)s, %(expected_until)s);

-- refund --
-- The refund.
SELECT buyer_id, id, payment_id, shop_id, order_id, reason, state, amount_minor, currency, provider_reference, approved_at,
       sent_at, done_at, expected_from, expected_until, attempts, failure
FROM refunds WHERE buyer_id = %(buyer_id)s AND id = %(refund_id)s;

-- refunds_of_order --
-- Money going back for an order, oldest first.
SELECT buyer_id, id, payment_id, shop_id, order_id, reason, state, amount_minor, currency, provider_reference, approved_at,
       sent_at, done_at, expected_from, expected_until, attempts, failure
FROM refunds WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s
ORDER BY id
LIMIT 100;

-- move_refund --
-- Compare and set: the refund takes its next step.
UPDATE refunds
SET state = %(to)s,
    sent_at = CASE WHEN %(to)s = 'sent' THEN %(at)s::timestamptz ELSE sent_at END,
    done_at = CASE WHEN %(to)s = 'done' THEN %(at)s::timestamptz ELSE done_at END,
    provider_reference = COALESCE(%(provider_reference)s::text, provider_reference),
    failure = %(failure)s,
    attempts = attempts + CASE WHEN %(to)s = 'sent' THEN 1 ELSE 0 END
WHERE buyer_id = %(buyer_id)s AND id = %(refund_id)s AND state = ANY(%(sources)s::text[])
RETURNING buyer_id, id, payment_id, shop_id, order_id, reason, state, amount_minor, currency, provider_reference, approved_at,
          sent_at, done_at, expected_from, expected_until, attempts, failure;

-- failed_refunds --
-- Money that could not go back, of all buyers, the longest waiting first: the operator's list.
SELECT buyer_id, id, payment_id, shop_id, order_id, reason, state, amount_minor, currency, provider_reference, approved_at,
       sent_at, done_at, expected_from, expected_until, attempts, failure
FROM refunds
WHERE state = 'failed'
ORDER BY approved_at
LIMIT %(limit)s;
