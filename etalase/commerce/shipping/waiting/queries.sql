-- parcels_by_update_asc --
-- Parcels of the shop, those that changed first in front: arranged ones, and those that are named and wait to be arranged.
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
     WHERE p.shop_id = %(shop_id)s AND p.state = ANY(%(states)s::text[]) AND (p.updated_at, p.id) > (%(after_at)s, %(after_id)s)
       AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND COALESCE(p.created_at, p.arranged_at) >= %(created_from)s AND COALESCE(p.created_at, p.arranged_at) < %(created_until)s
     ORDER BY p.updated_at, p.id LIMIT %(limit)s)
    UNION ALL
    SELECT p.id, p.kind, p.order_id, p.created_at, p.updated_at FROM waiting p
    WHERE (p.updated_at, p.id) > (%(after_at)s, %(after_id)s)
       AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND p.created_at >= %(created_from)s AND p.created_at < %(created_until)s
) found
ORDER BY updated_at, id
LIMIT %(limit)s;

-- parcels_by_number_asc --
-- Parcels of the shop, those with the lowest numbers in front: arranged ones, and those that are named and wait to be arranged.
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
     WHERE p.shop_id = %(shop_id)s AND p.state = ANY(%(states)s::text[]) AND p.id > %(after_id)s
       AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND COALESCE(p.created_at, p.arranged_at) >= %(created_from)s AND COALESCE(p.created_at, p.arranged_at) < %(created_until)s
     ORDER BY p.id LIMIT %(limit)s)
    UNION ALL
    SELECT p.id, p.kind, p.order_id, p.created_at, p.updated_at FROM waiting p
    WHERE p.id > %(after_id)s
       AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND p.created_at >= %(created_from)s AND p.created_at < %(created_until)s
) found
ORDER BY id
LIMIT %(limit)s;

-- parcels_by_update_desc --
-- Parcels of the shop, those that changed last in front: arranged ones, and those that are named and wait to be arranged.
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
     WHERE p.shop_id = %(shop_id)s AND p.state = ANY(%(states)s::text[]) AND (p.updated_at, p.id) < (%(after_at)s, %(after_id)s)
       AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND COALESCE(p.created_at, p.arranged_at) >= %(created_from)s AND COALESCE(p.created_at, p.arranged_at) < %(created_until)s
     ORDER BY p.updated_at DESC, p.id DESC LIMIT %(limit)s)
    UNION ALL
    SELECT p.id, p.kind, p.order_id, p.created_at, p.updated_at FROM waiting p
    WHERE (p.updated_at, p.id) < (%(after_at)s, %(after_id)s)
       AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND p.created_at >= %(created_from)s AND p.created_at < %(created_until)s
) found
ORDER BY updated_at DESC, id DESC
LIMIT %(limit)s;

-- parcels_by_number_desc --
-- Parcels of the shop, those with the highest numbers in front: arranged ones, and those that are named and wait to be arranged.
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
     WHERE p.shop_id = %(shop_id)s AND p.state = ANY(%(states)s::text[]) AND p.id < %(after_id)s
       AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND COALESCE(p.created_at, p.arranged_at) >= %(created_from)s AND COALESCE(p.created_at, p.arranged_at) < %(created_until)s
     ORDER BY p.id DESC LIMIT %(limit)s)
    UNION ALL
    SELECT p.id, p.kind, p.order_id, p.created_at, p.updated_at FROM waiting p
    WHERE p.id < %(after_id)s
       AND p.updated_at >= %(updated_from)s AND p.updated_at < %(updated_until)s
       AND p.created_at >= %(created_from)s AND p.created_at < %(created_until)s
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

-- parcels_of_orders --
-- The parcels of some orders, each with what lies in it of that order, first arranged first.
SELECT p.shop_id, p.id, o.order_id, p.state, p.method, p.carrier, p.service, p.tracking_number, p.booking, p.booking_note,
       p.insured, p.delay_note, p.delayed_at, p.asked_at, p.last_event_at, p.last_status, p.arranged_at, p.collected_at,
       p.delivered_at, p.received_by, p.eta_from, p.eta_until, p.pickup_from, p.pickup_until, p.label_printed_at,
       p.slip_printed_at, p.created_at, p.updated_at, o.units_ended, together.order_ids,
       (SELECT jsonb_object_agg(l.order_line_id::text, l.quantity)
        FROM parcel_lines l JOIN order_lines bought ON bought.shop_id = l.shop_id AND bought.id = l.order_line_id
        WHERE l.shop_id = p.shop_id AND l.parcel_id = p.id AND bought.order_id = o.order_id) AS units
FROM parcel_orders o
JOIN parcels p ON p.shop_id = o.shop_id AND p.id = o.parcel_id
JOIN LATERAL (
    SELECT array_agg(x.order_id ORDER BY x.order_id) AS order_ids FROM parcel_orders x
    WHERE x.shop_id = p.shop_id AND x.parcel_id = p.id
) together ON true
WHERE o.shop_id = %(shop_id)s AND o.order_id = ANY(%(order_ids)s::bigint[])
ORDER BY p.arranged_at, p.id
LIMIT 2000;
