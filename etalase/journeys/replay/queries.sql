-- shops_to_sample --
-- The shops whose orders are looked at: the newest.
SELECT shop_id FROM shops ORDER BY shop_id DESC LIMIT %(limit)s;

-- past_orders --
-- The newest orders of each shop since an id, as far as a number; of a product or category those that have it, if one is named.
SELECT o.shop_id, o.id, o.shop_name, o.state, o.payment_method, o.is_cod, o.currency, o.total_minor,
       COALESCE(o.delivery ->> 'zone', 'Asia/Jakarta') AS zone, COALESCE((o.delivery ->> 'handling_days')::int, 1) AS handling_days,
       o.policies, o.placed_at, o.paid_at, o.confirmed_at, o.arranged_at, o.collected_at, o.delivered_at, o.completed_at,
       o.cancelled_at, o.cancel_reason, o.extended_at
FROM unnest(%(shop_ids)s::bigint[]) AS asked (shop_id)
CROSS JOIN LATERAL (
    SELECT * FROM orders WHERE shop_id = asked.shop_id AND id >= %(from_id)s ORDER BY id DESC LIMIT %(per_shop)s
) o
WHERE (%(product_id)s::bigint IS NULL OR EXISTS (
          SELECT FROM order_lines l WHERE l.shop_id = o.shop_id AND l.order_id = o.id AND l.product_id = %(product_id)s))
  AND (%(category_id)s::bigint IS NULL OR EXISTS (
          SELECT FROM order_lines l JOIN products p ON p.shop_id = l.shop_id AND p.id = l.product_id
          WHERE l.shop_id = o.shop_id AND l.order_id = o.id AND p.category_id = %(category_id)s))
ORDER BY o.id DESC
LIMIT %(limit)s;
