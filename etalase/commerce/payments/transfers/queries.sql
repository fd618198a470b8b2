-- awaited_transfers --
-- Payments that a transfer may be for: those that wait, and those that ended or were paid not long ago. The oldest first.
SELECT p.buyer_id, p.id AS payment_id, p.purchase_id, p.state, p.amount_minor, p.currency, p.expires_at, p.started_at, a.name AS buyer_name,
       (SELECT coalesce(sum(c.amount_minor), 0)::bigint FROM captures c
        WHERE c.buyer_id = p.buyer_id AND c.payment_id = p.id AND c.use = 'part') AS held_minor,
       ARRAY(SELECT c.amount_minor FROM captures c
             WHERE c.buyer_id = p.buyer_id AND c.payment_id = p.id AND starts_with(c.attempt, %(by_hand)s) LIMIT 50) AS confirmed_minor
FROM payments p
JOIN accounts a ON a.id = p.buyer_id
WHERE p.provider = 'bank_transfer' AND p.started_at > %(started_after)s
ORDER BY p.started_at
LIMIT %(limit)s;

-- insert_proof --
-- A picture that the buyer shows.
INSERT INTO transfer_proofs (buyer_id, id, payment_id, file_key, state, sent_at)
VALUES (%(buyer_id)s, %(id)s, %(payment_id)s, %(file_key)s, 'sent', %(at)s);

-- proofs_of_payments --
-- What buyers showed for these payments, the latest first.
SELECT t.buyer_id, t.id, t.payment_id, t.file_key, t.state, t.reason, t.sent_at
FROM unnest(%(buyer_ids)s::bigint[], %(payment_ids)s::bigint[]) AS wanted (buyer_id, payment_id)
CROSS JOIN LATERAL (
    SELECT * FROM transfer_proofs
    WHERE buyer_id = wanted.buyer_id AND payment_id = wanted.payment_id ORDER BY id DESC LIMIT 10
) AS t;

-- decide_proofs --
-- Compare and set: the pictures of a payment that wait have been looked at.
UPDATE transfer_proofs SET state = %(to)s, reason = %(reason)s, decided_at = %(at)s
WHERE buyer_id = %(buyer_id)s AND payment_id = %(payment_id)s AND state = 'sent';

-- insert_lines --
-- Lines of a statement, each once however often it is imported; one a position of the arrays.
INSERT INTO statement_lines (id, import_id, digest, booked_on, description, amount_minor, currency, state, imported_at)
SELECT l.id, %(import_id)s, l.digest, l.booked_on, l.description, l.amount_minor, l.currency, 'new', %(at)s
FROM unnest(%(ids)s::bigint[], %(digests)s::text[], %(days)s::date[], %(descriptions)s::text[], %(amounts_minor)s::bigint[],
            %(currencies)s::text[]) AS l (id, digest, booked_on, description, amount_minor, currency)
ON CONFLICT ON CONSTRAINT statement_lines_once DO NOTHING;

-- new_lines --
-- Lines that have had no effect yet, in the order of the statement.
SELECT id, booked_on, description, amount_minor, currency FROM statement_lines
WHERE state = 'new'
ORDER BY id
LIMIT %(limit)s;

-- line --
-- One line that has had no effect yet.
SELECT id, booked_on, description, amount_minor, currency FROM statement_lines
WHERE id = %(line_id)s AND state = 'new';

-- end_line --
-- Compare and set: the line was used for a payment, or is set aside (with the payment whose money had been confirmed by hand).
UPDATE statement_lines
SET state = %(to)s, buyer_id = %(buyer_id)s, payment_id = %(payment_id)s, applied_at = %(at)s
WHERE id = %(line_id)s AND state = 'new';

-- lines_set_aside --
-- Amounts of lines that told of money confirmed by hand, by payment.
SELECT l.payment_id, l.amount_minor
FROM unnest(%(payment_ids)s::bigint[]) AS wanted (payment_id)
CROSS JOIN LATERAL (
    SELECT payment_id, amount_minor FROM statement_lines
    WHERE payment_id = wanted.payment_id AND state = 'left' LIMIT 50
) AS l
LIMIT %(limit)s;
