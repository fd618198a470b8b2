-- lock_stock --
-- The stock of these variants, locked in key order until the transaction ends.
SELECT shop_id, variant_id, on_hand, committed, held, low_at
FROM stock
WHERE (shop_id, variant_id) IN (SELECT * FROM unnest(%(shop_ids)s::bigint[], %(variant_ids)s::bigint[]))
ORDER BY shop_id, variant_id
FOR UPDATE;

-- stock_of --
-- The stock of these variants as it is now, not locked.
SELECT shop_id, variant_id, on_hand, committed, held, low_at
FROM stock
WHERE (shop_id, variant_id) IN (SELECT * FROM unnest(%(shop_ids)s::bigint[], %(variant_ids)s::bigint[]))
ORDER BY shop_id, variant_id;

-- stock_of_product --
-- The stock of a product's variants.
SELECT s.shop_id, s.variant_id, s.on_hand, s.committed, s.held, s.low_at
FROM stock s
JOIN variants v ON v.shop_id = s.shop_id AND v.id = s.variant_id
WHERE v.shop_id = %(shop_id)s AND v.product_id = %(product_id)s
ORDER BY s.variant_id;

-- move_stock --
-- Apply movements to stock that is locked, and write them down, in key order.
WITH moved AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(shop_ids)s::bigint[], %(variant_ids)s::bigint[],
                         %(on_hand_changes)s::int[], %(committed_changes)s::int[], %(order_ids)s::bigint[])
             AS m (id, shop_id, variant_id, on_hand_change, committed_change, order_id)
), sums AS (
    SELECT shop_id, variant_id, sum(on_hand_change)::int AS on_hand_change, sum(committed_change)::int AS committed_change
    FROM moved
    GROUP BY shop_id, variant_id
), changed AS (
    UPDATE stock
    SET on_hand = stock.on_hand + sums.on_hand_change, committed = stock.committed + sums.committed_change
    FROM sums
    WHERE stock.shop_id = sums.shop_id AND stock.variant_id = sums.variant_id
)
INSERT INTO stock_movements
    (shop_id, id, variant_id, reason, on_hand_change, committed_change, order_id, note, actor_id, at)
SELECT m.shop_id, m.id, m.variant_id, %(reason)s::text, m.on_hand_change, m.committed_change, m.order_id,
       %(note)s::text, %(actor_id)s::bigint, %(at)s::timestamptz
FROM moved m
ORDER BY m.shop_id, m.variant_id, m.id;

-- open_stock --
-- Empty stock rows for variants that have none yet.
INSERT INTO stock (shop_id, variant_id)
SELECT %(shop_id)s::bigint, v.variant_id
FROM unnest(%(variant_ids)s::bigint[]) AS v (variant_id)
ORDER BY v.variant_id
ON CONFLICT (shop_id, variant_id) DO NOTHING;

-- set_low_at --
-- From how few on a variant counts as running low.
UPDATE stock SET low_at = %(low_at)s WHERE shop_id = %(shop_id)s AND variant_id = %(variant_id)s;

-- stock_list --
-- A shop's stock for its Seller Center, the scarcest first.
SELECT s.shop_id, s.variant_id, s.on_hand, s.committed, s.held, s.low_at,
       v.product_id, p.title, v.name AS variant_name, v.seller_sku, v.is_active AND p.state = 'active' AS is_for_sale,
       (SELECT m.file_key FROM product_media m
        WHERE m.shop_id = v.shop_id AND m.product_id = v.product_id
        ORDER BY m.id = v.media_id DESC NULLS LAST, m.position LIMIT 1) AS image_key
FROM stock s
JOIN variants v ON v.shop_id = s.shop_id AND v.id = s.variant_id
JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
WHERE s.shop_id = %(shop_id)s AND p.deleted_at IS NULL
  AND (%(search)s::text = '' OR v.seller_sku ILIKE %(pattern)s OR p.title ILIKE %(pattern)s)
  AND (NOT %(only_low)s::boolean OR s.on_hand - s.committed - s.held <= s.low_at)
  AND (%(after_available)s::int IS NULL
       OR (s.on_hand - s.committed - s.held, s.variant_id) > (%(after_available)s::int, %(after_id)s::bigint))
ORDER BY s.on_hand - s.committed - s.held, s.variant_id
LIMIT %(limit)s;

-- low_count --
-- How many variants on sale run low (at most a hundred are counted).
SELECT count(*)
FROM (SELECT 1
      FROM stock s
      JOIN variants v ON v.shop_id = s.shop_id AND v.id = s.variant_id
      JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
      WHERE s.shop_id = %(shop_id)s AND v.is_active AND p.state = 'active'
        AND s.on_hand - s.committed - s.held <= s.low_at
      LIMIT 100) AS low;

-- movements_of_variant --
-- A variant's movements, the newest first, older than a given one.
SELECT m.id, m.reason, m.on_hand_change, m.committed_change, m.order_id, m.note, m.actor_id, m.at, a.name AS actor_name
FROM stock_movements m
LEFT JOIN accounts a ON a.id = m.actor_id
WHERE m.shop_id = %(shop_id)s AND m.variant_id = %(variant_id)s
  AND (%(before_id)s::bigint IS NULL OR m.id < %(before_id)s::bigint)
ORDER BY m.id DESC
LIMIT %(limit)s;

-- moved_until --
-- The sums of a variant's movements older than a given one: what it had then.
SELECT coalesce(sum(on_hand_change), 0)::int AS on_hand, coalesce(sum(committed_change), 0)::int AS committed
FROM stock_movements
WHERE shop_id = %(shop_id)s AND variant_id = %(variant_id)s
  AND (%(before_id)s::bigint IS NULL OR id < %(before_id)s::bigint);

-- forget_stock --
-- Remove the stock of variants, locked before, of which no order ever knew; answers which these were.
WITH unknown AS (
    SELECT s.variant_id
    FROM stock s
    WHERE s.shop_id = %(shop_id)s AND s.variant_id = ANY(%(variant_ids)s::bigint[])
      AND NOT EXISTS (SELECT 1 FROM stock_movements m
                      WHERE m.shop_id = s.shop_id AND m.variant_id = s.variant_id AND m.order_id IS NOT NULL)
), moved AS (
    DELETE FROM stock_movements WHERE shop_id = %(shop_id)s AND variant_id IN (SELECT variant_id FROM unknown)
)
DELETE FROM stock WHERE shop_id = %(shop_id)s AND variant_id IN (SELECT variant_id FROM unknown)
RETURNING variant_id;
