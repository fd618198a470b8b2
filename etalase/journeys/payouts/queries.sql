-- replace_entered --
-- An account that still waits to be verified gives way to a newer one.
UPDATE seller_bank_accounts SET state = 'replaced' WHERE shop_id = %(shop_id)s AND state = 'entered';

-- insert_account --
-- An account that a seller wants to be paid to.
INSERT INTO seller_bank_accounts (shop_id, id, state, bank, number, holder, entered_by, entered_at)
VALUES (%(shop_id)s, %(id)s, 'entered', %(bank)s, %(number)s, %(holder)s, %(entered_by)s, %(at)s);

-- accounts_of_shop --
-- The shop's accounts, newest first.
SELECT shop_id, id, state, bank, number, holder, entered_at, decided_at, usable_from, refusal
FROM seller_bank_accounts WHERE shop_id = %(shop_id)s ORDER BY id DESC LIMIT 10;

-- accounts_to_verify --
-- Accounts that wait for the operator, the longest waiting first.
SELECT shop_id, id, state, bank, number, holder, entered_at, decided_at, usable_from, refusal
FROM seller_bank_accounts WHERE state = 'entered' ORDER BY entered_at LIMIT 50;

-- replace_verified --
-- The account that was paid to until now; answers whether there was one.
UPDATE seller_bank_accounts SET state = 'replaced'
WHERE shop_id = %(shop_id)s AND state = 'verified' AND id <> %(account_id)s
RETURNING id;

-- has_had_account --
-- Whether payouts to this shop ever had somewhere to go.
SELECT EXISTS (SELECT FROM seller_bank_accounts WHERE shop_id = %(shop_id)s AND usable_from IS NOT NULL AND id <> %(account_id)s);

-- decide_account --
-- Compare and set: verified or refused.
UPDATE seller_bank_accounts
SET state = %(to)s, decided_by = %(by)s, decided_at = %(at)s, usable_from = %(usable_from)s, refusal = %(refusal)s
WHERE shop_id = %(shop_id)s AND id = %(account_id)s AND state = ANY(%(sources)s::text[]);

-- insert_batch --
-- A new batch, unless one waits for approval.
INSERT INTO payout_batches (id, state, proposed_by, proposed_at)
VALUES (%(id)s, 'proposed', %(by)s, %(at)s)
ON CONFLICT DO NOTHING;

-- propose_payouts --
-- A payout for each seller who has at least the minimum and an account that can be paid to, and is not being paid already.
INSERT INTO payouts (shop_id, id, batch_id, state, currency, amount_minor, bank, number, holder, proposed_at)
SELECT t.shop_id, %(first_id)s + row_number() OVER (ORDER BY t.shop_id), %(batch_id)s, 'proposed', t.currency, -t.amount_minor,
       a.bank, a.number, a.holder, %(at)s
FROM ledger_totals t
JOIN seller_bank_accounts a ON a.shop_id = t.shop_id AND a.state = 'verified' AND a.usable_from <= %(at)s
WHERE t.account = 'seller_available' AND t.owner_id = 0 AND t.slot = 0 AND t.currency = %(currency)s
  AND -t.amount_minor >= %(minimum_minor)s
  AND NOT EXISTS (SELECT FROM payouts p WHERE p.shop_id = t.shop_id AND p.currency = t.currency AND p.state IN ('proposed', 'approved'))
ORDER BY t.shop_id
LIMIT 500;

-- batches --
-- Batches, newest first, with what the transfers to sellers and owners of wallets come to.
SELECT b.id, b.state, b.proposed_at, b.approved_at, b.ended_at, (p.number + w.number)::int AS payouts,
       (p.amount_minor + w.amount_minor)::bigint AS amount_minor, (p.on_the_way + w.on_the_way)::int AS on_the_way
FROM (SELECT * FROM payout_batches ORDER BY id DESC LIMIT 30) b
CROSS JOIN LATERAL (
    SELECT count(*) AS number, coalesce(sum(amount_minor) FILTER (WHERE state <> 'dropped'), 0) AS amount_minor,
           count(*) FILTER (WHERE state = 'approved') AS on_the_way
    FROM payouts WHERE batch_id = b.id
) p
CROSS JOIN LATERAL (
    SELECT count(*) AS number,
           coalesce(sum(amount_minor - fee_minor) FILTER (WHERE state NOT IN ('refused', 'withdrawn')), 0) AS amount_minor,
           count(*) FILTER (WHERE state = 'approved') AS on_the_way
    FROM withdrawals WHERE batch_id = b.id
) w
ORDER BY b.id DESC
LIMIT 30;

-- payouts_of_batch --
-- The payouts of a batch, in the order in which they are locked.
SELECT shop_id, id, batch_id, state, currency, amount_minor, bank, number, holder, proposed_at, approved_at, paid_at, ended_at, failure
FROM payouts WHERE batch_id = %(batch_id)s ORDER BY shop_id, id LIMIT 500;

-- payouts_of_shop --
-- The shop's payouts, newest first; those that nobody has approved yet are the operator's business.
SELECT shop_id, id, batch_id, state, currency, amount_minor, bank, number, holder, proposed_at, approved_at, paid_at, ended_at, failure
FROM payouts WHERE shop_id = %(shop_id)s AND state IN ('approved', 'paid', 'returned') ORDER BY id DESC LIMIT 30;

-- payouts_before --
-- The shop's approved payouts of a span of time below a key, newest first.
SELECT shop_id, id, batch_id, state, currency, amount_minor, bank, number, holder, proposed_at, approved_at, paid_at, ended_at, failure
FROM payouts
WHERE shop_id = %(shop_id)s AND state IN ('approved', 'paid', 'returned') AND id < %(before)s
  AND proposed_at >= %(since)s AND proposed_at < %(until)s
ORDER BY id DESC
LIMIT %(limit)s;

-- move_batch --
-- Compare and set: the batch takes its next step.
UPDATE payout_batches
SET state = %(to)s,
    approved_by = CASE WHEN %(to)s = 'approved' THEN %(by)s::bigint ELSE approved_by END,
    approved_at = CASE WHEN %(to)s = 'approved' THEN %(at)s::timestamptz ELSE approved_at END,
    ended_at = CASE WHEN %(to)s IN ('dropped', 'closed') THEN %(at)s::timestamptz ELSE ended_at END
WHERE id = %(batch_id)s AND state = ANY(%(sources)s::text[]);

-- move_payout --
-- Compare and set: the payout takes its next step; answers where it stood.
UPDATE payouts p
SET state = %(to)s, failure = %(failure)s,
    approved_at = CASE WHEN %(to)s = 'approved' THEN %(at)s::timestamptz ELSE p.approved_at END,
    paid_at = CASE WHEN %(to)s = 'paid' THEN %(at)s::timestamptz ELSE p.paid_at END,
    ended_at = CASE WHEN %(to)s IN ('paid', 'returned', 'dropped') THEN %(at)s::timestamptz ELSE p.ended_at END
FROM (SELECT shop_id, id, state FROM payouts WHERE shop_id = %(shop_id)s AND id = %(payout_id)s FOR UPDATE) before
WHERE p.shop_id = before.shop_id AND p.id = before.id AND before.state = ANY(%(sources)s::text[])
RETURNING before.state;

-- payout --
-- One payout.
SELECT shop_id, id, batch_id, state, currency, amount_minor, bank, number, holder, proposed_at, approved_at, paid_at, ended_at, failure
FROM payouts WHERE shop_id = %(shop_id)s AND id = %(payout_id)s;

-- close_batch --
-- With the last transfer on its way the batch is closed.
UPDATE payout_batches b SET state = 'closed', ended_at = %(at)s
WHERE b.id = %(batch_id)s AND b.state = 'approved'
  AND NOT EXISTS (SELECT FROM payouts p WHERE p.batch_id = b.id AND p.state IN ('proposed', 'approved'))
  AND NOT EXISTS (SELECT FROM withdrawals w WHERE w.batch_id = b.id AND w.state = 'approved');
