-- orders_for_notices --
-- What notices say about orders: the parties and the first thing bought, as they were called then.
SELECT o.shop_id, o.id AS order_id, o.buyer_id, o.buyer_name, o.shop_name, o.currency, l.title, l.image_key
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS wanted (shop_id, order_id)
JOIN orders AS o ON o.shop_id = wanted.shop_id AND o.id = wanted.order_id
LEFT JOIN LATERAL (
    SELECT title, image_key FROM order_lines
    WHERE shop_id = o.shop_id AND order_id = o.id ORDER BY id LIMIT 1
) AS l ON true;

-- members_to_tell --
-- Who works in these shops.
SELECT m.shop_id, m.account_id
FROM unnest(%(shop_ids)s::bigint[]) AS wanted (shop_id)
CROSS JOIN LATERAL (
    SELECT shop_id, account_id FROM shop_members WHERE shop_id = wanted.shop_id ORDER BY account_id LIMIT 500
) AS m;

-- insert_notices --
-- Write notices, one a position of the arrays; those written before stay as they are.
INSERT INTO notifications (account_id, id, audience, shop_id, order_id, fact_id, kind, values, created_at)
SELECT n.account_id, n.id, n.audience, n.shop_id, n.order_id, n.fact_id, n.kind, n.values::jsonb, n.created_at
FROM unnest(%(account_ids)s::bigint[], %(ids)s::bigint[], %(audiences)s::text[], %(shop_ids)s::bigint[], %(order_ids)s::bigint[],
            %(fact_ids)s::bigint[], %(kinds)s::text[], %(values)s::text[], %(created_ats)s::timestamptz[])
     AS n (account_id, id, audience, shop_id, order_id, fact_id, kind, values, created_at)
ON CONFLICT ON CONSTRAINT notifications_once DO NOTHING;

-- notices --
-- A page of an inbox, newest first. Each kind is read along the index in whose order rows are compared and sorted.
SELECT n.account_id, n.id, n.audience, n.shop_id, n.order_id, n.fact_id, n.kind, n.values, n.created_at, n.read_at
FROM (
    SELECT along.id
    FROM unnest(%(kinds)s::text[]) AS wanted (kind)
    CROSS JOIN LATERAL (
        SELECT id FROM notifications
        WHERE account_id = %(account_id)s AND (audience, kind, id) < (%(audience)s, wanted.kind, %(before_id)s::bigint)
          AND (audience, kind, id) >= (%(audience)s, wanted.kind, 0)
        ORDER BY audience DESC, kind DESC, id DESC LIMIT %(limit)s
    ) along
    ORDER BY along.id DESC LIMIT %(limit)s
) page
CROSS JOIN LATERAL (SELECT * FROM notifications WHERE account_id = %(account_id)s AND id = page.id LIMIT 1) n
ORDER BY n.id DESC;

-- read_notice --
-- Mark a notice read (for the first time only) and give it back.
UPDATE notifications SET read_at = COALESCE(read_at, %(at)s)
WHERE account_id = %(account_id)s AND id = %(id)s
RETURNING account_id, id, audience, shop_id, order_id, fact_id, kind, values, created_at, read_at;

-- read_all --
-- Mark everything up to a notice read; what came after the page was opened stays unread.
UPDATE notifications SET read_at = %(at)s
WHERE account_id = %(account_id)s AND audience = %(audience)s AND read_at IS NULL AND id <= %(until_id)s;

-- unread_counts --
-- How many notices each of these accounts has not read, as buyer and as seller; more than a thousand are not told apart.
SELECT a.account_id,
       (SELECT count(*) FROM (SELECT FROM notifications AS n WHERE n.account_id = a.account_id AND n.audience = 'buyer'
                              AND n.read_at IS NULL LIMIT 1000) AS b) AS buyer,
       (SELECT count(*) FROM (SELECT FROM notifications AS n WHERE n.account_id = a.account_id AND n.audience = 'seller'
                              AND n.read_at IS NULL LIMIT 1000) AS s) AS seller
FROM unnest(%(account_ids)s::bigint[]) AS a (account_id);

-- new_notices --
-- Notices of these accounts made after a moment (ids are ordered by time), oldest first.
SELECT account_id, id, audience, shop_id, order_id, fact_id, kind, values, created_at, read_at
FROM notifications
WHERE id > %(after_id)s AND account_id = ANY(%(account_ids)s::bigint[])
ORDER BY id DESC
LIMIT %(limit)s;
