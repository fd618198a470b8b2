-- make_room --
-- The pattern lies in a schema of the bench's own, beside the product's.
CREATE SCHEMA IF NOT EXISTS bench;

-- make_moved --
-- An id of the pattern as a copy has it: so much earlier, the copy as its node, and the order within the pattern in the low
-- bits of milliseconds and sequence, so that no two are alike and each still says when it was made. An extra buyer becomes
-- another one. Every other id stays.
CREATE OR REPLACE FUNCTION bench.moved(id bigint, n integer, first_sequence integer, copy integer, earlier_ms bigint, buyer bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN (id >> 12) & 1023 BETWEEN 1011 AND 1022
        THEN ((((id >> 22) - earlier_ms) & ~63::bigint | (n >> 6)) << 22) | (copy::bigint << 12)
             | ((n & 63) << 6) | (((id & 4095) - first_sequence) & 63)
        WHEN (id >> 12) & 1023 = 1010 AND (id >> 22) >= 120000000100 THEN buyer
        ELSE id END
$$;

-- make_pattern --
-- The orders that are multiplied, in the order of time.
CREATE TABLE bench.pattern AS
SELECT (row_number() OVER (ORDER BY o.id) - 1)::integer AS n, o.shop_id, o.id AS order_id, o.purchase_id, y.id AS payment_id,
       o.id >> 22 AS placed_ms, (o.id & 4095)::integer AS first_sequence,
       o.state NOT IN ('completed', 'cancelled') AS is_open,
       ((o.buyer_id >> 22) - 120000000000)::bigint AS buyer_number,
       (SELECT lower(p.tracking_number) FROM parcel_orders b JOIN parcels p ON p.shop_id = b.shop_id AND p.id = b.parcel_id
        WHERE b.shop_id = o.shop_id AND b.order_id = o.id LIMIT 1) AS number
FROM orders o
JOIN purchases u ON u.buyer_id = o.buyer_id AND u.id = o.purchase_id AND u.placement_key LIKE 'bulk-%%'
JOIN payments y ON y.buyer_id = o.buyer_id AND y.purchase_id = o.purchase_id;

-- make_owned --
-- To which order of the pattern an id belongs.
CREATE TABLE bench.owned AS
SELECT order_id AS id, n FROM bench.pattern
UNION ALL SELECT purchase_id, n FROM bench.pattern
UNION ALL SELECT payment_id, n FROM bench.pattern
UNION ALL SELECT b.parcel_id, p.n FROM parcel_orders b JOIN bench.pattern p ON p.shop_id = b.shop_id AND p.order_id = b.order_id
UNION ALL SELECT c.id, p.n FROM cancellations c JOIN bench.pattern p ON p.shop_id = c.shop_id AND p.order_id = c.order_id;

-- index_owned --
CREATE UNIQUE INDEX ON bench.owned (id);

-- make_bought --
-- What the pattern's orders need of each variant, and what they did to the stock.
CREATE TABLE bench.bought AS
SELECT m.shop_id, m.variant_id, sum(m.on_hand_change) FILTER (WHERE m.order_id IS NULL) AS bought,
       sum(m.on_hand_change) AS on_hand, sum(m.committed_change) AS committed,
       -sum(m.on_hand_change) FILTER (WHERE m.reason = 'shipment') AS shipped
FROM stock_movements m WHERE (m.id >> 12) & 1023 BETWEEN 1011 AND 1022
GROUP BY m.shop_id, m.variant_id;

-- make_state --
CREATE TABLE bench.state AS SELECT 0 AS copies;

-- put_off_deadlines --
-- Clocks run out after the run, not during it.
UPDATE deadlines SET due_at = due_at + interval '30 days', warn_at = warn_at + interval '30 days' WHERE state = 'running';

-- stock_up --
-- The copies' goods were bought before, too: a movement for each variant, and what all movements come to.
WITH moved AS (
    INSERT INTO stock_movements (shop_id, id, variant_id, reason, on_hand_change, committed_change, at)
    SELECT shop_id, ((%(from_ms)s::bigint + (row_number() OVER (ORDER BY shop_id, variant_id)) / 4096) << 22) | (1023 << 12)
                    | (row_number() OVER (ORDER BY shop_id, variant_id)) %% 4096,
           variant_id, 'purchase', bought * %(copies)s, 0, %(at)s
    FROM bench.bought WHERE bought > 0)
UPDATE stock s SET on_hand = s.on_hand + b.on_hand * %(copies)s, committed = s.committed + b.committed * %(copies)s
FROM bench.bought b WHERE b.shop_id = s.shop_id AND b.variant_id = s.variant_id;

-- count_sold --
UPDATE products p SET sold_units = p.sold_units + sold.units * %(copies)s
FROM (SELECT b.shop_id, v.product_id, sum(b.shipped)::bigint AS units
      FROM bench.bought b JOIN variants v ON v.shop_id = b.shop_id AND v.id = b.variant_id
      WHERE b.shipped > 0 GROUP BY 1, 2) AS sold
WHERE p.shop_id = sold.shop_id AND p.id = sold.product_id;

-- count_orders --
-- The counters from the orders themselves.
INSERT INTO shop_order_counts (shop_id, state, slot, orders)
SELECT shop_id, state, (id >> 22) %% %(slots)s AS slot, count(*) FROM orders GROUP BY 1, 2, 3;

-- part of_sellers --
account IN ('seller_pending', 'seller_available')

-- forget_totals --
-- Wallets are not multiplied.
DELETE FROM ledger_totals WHERE {{of_sellers}};

-- count_totals --
-- What sellers have, from the entries themselves.
INSERT INTO ledger_totals (shop_id, account, owner_id, currency, slot, amount_minor)
SELECT shop_id, account, owner_id, currency,
       CASE account WHEN 'seller_pending' THEN coalesce(order_id >> 22, 0) %% %(slots)s ELSE 0 END, sum(amount_minor)
FROM ledger_entries WHERE {{of_sellers}} GROUP BY 1, 2, 3, 4, 5;

-- forget_words --
TRUNCATE search_words, search_pages, search_numbers, search_progress;

-- columns_of --
SELECT a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a WHERE a.attrelid = %(table)s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum;

-- indexes_and_keys --
-- How to drop, and how to make again, every index and key of the tables: foreign keys first, also those that point at them.
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname) AS drop, c.conrelid::regclass || '.' || c.conname AS name,
       'r' AS kind,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', c.conrelid::regclass, c.conname,
              replace(pg_get_constraintdef(c.oid), ' NOT VALID', '') || ' NOT VALID') AS remake,
       c.conrelid::regclass::text AS on_table
FROM pg_constraint c
WHERE c.contype = 'f' AND (c.conrelid = ANY(%(tables)s::regclass[]) OR c.confrelid = ANY(%(tables)s::regclass[]))
UNION ALL
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname), c.conrelid::regclass || '.' || c.conname, 'p',
       format(E'%%s;\nALTER TABLE %%s ADD CONSTRAINT %%I %%s USING INDEX %%I',
              replace(pg_get_indexdef(c.conindid), 'CREATE UNIQUE INDEX', 'CREATE UNIQUE INDEX IF NOT EXISTS'), c.conrelid::regclass,
              c.conname, CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, c.conname),
       c.conrelid::regclass::text
FROM pg_constraint c WHERE c.contype IN ('p', 'u') AND c.conrelid = ANY(%(tables)s::regclass[])
UNION ALL
SELECT format('DROP INDEX %%s', i.indexrelid::regclass), i.indexrelid::regclass::text, 'i',
       replace(pg_get_indexdef(i.indexrelid), ' INDEX ', ' INDEX IF NOT EXISTS '), i.indrelid::regclass::text
FROM pg_index i
WHERE i.indrelid = ANY(%(tables)s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY kind DESC;

-- dropped --
-- What has to be made again, on large tables first.
SELECT name, kind, remake FROM bench.dropped ORDER BY pg_relation_size(on_table::regclass) DESC, kind DESC, name;
