-- variants_for_sale --
-- What a cart or checkout must know of these variants, on sale or not.
SELECT v.shop_id, v.id AS variant_id, v.product_id, p.category_id, p.title, v.name AS variant_name, v.seller_sku,
       v.price_minor, v.currency, v.weight_grams, p.handling_days, v.purchase_limit,
       (p.state = 'active' AND v.is_active AND s.is_open) AS is_for_sale,
       (SELECT m.file_key FROM product_media m
        WHERE m.shop_id = v.shop_id AND m.product_id = v.product_id
        ORDER BY m.id = v.media_id DESC NULLS LAST, m.position LIMIT 1) AS image_key
FROM variants v
JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
JOIN shops s ON s.shop_id = v.shop_id
WHERE (v.shop_id, v.id) IN (SELECT * FROM unnest(%(shop_ids)s::bigint[], %(variant_ids)s::bigint[]))
ORDER BY v.shop_id, v.id;

-- shops_by_id --
-- These shops.
SELECT shop_id, slug, name, description, description_en, province, city, zone, logo_key, banner_key, confirm_mode,
       is_open, opens_at, closes_at, carriers, accepts_cod, joined_at
FROM shops
WHERE shop_id = ANY(%(shop_ids)s::bigint[])
ORDER BY shop_id;

-- refresh_listings --
-- Redo the shop window of products from what they are now: on sale only while active. Locks windows in key order.
WITH wanted AS (
    SELECT p.shop_id, p.id, p.category_id, p.title, p.state, p.sold_units
    FROM products p
    WHERE p.shop_id = %(shop_id)s AND p.id = ANY(%(product_ids)s::bigint[])
), gone AS (
    DELETE FROM listings l USING wanted w WHERE l.product_id = w.id AND w.state <> 'active'
)
INSERT INTO listings (product_id, shop_id, category_id, title, cover_key, price_min_minor, price_max_minor, currency,
                      sold_units, is_available, search, listed_at)
SELECT w.id, w.shop_id, w.category_id, w.title,
       (SELECT m.file_key FROM product_media m
        WHERE m.shop_id = w.shop_id AND m.product_id = w.id ORDER BY m.position, m.id LIMIT 1),
       v.price_min_minor, v.price_max_minor, v.currency, w.sold_units, v.is_available,
       setweight(to_tsvector('simple', w.title), 'A')
       || setweight(to_tsvector('simple', concat_ws(' ', c.name_id, c.name_en, up.name_id, up.name_en)), 'B')
       || setweight(to_tsvector('simple', s.name), 'C'),
       %(at)s::timestamptz
FROM wanted w
JOIN shops s ON s.shop_id = w.shop_id
JOIN categories c ON c.id = w.category_id
LEFT JOIN categories up ON up.id = c.parent_id
JOIN LATERAL (
    SELECT min(v.price_minor) AS price_min_minor, max(v.price_minor) AS price_max_minor, min(v.currency) AS currency,
           bool_or(coalesce(st.on_hand - st.committed - st.held, 0) > 0) AS is_available
    FROM variants v
    LEFT JOIN stock st ON st.shop_id = v.shop_id AND st.variant_id = v.id
    WHERE v.shop_id = w.shop_id AND v.product_id = w.id AND v.is_active
    HAVING count(*) > 0
) v ON true
WHERE w.state = 'active'
ORDER BY w.id
ON CONFLICT (product_id) DO UPDATE
SET category_id = EXCLUDED.category_id, title = EXCLUDED.title, cover_key = EXCLUDED.cover_key,
    price_min_minor = EXCLUDED.price_min_minor, price_max_minor = EXCLUDED.price_max_minor,
    currency = EXCLUDED.currency, is_available = EXCLUDED.is_available, search = EXCLUDED.search;

-- products_of_variants --
-- To which products these variants of a shop belong.
SELECT DISTINCT product_id
FROM variants
WHERE shop_id = %(shop_id)s AND id = ANY(%(variant_ids)s::bigint[])
ORDER BY product_id;

-- count_sold --
-- Add what was shipped of variants (or, negative, came back) to their products and the windows of these.
WITH sums AS (
    SELECT v.shop_id, v.product_id, sum(u.units) AS units
    FROM unnest(%(shop_ids)s::bigint[], %(variant_ids)s::bigint[], %(units)s::bigint[]) AS u (shop_id, variant_id, units)
    JOIN variants v ON v.shop_id = u.shop_id AND v.id = u.variant_id
    GROUP BY v.shop_id, v.product_id
), locked AS (
    SELECT p.shop_id, p.id
    FROM products p
    WHERE (p.shop_id, p.id) IN (SELECT shop_id, product_id FROM sums)
    ORDER BY p.shop_id, p.id
    FOR NO KEY UPDATE
), counted AS (
    UPDATE products p
    SET sold_units = greatest(0, p.sold_units + s.units)
    FROM sums s
    WHERE p.shop_id = s.shop_id AND p.id = s.product_id AND (p.shop_id, p.id) IN (SELECT shop_id, id FROM locked)
    RETURNING p.id, p.sold_units
)
UPDATE listings l SET sold_units = c.sold_units FROM counted c WHERE l.product_id = c.id;
