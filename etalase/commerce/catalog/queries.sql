-- variants_for_sale --
-- What a cart or checkout must know of these variants, on sale or not.
SELECT v.shop_id, v.id AS variant_id, v.product_id, p.category_id, p.title, v.name AS variant_name, v.seller_sku,
       v.price_minor, v.currency, v.weight_grams, p.handling_days, p.is_fragile, v.purchase_limit,
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

-- change_shop --
-- What a seller says of the shop and how it works; where it is and its address on the web stay.
UPDATE shops
SET name = %(name)s, description = %(description)s, description_en = %(description_en)s, confirm_mode = %(confirm_mode)s,
    is_open = %(is_open)s, opens_at = %(opens_at)s, closes_at = %(closes_at)s, zone = %(zone)s, carriers = %(carriers)s,
    accepts_cod = %(accepts_cod)s
WHERE shop_id = %(shop_id)s;

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

-- insert_product --
-- A new product, not yet on sale.
INSERT INTO products (shop_id, id, category_id, title, description, handling_days, is_fragile, created_at, updated_at)
VALUES (%(shop_id)s, %(id)s, %(category_id)s, %(title)s, %(description)s, %(handling_days)s, %(is_fragile)s, %(at)s, %(at)s);

-- change_product --
-- Change a product if the version seen is still the one that stands.
UPDATE products
SET category_id = %(category_id)s, title = %(title)s, description = %(description)s,
    handling_days = %(handling_days)s, is_fragile = %(is_fragile)s, version = version + 1, updated_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(product_id)s AND version = %(version)s AND deleted_at IS NULL
RETURNING version;

-- lock_product --
-- A product, locked until the transaction ends.
SELECT shop_id, id, category_id, title, description, state, handling_days, is_fragile, version, sold_units, created_at, updated_at
FROM products
WHERE shop_id = %(shop_id)s AND id = %(product_id)s AND deleted_at IS NULL
FOR NO KEY UPDATE;

-- product --
-- A product of a shop, whatever its state, unless it was deleted.
SELECT shop_id, id, category_id, title, description, state, handling_days, is_fragile, version, sold_units, created_at, updated_at
FROM products
WHERE shop_id = %(shop_id)s AND id = %(product_id)s AND deleted_at IS NULL;

-- set_state --
-- Put a product on sale or take it off.
UPDATE products
SET state = %(state)s, version = version + 1, updated_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(product_id)s;

-- touch_product --
-- Count a change of what belongs to a product as a version of it.
UPDATE products SET version = version + 1, updated_at = %(at)s WHERE shop_id = %(shop_id)s AND id = %(product_id)s;

-- is_leaf_category --
-- Whether products may hang on this category.
SELECT EXISTS (SELECT 1 FROM categories WHERE id = %(category_id)s)
       AND NOT EXISTS (SELECT 1 FROM categories WHERE parent_id = %(category_id)s);

-- taken_skus --
-- Which of a shop's SKUs begin like these and belong to other products.
SELECT seller_sku
FROM variants
WHERE shop_id = %(shop_id)s AND product_id <> %(product_id)s
  AND (seller_sku = ANY(%(skus)s::text[]) OR starts_with(seller_sku, %(beginning)s))
LIMIT %(limit)s;

-- variants_of_product --
-- A product's variants, those taken off sale too.
SELECT shop_id, id, product_id, position, options, name, seller_sku, price_minor, currency, weight_grams, media_id,
       is_active, purchase_limit
FROM variants
WHERE shop_id = %(shop_id)s AND product_id = %(product_id)s
ORDER BY position, id;

-- put_variants --
-- Insert variants, or change those that are there, position by position.
INSERT INTO variants (shop_id, id, product_id, position, options, name, seller_sku, price_minor, currency, weight_grams,
                      is_active, purchase_limit)
SELECT %(shop_id)s::bigint, v.id, %(product_id)s::bigint, v.position, v.options::jsonb, v.name, v.seller_sku,
       v.price_minor, %(currency)s::text, v.weight_grams, v.is_active, v.purchase_limit
FROM unnest(%(ids)s::bigint[], %(positions)s::int[], %(options)s::text[], %(names)s::text[], %(seller_skus)s::text[],
            %(prices_minor)s::bigint[], %(weights_grams)s::int[], %(are_active)s::boolean[], %(purchase_limits)s::int[])
     AS v (id, position, options, name, seller_sku, price_minor, weight_grams, is_active, purchase_limit)
ORDER BY v.id
ON CONFLICT (shop_id, id) DO UPDATE
SET position = EXCLUDED.position, options = EXCLUDED.options, name = EXCLUDED.name, seller_sku = EXCLUDED.seller_sku,
    price_minor = EXCLUDED.price_minor, weight_grams = EXCLUDED.weight_grams, is_active = EXCLUDED.is_active,
    purchase_limit = EXCLUDED.purchase_limit
WHERE variants.product_id = EXCLUDED.product_id;

-- delete_variants --
-- Remove variants of which no order ever knew.
DELETE FROM variants WHERE shop_id = %(shop_id)s AND product_id = %(product_id)s AND id = ANY(%(variant_ids)s::bigint[]);

-- retire_variants --
-- Take variants off sale that orders know of, behind those on sale.
UPDATE variants
SET is_active = false, position = 1000
WHERE shop_id = %(shop_id)s AND product_id = %(product_id)s AND id = ANY(%(variant_ids)s::bigint[]);

-- pictures_of_product --
-- A product's pictures in order.
SELECT id, position, file_key, width, height, alt
FROM product_media
WHERE shop_id = %(shop_id)s AND product_id = %(product_id)s
ORDER BY position, id;

-- delete_pictures_but --
-- Remove a product's pictures except for these.
DELETE FROM product_media
WHERE shop_id = %(shop_id)s AND product_id = %(product_id)s AND NOT id = ANY(%(kept_ids)s::bigint[]);

-- put_pictures --
-- Insert pictures, or move those that are there, position by position.
INSERT INTO product_media (shop_id, id, product_id, position, file_key, width, height, alt)
SELECT %(shop_id)s::bigint, m.id, %(product_id)s::bigint, m.position, m.file_key, m.width, m.height, m.alt
FROM unnest(%(ids)s::bigint[], %(positions)s::int[], %(file_keys)s::text[], %(widths)s::int[], %(heights)s::int[],
            %(alts)s::text[]) AS m (id, position, file_key, width, height, alt)
ON CONFLICT (shop_id, id) DO UPDATE SET position = EXCLUDED.position, alt = EXCLUDED.alt
WHERE product_media.product_id = EXCLUDED.product_id;

-- products_of_shop --
-- A shop's products for its Seller Center, the newest first.
SELECT p.id, p.title, p.state, p.sold_units, p.updated_at,
       (SELECT m.file_key FROM product_media m
        WHERE m.shop_id = p.shop_id AND m.product_id = p.id ORDER BY m.position, m.id LIMIT 1) AS cover_key,
       v.variants, v.price_min_minor, v.price_max_minor, v.available, v.is_low
FROM products p
LEFT JOIN LATERAL (
    SELECT count(*)::int AS variants, min(v.price_minor) AS price_min_minor, max(v.price_minor) AS price_max_minor,
           coalesce(sum(s.on_hand - s.committed - s.held), 0)::int AS available,
           coalesce(bool_or(s.on_hand - s.committed - s.held <= s.low_at), false) AS is_low
    FROM variants v
    LEFT JOIN stock s ON s.shop_id = v.shop_id AND s.variant_id = v.id
    WHERE v.shop_id = p.shop_id AND v.product_id = p.id AND v.is_active
) v ON true
WHERE p.shop_id = %(shop_id)s AND p.deleted_at IS NULL
  AND (%(state)s::text IS NULL OR p.state = %(state)s::text)
  AND (%(search)s::text = '' OR p.title ILIKE %(pattern)s
       OR EXISTS (SELECT 1 FROM variants o WHERE o.shop_id = p.shop_id AND o.product_id = p.id AND o.seller_sku ILIKE %(pattern)s))
  AND (%(before_id)s::bigint IS NULL OR p.id < %(before_id)s::bigint)
ORDER BY p.id DESC
LIMIT %(limit)s;

-- delete_product --
-- Take the product off everything for good; its variants give their SKUs free, orders keep copies.
WITH gone AS (
    UPDATE products SET deleted_at = %(at)s, updated_at = %(at)s, version = version + 1
    WHERE shop_id = %(shop_id)s AND id = %(product_id)s
    RETURNING shop_id, id
)
UPDATE variants v SET is_active = false, seller_sku = left(v.seller_sku, 38) || '~' || v.id
FROM gone WHERE v.shop_id = gone.shop_id AND v.product_id = gone.id;

-- products_for_programs --
-- A shop's products as other programs ask for them, the newest first; deleted ones too where they are asked for.
SELECT p.shop_id, p.id, p.category_id, p.title, p.description, p.state, p.handling_days, p.is_fragile, p.version, p.sold_units, p.created_at, p.updated_at
FROM products p
WHERE p.shop_id = %(shop_id)s AND p.id < %(before_id)s
  AND (%(state)s::text IS NULL OR p.state = %(state)s::text) AND (p.deleted_at IS NOT NULL) = %(are_deleted)s::boolean
  AND p.created_at >= %(created_from)s AND p.created_at < %(created_until)s
  AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
  AND (%(seller_skus)s::text[] IS NULL AND %(variant_ids)s::bigint[] IS NULL OR EXISTS (
       SELECT FROM variants v WHERE v.shop_id = p.shop_id AND v.product_id = p.id
       AND (v.seller_sku = ANY(%(seller_skus)s::text[]) OR v.id = ANY(%(variant_ids)s::bigint[]))))
ORDER BY p.id DESC
LIMIT %(limit)s;

-- variants_of_products --
-- The variants of some products, or some variants, those on sale.
SELECT shop_id, id, product_id, position, options, name, seller_sku, price_minor, currency, weight_grams, media_id,
       is_active, purchase_limit
FROM variants
WHERE shop_id = %(shop_id)s AND is_active AND (product_id = ANY(%(product_ids)s::bigint[]) OR id = ANY(%(variant_ids)s::bigint[]))
ORDER BY product_id, position, id
LIMIT 10000;
