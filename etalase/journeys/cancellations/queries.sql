-- insert_cancellation --
-- A cancellation, asked for or done.
INSERT INTO cancellations (shop_id, id, order_id, state, asked_by, actor_id, reason, note, restock, refund_minor, requested_at, decided_at, decided_by)
VALUES (%(shop_id)s, %(id)s, %(order_id)s, %(state)s, %(asked_by)s, %(actor_id)s, %(reason)s, %(note)s, %(restock)s, %(refund_minor)s,
        %(at)s, CASE WHEN %(state)s = 'requested' THEN NULL ELSE %(at)s::timestamptz END, CASE WHEN %(state)s = 'requested' THEN NULL ELSE %(asked_by)s::text END);

-- insert_cancellation_lines --
-- Which units it is about.
INSERT INTO cancellation_lines (shop_id, cancellation_id, order_line_id, quantity)
SELECT %(shop_id)s, %(cancellation_id)s, line_id, quantity
FROM unnest(%(line_ids)s::bigint[], %(quantities)s::int[]) AS line (line_id, quantity);

-- lock_request --
-- The order's request that waits for an answer, locked.
SELECT shop_id, id, order_id, state, asked_by, actor_id, reason, note, restock, refund_minor, requested_at, decided_at, decided_by, answer
FROM cancellations
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s AND state = 'requested'
FOR UPDATE;

-- cancellations_of_order --
-- Everything that was cancelled or asked to be, newest first.
SELECT shop_id, id, order_id, state, asked_by, actor_id, reason, note, restock, refund_minor, requested_at, decided_at, decided_by, answer
FROM cancellations
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
ORDER BY id DESC
LIMIT 50;

-- units_of_cancellations --
-- Which units cancellations are about.
SELECT cancellation_id, order_line_id, quantity
FROM cancellation_lines
WHERE shop_id = %(shop_id)s AND cancellation_id = ANY(%(cancellation_ids)s::bigint[])
ORDER BY cancellation_id, order_line_id
LIMIT 5000;

-- decide_request --
-- Compare and set: the request gets its answer.
UPDATE cancellations
SET state = %(state)s, decided_at = %(at)s, decided_by = %(decided_by)s, answer = %(answer)s, refund_minor = %(refund_minor)s
WHERE shop_id = %(shop_id)s AND id = %(cancellation_id)s AND state = 'requested';

-- cancellations_of_orders --
-- Everything that was cancelled of some orders or asked to be, newest first.
SELECT shop_id, id, order_id, state, asked_by, actor_id, reason, note, restock, refund_minor, requested_at, decided_at, decided_by, answer
FROM cancellations
WHERE shop_id = %(shop_id)s AND order_id = ANY(%(order_ids)s::bigint[])
ORDER BY id DESC
LIMIT 1000;

-- cancellations_for_programs --
-- A shop's cancellations as other programs ask for them, the newest first.
SELECT c.shop_id, c.id, c.order_id, c.state, c.asked_by, c.actor_id, c.reason, c.note, c.restock, c.refund_minor, c.requested_at, c.decided_at,
       c.decided_by, c.answer
FROM cancellations c
JOIN orders o ON o.shop_id = c.shop_id AND o.id = c.order_id
WHERE c.shop_id = %(shop_id)s AND c.id < %(before_id)s
  AND (%(ids)s::bigint[] IS NULL OR c.id = ANY(%(ids)s::bigint[]))
  AND (%(order_ids)s::bigint[] IS NULL OR c.order_id = ANY(%(order_ids)s::bigint[]))
  AND (%(buyer_ids)s::bigint[] IS NULL OR o.buyer_id = ANY(%(buyer_ids)s::bigint[]))
  AND (%(states)s::text[] IS NULL OR c.state = ANY(%(states)s::text[]))
  AND (%(by_buyer)s::boolean IS NULL OR (c.asked_by = 'buyer') = %(by_buyer)s::boolean)
  AND c.requested_at >= %(created_from)s AND c.requested_at < %(created_until)s
  AND COALESCE(c.decided_at, c.requested_at) >= %(updated_from)s AND COALESCE(c.decided_at, c.requested_at) < %(updated_until)s
ORDER BY c.id DESC
LIMIT %(limit)s;
