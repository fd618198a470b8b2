-- part columns --
-- An order, whole, but for its shop and its policies.
id, buyer_id, purchase_id, state, payment_method, is_cod, currency, items_minor, shipping_minor, discount_minor, insurance_minor,
       total_minor, refunded_minor, units, shop_name, buyer_name, address, delivery, buyer_note, seller_note, placed_at,
       paid_at, confirmed_at, arranged_at, collected_at, delivered_at, completed_at, cancelled_at, cancelled_by, cancel_reason,
       address_changed_at, extended_at, reminded_at, hidden_at, updated_at

-- part policies --
-- The policies that bind the order.
(SELECT bound.policies FROM policy_sets bound WHERE bound.id = policy_set_id) AS policies

-- lock_order --
-- The order, locked until the transaction ends.
SELECT shop_id, {{columns}}, {{policies}}
FROM orders
WHERE shop_id = %(shop_id)s AND id = %(order_id)s
FOR UPDATE;

-- lock_orders --
-- Orders, locked in key order until the transaction ends.
SELECT o.shop_id, o.id, o.buyer_id, o.purchase_id, o.state, o.payment_method, o.is_cod, o.currency, o.items_minor, o.shipping_minor,
       o.discount_minor, o.insurance_minor, o.total_minor, o.refunded_minor, o.units, o.shop_name, o.buyer_name, o.address, o.delivery, {{policies}},
       o.buyer_note, o.seller_note, o.placed_at, o.paid_at, o.confirmed_at, o.arranged_at, o.collected_at, o.delivered_at,
       o.completed_at, o.cancelled_at, o.cancelled_by, o.cancel_reason, o.address_changed_at, o.extended_at, o.reminded_at,
       o.hidden_at, o.updated_at
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS wanted (shop_id, order_id)
JOIN orders o ON o.shop_id = wanted.shop_id AND o.id = wanted.order_id
ORDER BY o.shop_id, o.id
LIMIT 20000
FOR UPDATE OF o;

-- order_of_shop --
-- The order, if it is this shop's.
SELECT shop_id, {{columns}}, {{policies}}
FROM orders
WHERE shop_id = %(shop_id)s AND id = %(order_id)s;

-- order_of_buyer --
-- The order, if it is this buyer's.
SELECT shop_id, {{columns}}, {{policies}}
FROM orders
WHERE buyer_id = %(buyer_id)s AND id = %(order_id)s;

-- standings --
-- How some orders of the shop stand.
SELECT id, state, buyer_name FROM orders WHERE shop_id = %(shop_id)s AND id = ANY(%(order_ids)s::bigint[]) LIMIT 200;

-- orders_of_purchase --
-- The orders that one payment pays, in the order in which they are locked.
SELECT shop_id, {{columns}}, {{policies}}
FROM orders
WHERE buyer_id = %(buyer_id)s AND purchase_id = %(purchase_id)s AND id > %(after)s
ORDER BY shop_id, id
LIMIT %(limit)s;

-- lines_of_orders --
-- The lines of orders of one or several shops, first bought first.
SELECT l.shop_id, l.id, l.order_id, l.product_id, l.variant_id, l.title, l.variant_name, l.seller_sku, l.image_key,
       l.unit_price_minor, l.quantity, l.cancelled_quantity, l.weight_grams, l.returned_quantity, l.part_refunded_minor
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS wanted (shop_id, order_id)
JOIN order_lines l ON l.shop_id = wanted.shop_id AND l.order_id = wanted.order_id
ORDER BY l.shop_id, l.order_id, l.id
LIMIT 20000;

-- move_orders --
-- Compare and set: orders take the new state if they still stand in one of the old ones. The stamp keeps the moment.
UPDATE orders
SET state = %(to)s,
    paid_at = CASE WHEN %(stamp)s::text = 'paid_at' OR (is_cod AND %(stamp)s::text = 'delivered_at') THEN %(at)s::timestamptz
                   ELSE paid_at END,
    confirmed_at = CASE WHEN %(stamp)s::text = 'confirmed_at' THEN %(at)s::timestamptz ELSE confirmed_at END,
    arranged_at = CASE WHEN %(stamp)s::text = 'arranged_at' THEN %(at)s::timestamptz
                       WHEN %(to)s = 'awaiting_shipment' THEN NULL ELSE arranged_at END,
    collected_at = CASE WHEN %(stamp)s::text = 'collected_at' THEN %(at)s::timestamptz ELSE collected_at END,
    delivered_at = CASE WHEN %(stamp)s::text = 'delivered_at' THEN %(at)s::timestamptz ELSE delivered_at END,
    completed_at = CASE WHEN %(stamp)s::text = 'completed_at' THEN %(at)s::timestamptz ELSE completed_at END,
    cancelled_at = CASE WHEN %(stamp)s::text = 'cancelled_at' THEN %(at)s::timestamptz
                        WHEN %(to)s = 'new' THEN NULL ELSE cancelled_at END,
    cancelled_by = CASE WHEN %(to)s = 'cancelled' THEN %(cancelled_by)s::text ELSE NULL END,
    cancel_reason = CASE WHEN %(to)s = 'cancelled' THEN %(cancel_reason)s::text ELSE NULL END,
    updated_at = %(at)s
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS moved (shop_id, order_id)
WHERE orders.shop_id = moved.shop_id AND orders.id = moved.order_id AND state = ANY(%(sources)s::text[])
RETURNING orders.shop_id, {{columns}}, {{policies}};

-- add_to_counts --
-- Change the counters of states, rows in key order so that two changes never wait for each other in a circle.
INSERT INTO shop_order_counts AS counts (shop_id, state, slot, orders)
SELECT shop_id, state, slot, change
FROM unnest(%(shop_ids)s::bigint[], %(states)s::text[], %(slots)s::smallint[], %(changes)s::bigint[])
     AS changed (shop_id, state, slot, change)
ORDER BY shop_id, state, slot
ON CONFLICT (shop_id, state, slot) DO UPDATE SET orders = counts.orders + EXCLUDED.orders;

-- counts_of_shop --
-- How many orders of the shop stand in each state.
SELECT state, sum(orders)::bigint AS orders
FROM shop_order_counts
WHERE shop_id = %(shop_id)s
GROUP BY state;

-- counts_of_buyer --
-- How many of the buyer's orders stand in each state, and how many have money going back or a case; bounded by one buyer's orders.
SELECT state, count(*)::bigint AS orders,
       count(*) FILTER (WHERE (refunded_minor > 0 AND NOT is_cod)
                           OR id IN (SELECT order_id FROM cases WHERE buyer_id = %(buyer_id)s))::bigint AS refunded
FROM orders
WHERE buyer_id = %(buyer_id)s AND hidden_at IS NULL
GROUP BY state;

-- cancel_units --
-- Take units off lines; the check stands behind it that no more are cancelled than were bought.
UPDATE order_lines AS l
SET cancelled_quantity = l.cancelled_quantity + taken.quantity
FROM unnest(%(line_ids)s::bigint[], %(quantities)s::int[]) AS taken (line_id, quantity)
WHERE l.shop_id = %(shop_id)s AND l.order_id = %(order_id)s AND l.id = taken.line_id;

-- give_up_units --
-- Units and parts of prices whose money goes back after delivery; the check stands behind it that no more go than were bought.
UPDATE order_lines AS l
SET returned_quantity = l.returned_quantity + given.quantity, part_refunded_minor = given.part_minor
FROM unnest(%(line_ids)s::bigint[], %(quantities)s::int[], %(parts_minor)s::bigint[]) AS given (line_id, quantity, part_minor)
WHERE l.shop_id = %(shop_id)s AND l.order_id = %(order_id)s AND l.id = given.line_id;

-- restore_units --
-- An order that lapsed unpaid lives again with all its units, and on the buyer's list.
WITH restored AS (
    UPDATE order_lines SET cancelled_quantity = 0 WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s RETURNING quantity
)
UPDATE orders SET units = (SELECT sum(quantity) FROM restored), hidden_at = NULL WHERE shop_id = %(shop_id)s AND id = %(order_id)s;

-- set_payment_method --
-- It was paid otherwise than was chosen when it was placed.
UPDATE orders SET payment_method = %(method)s WHERE shop_id = %(shop_id)s AND id = %(order_id)s;

-- count_off_units --
-- Keep the order's number of units and its refunded amount in step with its lines.
UPDATE orders
SET units = units - %(units)s, refunded_minor = refunded_minor + %(refund_minor)s, updated_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(order_id)s;

-- touch_orders --
-- Something about orders changed that has no column of theirs: what lies in which parcel, or what was asked.
UPDATE orders o SET updated_at = %(at)s
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS changed (shop_id, order_id)
WHERE o.shop_id = changed.shop_id AND o.id = changed.order_id;

-- change_address --
-- The new address, once.
UPDATE orders
SET address = %(address)s, address_changed_at = %(at)s, updated_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(order_id)s AND address_changed_at IS NULL
  AND state IN ('unpaid', 'new', 'awaiting_shipment');

-- stamp_reminder --
-- Keep when the buyer last reminded the seller.
UPDATE orders SET reminded_at = %(at)s WHERE shop_id = %(shop_id)s AND id = %(order_id)s;

-- stamp_extension --
-- Keep that the buyer put off automatic completion.
UPDATE orders SET extended_at = %(at)s WHERE shop_id = %(shop_id)s AND id = %(order_id)s AND extended_at IS NULL;

-- stamp_hiding --
-- Take a finished order off the buyer's list.
UPDATE orders SET hidden_at = %(at)s WHERE shop_id = %(shop_id)s AND id = %(order_id)s AND state IN ('completed', 'cancelled');

-- set_seller_note --
-- The shop's own note.
UPDATE orders SET seller_note = %(note)s, updated_at = %(at)s WHERE shop_id = %(shop_id)s AND id = %(order_id)s;

-- add_search_words --
-- Let the order be found by further words, such as a tracking number; by themselves too, as its words may be gathered already.
WITH added AS (
    UPDATE orders SET search = search || to_tsvector('simple', %(words)s)
    WHERE shop_id = %(shop_id)s AND id = %(order_id)s
    RETURNING shop_id, id
)
INSERT INTO search_numbers (shop_id, word, order_id)
SELECT added.shop_id, word, added.id
FROM added, unnest(tsvector_to_array(to_tsvector('simple', %(words)s))) AS word
ON CONFLICT DO NOTHING;

-- timeline_of_order --
-- What happened to the order, newest first.
SELECT shop_id, id, name, subject_kind, subject_id, order_id, buyer_id, actor_kind, actor_id, at, data
FROM facts
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
ORDER BY id DESC
LIMIT 200;

-- cards_of_buyer --
-- The buyer's orders in any of the states, newest first, as cards: first line, next clock. The page's size is written here, as in lists.
SELECT o.shop_id, o.id, o.state, o.is_cod, o.purchase_id, o.shop_name, o.buyer_name, o.currency, o.total_minor, o.refunded_minor, o.units,
       o.placed_at, o.payment_method, o.carrier, o.buyer_note, o.reminded_at,
       l.title, l.variant_name, l.image_key, l.quantity, l.unit_price_minor, l.product_id, l.lines,
       d.kind AS clock_kind, d.due_at AS clock_due_at
FROM orders o
CROSS JOIN LATERAL (
    SELECT title, variant_name, image_key, quantity, unit_price_minor, product_id, count(*) OVER () AS lines
    FROM order_lines
    WHERE shop_id = o.shop_id AND order_id = o.id
    ORDER BY id LIMIT 1
) l
LEFT JOIN LATERAL (
    SELECT kind, due_at
    FROM (SELECT kind, due_at FROM deadlines WHERE shop_id = o.shop_id AND order_id = o.id AND state = 'running' OFFSET 0) own
    ORDER BY due_at LIMIT 1
) d ON true
WHERE o.buyer_id = %(buyer_id)s AND o.state = ANY(%(states)s::text[]) AND o.hidden_at IS NULL
  AND o.id < %(before)s AND o.id >= %(from_id)s
  AND (NOT %(refunded_only)s OR (o.refunded_minor > 0 AND NOT o.is_cod)
       OR o.id IN (SELECT order_id FROM cases WHERE buyer_id = %(buyer_id)s))
  AND (%(words)s::text IS NULL OR o.search @@ to_tsquery('simple', %(words)s))
ORDER BY o.id DESC
LIMIT 21;

-- cards_of_orders --
-- Some of the buyer's orders, newest first, as cards.
SELECT o.shop_id, o.id, o.state, o.is_cod, o.purchase_id, o.shop_name, o.buyer_name, o.currency, o.total_minor, o.refunded_minor, o.units,
       o.placed_at, o.payment_method, o.carrier, o.buyer_note, o.reminded_at,
       l.title, l.variant_name, l.image_key, l.quantity, l.unit_price_minor, l.product_id, l.lines,
       d.kind AS clock_kind, d.due_at AS clock_due_at
FROM orders o
CROSS JOIN LATERAL (
    SELECT title, variant_name, image_key, quantity, unit_price_minor, product_id, count(*) OVER () AS lines
    FROM order_lines
    WHERE shop_id = o.shop_id AND order_id = o.id
    ORDER BY id LIMIT 1
) l
LEFT JOIN LATERAL (
    SELECT kind, due_at
    FROM (SELECT kind, due_at FROM deadlines WHERE shop_id = o.shop_id AND order_id = o.id AND state = 'running' OFFSET 0) own
    ORDER BY due_at LIMIT 1
) d ON true
WHERE o.buyer_id = %(buyer_id)s AND o.id = ANY(%(order_ids)s::bigint[])
ORDER BY o.id DESC
LIMIT 100;

-- changed_after --
-- Orders of the buyer, or of the shops, about which a fact was made after an id: what an open page may have missed.
SELECT changed.shop_id, changed.order_id
FROM (
    SELECT DISTINCT o.shop_id, o.id AS order_id
    FROM orders o
    JOIN facts f ON f.shop_id = o.shop_id AND f.order_id = o.id AND f.id > %(after_id)s
    WHERE o.buyer_id = %(buyer_id)s
    UNION
    SELECT f.shop_id, f.order_id
    FROM facts f
    WHERE f.shop_id = ANY(%(shop_ids)s::bigint[]) AND f.id > %(after_id)s AND f.order_id IS NOT NULL
) changed
LIMIT 200;

-- insert_orders --
-- Write new orders.
INSERT INTO orders (shop_id, id, buyer_id, purchase_id, state, payment_method, is_cod, currency, items_minor, shipping_minor, insurance_minor,
                    total_minor, units, shop_name, buyer_name, address, delivery, policy_set_id, buyer_note, search, placed_at, confirmed_at, updated_at)
SELECT o.shop_id, o.id, o.buyer_id, o.purchase_id, o.state, o.payment_method, o.is_cod, o.currency, o.items_minor, o.shipping_minor, o.insurance_minor,
       o.items_minor + o.shipping_minor + o.insurance_minor, o.units, o.shop_name, o.buyer_name, o.address, o.delivery, o.policy_set_id,
       o.buyer_note, to_tsvector('simple', o.search_text), %(at)s, o.confirmed_at, %(at)s
FROM json_to_recordset(%(orders)s::json)
     AS o (shop_id bigint, id bigint, buyer_id bigint, purchase_id bigint, state text, payment_method text, is_cod boolean,
           currency text, items_minor bigint, shipping_minor bigint, insurance_minor bigint, units int, shop_name text, buyer_name text, address jsonb,
           delivery jsonb, policy_set_id uuid, buyer_note text, search_text text, confirmed_at timestamptz);

-- insert_lines --
-- Write the lines of new orders.
INSERT INTO order_lines (shop_id, id, order_id, product_id, variant_id, title, variant_name, seller_sku, image_key, unit_price_minor,
                         quantity, weight_grams)
SELECT *
FROM json_to_recordset(%(lines)s::json)
     AS l (shop_id bigint, id bigint, order_id bigint, product_id bigint, variant_id bigint, title text, variant_name text,
           seller_sku text, image_key text, unit_price_minor bigint, quantity int, weight_grams int);

-- units_bought --
-- How many units of variants buyers ever bought and kept, for purchase limits; bounded by a buyer's orders in a shop.
SELECT o.buyer_id, l.shop_id, l.variant_id, sum(l.quantity - l.cancelled_quantity)::bigint AS units
FROM unnest(%(buyer_ids)s::bigint[], %(shop_ids)s::bigint[], %(variant_ids)s::bigint[]) AS asked (buyer_id, shop_id, variant_id)
JOIN orders o ON o.buyer_id = asked.buyer_id AND o.shop_id = asked.shop_id
JOIN order_lines l ON l.shop_id = o.shop_id AND l.order_id = o.id AND l.variant_id = asked.variant_id
GROUP BY o.buyer_id, l.shop_id, l.variant_id;

-- refused_at_the_door --
-- How many orders paid on delivery came back untaken since a moment, of each buyer's last cancelled ones.
SELECT asked.buyer_id, count(*)::int AS refused
FROM unnest(%(buyer_ids)s::bigint[]) AS asked (buyer_id)
CROSS JOIN LATERAL (
    SELECT is_cod, cancel_reason, cancelled_at FROM orders
    WHERE buyer_id = asked.buyer_id AND state = 'cancelled' ORDER BY id DESC LIMIT 100
) o
WHERE o.is_cod AND o.cancel_reason = 'returned' AND o.cancelled_at >= %(since)s
GROUP BY asked.buyer_id;

-- some_orders --
-- Some orders of the shop but for the policies that bind them, in the order of their ids: policies are most of what an order has to say.
SELECT shop_id, {{columns}}, NULL::jsonb AS policies
FROM orders
WHERE shop_id = %(shop_id)s AND id = ANY(%(order_ids)s::bigint[])
ORDER BY id
LIMIT 200;
