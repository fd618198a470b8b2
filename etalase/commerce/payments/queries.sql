-- part refund --
-- A refund as it stands in its row.
buyer_id, id, payment_id, shop_id, order_id, reason, state, amount_minor, currency, provider_reference, approved_at, sent_at, done_at,
expected_from, expected_until, attempts, failure, by_hand, to_wallet

-- insert_purchases --
-- Purchases, but those whose placement was written before; answers which ones were written.
INSERT INTO purchases (buyer_id, id, placement_key, payment_method, currency, total_minor, placed_at)
SELECT p.buyer_id, p.id, p.placement_key, p.payment_method, p.currency, p.total_minor, p.placed_at
FROM json_to_recordset(%(purchases)s::json)
     AS p (buyer_id bigint, id bigint, placement_key text, payment_method text, currency text, total_minor bigint, placed_at timestamptz)
ON CONFLICT ON CONSTRAINT purchases_placed_once DO NOTHING
RETURNING id;

-- insert_purchase_orders --
-- How purchases split over orders, one part a position of the arrays.
INSERT INTO purchase_orders (buyer_id, purchase_id, shop_id, order_id, total_minor)
SELECT * FROM unnest(%(buyer_ids)s::bigint[], %(purchase_ids)s::bigint[], %(shop_ids)s::bigint[], %(order_ids)s::bigint[],
                     %(totals_minor)s::bigint[]);

-- purchases_by_keys --
-- What earlier placements with these keys made, with the newest attempt to pay.
SELECT p.buyer_id, p.placement_key, p.id AS purchase_id,
       (SELECT a.id FROM payments a WHERE a.buyer_id = p.buyer_id AND a.purchase_id = p.id ORDER BY a.id DESC LIMIT 1) AS payment_id
FROM unnest(%(buyer_ids)s::bigint[], %(placement_keys)s::text[]) AS asked (buyer_id, placement_key)
JOIN purchases p ON p.buyer_id = asked.buyer_id AND p.placement_key = asked.placement_key;

-- purchase_of_buyer --
-- The purchase, if it is this buyer's.
SELECT buyer_id, id, placement_key, payment_method, currency, total_minor, placed_at
FROM purchases WHERE buyer_id = %(buyer_id)s AND id = %(purchase_id)s;

-- insert_payments --
-- New attempts to pay.
INSERT INTO payments (buyer_id, id, purchase_id, provider, method, state, amount_minor, fee_minor, currency, expires_at, started_at,
                      wallet_minor, is_top_up)
SELECT p.buyer_id, p.id, p.purchase_id, p.provider, p.method, 'pending', p.amount_minor, p.fee_minor, p.currency, p.expires_at,
       p.started_at, p.wallet_minor, p.is_top_up
FROM json_to_recordset(%(payments)s::json)
     AS p (buyer_id bigint, id bigint, purchase_id bigint, provider text, method text, amount_minor bigint, fee_minor bigint,
           currency text, expires_at timestamptz, started_at timestamptz, wallet_minor bigint, is_top_up boolean);

-- insert_wallet_part --
-- What the wallet paid of a purchase, beside the payment that was waited for; never pending.
INSERT INTO payments (buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, started_at, paid_at)
SELECT buyer_id, %(id)s, purchase_id, 'wallet', 'wallet', 'paid', wallet_minor, currency, %(at)s, %(at)s
FROM payments WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s;

-- payment --
-- The payment as it is now.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure, fee_minor, instructions, wallet_minor, is_top_up
FROM payments WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s;

-- lock_payment --
-- The payment, locked until the transaction ends.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure, fee_minor, instructions, wallet_minor, is_top_up
FROM payments WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s
FOR UPDATE;

-- payments_of_purchase --
-- Every attempt to pay the purchase, newest first.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure, fee_minor, instructions, wallet_minor, is_top_up
FROM payments WHERE buyer_id = %(buyer_id)s AND purchase_id = %(purchase_id)s
ORDER BY id DESC
LIMIT 50;

-- lock_purchase --
-- Locks on attempts do not keep new ones from being added: who adds or ends attempts waits here for each other.
SELECT id FROM purchases WHERE buyer_id = %(buyer_id)s AND id = %(purchase_id)s FOR NO KEY UPDATE;

-- lock_payments_of_purchase --
-- Every attempt to pay the purchase, locked in key order.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure, fee_minor, instructions, wallet_minor, is_top_up
FROM payments WHERE buyer_id = %(buyer_id)s AND purchase_id = %(purchase_id)s
ORDER BY id
LIMIT 50
FOR UPDATE;

-- undecided_payments --
-- Payments whose outcome nobody has told us for a while: the janitor asks.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure, fee_minor, instructions, wallet_minor, is_top_up
FROM payments
WHERE state = 'pending' AND provider <> 'cod' AND provider <> 'bank_transfer' AND started_at < %(started_before)s
  AND (asked_at IS NULL OR asked_at < %(asked_before)s)
ORDER BY started_at
LIMIT %(limit)s;

-- ended_payments --
-- Payments that ended unpaid not long ago: the buyer may have paid at the last moment, and the word of it been lost.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure, fee_minor, instructions, wallet_minor, is_top_up
FROM payments
WHERE state IN ('failed', 'expired', 'cancelled') AND provider <> 'cod' AND provider <> 'bank_transfer' AND started_at > %(started_after)s
  AND provider_reference IS NOT NULL AND (asked_at IS NULL OR asked_at < %(asked_before)s)
ORDER BY started_at
LIMIT %(limit)s;

-- stamp_asked --
-- Keep when the provider was last asked.
UPDATE payments SET asked_at = %(at)s WHERE buyer_id = %(buyer_id)s AND id = %(payment_id)s;

-- set_started --
-- Where the buyer pays, as the provider answered, also when the payment ended while the provider was asked.
UPDATE payments SET provider_reference = %(provider_reference)s, pay_url = %(pay_url)s, instructions = %(instructions)s
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

-- parts_held --
-- What came of the payment so far and waits for the rest.
SELECT coalesce(sum(amount_minor), 0)::bigint FROM captures
WHERE buyer_id = %(buyer_id)s AND payment_id = %(payment_id)s AND use = 'part';

-- use_parts --
-- The parts have found their use; answers how much each was.
UPDATE captures SET use = %(use)s
WHERE buyer_id = %(buyer_id)s AND payment_id = %(payment_id)s AND use = 'part'
RETURNING amount_minor;

-- captures_of_payment --
-- Money that arrived for a payment, oldest first.
SELECT attempt, amount_minor, currency, at, use FROM captures
WHERE buyer_id = %(buyer_id)s AND payment_id = %(payment_id)s
ORDER BY at, attempt
LIMIT 50;

-- insert_refund --
-- Money that is to go back.
INSERT INTO refunds (buyer_id, id, payment_id, shop_id, order_id, cancellation_id, case_id, reason, state, amount_minor,
                     currency, approved_at, expected_from, expected_until, by_hand, to_wallet)
VALUES (%(buyer_id)s, %(id)s, %(payment_id)s, %(shop_id)s, %(order_id)s, %(cancellation_id)s, %(case_id)s, %(reason)s, 'approved',
        %(amount_minor)s, %(currency)s, %(approved_at)s, %(expected_from)s, %(expected_until)s, %(by_hand)s, %(to_wallet)s);

-- turn_to_wallet --
-- A refund goes into the wallet instead, where no provider can have it and nobody may be transferring it to a bank.
UPDATE refunds SET to_wallet = true, by_hand = false
WHERE buyer_id = %(buyer_id)s AND id = %(refund_id)s AND NOT to_wallet AND (state = 'failed' OR by_hand AND state = 'approved')
  AND NOT EXISTS (SELECT FROM refund_accounts a WHERE a.buyer_id = %(buyer_id)s AND a.refund_id = %(refund_id)s);

-- left_of_payments --
-- What of each payment that counts for a purchase's orders has not gone back yet, the wallet's part first.
SELECT p.id AS payment_id, (p.amount_minor - p.fee_minor - coalesce(r.amount, 0))::bigint AS left_minor
FROM payments p
LEFT JOIN LATERAL (SELECT sum(amount_minor) AS amount FROM refunds
                   WHERE buyer_id = p.buyer_id AND payment_id = p.id AND order_id IS NOT NULL) r ON true
WHERE p.buyer_id = %(buyer_id)s AND p.purchase_id = %(purchase_id)s AND p.state = 'paid'
ORDER BY (p.provider = 'wallet') DESC, p.id
LIMIT 50;

-- wish --
-- Where the buyer wants an order's money if it goes back.
INSERT INTO refund_wishes (buyer_id, order_id, to_wallet, said_at)
VALUES (%(buyer_id)s, %(order_id)s, %(to_wallet)s, %(at)s)
ON CONFLICT (buyer_id, order_id) DO UPDATE SET to_wallet = EXCLUDED.to_wallet, said_at = EXCLUDED.said_at;

-- wants_wallet --
-- Whether the buyer wants an order's money in the wallet; nothing said means no.
SELECT to_wallet FROM refund_wishes WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;

-- refund --
-- The refund.
SELECT {{refund}}
FROM refunds WHERE buyer_id = %(buyer_id)s AND id = %(refund_id)s;

-- refunds_of_order --
-- Money going back for an order, oldest first.
SELECT {{refund}}
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
    attempts = attempts + CASE WHEN %(to)s IN ('sent', 'failed') AND state = 'approved' THEN 1 ELSE 0 END
WHERE buyer_id = %(buyer_id)s AND id = %(refund_id)s AND state = ANY(%(sources)s::text[])
RETURNING {{refund}};

-- failed_refunds --
-- Money that a provider could not send back, of all buyers, the longest waiting first: the operator's list.
SELECT {{refund}}
FROM refunds
WHERE state = 'failed' AND NOT by_hand
ORDER BY approved_at
LIMIT %(limit)s;

-- refunds_by_hand --
-- Money that no provider takes back, of all buyers, what was promised first at the top: the operator's list.
SELECT {{refund}}
FROM refunds
WHERE by_hand AND state IN ('approved', 'failed')
ORDER BY expected_until, id
LIMIT %(limit)s;

-- late_refunds --
-- Money that should have reached its buyer before a day, of all buyers, the longest late first: the operator's list.
SELECT {{refund}}
FROM refunds
WHERE state IN ('approved', 'sent') AND expected_until < %(day)s
ORDER BY expected_until, id
LIMIT %(limit)s;

-- failed_payments --
-- Attempts to pay that failed since a moment, of all buyers, the latest first: the operator's list.
SELECT buyer_id, id, purchase_id, provider, method, state, amount_minor, currency, provider_reference, pay_url, expires_at,
       started_at, paid_at, failure
FROM payments
WHERE state = 'failed' AND started_at >= %(since)s
ORDER BY started_at DESC
LIMIT %(limit)s;

-- refunds_unconfirmed --
-- Refunds that a provider took and never told the end of: the janitor asks about their payments.
SELECT DISTINCT ON (r.sent_at, r.buyer_id, r.payment_id)
       p.buyer_id, p.id, p.purchase_id, p.provider, p.method, p.state, p.amount_minor, p.currency, p.provider_reference, p.pay_url,
       p.expires_at, p.started_at, p.paid_at, p.failure, p.fee_minor, p.instructions, p.wallet_minor, p.is_top_up
FROM refunds r
JOIN payments p ON p.buyer_id = r.buyer_id AND p.id = r.payment_id
WHERE r.state = 'sent' AND r.sent_at < %(sent_before)s AND (r.asked_at IS NULL OR r.asked_at < %(asked_before)s)
ORDER BY r.sent_at
LIMIT %(limit)s;

-- stamp_refunds_asked --
-- Keep when the provider was last asked about the refunds of a payment.
UPDATE refunds SET asked_at = %(at)s WHERE buyer_id = %(buyer_id)s AND payment_id = %(payment_id)s AND state = 'sent';

-- unusable_methods --
-- Methods nobody can use now: switched off, or hidden because they fail.
SELECT method, '' AS provider, reason, off_since AS since, NULL::timestamptz AS hidden_until, 0 AS failures
FROM payment_method_switches
UNION ALL
SELECT method, provider, last_error, failed_at, hidden_until, failures
FROM payment_method_health
LIMIT %(limit)s;

-- note_failure --
-- One more failure in a row; answers how many that makes.
INSERT INTO payment_method_health (provider, method, failures, last_error, failed_at, hidden_until)
VALUES (%(provider)s, %(method)s, 1, %(error)s, %(at)s, %(at)s)
ON CONFLICT (provider, method) DO UPDATE
SET failures = payment_method_health.failures + 1, last_error = EXCLUDED.last_error, failed_at = EXCLUDED.failed_at
RETURNING failures;

-- hide_method --
-- Until when the method is not offered.
UPDATE payment_method_health SET hidden_until = %(until)s WHERE provider = %(provider)s AND method = %(method)s;

-- note_success --
-- The method works: its failures are forgotten.
DELETE FROM payment_method_health WHERE provider = %(provider)s AND method = %(method)s;

-- switch_off --
-- The operator takes a method away.
INSERT INTO payment_method_switches (method, reason, off_since, account_id)
VALUES (%(method)s, %(reason)s, %(at)s, %(account_id)s)
ON CONFLICT (method) DO NOTHING;

-- switch_on --
-- And gives it back.
DELETE FROM payment_method_switches WHERE method = %(method)s;
