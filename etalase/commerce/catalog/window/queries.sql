-- categories --
-- The whole tree, parents before their children.
SELECT id, parent_id, slug, name_id, name_en, icon
FROM categories
ORDER BY parent_id NULLS FIRST, position, id
LIMIT %(limit)s;

-- newest --
-- Listings by age.
SELECT l.product_id, l.shop_id, l.title, l.cover_key, l.price_min_minor, l.price_max_minor, l.currency, l.sold_units,
       l.is_available, s.name AS shop_name, s.slug AS shop_slug, s.city AS shop_city, 0::bigint AS sort_key
FROM listings l
JOIN shops s ON s.shop_id = l.shop_id
WHERE (%(category_ids)s::bigint[] IS NULL OR l.category_id = ANY(%(category_ids)s::bigint[]))
  AND (%(shop_id)s::bigint IS NULL OR l.shop_id = %(shop_id)s::bigint)
  AND (%(after_id)s::bigint IS NULL OR l.product_id < %(after_id)s::bigint)
ORDER BY l.product_id DESC
LIMIT %(limit)s;

-- popular --
-- Listings by units sold.
SELECT l.product_id, l.shop_id, l.title, l.cover_key, l.price_min_minor, l.price_max_minor, l.currency, l.sold_units,
       l.is_available, s.name AS shop_name, s.slug AS shop_slug, s.city AS shop_city, l.sold_units AS sort_key
FROM listings l
JOIN shops s ON s.shop_id = l.shop_id
WHERE (%(category_ids)s::bigint[] IS NULL OR l.category_id = ANY(%(category_ids)s::bigint[]))
  AND (%(shop_id)s::bigint IS NULL OR l.shop_id = %(shop_id)s::bigint)
  AND (%(after_id)s::bigint IS NULL
       OR (l.sold_units, l.product_id) < (%(after_key)s::bigint, %(after_id)s::bigint))
ORDER BY l.sold_units DESC, l.product_id DESC
LIMIT %(limit)s;

-- cheapest --
-- Listings by their lowest price, the newer first where it is the same.
SELECT l.product_id, l.shop_id, l.title, l.cover_key, l.price_min_minor, l.price_max_minor, l.currency, l.sold_units,
       l.is_available, s.name AS shop_name, s.slug AS shop_slug, s.city AS shop_city, l.price_min_minor AS sort_key
FROM listings l
JOIN shops s ON s.shop_id = l.shop_id
WHERE (%(category_ids)s::bigint[] IS NULL OR l.category_id = ANY(%(category_ids)s::bigint[]))
  AND (%(shop_id)s::bigint IS NULL OR l.shop_id = %(shop_id)s::bigint)
  AND (%(after_id)s::bigint IS NULL OR l.price_min_minor >= %(after_key)s::bigint)
  AND (%(after_id)s::bigint IS NULL OR l.price_min_minor > %(after_key)s::bigint
       OR l.product_id < %(after_id)s::bigint)
ORDER BY l.price_min_minor, l.product_id DESC
LIMIT %(limit)s;

-- search --
-- Listings that have every word of the query (or its beginning), by the wanted order; what is sold out comes last by relevance.
SELECT f.product_id, f.shop_id, f.title, f.cover_key, f.price_min_minor, f.price_max_minor, f.currency, f.sold_units,
       f.is_available, s.name AS shop_name, s.slug AS shop_slug, s.city AS shop_city, f.sort_key
FROM (SELECT l.*,
             (CASE %(sort)s::text
                  WHEN 'newest' THEN 0
                  WHEN 'popular' THEN l.sold_units
                  WHEN 'cheapest' THEN -l.price_min_minor
                  ELSE (ts_rank(l.search, q.query) * 1000000)::bigint + l.is_available::int * 10000000
              END)::bigint AS sort_key
      FROM to_tsquery('simple', %(query)s) AS q (query)
      JOIN listings l ON l.search @@ q.query
      WHERE (%(category_ids)s::bigint[] IS NULL OR l.category_id = ANY(%(category_ids)s::bigint[]))
        AND (%(shop_id)s::bigint IS NULL OR l.shop_id = %(shop_id)s::bigint)) AS f
JOIN shops s ON s.shop_id = f.shop_id
WHERE %(after_id)s::bigint IS NULL OR (f.sort_key, f.product_id) < (%(after_key)s::bigint, %(after_id)s::bigint)
ORDER BY f.sort_key DESC, f.product_id DESC
LIMIT %(limit)s;

-- shops_found --
-- Open shops whose name has every word of the query.
SELECT shop_id, slug, name, city, logo_key, banner_key, joined_at, NULL::text[] AS cover_keys
FROM shops
WHERE is_open AND to_tsvector('simple', name) @@ to_tsquery('simple', %(query)s)
ORDER BY shop_id
LIMIT %(limit)s;

-- shops --
-- Open shops with the covers of what sells best in each.
SELECT s.shop_id, s.slug, s.name, s.city, s.logo_key, s.banner_key, s.joined_at,
       (SELECT array_agg(best.cover_key)
        FROM (SELECT l.cover_key FROM listings l
              WHERE l.shop_id = s.shop_id AND l.cover_key IS NOT NULL
              ORDER BY l.sold_units DESC, l.product_id DESC LIMIT 3) AS best) AS cover_keys
FROM shops s
WHERE s.is_open AND EXISTS (SELECT 1 FROM listings l WHERE l.shop_id = s.shop_id)
ORDER BY s.shop_id
LIMIT %(limit)s;

-- shop_by_slug --
-- The shop of an address.
SELECT shop_id, slug, name, description, description_en, province, city, zone, logo_key, banner_key, confirm_mode,
       is_open, opens_at, closes_at, carriers, accepts_cod, joined_at
FROM shops
WHERE slug = %(slug)s;

-- category_ids_of_shop --
-- In which categories a shop has something on sale.
SELECT DISTINCT category_id FROM listings WHERE shop_id = %(shop_id)s LIMIT %(limit)s;
