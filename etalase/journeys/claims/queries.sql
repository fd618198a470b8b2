-- insert_claim --
-- A new claim; the index refuses a second open one of its kind for the order.
INSERT INTO claims (shop_id, id, order_id, buyer_id, parcel_id, kind, opened_by, state, reason, checks, amount_minor, opened_at, updated_at)
VALUES (%(shop_id)s, %(id)s, %(order_id)s, %(buyer_id)s, %(parcel_id)s, %(kind)s, %(opened_by)s, %(state)s, %(reason)s, %(checks)s,
        %(amount_minor)s, %(at)s, %(at)s);

-- lock_claim --
-- The claim, locked until the transaction ends.
SELECT shop_id, id, order_id, buyer_id, parcel_id, kind, opened_by, state, reason, checks, amount_minor, has_answer, decision,
       decision_reason, decision_text, decided_by, decided_at, appealed_by, outcome, paid_minor, opened_at, updated_at, ended_at
FROM claims
WHERE shop_id = %(shop_id)s AND id = %(claim_id)s
FOR UPDATE;

-- claim_of_shop --
-- The claim, if it is about an order of this shop.
SELECT shop_id, id, order_id, buyer_id, parcel_id, kind, opened_by, state, reason, checks, amount_minor, has_answer, decision,
       decision_reason, decision_text, decided_by, decided_at, appealed_by, outcome, paid_minor, opened_at, updated_at, ended_at
FROM claims
WHERE shop_id = %(shop_id)s AND id = %(claim_id)s;

-- claim_of_buyer --
-- The claim, if it is about this order of this buyer.
SELECT c.shop_id, c.id, c.order_id, c.buyer_id, c.parcel_id, c.kind, c.opened_by, c.state, c.reason, c.checks, c.amount_minor,
       c.has_answer, c.decision, c.decision_reason, c.decision_text, c.decided_by, c.decided_at, c.appealed_by, c.outcome,
       c.paid_minor, c.opened_at, c.updated_at, c.ended_at
FROM orders o
JOIN claims c ON c.shop_id = o.shop_id AND c.order_id = o.id
WHERE o.buyer_id = %(buyer_id)s AND o.id = %(order_id)s AND c.id = %(claim_id)s;

-- claims_of_order --
-- Every claim about the order, newest first.
SELECT shop_id, id, order_id, buyer_id, parcel_id, kind, opened_by, state, reason, checks, amount_minor, has_answer, decision,
       decision_reason, decision_text, decided_by, decided_at, appealed_by, outcome, paid_minor, opened_at, updated_at, ended_at
FROM claims
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
ORDER BY id DESC
LIMIT 20;

-- open_claims_of_shop --
-- The shop's open claims, newest first.
SELECT shop_id, id, order_id, buyer_id, parcel_id, kind, opened_by, state, reason, checks, amount_minor, has_answer, decision,
       decision_reason, decision_text, decided_by, decided_at, appealed_by, outcome, paid_minor, opened_at, updated_at, ended_at
FROM claims
WHERE shop_id = %(shop_id)s AND state <> 'closed' AND id < %(before)s
ORDER BY id DESC
LIMIT %(limit)s;

-- move_claim --
-- Compare and set: the claim takes a step.
UPDATE claims
SET state = %(to)s, updated_at = %(at)s,
    has_answer = has_answer OR %(has_answer)s,
    appealed_by = COALESCE(%(appealed_by)s, appealed_by)
WHERE shop_id = %(shop_id)s AND id = %(claim_id)s AND state = ANY(%(sources)s::text[])
RETURNING shop_id, id, order_id, buyer_id, parcel_id, kind, opened_by, state, reason, checks, amount_minor, has_answer, decision,
       decision_reason, decision_text, decided_by, decided_at, appealed_by, outcome, paid_minor, opened_at, updated_at, ended_at;

-- set_decision --
-- Keep what was decided and why.
UPDATE claims
SET decision = %(decision)s, decision_reason = %(reason)s, decision_text = %(text)s, decided_by = %(decided_by)s, decided_at = %(at)s
WHERE shop_id = %(shop_id)s AND id = %(claim_id)s
RETURNING shop_id, id, order_id, buyer_id, parcel_id, kind, opened_by, state, reason, checks, amount_minor, has_answer, decision,
       decision_reason, decision_text, decided_by, decided_at, appealed_by, outcome, paid_minor, opened_at, updated_at, ended_at;

-- close_claim --
-- Compare and set: the claim is over.
UPDATE claims
SET state = 'closed', outcome = %(outcome)s, paid_minor = %(paid_minor)s, ended_at = %(at)s, updated_at = %(at)s,
    has_answer = has_answer OR %(has_answer)s
WHERE shop_id = %(shop_id)s AND id = %(claim_id)s AND state = ANY(%(sources)s::text[])
RETURNING shop_id, id, order_id, buyer_id, parcel_id, kind, opened_by, state, reason, checks, amount_minor, has_answer, decision,
       decision_reason, decision_text, decided_by, decided_at, appealed_by, outcome, paid_minor, opened_at, updated_at, ended_at;

-- note_answer --
-- Keep that the seller said something.
UPDATE claims SET has_answer = true, updated_at = %(at)s WHERE shop_id = %(shop_id)s AND id = %(claim_id)s;

-- disputes --
-- Claims whose clocks are of some kinds, of all shops, the next clock first, after a moment and an id.
SELECT c.shop_id, c.id, c.order_id, c.kind, c.state, c.reason, c.amount_minor, c.opened_by, c.has_answer, o.shop_name, o.buyer_name,
       o.currency, d.due_at, d.id AS deadline_id
FROM (
    SELECT shop_id, id, subject_id, order_id, due_at
    FROM deadlines
    WHERE state = 'running' AND subject_kind = 'case' AND kind = ANY(%(kinds)s::text[]) AND (due_at, id) > (%(after)s, %(after_id)s)
    ORDER BY due_at, id
    LIMIT %(limit)s
) d
JOIN LATERAL (SELECT * FROM claims WHERE shop_id = d.shop_id AND id = d.subject_id OFFSET 0) c ON true
JOIN LATERAL (SELECT shop_name, buyer_name, currency FROM orders WHERE shop_id = d.shop_id AND id = d.order_id OFFSET 0) o ON true
ORDER BY d.due_at, d.id
LIMIT %(limit)s;
