-- part has_the_goods --
(%(product_id)s::bigint IS NULL OR EXISTS (
    SELECT FROM order_lines l WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id AND l.product_id = %(product_id)s))
AND (%(category_id)s::bigint IS NULL OR EXISTS (
    SELECT FROM order_lines l JOIN products p ON p.shop_id = l.shop_id AND p.id = l.product_id
    WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id AND p.category_id = %(category_id)s))

-- shops_to_sample --
-- The shops whose orders are looked at: the newest.
SELECT shop_id FROM shops ORDER BY shop_id DESC LIMIT %(limit)s;

-- past_orders --
-- The newest orders of each shop since an id, as far as a number; of a product or category those that have it, if one is named.
SELECT o.shop_id, o.id, o.shop_name, o.state, o.payment_method, o.is_cod, o.currency, o.total_minor,
       COALESCE(o.delivery ->> 'zone', 'Asia/Jakarta') AS zone, COALESCE((o.delivery ->> 'handling_days')::int, 1) AS handling_days,
       (SELECT bound.policies FROM policy_sets bound WHERE bound.id = o.policy_set_id) AS policies, o.placed_at, o.paid_at, o.confirmed_at,
       o.arranged_at, o.collected_at, o.delivered_at, o.completed_at, o.cancelled_at, o.cancel_reason, o.extended_at
FROM unnest(%(shop_ids)s::bigint[]) AS asked (shop_id)
CROSS JOIN LATERAL (
    SELECT *, id AS order_id FROM orders WHERE shop_id = asked.shop_id AND id >= %(from_id)s ORDER BY id DESC LIMIT %(per_shop)s
) o
WHERE {{has_the_goods}}
ORDER BY o.id DESC
LIMIT %(limit)s;

-- charged_lines --
-- The commission lines of the newest settled orders of each shop since an id, as far as a number.
SELECT o.shop_id, s.name AS shop_name, o.order_id, l.product_id, p.category_id, n.base_minor, n.commission_minor,
       o.base_minor AS order_base_minor, o.fee_minor, o.tax_minor
FROM unnest(%(shop_ids)s::bigint[]) AS asked (shop_id)
JOIN shops s ON s.shop_id = asked.shop_id
CROSS JOIN LATERAL (
    SELECT * FROM settlements
    WHERE shop_id = asked.shop_id AND order_id >= %(from_id)s AND state = 'settled' ORDER BY order_id DESC LIMIT %(per_shop)s
) o
JOIN settlement_lines n ON n.shop_id = o.shop_id AND n.order_id = o.order_id
JOIN order_lines l ON l.shop_id = n.shop_id AND l.id = n.order_line_id
JOIN products p ON p.shop_id = l.shop_id AND p.id = l.product_id
ORDER BY o.order_id DESC, l.id
LIMIT %(limit)s;

-- past_clocks --
-- The newest ended clocks of one policy in each shop since an id; those that were extended tell nothing of the span.
SELECT s.name AS shop_name, o.order_id, o.started_at, CASE o.state WHEN 'stopped' THEN o.ended_at END AS acted_at
FROM unnest(%(shop_ids)s::bigint[]) AS asked (shop_id)
JOIN shops s ON s.shop_id = asked.shop_id
CROSS JOIN LATERAL (
    SELECT * FROM deadlines
    WHERE shop_id = asked.shop_id AND policy_key = %(key)s AND id >= %(from_id)s AND state IN ('fired', 'stopped') AND extended_times = 0
      AND policy_key IN ('cancel.seller_response', 'return.seller_review', 'return.offer', 'return.ship_back', 'return.decision',
                         'return.appeal', 'claim.seller_response', 'claim.evidence', 'claim.decision', 'claim.appeal')
    ORDER BY id DESC LIMIT %(per_shop)s
) o
WHERE {{has_the_goods}}
ORDER BY o.id DESC
LIMIT %(limit)s;
