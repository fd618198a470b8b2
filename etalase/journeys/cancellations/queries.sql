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
