-- insert_return --
-- A new request, beside its case.
INSERT INTO returns (shop_id, id, order_id, buyer_id, kind, state, reason, amount_minor, requested_at, updated_at)
VALUES (%(shop_id)s, %(id)s, %(order_id)s, %(buyer_id)s, %(kind)s, 'requested', %(reason)s, %(amount_minor)s, %(at)s, %(at)s);

-- insert_return_lines --
-- Which units it is about.
INSERT INTO return_lines (shop_id, return_id, order_line_id, quantity)
SELECT %(shop_id)s, %(return_id)s, line_id, quantity
FROM unnest(%(line_ids)s::bigint[], %(quantities)s::int[]) AS line (line_id, quantity);

-- lock_return --
-- The return, locked until the transaction ends; its order is locked before.
SELECT shop_id, id, order_id, buyer_id, kind, state, reason, amount_minor, offer_percent, offers, disputes, answer, carrier,
       tracking_number, sent_back_at, received_at, restock, new_carrier, new_number, escalated_by, decision, decision_percent,
       decision_reason, appealed_by, outcome, refund_minor, requested_at, updated_at, ended_at
FROM returns
WHERE shop_id = %(shop_id)s AND id = %(return_id)s
FOR UPDATE;

-- return_of_shop --
-- The return, if it is this shop's.
SELECT shop_id, id, order_id, buyer_id, kind, state, reason, amount_minor, offer_percent, offers, disputes, answer, carrier,
       tracking_number, sent_back_at, received_at, restock, new_carrier, new_number, escalated_by, decision, decision_percent,
       decision_reason, appealed_by, outcome, refund_minor, requested_at, updated_at, ended_at
FROM returns
WHERE shop_id = %(shop_id)s AND id = %(return_id)s;

-- return_of_buyer --
-- The return of the buyer's own order, if it is that.
SELECT r.shop_id, r.id, r.order_id, r.buyer_id, r.kind, r.state, r.reason, r.amount_minor, r.offer_percent, r.offers, r.disputes,
       r.answer, r.carrier, r.tracking_number, r.sent_back_at, r.received_at, r.restock, r.new_carrier, r.new_number,
       r.escalated_by, r.decision, r.decision_percent, r.decision_reason, r.appealed_by, r.outcome, r.refund_minor,
       r.requested_at, r.updated_at, r.ended_at
FROM orders o
JOIN returns r ON r.shop_id = o.shop_id AND r.order_id = o.id
WHERE o.buyer_id = %(buyer_id)s AND o.id = %(order_id)s AND r.id = %(return_id)s;

-- returns_of_order --
-- Everything that was asked to be returned of an order, newest first.
SELECT shop_id, id, order_id, buyer_id, kind, state, reason, amount_minor, offer_percent, offers, disputes, answer, carrier,
       tracking_number, sent_back_at, received_at, restock, new_carrier, new_number, escalated_by, decision, decision_percent,
       decision_reason, appealed_by, outcome, refund_minor, requested_at, updated_at, ended_at
FROM returns
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
ORDER BY id DESC
LIMIT 100;

-- lines_of_returns --
-- Which units returns are about.
SELECT return_id, order_line_id, quantity, received
FROM return_lines
WHERE shop_id = %(shop_id)s AND return_id = ANY(%(return_ids)s::bigint[])
ORDER BY return_id, order_line_id
LIMIT 5000;

-- asked_before --
-- For each line of an order: units in open requests, and how many requests there have been.
SELECT l.order_line_id,
       COALESCE(sum(l.quantity) FILTER (WHERE r.ended_at IS NULL), 0)::int AS held,
       count(*)::int AS requests
FROM returns r
JOIN return_lines l ON l.shop_id = r.shop_id AND l.return_id = r.id
WHERE r.shop_id = %(shop_id)s AND r.order_id = %(order_id)s
GROUP BY l.order_line_id
LIMIT 1000;

-- move_return --
-- Compare and set: the return takes its next state; what is given is kept with it, what is not stays.
UPDATE returns
SET state = %(to)s,
    offer_percent = COALESCE(%(offer_percent)s::int, offer_percent),
    offers = offers + CASE WHEN %(to)s::text = 'offered' THEN 1 ELSE 0 END,
    disputes = disputes + CASE WHEN state = 'rejected' AND %(to)s::text = 'requested' THEN 1 ELSE 0 END,
    answer = COALESCE(%(answer)s::text, answer),
    carrier = COALESCE(%(carrier)s::text, carrier),
    tracking_number = COALESCE(%(tracking_number)s::text, tracking_number),
    sent_back_at = CASE WHEN %(to)s::text = 'returning' THEN %(at)s::timestamptz ELSE sent_back_at END,
    received_at = CASE WHEN %(to)s::text = 'received' THEN %(at)s::timestamptz ELSE received_at END,
    restock = COALESCE(%(restock)s::boolean, restock),
    new_carrier = COALESCE(%(new_carrier)s::text, new_carrier),
    new_number = COALESCE(%(new_number)s::text, new_number),
    escalated_by = COALESCE(%(escalated_by)s::text, escalated_by),
    decision = COALESCE(%(decision)s::text, decision),
    decision_percent = COALESCE(%(decision_percent)s::int, decision_percent),
    decision_reason = COALESCE(%(decision_reason)s::text, decision_reason),
    appealed_by = COALESCE(%(appealed_by)s::text, appealed_by),
    outcome = COALESCE(%(outcome)s::text, outcome),
    refund_minor = COALESCE(%(refund_minor)s::bigint, refund_minor),
    ended_at = CASE WHEN %(is_end)s::boolean THEN %(at)s::timestamptz ELSE ended_at END,
    updated_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(return_id)s AND state = ANY(%(sources)s::text[])
RETURNING shop_id, id, order_id, buyer_id, kind, state, reason, amount_minor, offer_percent, offers, disputes, answer, carrier,
          tracking_number, sent_back_at, received_at, restock, new_carrier, new_number, escalated_by, decision, decision_percent,
          decision_reason, appealed_by, outcome, refund_minor, requested_at, updated_at, ended_at;

-- decide_again --
-- The operator's last word on an appeal.
UPDATE returns
SET decision = %(decision)s, decision_percent = %(decision_percent)s, decision_reason = %(decision_reason)s, updated_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(return_id)s AND state = 'appealed'
RETURNING shop_id, id, order_id, buyer_id, kind, state, reason, amount_minor, offer_percent, offers, disputes, answer, carrier,
          tracking_number, sent_back_at, received_at, restock, new_carrier, new_number, escalated_by, decision, decision_percent,
          decision_reason, appealed_by, outcome, refund_minor, requested_at, updated_at, ended_at;

-- count_received --
-- How many of each line really came back.
UPDATE return_lines AS l
SET received = counted.received
FROM unnest(%(line_ids)s::bigint[], %(received)s::int[]) AS counted (line_id, received)
WHERE l.shop_id = %(shop_id)s AND l.return_id = %(return_id)s AND l.order_line_id = counted.line_id;

-- part own_doing --
reason IN ('no_stock', 'price_error', 'cannot_ship', 'damaged', 'not_confirmed', 'not_arranged', 'not_collected')

-- part desk --
kind IN ('cancel.seller_response', 'return.seller_review', 'return.inspect', 'return.replace', 'claim.seller_response')

-- desk_of_shop --
-- What waits for the seller's answer, cancellations, returns and claims, most urgent first; the keyset is the clock.
SELECT d.id AS clock_id, d.kind AS clock_kind, d.due_at, d.subject_id, o.id AS order_id, o.buyer_name, o.currency,
       COALESCE(r.kind, m.kind, 'cancellation') AS kind, COALESCE(r.reason, m.reason, c.reason) AS reason,
       COALESCE(r.amount_minor, m.amount_minor, 0) AS amount_minor, COALESCE(r.state, m.state, c.state) AS state, l.title, l.image_key
FROM (
    SELECT id, kind, due_at, subject_id, order_id FROM deadlines
    WHERE shop_id = %(shop_id)s AND state = 'running' AND {{desk}}
      AND (due_at, id) > (%(after_due)s::timestamptz, %(after_id)s::bigint)
    ORDER BY due_at, id LIMIT %(limit)s
) d
CROSS JOIN LATERAL (SELECT * FROM orders WHERE shop_id = %(shop_id)s AND id = d.order_id LIMIT 1) o
LEFT JOIN LATERAL (SELECT kind, reason, amount_minor, state FROM returns WHERE shop_id = %(shop_id)s AND id = d.subject_id LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT kind, reason, amount_minor, state FROM claims WHERE shop_id = %(shop_id)s AND id = d.subject_id LIMIT 1) m ON true
LEFT JOIN LATERAL (SELECT reason, state FROM cancellations WHERE shop_id = %(shop_id)s AND id = d.subject_id LIMIT 1) c ON true
CROSS JOIN LATERAL (
    SELECT title, image_key FROM order_lines WHERE shop_id = %(shop_id)s AND order_id = o.id ORDER BY id LIMIT 1
) l
ORDER BY d.due_at, d.id;

-- count_desk --
-- How much waits for the seller's answer by the kind of its clock, read no further than asked.
SELECT kind, count(*)::int AS waiting
FROM (SELECT kind FROM deadlines WHERE shop_id = %(shop_id)s AND state = 'running' AND {{desk}} ORDER BY due_at, id LIMIT 1000) desk
GROUP BY kind;

-- list_of_shop --
-- The shop's returns in the states, newest first.
SELECT 0::bigint AS clock_id, ''::text AS clock_kind, NULL::timestamptz AS due_at, r.id AS subject_id, o.id AS order_id, o.buyer_name,
       o.currency, r.kind, r.reason, r.amount_minor, r.state, l.title, l.image_key
FROM (
    SELECT along.id
    FROM unnest(%(states)s::text[]) AS wanted (state)
    CROSS JOIN LATERAL (
        SELECT id FROM returns
        WHERE shop_id = %(shop_id)s AND (state, id) < (wanted.state, %(before)s::bigint) AND (state, id) > (wanted.state, 0)
        ORDER BY state DESC, id DESC LIMIT 21
    ) along
    ORDER BY along.id DESC LIMIT 21
) page
CROSS JOIN LATERAL (SELECT * FROM returns WHERE shop_id = %(shop_id)s AND id = page.id LIMIT 1) r
CROSS JOIN LATERAL (SELECT * FROM orders WHERE shop_id = %(shop_id)s AND id = r.order_id LIMIT 1) o
CROSS JOIN LATERAL (
    SELECT title, image_key FROM order_lines WHERE shop_id = %(shop_id)s AND order_id = o.id ORDER BY id LIMIT 1
) l
ORDER BY r.id DESC;

-- updated_since --
-- The shop's returns by when they last changed, for connectors; the keyset is the change.
SELECT shop_id, id, order_id, buyer_id, kind, state, reason, amount_minor, offer_percent, offers, disputes, answer, carrier,
       tracking_number, sent_back_at, received_at, restock, new_carrier, new_number, escalated_by, decision, decision_percent,
       decision_reason, appealed_by, outcome, refund_minor, requested_at, updated_at, ended_at
FROM returns
WHERE shop_id = %(shop_id)s AND (updated_at, id) > (%(after_at)s::timestamptz, %(after_id)s::bigint) AND updated_at < %(until)s
ORDER BY updated_at, id
LIMIT %(limit)s;

-- escalated --
-- What the operator has to decide, of all shops, the longest waiting first.
SELECT shop_id, id, order_id, buyer_id, kind, state, reason, amount_minor, offer_percent, offers, disputes, answer, carrier,
       tracking_number, sent_back_at, received_at, restock, new_carrier, new_number, escalated_by, decision, decision_percent,
       decision_reason, appealed_by, outcome, refund_minor, requested_at, updated_at, ended_at
FROM returns
WHERE state IN ('escalated', 'appealed')
ORDER BY updated_at, id
LIMIT %(limit)s;

-- refund_ids_of --
-- Money that went back because of the return.
SELECT id FROM refunds
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s AND case_id = %(return_id)s
ORDER BY id
LIMIT 20;

-- statistics_of_shop --
-- What went back of the lines ordered since an id: by product, kind and reason, with what was ordered and kept of each product.
-- Money of several lines is shared by their worth. No more than the newest 50,000 lines are looked at, and what is younger
-- than the oldest of them: nothing comes back before it was ordered.
WITH ordered AS (
    SELECT id, order_id, product_id, title, quantity, cancelled_quantity, unit_price_minor
    FROM order_lines
    WHERE shop_id = %(shop_id)s AND id >= %(since_id)s
    ORDER BY id DESC LIMIT 50000
), happened AS (
    SELECT 'return' AS kind, r.reason, r.id, r.refund_minor AS cost_minor, b.order_line_id, b.quantity
    FROM returns r
    JOIN return_lines b ON b.shop_id = r.shop_id AND b.return_id = r.id
    WHERE r.shop_id = %(shop_id)s AND r.id >= (SELECT min(id) FROM ordered) AND r.state <> 'withdrawn'
    UNION ALL
    SELECT 'cancellation', c.reason, c.id, c.refund_minor, b.order_line_id, b.quantity
    FROM cancellations c
    JOIN cancellation_lines b ON b.shop_id = c.shop_id AND b.cancellation_id = c.id
    WHERE c.shop_id = %(shop_id)s AND c.id >= (SELECT min(id) FROM ordered) AND c.state = 'done'
    UNION ALL
    SELECT 'claim', m.reason, m.id, m.paid_minor, b.id, b.quantity - b.cancelled_quantity
    FROM claims m
    JOIN order_lines b ON b.shop_id = m.shop_id AND b.order_id = m.order_id AND b.quantity > b.cancelled_quantity
    WHERE m.shop_id = %(shop_id)s AND m.id >= (SELECT min(id) FROM ordered) AND m.outcome <> 'withdrawn'
), back AS (
    SELECT h.kind, h.reason, h.id, h.quantity, o.product_id,
           COALESCE(h.cost_minor * (h.quantity * o.unit_price_minor)
                    / NULLIF(sum(h.quantity * o.unit_price_minor) OVER (PARTITION BY h.id), 0), 0) AS cost_minor
    FROM happened h JOIN ordered o ON o.id = h.order_line_id
), products AS (
    SELECT product_id, (array_agg(title ORDER BY id DESC))[1] AS title, sum(quantity)::int AS ordered,
           sum(quantity - cancelled_quantity)::int AS kept
    FROM ordered WHERE product_id IN (SELECT product_id FROM back)
    GROUP BY product_id
)
SELECT p.product_id, p.title, p.ordered, p.kept, b.kind, b.reason, count(DISTINCT b.id)::int AS cases, sum(b.quantity)::int AS units,
       round(sum(b.cost_minor))::bigint AS cost_minor
FROM back b JOIN products p ON p.product_id = b.product_id
GROUP BY p.product_id, p.title, p.ordered, p.kept, b.kind, b.reason
ORDER BY units DESC, p.product_id, b.kind, b.reason
LIMIT 2000;

-- statistics_of_shops --
-- Returns, claims and cancellations of their own doing since an id by shop, those with the most first, beside their orders since.
-- No more than the newest 20,000 of each are looked at, and no more than 10,000 orders a shop.
WITH happened AS (
    (SELECT shop_id, 'return' AS kind, refund_minor AS cost_minor FROM returns
     WHERE id >= %(since_id)s AND state <> 'withdrawn' ORDER BY id DESC LIMIT 20000)
    UNION ALL
    (SELECT shop_id, 'claim', paid_minor FROM claims
     WHERE id >= %(since_id)s AND outcome <> 'withdrawn' ORDER BY id DESC LIMIT 20000)
    UNION ALL
    (SELECT shop_id, 'cancellation', refund_minor FROM cancellations
     WHERE id >= %(since_id)s AND state = 'done' AND {{own_doing}} ORDER BY id DESC LIMIT 20000)
), worst AS (
    SELECT shop_id, count(*) FILTER (WHERE kind = 'return')::int AS returns, count(*) FILTER (WHERE kind = 'claim')::int AS claims,
           count(*) FILTER (WHERE kind = 'cancellation')::int AS cancellations, sum(cost_minor)::bigint AS cost_minor, count(*) AS cases
    FROM happened GROUP BY shop_id ORDER BY cases DESC, shop_id LIMIT 50
)
SELECT w.shop_id, s.name, w.returns, w.claims, w.cancellations, w.cost_minor, o.orders
FROM worst w
JOIN shops s ON s.shop_id = w.shop_id
CROSS JOIN LATERAL (
    SELECT count(*)::int AS orders
    FROM (SELECT FROM orders WHERE shop_id = w.shop_id AND id >= %(since_id)s LIMIT 10000) since
) o
ORDER BY w.cases DESC, w.shop_id;
