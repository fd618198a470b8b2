-- count_shops --
SELECT count(*) FROM shops;

-- let_shops_confirm_by_hand --
-- Cash on delivery then needs neither a payment provider nor a second step at the moment of placing.
UPDATE shops SET confirm_mode = 'manual', accepts_cod = true, is_open = true;

-- clone_shops --
-- Further shops like those of the demo world, each with an owner of its own: an id's node number tells them apart.
INSERT INTO shops (shop_id, slug, name, description, description_en, province, city, zone, logo_key, banner_key, confirm_mode,
                   is_open, opens_at, closes_at, carriers, accepts_cod, joined_at)
SELECT (s.shop_id & ~(1023::bigint << 12)) | (c.clone::bigint << 12), s.slug || '-' || c.clone, s.name || ' ' || c.clone,
       s.description, s.description_en, s.province, s.city, s.zone, s.logo_key, s.banner_key, s.confirm_mode,
       s.is_open, s.opens_at, s.closes_at, s.carriers, s.accepts_cod, s.joined_at
FROM unnest(%(clones)s::bigint[], %(base_ids)s::bigint[]) AS c (clone, base_id) JOIN shops s ON s.shop_id = c.base_id;

-- clone_members --
INSERT INTO shop_members (shop_id, account_id, role, joined_at)
SELECT (s.shop_id & ~(1023::bigint << 12)) | (c.clone::bigint << 12), c.owner_id, 'owner', s.joined_at
FROM unnest(%(clones)s::bigint[], %(base_ids)s::bigint[], %(owner_ids)s::bigint[]) AS c (clone, base_id, owner_id)
JOIN shops s ON s.shop_id = c.base_id;

-- clone_products --
INSERT INTO products (shop_id, id, category_id, title, description, state, handling_days, created_at, updated_at)
SELECT (p.shop_id & ~(1023::bigint << 12)) | (c.clone::bigint << 12), (p.id & ~(1023::bigint << 12)) | (c.clone::bigint << 12),
       p.category_id, p.title, p.description, p.state, p.handling_days, p.created_at, p.updated_at
FROM unnest(%(clones)s::bigint[], %(base_ids)s::bigint[]) AS c (clone, base_id) JOIN products p ON p.shop_id = c.base_id;

-- clone_media --
INSERT INTO product_media (shop_id, id, product_id, position, file_key, width, height, alt)
SELECT (m.shop_id & ~(1023::bigint << 12)) | (c.clone::bigint << 12), (m.id & ~(1023::bigint << 12)) | (c.clone::bigint << 12),
       (m.product_id & ~(1023::bigint << 12)) | (c.clone::bigint << 12), m.position, m.file_key, m.width, m.height, m.alt
FROM unnest(%(clones)s::bigint[], %(base_ids)s::bigint[]) AS c (clone, base_id) JOIN product_media m ON m.shop_id = c.base_id;

-- clone_variants --
INSERT INTO variants (shop_id, id, product_id, position, options, name, seller_sku, price_minor, currency, weight_grams,
                      media_id, is_active, purchase_limit)
SELECT (v.shop_id & ~(1023::bigint << 12)) | (c.clone::bigint << 12), (v.id & ~(1023::bigint << 12)) | (c.clone::bigint << 12),
       (v.product_id & ~(1023::bigint << 12)) | (c.clone::bigint << 12), v.position, v.options, v.name, v.seller_sku,
       v.price_minor, v.currency, v.weight_grams, (v.media_id & ~(1023::bigint << 12)) | (c.clone::bigint << 12),
       v.is_active, v.purchase_limit
FROM unnest(%(clones)s::bigint[], %(base_ids)s::bigint[]) AS c (clone, base_id) JOIN variants v ON v.shop_id = c.base_id;

-- clone_stock --
INSERT INTO stock (shop_id, variant_id) SELECT shop_id, id FROM variants ON CONFLICT DO NOTHING;

-- buy_stock --
-- Enough of everything for every load, as a purchase that the movements know.
WITH bought AS (
    INSERT INTO stock_movements (shop_id, id, variant_id, reason, on_hand_change, committed_change, at)
    SELECT shop_id, ((%(from_ms)s::bigint + (row_number() OVER (ORDER BY shop_id, variant_id)) / 4096) << 22) | (1023 << 12)
                    | (row_number() OVER (ORDER BY shop_id, variant_id)) %% 4096,
           variant_id, 'purchase', %(units)s, 0, %(at)s
    FROM stock
    RETURNING shop_id, variant_id, on_hand_change)
UPDATE stock SET on_hand = stock.on_hand + bought.on_hand_change
FROM bought WHERE stock.shop_id = bought.shop_id AND stock.variant_id = bought.variant_id;

-- products_by_shop --
SELECT shop_id, array_agg(id ORDER BY id) AS product_ids FROM products GROUP BY shop_id ORDER BY shop_id;

-- show_sold --
-- Redoing a window leaves what was sold as it is; here it was sold meanwhile.
UPDATE listings l SET sold_units = p.sold_units
FROM products p WHERE p.shop_id = l.shop_id AND p.id = l.product_id AND l.sold_units <> p.sold_units;

-- buyable --
-- What a load may buy: on sale, payable on delivery, light; two of a product's variants at most.
SELECT v.shop_id, v.id AS variant_id, v.product_id, v.price_minor, v.weight_grams, p.handling_days, s.province, s.city, s.zone, s.carriers
FROM variants v
JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id AND p.state = 'active'
JOIN shops s ON s.shop_id = v.shop_id
WHERE v.is_active AND v.purchase_limit IS NULL AND v.price_minor BETWEEN 60000 AND 900000 AND v.weight_grams <= 1500
  AND v.position < 2
ORDER BY v.shop_id, v.id;

-- shop_of_slug --
SELECT shop_id FROM shops WHERE slug = %(slug)s;

-- buyers_with_orders --
-- Buyers whose Order Center fills more than a page.
SELECT buyer_id, count(*) AS orders FROM orders WHERE hidden_at IS NULL
GROUP BY buyer_id HAVING count(*) BETWEEN 20 AND 100 AND count(delivered_at) >= 10 ORDER BY buyer_id DESC LIMIT %(limit)s;

-- orders_of_buyers --
-- Some orders with a parcel on its way or delivered.
SELECT o.buyer_id, o.id FROM orders o
WHERE o.buyer_id = ANY(%(buyer_ids)s::bigint[]) AND o.delivered_at IS NOT NULL ORDER BY o.buyer_id, o.id DESC LIMIT %(limit)s;

-- busiest_buyers --
SELECT buyer_id, count(delivered_at) AS orders FROM orders WHERE hidden_at IS NULL
GROUP BY buyer_id ORDER BY orders DESC, buyer_id LIMIT %(limit)s;

-- seller_of --
SELECT account_id FROM shop_members WHERE shop_id = %(shop_id)s AND role = 'owner';

-- some_orders_of_shop --
-- Orders from all over a shop's history, for looking them up.
SELECT id, buyer_name FROM orders TABLESAMPLE SYSTEM (1) WHERE shop_id = %(shop_id)s LIMIT %(limit)s;

-- newest_orders_of_shop --
SELECT id, buyer_name FROM orders WHERE shop_id = %(shop_id)s AND state = 'completed' ORDER BY id DESC LIMIT %(limit)s;

-- products_on_sale --
SELECT shop_id, product_id FROM listings ORDER BY product_id LIMIT %(limit)s;

-- parcels_under_way --
SELECT shop_id, id, carrier, tracking_number FROM parcels
WHERE state = 'in_transit' AND tracking_number IS NOT NULL ORDER BY shop_id, id LIMIT %(limit)s;
