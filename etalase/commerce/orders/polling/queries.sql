-- part asked_for --
-- What a search may ask of an order besides its state.
o.placed_at >= %(created_from)s AND o.placed_at < %(created_until)s
  AND o.updated_at >= %(updated_from)s AND o.updated_at < %(updated_until)s
  AND (%(buyer_id)s::bigint IS NULL OR o.buyer_id = %(buyer_id)s::bigint)
  AND (%(is_own)s::boolean IS NULL OR (o.carrier = 'own') = %(is_own)s::boolean)
  AND (%(is_packed)s::boolean IS NULL OR %(is_packed)s::boolean = EXISTS (
       SELECT FROM parcel_orders x JOIN parcels p ON p.shop_id = x.shop_id AND p.id = x.parcel_id
       WHERE x.shop_id = o.shop_id AND x.order_id = o.id AND p.state <> 'cancelled'))
  AND (%(is_asked)s::boolean IS NULL OR %(is_asked)s::boolean = EXISTS (
       SELECT FROM cancellations c WHERE c.shop_id = o.shop_id AND c.order_id = o.id AND c.state = 'requested'))

-- part page --
-- The first of those that are counted.
SELECT o.id, o.updated_at, count(*) OVER () AS counted

-- by_update_asc --
-- Orders of the shop, those that changed first in front; whatever their state, or of one that most of them are in.
{{page}} FROM (
  SELECT o.id, o.updated_at FROM orders o
  WHERE o.shop_id = %(shop_id)s AND (o.updated_at, o.id) > (%(after_at)s, %(after_id)s) AND (%(state)s::text IS NULL OR o.state = %(state)s::text)
    AND {{asked_for}}
  ORDER BY o.updated_at, o.id
  LIMIT %(count)s
) o
ORDER BY o.updated_at, o.id
LIMIT %(limit)s;

-- by_number_asc --
-- Orders of the shop, those placed first in front.
{{page}} FROM (
  SELECT o.id, o.updated_at FROM orders o
  WHERE o.shop_id = %(shop_id)s AND o.id > %(after_id)s AND o.id BETWEEN %(from_id)s AND %(until_id)s
    AND {{asked_for}}
  ORDER BY o.id
  LIMIT %(count)s
) o
ORDER BY o.id
LIMIT %(limit)s;

-- in_state_by_number_asc --
-- Orders of the shop in a state, those placed first in front.
{{page}} FROM (
  SELECT o.id, o.updated_at FROM orders o
  WHERE o.shop_id = %(shop_id)s AND o.state = %(state)s AND o.id > %(after_id)s AND o.id BETWEEN %(from_id)s AND %(until_id)s
    AND {{asked_for}}
  ORDER BY o.id
  LIMIT %(count)s
) o
ORDER BY o.id
LIMIT %(limit)s;

-- in_state_by_update_asc --
-- Orders in a state that only a part of all is in, those that changed first in front: all of the state are looked at.
{{page}} FROM (
  SELECT o.id, o.updated_at FROM (SELECT * FROM orders s WHERE s.shop_id = %(shop_id)s AND s.state = %(state)s OFFSET 0) o
  WHERE o.shop_id = %(shop_id)s AND o.state = %(state)s AND (o.updated_at, o.id) > (%(after_at)s, %(after_id)s)
    AND {{asked_for}}
  ORDER BY o.updated_at, o.id
  LIMIT %(count)s
) o
ORDER BY o.updated_at, o.id
LIMIT %(limit)s;

-- by_update_desc --
-- Orders of the shop, those that changed last in front; whatever their state, or of one that most of them are in.
{{page}} FROM (
  SELECT o.id, o.updated_at FROM orders o
  WHERE o.shop_id = %(shop_id)s AND (o.updated_at, o.id) < (%(after_at)s, %(after_id)s) AND (%(state)s::text IS NULL OR o.state = %(state)s::text)
    AND {{asked_for}}
  ORDER BY o.updated_at DESC, o.id DESC
  LIMIT %(count)s
) o
ORDER BY o.updated_at DESC, o.id DESC
LIMIT %(limit)s;

-- by_number_desc --
-- Orders of the shop, those placed last in front.
{{page}} FROM (
  SELECT o.id, o.updated_at FROM orders o
  WHERE o.shop_id = %(shop_id)s AND o.id < %(after_id)s AND o.id BETWEEN %(from_id)s AND %(until_id)s
    AND {{asked_for}}
  ORDER BY o.id DESC
  LIMIT %(count)s
) o
ORDER BY o.id DESC
LIMIT %(limit)s;

-- in_state_by_number_desc --
-- Orders of the shop in a state, those placed last in front.
{{page}} FROM (
  SELECT o.id, o.updated_at FROM orders o
  WHERE o.shop_id = %(shop_id)s AND o.state = %(state)s AND o.id < %(after_id)s AND o.id BETWEEN %(from_id)s AND %(until_id)s
    AND {{asked_for}}
  ORDER BY o.id DESC
  LIMIT %(count)s
) o
ORDER BY o.id DESC
LIMIT %(limit)s;

-- in_state_by_update_desc --
-- Orders in a state that only a part of all is in, those that changed last in front: all of the state are looked at.
{{page}} FROM (
  SELECT o.id, o.updated_at FROM (SELECT * FROM orders s WHERE s.shop_id = %(shop_id)s AND s.state = %(state)s OFFSET 0) o
  WHERE o.shop_id = %(shop_id)s AND o.state = %(state)s AND (o.updated_at, o.id) < (%(after_at)s, %(after_id)s)
    AND {{asked_for}}
  ORDER BY o.updated_at DESC, o.id DESC
  LIMIT %(count)s
) o
ORDER BY o.updated_at DESC, o.id DESC
LIMIT %(limit)s;

-- clocks_of_orders --
-- When the clocks of some orders reach zero, or reached it, those that were started last in front.
SELECT order_id, kind, due_at
FROM deadlines
WHERE shop_id = %(shop_id)s AND order_id = ANY(%(order_ids)s::bigint[])
ORDER BY order_id, kind, id DESC
LIMIT 4000;

-- put_external_orders --
-- Keep by which numbers other programs know orders of the shop; a new number of a program replaces its former one. Says which orders there are.
INSERT INTO external_orders (shop_id, order_id, platform, external_id, lines, added_at)
SELECT o.shop_id, o.id, e.platform, e.external_id, e.lines, %(at)s
FROM json_to_recordset(%(references)s::json) AS e (shop_id bigint, order_id bigint, platform text, external_id text, lines jsonb)
JOIN orders o ON o.shop_id = e.shop_id AND o.id = e.order_id
ON CONFLICT (shop_id, order_id, platform)
DO UPDATE SET external_id = EXCLUDED.external_id, lines = EXCLUDED.lines, added_at = EXCLUDED.added_at
RETURNING order_id;

-- external_orders_of --
-- By which numbers a program knows an order.
SELECT order_id, platform, external_id, lines
FROM external_orders
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s AND platform = %(platform)s
LIMIT 10;

-- orders_by_external --
-- The orders that a program knows by a number.
SELECT order_id, platform, external_id, lines
FROM external_orders
WHERE shop_id = %(shop_id)s AND platform = %(platform)s AND external_id = %(external_id)s
ORDER BY order_id DESC
LIMIT 100;
