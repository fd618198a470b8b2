-- cards_of_shop --
-- The shop's orders in the states, newest first, as cards. Each state is read along the index in whose order rows are compared
-- and sorted: no other index has that order, so that no estimate can choose one. Orders are then looked up one by one (LIMIT 1),
-- an order's clocks by the order (OFFSET 0), not along all clocks in the order in which they run out. The page's size is written
-- here: with a parameter for it the statement would be planned anew each time, which takes longer than reading the page.
SELECT o.shop_id, o.id, o.state, o.is_cod, o.purchase_id, o.shop_name, o.buyer_name, o.currency, o.total_minor, o.refunded_minor, o.units,
       o.placed_at, o.payment_method, o.carrier, o.buyer_note, o.reminded_at,
       l.title, l.variant_name, l.image_key, l.quantity, l.unit_price_minor, l.product_id, l.lines,
       d.kind AS clock_kind, d.due_at AS clock_due_at
FROM (
    SELECT along.id
    FROM unnest(%(states)s::text[]) AS wanted (state)
    CROSS JOIN LATERAL (
        SELECT id FROM orders
        WHERE shop_id = %(shop_id)s AND (state, id) < (wanted.state, %(before)s::bigint)
          AND (state, id) >= (wanted.state, %(from_id)s::bigint)
        ORDER BY state DESC, id DESC LIMIT 21
    ) along
    ORDER BY along.id DESC LIMIT 21
) page
CROSS JOIN LATERAL (SELECT * FROM orders WHERE shop_id = %(shop_id)s AND id = page.id LIMIT 1) o
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
ORDER BY o.id DESC;

-- cards_by_id --
-- Some of the shop's orders, newest first, as cards.
SELECT o.shop_id, o.id, o.state, o.is_cod, o.purchase_id, o.shop_name, o.buyer_name, o.currency, o.total_minor, o.refunded_minor, o.units,
       o.placed_at, o.payment_method, o.carrier, o.buyer_note, o.reminded_at,
       l.title, l.variant_name, l.image_key, l.quantity, l.unit_price_minor, l.product_id, l.lines,
       d.kind AS clock_kind, d.due_at AS clock_due_at
FROM unnest(%(order_ids)s::bigint[]) AS page (id)
CROSS JOIN LATERAL (SELECT * FROM orders WHERE shop_id = %(shop_id)s AND id = page.id LIMIT 1) o
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
ORDER BY o.id DESC
LIMIT 200;

-- ids_of_shop --
-- The shop's orders in the states, newest first, as many as asked for.
SELECT along.id
FROM unnest(%(states)s::text[]) AS wanted (state)
CROSS JOIN LATERAL (
    SELECT id FROM orders
    WHERE shop_id = %(shop_id)s AND (state, id) < (wanted.state, %(before)s::bigint)
      AND (state, id) >= (wanted.state, %(from_id)s::bigint)
    ORDER BY state DESC, id DESC LIMIT %(limit)s
) along
ORDER BY along.id DESC
LIMIT %(limit)s;

-- ids_narrowed --
-- The shop's orders in the states, by way of payment, carrier or both, newest first. Every combination is a range of one
-- index; without a carrier those that occur are found by leaps along it.
SELECT along.id
FROM unnest(%(states)s::text[]) AS wanted (state)
CROSS JOIN unnest(%(are_cod)s::boolean[]) AS paid (is_cod)
CROSS JOIN LATERAL (
    WITH RECURSIVE leaps AS (
        (SELECT carrier FROM orders
         WHERE shop_id = %(shop_id)s AND is_cod = paid.is_cod AND %(carrier)s::text IS NULL
         ORDER BY carrier LIMIT 1)
        UNION ALL
        SELECT (SELECT carrier FROM orders
                WHERE shop_id = %(shop_id)s AND is_cod = paid.is_cod AND carrier > leaps.carrier
                ORDER BY carrier LIMIT 1)
        FROM leaps WHERE leaps.carrier IS NOT NULL
    )
    SELECT leaps.carrier FROM leaps WHERE leaps.carrier IS NOT NULL
    UNION ALL
    SELECT %(carrier)s::text WHERE %(carrier)s::text IS NOT NULL
) brought
CROSS JOIN LATERAL (
    SELECT id FROM orders
    WHERE shop_id = %(shop_id)s AND (is_cod, carrier, state, id) < (paid.is_cod, brought.carrier, wanted.state, %(before)s::bigint)
      AND (is_cod, carrier, state, id) >= (paid.is_cod, brought.carrier, wanted.state, %(from_id)s::bigint)
    ORDER BY is_cod DESC, carrier DESC, state DESC, id DESC LIMIT %(limit)s
) along
ORDER BY along.id DESC
LIMIT %(limit)s;

-- part to_act_on --
kind IN ('confirm.deadline', 'ship.autocancel', 'cancel.seller_response', 'return.seller_review', 'return.inspect', 'return.replace', 'claim.seller_response')

-- cards_to_act_on --
-- The shop's orders with a clock that waits for the seller (rules.SELLER_CLOCKS, as the index has them), most urgent
-- first; the keyset is the clock. An order with two such clocks is shown once, at the earlier one. Clocks are looked at no
-- further than the window goes.
SELECT o.shop_id, o.id, o.state, o.is_cod, o.purchase_id, o.shop_name, o.buyer_name, o.currency, o.total_minor, o.refunded_minor, o.units,
       o.placed_at, o.payment_method, o.carrier, o.buyer_note, o.reminded_at,
       l.title, l.variant_name, l.image_key, l.quantity, l.unit_price_minor, l.product_id, l.lines,
       d.kind AS clock_kind, d.due_at AS clock_due_at, d.subject_id AS clock_subject_id
FROM (
    SELECT id, order_id, subject_id, kind, due_at FROM deadlines
    WHERE shop_id = %(shop_id)s AND state = 'running' AND {{to_act_on}}
      AND (due_at, order_id) > (%(after_due)s::timestamptz, %(after_id)s::bigint)
    ORDER BY due_at, order_id LIMIT %(window)s
) d
CROSS JOIN LATERAL (
    SELECT * FROM orders
    WHERE shop_id = %(shop_id)s AND id = d.order_id AND id >= %(from_id)s AND id < %(until_id)s
      AND (%(is_cod)s::boolean IS NULL OR is_cod = %(is_cod)s)
      AND (%(carrier)s::text IS NULL OR carrier = %(carrier)s)
      AND (%(words)s::text IS NULL OR search @@ to_tsquery('simple', %(words)s))
    LIMIT 1
) o
CROSS JOIN LATERAL (
    SELECT own.id
    FROM (SELECT id, due_at FROM deadlines
          WHERE shop_id = %(shop_id)s AND order_id = o.id AND state = 'running'
            AND {{to_act_on}} OFFSET 0) own
    ORDER BY own.due_at, own.id LIMIT 1
) earliest
CROSS JOIN LATERAL (
    SELECT title, variant_name, image_key, quantity, unit_price_minor, product_id, count(*) OVER () AS lines
    FROM order_lines
    WHERE shop_id = o.shop_id AND order_id = o.id
    ORDER BY id LIMIT 1
) l
WHERE d.id = earliest.id
ORDER BY d.due_at, d.order_id
LIMIT %(limit)s;

-- end_of_window --
-- The last clock that cards_to_act_on looked at, if there may be more behind it.
SELECT due_at, order_id FROM deadlines
WHERE shop_id = %(shop_id)s AND state = 'running' AND {{to_act_on}}
  AND (due_at, order_id) > (%(after_due)s::timestamptz, %(after_id)s::bigint)
ORDER BY due_at, order_id
OFFSET %(window)s - 1 LIMIT 1;

-- count_to_act_on --
-- How many orders wait for the seller, read no further than asked.
SELECT count(DISTINCT order_id) AS orders
FROM (SELECT order_id FROM deadlines
      WHERE shop_id = %(shop_id)s AND state = 'running' AND {{to_act_on}}
      ORDER BY due_at, order_id LIMIT 1000) waiting;
