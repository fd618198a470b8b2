-- part of_orders --
-- Parcels with what lies in them of an order.
SELECT p.shop_id, p.id, o.order_id, p.state, p.method, p.carrier, p.service, p.tracking_number, p.booking, p.booking_note,
       p.insured, p.delay_note, p.delayed_at, p.asked_at, p.last_event_at, p.last_status, p.arranged_at, p.collected_at,
       p.delivered_at, p.received_by, p.eta_from, p.eta_until, p.pickup_from, p.pickup_until, p.label_printed_at,
       p.slip_printed_at, p.created_at, p.updated_at, p.purpose, p.case_id,
       o.units_ended, together.order_ids,
       (SELECT jsonb_object_agg(l.order_line_id::text, l.quantity)
        FROM parcel_lines l JOIN order_lines bought ON bought.shop_id = l.shop_id AND bought.id = l.order_line_id
        WHERE l.shop_id = p.shop_id AND l.parcel_id = p.id AND bought.order_id = o.order_id) AS units
FROM parcel_orders o
JOIN parcels p ON p.shop_id = o.shop_id AND p.id = o.parcel_id
JOIN LATERAL (
    SELECT array_agg(x.order_id ORDER BY x.order_id) AS order_ids FROM parcel_orders x
    WHERE x.shop_id = p.shop_id AND x.parcel_id = p.id
) together ON true

-- insert_parcel --
-- A parcel that waits for its carrier.
INSERT INTO parcels (shop_id, id, state, method, carrier, service, tracking_number, booking, insured, created_at, arranged_at,
                     changed_at, eta_from, eta_until, pickup_from, pickup_until, purpose, case_id)
VALUES (%(shop_id)s, %(parcel_id)s, 'awaiting_collection', %(method)s, %(carrier)s, %(service)s, %(tracking_number)s,
        %(booking)s, %(insured)s, %(created_at)s, %(at)s, %(at)s, %(eta_from)s, %(eta_until)s, %(pickup_from)s,
        %(pickup_until)s, %(purpose)s, %(case_id)s);

-- insert_parcel_orders --
-- Which orders have units in the parcel.
INSERT INTO parcel_orders (shop_id, parcel_id, order_id)
SELECT %(shop_id)s, %(parcel_id)s, order_id FROM unnest(%(order_ids)s::bigint[]) AS wanted (order_id);

-- insert_parcel_lines --
-- What lies in the parcel.
INSERT INTO parcel_lines (shop_id, parcel_id, order_line_id, quantity)
SELECT %(shop_id)s, %(parcel_id)s, line_id, quantity
FROM unnest(%(line_ids)s::bigint[], %(quantities)s::int[]) AS units (line_id, quantity);

-- parcels_of_order --
-- The parcels that bring what was bought, with what lies in them of this order, first arranged first.
{{of_orders}}
WHERE o.shop_id = %(shop_id)s AND o.order_id = %(order_id)s AND p.purpose = 'order'
ORDER BY p.arranged_at, p.id
LIMIT 100;

-- parcels_of_orders --
-- The parcels of some orders, each with what lies in it of that order, first arranged first.
{{of_orders}}
WHERE o.shop_id = %(shop_id)s AND o.order_id = ANY(%(order_ids)s::bigint[]) AND p.purpose = 'order'
ORDER BY p.arranged_at, p.id
LIMIT 2000;

-- parcels_of_returns --
-- What was sent because of returns of an order, back or again, first arranged first.
{{of_orders}}
WHERE o.shop_id = %(shop_id)s AND o.order_id = %(order_id)s AND p.purpose <> 'order'
ORDER BY p.arranged_at, p.id
LIMIT 100;

-- parcel_of_shop --
-- The parcel with all that lies in it, if it is this shop's.
SELECT p.shop_id, p.id, together.order_ids[1] AS order_id, p.state, p.method, p.carrier, p.service, p.tracking_number, p.booking, p.booking_note,
       p.insured, p.delay_note, p.delayed_at, p.asked_at, p.last_event_at, p.last_status, p.arranged_at, p.collected_at,
       p.delivered_at, p.received_by, p.eta_from, p.eta_until, p.pickup_from, p.pickup_until, p.label_printed_at,
       p.slip_printed_at, p.created_at, p.updated_at, p.purpose, p.case_id,
       together.units_ended, together.order_ids,
       (SELECT jsonb_object_agg(l.order_line_id::text, l.quantity) FROM parcel_lines l
        WHERE l.shop_id = p.shop_id AND l.parcel_id = p.id) AS units
FROM parcels p
JOIN LATERAL (
    SELECT array_agg(x.order_id ORDER BY x.order_id) AS order_ids, bool_and(x.units_ended) AS units_ended
    FROM parcel_orders x WHERE x.shop_id = p.shop_id AND x.parcel_id = p.id
) together ON true
WHERE p.shop_id = %(shop_id)s AND p.id = %(parcel_id)s;

-- lock_parcel_orders --
-- Which orders have units in the parcel now; nobody else takes an order out of it meanwhile.
SELECT x.order_id
FROM parcels p
JOIN parcel_orders x ON x.shop_id = p.shop_id AND x.parcel_id = p.id
WHERE p.shop_id = %(shop_id)s AND p.id = %(parcel_id)s
ORDER BY x.order_id
LIMIT 100
FOR UPDATE;

-- take_order_out --
-- The order has nothing in the parcel any more: it was cancelled before the parcel was collected.
DELETE FROM parcel_orders WHERE shop_id = %(shop_id)s AND parcel_id = %(parcel_id)s AND order_id = %(order_id)s;

-- take_lines_out --
-- These lines have nothing in the parcel any more.
DELETE FROM parcel_lines
WHERE shop_id = %(shop_id)s AND parcel_id = %(parcel_id)s AND order_line_id = ANY(%(line_ids)s::bigint[]);

-- set_parcel_state --
-- Compare and set: the parcel takes the new state if it still stands in one of the old ones.
UPDATE parcels
SET state = %(to)s, changed_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(parcel_id)s AND state = ANY(%(sources)s::text[]);

-- end_units --
-- The parcel's units were taken off the order: they are no longer part of what it waits for.
UPDATE parcel_orders
SET units_ended = true
WHERE shop_id = %(shop_id)s AND parcel_id = %(parcel_id)s AND order_id = %(order_id)s;

-- set_booking --
-- What became of the booking with the carrier; a number it gave replaces none.
UPDATE parcels
SET booking = %(booking)s, booking_note = %(note)s, tracking_number = COALESCE(tracking_number, %(tracking_number)s),
    changed_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(parcel_id)s;

-- set_number --
-- The corrected number, to be followed anew.
UPDATE parcels
SET carrier = %(carrier)s, service = %(service)s, tracking_number = %(tracking_number)s, booking = %(booking)s, booking_note = '',
    changed_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(parcel_id)s;

-- set_delay_note --
-- What the seller tells the buyer about a delay.
UPDATE parcels
SET delay_note = %(note)s, delayed_at = %(at)s, changed_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(parcel_id)s;

-- set_asked_at --
-- When the carrier was last asked about the parcel.
UPDATE parcels
SET asked_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(parcel_id)s;

-- parcels_to_ask --
-- Parcels under way that were not asked about for the longest time, of all shops.
SELECT shop_id, id, carrier, tracking_number, asked_at, last_event_at, arranged_at
FROM parcels
WHERE state IN ('awaiting_collection', 'in_transit') AND booking = 'booked' AND tracking_number IS NOT NULL
ORDER BY COALESCE(asked_at, arranged_at), id
LIMIT %(limit)s;

-- keep_number --
-- Remember whose parcel a tracking number names; the same number entered again is current again.
INSERT INTO parcel_numbers (carrier, number, shop_id, parcel_id, entered_by, entered_at)
VALUES (%(carrier)s, %(number)s, %(shop_id)s, %(parcel_id)s, %(entered_by)s, %(at)s)
ON CONFLICT (carrier, number, shop_id, parcel_id)
DO UPDATE SET is_current = true, entered_by = EXCLUDED.entered_by, replaced_at = NULL;

-- replace_numbers --
-- The parcel's numbers are no longer current; they are kept as a trace.
UPDATE parcel_numbers
SET is_current = false, replaced_at = %(at)s
WHERE shop_id = %(shop_id)s AND parcel_id = %(parcel_id)s AND is_current;

-- owners_of_number --
-- The parcels that a carrier's number names now.
SELECT shop_id, parcel_id
FROM parcel_numbers
WHERE carrier = %(carrier)s AND number = %(number)s AND is_current
ORDER BY entered_at
LIMIT 10;

-- numbers_of_order --
-- Every number the order's parcels ever had, newest first.
SELECT n.parcel_id, n.carrier, n.number, n.is_current, n.entered_at, n.replaced_at
FROM parcel_orders o
JOIN parcel_numbers n ON n.shop_id = o.shop_id AND n.parcel_id = o.parcel_id
WHERE o.shop_id = %(shop_id)s AND o.order_id = %(order_id)s
ORDER BY n.entered_at DESC
LIMIT 100;

-- events_of_order --
-- What was reported about all parcels of an order, newest first.
SELECT e.id, e.parcel_id, e.status, e.raw_code, e.description, e.place, e.zone, e.occurred_at, e.recorded_at
FROM parcel_orders o
JOIN tracking_events e ON e.shop_id = o.shop_id AND e.parcel_id = o.parcel_id
WHERE o.shop_id = %(shop_id)s AND o.order_id = %(order_id)s
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT 500;

-- tracking_of_orders --
-- Of each order: the parcel heard of last, how many parcels there are and how many arrived, for lists.
SELECT DISTINCT ON (o.order_id)
       o.order_id, p.id AS parcel_id, p.state, p.carrier, p.tracking_number, p.booking, p.last_status, p.last_event_at,
       p.arranged_at, p.collected_at, p.eta_until, p.delay_note <> '' AS is_delayed,
       count(*) OVER (PARTITION BY o.order_id) AS parcels,
       count(*) FILTER (WHERE p.state = 'delivered') OVER (PARTITION BY o.order_id) AS delivered,
       latest.place, latest.zone, latest.description
FROM parcel_orders o
JOIN parcels p ON p.shop_id = o.shop_id AND p.id = o.parcel_id
LEFT JOIN LATERAL (
    SELECT e.place, e.zone, e.description FROM tracking_events e
    WHERE e.shop_id = p.shop_id AND e.parcel_id = p.id
    ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1
) latest ON true
WHERE o.shop_id = %(shop_id)s AND o.order_id = ANY(%(order_ids)s::bigint[]) AND p.state <> 'cancelled' AND p.purpose = 'order'
ORDER BY o.order_id, COALESCE(p.last_event_at, p.arranged_at) DESC, p.id DESC
LIMIT 200;

-- place_of_shop --
-- Where the shop is, for routes and local times.
SELECT shop_id, name, province, city, zone FROM shops WHERE shop_id = %(shop_id)s;

-- weight_of_parcel --
-- What lies in the parcel weighs this much, in grams.
SELECT COALESCE(sum(l.weight_grams * u.quantity), 0)::bigint AS weight_grams
FROM parcel_lines u
JOIN order_lines l ON l.shop_id = u.shop_id AND l.id = u.order_line_id
WHERE u.shop_id = %(shop_id)s AND u.parcel_id = %(parcel_id)s;

-- plans_of_orders --
-- The parcels planned for some orders, with what other orders have in them.
SELECT u.plan_id, u.order_id, u.order_line_id, u.quantity, u.planned_at
FROM planned_units u
WHERE u.shop_id = %(shop_id)s
  AND u.plan_id IN (SELECT own.plan_id FROM planned_units own
                    WHERE own.shop_id = %(shop_id)s AND own.order_id = ANY(%(order_ids)s::bigint[]))
ORDER BY u.plan_id, u.order_id, u.order_line_id
LIMIT 5000;

-- plan_of_shop --
-- What a planned parcel of this shop is to hold.
SELECT plan_id, order_id, order_line_id, quantity, planned_at
FROM planned_units
WHERE shop_id = %(shop_id)s AND plan_id = %(plan_id)s
ORDER BY order_id, order_line_id
LIMIT 1000;

-- insert_planned --
-- What planned parcels are to hold.
INSERT INTO planned_units (shop_id, plan_id, order_id, order_line_id, quantity, planned_at)
SELECT %(shop_id)s, plan_id, order_id, line_id, quantity, %(at)s
FROM unnest(%(plan_ids)s::bigint[], %(order_ids)s::bigint[], %(line_ids)s::bigint[], %(quantities)s::int[])
    AS units (plan_id, order_id, line_id, quantity);

-- forget_plan --
-- The planned parcel is arranged, or planned no longer.
DELETE FROM planned_units WHERE shop_id = %(shop_id)s AND plan_id = %(plan_id)s;

-- forget_plans_of_order --
-- Nothing is planned for the order any more.
DELETE FROM planned_units WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s;

-- combinable_orders --
-- Among the orders that have waited longest for shipment: those of one buyer that go to one address in one way.
SELECT array_agg(o.id ORDER BY o.id) AS order_ids, o.buyer_id, min(o.buyer_name) AS buyer_name
FROM (
    SELECT w.id, w.buyer_id, w.buyer_name, w.address, w.delivery, w.is_cod, w.currency FROM orders w
    WHERE w.shop_id = %(shop_id)s AND w.state = 'awaiting_shipment'
      AND (%(buyer_id)s::bigint IS NULL OR w.buyer_id = %(buyer_id)s)
    ORDER BY w.id
    LIMIT %(among)s
) o
WHERE NOT EXISTS (SELECT FROM planned_units u WHERE u.shop_id = %(shop_id)s AND u.order_id = o.id)
  AND NOT EXISTS (SELECT FROM parcel_orders x JOIN parcels p ON p.shop_id = x.shop_id AND p.id = x.parcel_id
                  WHERE x.shop_id = %(shop_id)s AND x.order_id = o.id AND p.state <> 'cancelled')
GROUP BY o.buyer_id, o.address, o.delivery ->> 'carrier', o.delivery ->> 'service', o.is_cod, o.currency
HAVING count(*) > 1
ORDER BY min(o.id)
LIMIT %(limit)s;

-- parcels_of_shop --
-- Some parcels of the shop with all that lies in them, in the order of their ids.
SELECT p.shop_id, p.id, together.order_ids[1] AS order_id, p.state, p.method, p.carrier, p.service, p.tracking_number, p.booking,
       p.booking_note, p.insured, p.delay_note, p.delayed_at, p.asked_at, p.last_event_at, p.last_status, p.arranged_at,
       p.collected_at, p.delivered_at, p.received_by, p.eta_from, p.eta_until, p.pickup_from, p.pickup_until,
       p.label_printed_at, p.slip_printed_at, p.created_at, p.updated_at, p.purpose, p.case_id,
       together.units_ended, together.order_ids,
       (SELECT jsonb_object_agg(l.order_line_id::text, l.quantity) FROM parcel_lines l
        WHERE l.shop_id = p.shop_id AND l.parcel_id = p.id) AS units
FROM parcels p
JOIN LATERAL (
    SELECT array_agg(x.order_id ORDER BY x.order_id) AS order_ids, bool_and(x.units_ended) AS units_ended
    FROM parcel_orders x WHERE x.shop_id = p.shop_id AND x.parcel_id = p.id
) together ON true
WHERE p.shop_id = %(shop_id)s AND p.id = ANY(%(parcel_ids)s::bigint[])
ORDER BY p.id
LIMIT 200;

-- live_parcels_of_orders --
-- The parcels of some orders that are not undone, in the order of their ids.
SELECT DISTINCT p.id AS parcel_id
FROM parcel_orders x
JOIN parcels p ON p.shop_id = x.shop_id AND p.id = x.parcel_id
WHERE x.shop_id = %(shop_id)s AND x.order_id = ANY(%(order_ids)s::bigint[]) AND p.state <> 'cancelled' AND p.purpose = 'order'
ORDER BY p.id
LIMIT 200;

-- mark_printed --
-- Stamp parcels whose papers were printed for the first time; returns them with their orders.
WITH chosen AS (
    SELECT p.id FROM parcels p
    WHERE p.shop_id = %(shop_id)s AND p.id = ANY(%(parcel_ids)s::bigint[]) AND p.state <> 'cancelled'
      AND ((%(labels)s AND p.label_printed_at IS NULL) OR (%(slips)s AND p.slip_printed_at IS NULL))
    ORDER BY p.id
    FOR UPDATE
), stamped AS (
    UPDATE parcels p
    SET label_printed_at = CASE WHEN %(labels)s THEN COALESCE(p.label_printed_at, %(at)s) ELSE p.label_printed_at END,
        slip_printed_at = CASE WHEN %(slips)s THEN COALESCE(p.slip_printed_at, %(at)s) ELSE p.slip_printed_at END
    FROM chosen
    WHERE p.shop_id = %(shop_id)s AND p.id = chosen.id
    RETURNING p.id
)
SELECT x.parcel_id, x.order_id, o.buyer_id
FROM stamped s
JOIN parcel_orders x ON x.shop_id = %(shop_id)s AND x.parcel_id = s.id
JOIN orders o ON o.shop_id = x.shop_id AND o.id = x.order_id
ORDER BY x.parcel_id, x.order_id
LIMIT 4000;

-- recipients --
-- To whom some orders of the shop go and how, and what is left to pay for them.
SELECT id AS order_id, state, buyer_name, address, delivery, units, is_cod, currency, total_minor - refunded_minor AS kept_minor, buyer_note, placed_at
FROM orders
WHERE shop_id = %(shop_id)s AND id = ANY(%(order_ids)s::bigint[])
LIMIT 2000;

-- orders_of_parcels --
-- The orders that have units in some parcels, in the order in which they are locked.
SELECT DISTINCT x.shop_id, x.order_id
FROM unnest(%(shop_ids)s::bigint[], %(parcel_ids)s::bigint[]) AS wanted (shop_id, parcel_id)
JOIN parcel_orders x ON x.shop_id = wanted.shop_id AND x.parcel_id = wanted.parcel_id
ORDER BY x.shop_id, x.order_id
LIMIT 20000;

-- travelling --
-- Some parcels, and which orders travel in them: what has to be known to take in a report.
SELECT p.shop_id, p.id, p.state, p.method, p.carrier, p.tracking_number, p.arranged_at, p.pickup_from, p.collected_at, p.eta_from,
       p.eta_until, p.purpose, p.case_id, ARRAY(SELECT x.order_id FROM parcel_orders x WHERE x.shop_id = p.shop_id AND x.parcel_id = p.id ORDER BY x.order_id) AS order_ids
FROM unnest(%(shop_ids)s::bigint[], %(parcel_ids)s::bigint[]) AS wanted (shop_id, parcel_id)
JOIN parcels p ON p.shop_id = wanted.shop_id AND p.id = wanted.parcel_id
LIMIT 20000;

-- insert_events --
-- Reports of carriers, one a position of the arrays, each once; gives back which were new.
INSERT INTO tracking_events (shop_id, id, parcel_id, vendor, event_id, status, raw_code, description, place, zone, occurred_at,
                             recorded_at)
SELECT e.shop_id, e.id, e.parcel_id, %(vendor)s, e.event_id, e.status, e.raw_code, e.description, e.place, e.zone, e.occurred_at,
       %(at)s
FROM unnest(%(shop_ids)s::bigint[], %(ids)s::bigint[], %(parcel_ids)s::bigint[], %(event_ids)s::text[], %(statuses)s::text[],
            %(raw_codes)s::text[], %(descriptions)s::text[], %(places)s::text[], %(zones)s::text[], %(occurred_ats)s::timestamptz[])
     AS e (shop_id, id, parcel_id, event_id, status, raw_code, description, place, zone, occurred_at)
ON CONFLICT ON CONSTRAINT tracking_events_once DO NOTHING
RETURNING id;

-- reports_of_parcels --
-- What was reported about some parcels, of each the newest, as far as it counts for where they are.
SELECT e.shop_id, e.parcel_id, e.id, e.status, e.occurred_at
FROM unnest(%(shop_ids)s::bigint[], %(parcel_ids)s::bigint[]) AS wanted (shop_id, parcel_id)
CROSS JOIN LATERAL (
    SELECT shop_id, parcel_id, id, status, occurred_at FROM tracking_events
    WHERE shop_id = wanted.shop_id AND parcel_id = wanted.parcel_id
    ORDER BY occurred_at DESC, id DESC
    LIMIT 500
) e;

-- set_journeys --
-- What all reports together say of parcels, one a position of the arrays; compare and set: each still stands where it was seen.
UPDATE parcels p
SET state = j.state, last_status = j.last_status, last_event_at = j.last_event_at, collected_at = j.collected_at,
    delivered_at = j.delivered_at, received_by = COALESCE(NULLIF(j.received_by, ''), p.received_by),
    eta_from = j.eta_from, eta_until = j.eta_until,
    changed_at = CASE WHEN p.state = j.state THEN p.changed_at ELSE %(at)s END
FROM unnest(%(shop_ids)s::bigint[], %(parcel_ids)s::bigint[], %(seen_states)s::text[], %(states)s::text[], %(last_statuses)s::text[],
            %(last_event_ats)s::timestamptz[], %(collected_ats)s::timestamptz[], %(delivered_ats)s::timestamptz[],
            %(received_bys)s::text[], %(eta_froms)s::timestamptz[], %(eta_untils)s::timestamptz[])
     AS j (shop_id, parcel_id, seen_state, state, last_status, last_event_at, collected_at, delivered_at, received_by, eta_from, eta_until)
WHERE p.shop_id = j.shop_id AND p.id = j.parcel_id AND p.state = j.seen_state;

-- packed_of_orders --
-- The parcels that bring what was bought with some orders, with what lies in them of each, first arranged first.
SELECT o.shop_id, o.order_id, p.id AS parcel_id, p.state, p.carrier, o.units_ended,
       (SELECT jsonb_object_agg(l.order_line_id::text, l.quantity)
        FROM parcel_lines l JOIN order_lines bought ON bought.shop_id = l.shop_id AND bought.id = l.order_line_id
        WHERE l.shop_id = p.shop_id AND l.parcel_id = p.id AND bought.order_id = o.order_id) AS units
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS wanted (shop_id, order_id)
JOIN parcel_orders o ON o.shop_id = wanted.shop_id AND o.order_id = wanted.order_id
JOIN parcels p ON p.shop_id = o.shop_id AND p.id = o.parcel_id
WHERE p.purpose = 'order'
ORDER BY p.arranged_at, p.id
LIMIT 20000;
