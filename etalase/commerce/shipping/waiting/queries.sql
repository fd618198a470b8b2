-- part named --
-- Arranged parcels that bring what was bought, and after them those that are named and wait to be arranged; how far goes on behind it.
WITH waiting AS (
    SELECT o.id AS order_id, COALESCE(n.parcel_id, o.id) AS id, 'order' AS kind, COALESCE(n.named_at, o.placed_at) AS created_at, o.updated_at
    FROM orders o LEFT JOIN next_parcels n ON n.shop_id = o.shop_id AND n.order_id = o.id
    WHERE o.shop_id = %(shop_id)s AND o.state = 'awaiting_shipment' AND %(with_waiting)s::boolean
      AND NOT EXISTS (SELECT FROM planned_units u WHERE u.shop_id = o.shop_id AND u.order_id = o.id)
      AND (n.parcel_id IS NOT NULL OR NOT EXISTS (
           SELECT FROM parcel_orders x WHERE x.shop_id = o.shop_id AND x.order_id = o.id))
    UNION ALL
    SELECT min(u.order_id), u.plan_id, 'plan', min(u.planned_at), max(u.planned_at)
    FROM planned_units u WHERE u.shop_id = %(shop_id)s AND %(with_waiting)s::boolean GROUP BY u.plan_id
)
SELECT id, kind, order_id, created_at, updated_at
FROM (
    (SELECT p.id, 'parcel' AS kind, 0::bigint AS order_id, COALESCE(p.created_at, p.arranged_at) AS created_at, p.updated_at
     FROM parcels p
     WHERE p.shop_id = %(shop_id)s AND p.state = ANY(%(states)s::text[]) AND p.purpose = 'order'

-- part arranged_between --
p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND COALESCE(p.created_at, p.arranged_at) >= %(created_from)s AND COALESCE(p.created_at, p.arranged_at) < %(created_until)s

-- part named_between --
p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND p.created_at >= %(created_from)s AND p.created_at < %(created_until)s

-- parcels_by_update_asc --
-- Parcels of the shop, those that changed first in front: arranged ones, and those that are named and wait to be arranged.
{{named}} AND (p.updated_at, p.id) > (%(after_at)s, %(after_id)s)
       AND {{arranged_between}}
     ORDER BY p.updated_at, p.id LIMIT %(limit)s)
    UNION ALL
    SELECT p.id, p.kind, p.order_id, p.created_at, p.updated_at FROM waiting p
    WHERE (p.updated_at, p.id) > (%(after_at)s, %(after_id)s)
       AND {{named_between}}
) found
ORDER BY updated_at, id
LIMIT %(limit)s;

-- parcels_by_number_asc --
-- Parcels of the shop, those with the lowest numbers in front: arranged ones, and those that are named and wait to be arranged.
{{named}} AND p.id > %(after_id)s
       AND {{arranged_between}}
     ORDER BY p.id LIMIT %(limit)s)
    UNION ALL
    SELECT p.id, p.kind, p.order_id, p.created_at, p.updated_at FROM waiting p
    WHERE p.id > %(after_id)s
       AND {{named_between}}
) found
ORDER BY id
LIMIT %(limit)s;

-- parcels_by_update_desc --
-- Parcels of the shop, those that changed last in front: arranged ones, and those that are named and wait to be arranged.
{{named}} AND (p.updated_at, p.id) < (%(after_at)s, %(after_id)s)
       AND {{arranged_between}}
     ORDER BY p.updated_at DESC, p.id DESC LIMIT %(limit)s)
    UNION ALL
    SELECT p.id, p.kind, p.order_id, p.created_at, p.updated_at FROM waiting p
    WHERE (p.updated_at, p.id) < (%(after_at)s, %(after_id)s)
       AND {{named_between}}
) found
ORDER BY updated_at DESC, id DESC
LIMIT %(limit)s;

-- parcels_by_number_desc --
-- Parcels of the shop, those with the highest numbers in front: arranged ones, and those that are named and wait to be arranged.
{{named}} AND p.id < %(after_id)s
       AND {{arranged_between}}
     ORDER BY p.id DESC LIMIT %(limit)s)
    UNION ALL
    SELECT p.id, p.kind, p.order_id, p.created_at, p.updated_at FROM waiting p
    WHERE p.id < %(after_id)s
       AND {{named_between}}
) found
ORDER BY id DESC
LIMIT %(limit)s;

-- name_next_parcel --
-- The number that the order's next parcel will have; one it has already stays.
INSERT INTO next_parcels (shop_id, order_id, parcel_id, named_at)
VALUES (%(shop_id)s, %(order_id)s, %(parcel_id)s, %(at)s)
ON CONFLICT (shop_id, order_id) DO NOTHING;

-- take_next_parcel --
-- The number is used, or no longer needed.
DELETE FROM next_parcels WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s RETURNING parcel_id, named_at;

-- next_parcels_of_orders --
-- The numbers that the next parcels of some orders will have.
SELECT order_id, parcel_id, named_at FROM next_parcels
WHERE shop_id = %(shop_id)s AND order_id = ANY(%(order_ids)s::bigint[])
LIMIT 200;

-- order_of_next_parcel --
-- The order whose next parcel will have this number.
SELECT order_id FROM next_parcels WHERE shop_id = %(shop_id)s AND parcel_id = %(parcel_id)s;
