-- insert_waiting --
-- Completed orders begin to wait; those that wait already stay as they are.
INSERT INTO settlements (shop_id, order_id, state, currency, due_at)
SELECT s.shop_id, s.order_id, 'waiting', s.currency, s.due_at
FROM json_to_recordset(%(settlements)s::json) AS s (shop_id bigint, order_id bigint, currency text, due_at timestamptz)
ON CONFLICT (shop_id, order_id) DO NOTHING;

-- completed_orders --
-- What says when completed orders may be settled.
SELECT o.shop_id, o.id, o.currency, (SELECT bound.policies FROM policy_sets bound WHERE bound.id = o.policy_set_id) AS policies, o.placed_at,
       o.delivered_at, o.completed_at
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS asked (shop_id, order_id)
JOIN orders o ON o.shop_id = asked.shop_id AND o.id = asked.order_id
WHERE o.state = 'completed'
LIMIT 20000;

-- shops_due --
-- Shops of which an order is due, the longest waiting first; orders with an open case wait on.
SELECT DISTINCT shop_id FROM (
    SELECT s.shop_id FROM settlements s
    WHERE s.state = 'waiting' AND s.due_at <= %(at)s
      AND (SELECT count(*) FROM cases c WHERE c.shop_id = s.shop_id AND c.order_id = s.order_id AND c.state = 'open') = 0
    ORDER BY s.due_at LIMIT 500
) AS due LIMIT 100;

-- orders_due --
-- Orders of a shop that are due and about which nobody disagrees, in the order in which they are locked.
SELECT due.order_id FROM (
    SELECT s.order_id FROM settlements s
    WHERE s.shop_id = %(shop_id)s AND s.state = 'waiting' AND s.due_at <= %(at)s
      AND (SELECT count(*) FROM cases c WHERE c.shop_id = s.shop_id AND c.order_id = s.order_id AND c.state = 'open') = 0
    ORDER BY s.due_at, s.order_id LIMIT 200
) AS due ORDER BY due.order_id;

-- claim_due --
-- Compare and set: of these locked orders, those that still wait and are not disagreed about are settled now.
UPDATE settlements s
SET state = 'settled', settled_at = %(at)s
FROM unnest(%(order_ids)s::bigint[]) AS asked (order_id)
WHERE s.shop_id = %(shop_id)s AND s.order_id = asked.order_id AND s.state = 'waiting' AND s.due_at <= %(at)s
  AND (SELECT count(*) FROM cases c WHERE c.shop_id = s.shop_id AND c.order_id = s.order_id AND c.state = 'open') = 0
RETURNING s.order_id;

-- keep_shares --
-- How they were shared.
UPDATE settlements s
SET pending_minor = n.pending_minor, base_minor = n.base_minor, commission_minor = n.commission_minor, fee_minor = n.fee_minor,
    tax_minor = n.tax_minor, shipping_minor = n.shipping_minor, net_minor = n.net_minor, policies = n.policies
FROM json_to_recordset(%(shares)s::json)
     AS n (order_id bigint, pending_minor bigint, base_minor bigint, commission_minor bigint, fee_minor bigint, tax_minor bigint,
           shipping_minor bigint, net_minor bigint, policies jsonb)
WHERE s.shop_id = %(shop_id)s AND s.order_id = n.order_id;

-- keep_lines --
-- The commission of each line of settled orders.
INSERT INTO settlement_lines (shop_id, order_id, order_line_id, base_minor, rate, version, commission_minor)
SELECT %(shop_id)s, n.order_id, n.order_line_id, n.base_minor, n.rate, n.version, n.commission_minor
FROM json_to_recordset(%(lines)s::json)
     AS n (order_id bigint, order_line_id bigint, base_minor bigint, rate integer, version integer, commission_minor bigint);

-- lines_of_settlements --
-- How the commission of settled orders came about, line by line, with what the rate of each was set for.
SELECT n.order_id, n.order_line_id, l.title, l.variant_name, l.variant_id, l.quantity, n.base_minor, n.rate, n.version,
       n.commission_minor, coalesce(p.scope, 'operator') AS scope, c.name_id AS category_id_name, c.name_en AS category_en_name
FROM unnest(%(order_ids)s::bigint[]) AS asked (order_id)
JOIN settlement_lines n ON n.shop_id = %(shop_id)s AND n.order_id = asked.order_id
JOIN order_lines l ON l.shop_id = n.shop_id AND l.id = n.order_line_id
LEFT JOIN policies p ON p.key = 'commission.rate' AND p.version = n.version
LEFT JOIN categories c ON p.scope = 'category' AND c.id = p.scope_id
ORDER BY n.order_id, n.order_line_id
LIMIT 20000;

-- carried --
-- Parcels to buyers that a carrier took on our account, with their weight: of the order's units, and whole.
SELECT x.order_id, p.id AS parcel_id, p.carrier, s.province, s.city,
       o.address ->> 'province_code' AS to_province, o.address ->> 'city_code' AS to_city, o.delivery ->> 'kind' AS kind,
       coalesce(sum(l.weight_grams * u.quantity) FILTER (WHERE l.order_id = x.order_id), 0)::bigint AS own_grams,
       coalesce(sum(l.weight_grams * u.quantity), 0)::bigint AS grams
FROM unnest(%(order_ids)s::bigint[]) AS asked (order_id)
JOIN orders o ON o.shop_id = %(shop_id)s AND o.id = asked.order_id
JOIN parcel_orders x ON x.shop_id = o.shop_id AND x.order_id = o.id
JOIN parcels p ON p.shop_id = x.shop_id AND p.id = x.parcel_id AND p.booking = 'booked' AND p.collected_at IS NOT NULL
     AND p.purpose <> 'way_back'
JOIN shops s ON s.shop_id = o.shop_id
JOIN parcel_lines u ON u.shop_id = p.shop_id AND u.parcel_id = p.id
JOIN order_lines l ON l.shop_id = u.shop_id AND l.id = u.order_line_id
GROUP BY x.order_id, p.id, p.carrier, s.province, s.city, o.address, o.delivery
ORDER BY x.order_id, p.id
LIMIT 20000;

-- settlement --
-- How one order is settled.
SELECT shop_id, order_id, state, currency, due_at, pending_minor, base_minor, commission_minor, fee_minor, tax_minor,
       shipping_minor, net_minor, policies, settled_at
FROM settlements WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s;

-- waiting_of_shop --
-- What the shop waits for, due soonest first, after a position.
SELECT s.order_id, s.due_at, o.total_minor - o.refunded_minor AS kept_minor, o.currency, o.buyer_name, o.completed_at,
       (SELECT count(*) FROM cases c WHERE c.shop_id = s.shop_id AND c.order_id = s.order_id AND c.state = 'open') > 0 AS is_disputed
FROM settlements s
JOIN orders o ON o.shop_id = s.shop_id AND o.id = s.order_id
WHERE s.shop_id = %(shop_id)s AND s.state = 'waiting' AND (s.due_at, s.order_id) > (%(after_due)s, %(after)s)
ORDER BY s.due_at, s.order_id
LIMIT %(limit)s;

-- periods_to_close --
-- Sellers' accounts with entries after their last statement: the first of these, whose week is to be closed once it is over.
SELECT t.shop_id, t.currency, s.zone, f.at AS first_at, coalesce(l.closing_minor, 0)::bigint AS opening_minor
FROM ledger_totals t
JOIN shops s ON s.shop_id = t.shop_id
LEFT JOIN LATERAL (SELECT until_at, closing_minor FROM statements
                   WHERE shop_id = t.shop_id AND currency = t.currency ORDER BY from_at DESC LIMIT 1) l ON true
CROSS JOIN LATERAL (SELECT e.at FROM ledger_entries e
                    WHERE e.shop_id = t.shop_id AND e.account = 'seller_available' AND e.currency = t.currency
                      AND e.at >= coalesce(l.until_at, '-infinity')
                    ORDER BY e.at LIMIT 1) f
WHERE t.account = 'seller_available' AND t.owner_id = 0 AND t.slot = 0 AND t.shop_id > %(shop_id)s
  AND f.at < %(before)s
ORDER BY t.shop_id
LIMIT 100;

-- sum_of_period --
-- What a period added up to.
SELECT coalesce(-sum(amount_minor), 0)::bigint AS amount_minor, count(*)::int AS entries
FROM ledger_entries
WHERE shop_id = %(shop_id)s AND account = 'seller_available' AND currency = %(currency)s
  AND at >= %(from_at)s AND at < %(until_at)s;

-- insert_statement --
-- A period that is over; each once.
INSERT INTO statements (shop_id, id, currency, from_at, until_at, opening_minor, closing_minor, entries, issued_at)
VALUES (%(shop_id)s, %(id)s, %(currency)s, %(from_at)s, %(until_at)s, %(opening_minor)s, %(closing_minor)s, %(entries)s, %(at)s)
ON CONFLICT ON CONSTRAINT statements_one_a_period DO NOTHING;

-- statements_of_shop --
-- The shop's statements before a position, newest first.
SELECT shop_id, id, currency, from_at, until_at, opening_minor, closing_minor, entries, issued_at
FROM statements WHERE shop_id = %(shop_id)s AND from_at < %(before)s
ORDER BY from_at DESC LIMIT %(limit)s;

-- statement_of_shop --
-- One of the shop's statements.
SELECT shop_id, id, currency, from_at, until_at, opening_minor, closing_minor, entries, issued_at
FROM statements WHERE shop_id = %(shop_id)s AND id = %(statement_id)s;

-- lines_of_period --
-- What happened to the seller's available money in a period after a position, with how each order was shared.
SELECT e.id, e.at, e.cause, e.order_id, e.reference_id, -e.amount_minor AS amount_minor,
       s.pending_minor, s.commission_minor, s.fee_minor, s.tax_minor, s.shipping_minor,
       CASE WHEN e.cause IN ('adjustment', 'compensation')
            THEN (SELECT a.reason FROM adjustments a WHERE a.shop_id = e.shop_id AND a.id = e.reference_id) END AS reason
FROM ledger_entries e
LEFT JOIN settlements s ON e.cause = 'settlement' AND s.shop_id = e.shop_id AND s.order_id = e.order_id
WHERE e.shop_id = %(shop_id)s AND e.account = 'seller_available' AND e.currency = %(currency)s
  AND e.at >= %(from_at)s AND e.at < %(until_at)s AND (e.at, e.id) > (%(after_at)s, %(after)s)
  AND (%(with_payouts)s OR e.cause NOT IN ('payout', 'payout returned'))
ORDER BY e.at, e.id
LIMIT %(limit)s;

-- sums_of_statements --
-- What settled orders brought and cost in the periods of some statements, what was paid out, and what else changed.
SELECT t.id AS statement_id, count(e.id) FILTER (WHERE e.cause NOT IN ('payout', 'payout returned')) AS changes, coalesce(sum(s.pending_minor), 0)::bigint AS revenue_minor,
       coalesce(sum(s.commission_minor + s.fee_minor + s.tax_minor), 0)::bigint AS fee_minor,
       coalesce(sum(s.shipping_minor), 0)::bigint AS shipping_minor,
       coalesce(-sum(e.amount_minor) FILTER (WHERE e.cause = 'settlement'), 0)::bigint AS settled_minor,
       coalesce(-sum(e.amount_minor) FILTER (WHERE e.cause IN ('payout', 'payout returned')), 0)::bigint AS paid_out_minor,
       coalesce(-sum(e.amount_minor) FILTER (WHERE e.cause NOT IN ('settlement', 'payout', 'payout returned')), 0)::bigint AS other_minor
FROM statements t
LEFT JOIN ledger_entries e ON e.shop_id = t.shop_id AND e.account = 'seller_available' AND e.currency = t.currency
     AND e.at >= t.from_at AND e.at < t.until_at
LEFT JOIN settlements s ON e.cause = 'settlement' AND s.shop_id = e.shop_id AND s.order_id = e.order_id
WHERE t.shop_id = %(shop_id)s AND t.id = ANY(%(statement_ids)s::bigint[])
GROUP BY t.id;

-- insert_adjustment --
-- What the operator gave or took; each form once.
INSERT INTO adjustments (shop_id, id, form_key, kind, order_id, currency, amount_minor, reason, made_by, made_at)
VALUES (%(shop_id)s, %(id)s, %(form_key)s, %(kind)s, %(order_id)s, %(currency)s, %(amount_minor)s, %(reason)s, %(made_by)s, %(made_at)s)
ON CONFLICT ON CONSTRAINT adjustments_once DO NOTHING;

-- adjustment_of_form --
-- What a form did, if it was sent before.
SELECT shop_id, id, form_key, kind, order_id, currency, amount_minor, reason, made_by, made_at
FROM adjustments WHERE shop_id = %(shop_id)s AND form_key = %(form_key)s;

-- latest_adjustments --
-- What was given and taken over all shops before a position, the latest first.
SELECT shop_id, id, form_key, kind, order_id, currency, amount_minor, reason, made_by, made_at
FROM adjustments WHERE id < %(before)s
ORDER BY id DESC LIMIT %(limit)s;

-- forget_paid_debts --
-- Sellers who owe nothing any more.
DELETE FROM seller_debts d
USING ledger_totals t
WHERE t.shop_id = d.shop_id AND t.account = 'seller_available' AND t.owner_id = 0 AND t.currency = d.currency AND t.slot = 0
  AND t.amount_minor <= 0;

-- note_new_debts --
-- Sellers who owe something and were not told yet.
WITH owing AS (
    SELECT shop_id, currency, amount_minor FROM ledger_totals
    WHERE account = 'seller_available' AND owner_id = 0 AND slot = 0 AND amount_minor > 0
    ORDER BY shop_id LIMIT 10000
), noted AS (
    INSERT INTO seller_debts (shop_id, currency, since) SELECT shop_id, currency, %(at)s FROM owing
    ON CONFLICT (shop_id, currency) DO NOTHING
    RETURNING shop_id, currency
)
SELECT o.shop_id, o.currency, o.amount_minor FROM noted n JOIN owing o ON o.shop_id = n.shop_id AND o.currency = n.currency
ORDER BY o.shop_id;
