-- shops_after --
-- The shops that have sold or have been paid anything, a page at a time.
SELECT s.shop_id FROM shops s
WHERE s.shop_id > %(after)s AND (EXISTS (SELECT FROM orders o WHERE o.shop_id = s.shop_id)
                                 OR EXISTS (SELECT FROM ledger_entries e WHERE e.shop_id = s.shop_id))
ORDER BY s.shop_id LIMIT 200;

-- end_of_postings --
-- Where a batch of a shop's postings ends, and how many entries it has.
SELECT coalesce(max(posting_id), 0)::bigint AS last, count(*)::bigint AS size
FROM (SELECT posting_id FROM ledger_entries WHERE shop_id = %(shop_id)s AND posting_id > %(after)s
      ORDER BY posting_id LIMIT 5000) AS batch;

-- postings_that_disagree --
-- Postings of a batch that don't sum to zero, or that name an order which does not exist.
WITH postings AS (
    SELECT posting_id, currency, sum(amount_minor)::bigint AS amount_minor, max(order_id) AS order_id
    FROM ledger_entries
    WHERE shop_id = %(shop_id)s AND posting_id > %(after)s AND posting_id <= %(until)s
    GROUP BY posting_id, currency
)
SELECT 'postings balance' AS proof, %(shop_id)s::bigint AS shop_id, posting_id AS subject_id, currency,
       0::bigint AS expected_minor, amount_minor AS found_minor
FROM postings WHERE amount_minor <> 0
UNION ALL
SELECT 'entries have their order', %(shop_id)s::bigint, p.posting_id, p.currency, 0, 1
FROM postings p
WHERE p.order_id IS NOT NULL AND NOT EXISTS (SELECT FROM orders o WHERE o.shop_id = %(shop_id)s AND o.id = p.order_id)
LIMIT 200;

-- end_of_orders --
-- Where a batch of a shop's orders ends, and how many it has.
SELECT coalesce(max(id), 0)::bigint AS last, count(*)::bigint AS size
FROM (SELECT id FROM orders WHERE shop_id = %(shop_id)s AND id > %(after)s ORDER BY id LIMIT 2000) AS batch;

-- orders_that_disagree --
-- Orders of a batch whose own figures and whose entries and refunds say different things, one row for each proof that fails.
WITH batch AS (
    SELECT o.id, o.buyer_id, o.state, o.currency, o.is_cod, o.refunded_minor, o.total_minor - o.refunded_minor AS kept,
           o.paid_at IS NOT NULL OR o.is_cod AND o.state IN ('delivered', 'completed') AS is_paid
    FROM orders o
    WHERE o.shop_id = %(shop_id)s AND o.id > %(after)s AND o.id <= %(until)s
), sums AS (
    SELECT b.*, r.amount AS refunds, coalesce(e.paid_in, 0) AS paid_in, coalesce(e.held, 0) AS held,
           coalesce(e.credited, 0) AS credited, coalesce(e.sent_back, 0) AS sent_back,
           coalesce(e.added, 0) AS added, coalesce(e.premium, 0) AS premium, coalesce(e.settled, 0) AS settled,
           coalesce(n.net_minor, 0) AS net, coalesce(n.commission_minor, 0) AS commission,
           coalesce(c.commission_minor, n.commission_minor, 0) AS commission_by_line
    FROM batch b
    LEFT JOIN settlements n ON n.shop_id = %(shop_id)s AND n.order_id = b.id
    LEFT JOIN LATERAL (
        SELECT sum(commission_minor) AS commission_minor FROM settlement_lines c WHERE c.shop_id = %(shop_id)s AND c.order_id = b.id
    ) c ON true
    LEFT JOIN LATERAL (
        SELECT sum(amount_minor) FILTER (WHERE account IN ('provider_clearing', 'cod_receivable')) AS paid_in,
               -sum(amount_minor) FILTER (WHERE account = 'escrow') AS held,
               -sum(amount_minor) FILTER (WHERE account IN ('seller_pending', 'seller_available', 'commission', 'platform_fee',
                                                            'shipping', 'tax')
                                            AND cause NOT IN ('compensation', 'insurance claim', 'adjustment')) AS credited,
               -sum(amount_minor) FILTER (WHERE account = 'provider_clearing' AND cause = 'refund') AS sent_back,
               -sum(amount_minor) FILTER (WHERE account = 'escrow' AND cause IN ('subsidy', 'compensation', 'insurance claim'))
                   AS added,
               sum(amount_minor) FILTER (WHERE account = 'escrow' AND cause = 'insurance premium') AS premium,
               -sum(amount_minor) FILTER (WHERE account = 'seller_available' AND cause = 'settlement') AS settled
        FROM ledger_entries e WHERE e.shop_id = %(shop_id)s AND e.order_id = b.id
    ) e ON true
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(amount_minor), 0) AS amount FROM refunds r WHERE r.buyer_id = b.buyer_id AND r.order_id = b.id
    ) r ON true
)
SELECT said.proof, %(shop_id)s::bigint AS shop_id, s.id AS subject_id, s.currency, said.expected::bigint AS expected_minor,
       said.found::bigint AS found_minor
FROM sums s
CROSS JOIN LATERAL (VALUES
    ('orders are paid what they cost', CASE WHEN s.is_paid THEN s.kept ELSE 0 END, s.paid_in),
    ('held money', CASE WHEN s.is_paid AND s.state NOT IN ('completed', 'cancelled') THEN s.kept + s.added - s.premium ELSE 0 END,
     s.held),
    ('credited to sellers', CASE WHEN s.state = 'completed' THEN s.kept + s.added - s.premium ELSE 0 END, s.credited),
    ('refunds of orders', CASE WHEN s.is_cod THEN least(s.refunded_minor, s.refunds) ELSE s.refunded_minor END, s.refunds),
    ('refunds are posted', s.refunds, s.sent_back),
    ('settlements', s.net, s.settled),
    ('commission by line', s.commission, s.commission_by_line)
) AS said (proof, expected, found)
WHERE said.expected <> said.found
ORDER BY s.id
LIMIT 200;

-- end_of_refunds --
-- Where a batch of refunds ends, over all buyers, and how many it has.
SELECT coalesce(max(id), 0)::bigint AS last, count(*)::bigint AS size, coalesce(max(buyer_id), 0)::bigint AS last_buyer
FROM (SELECT buyer_id, id FROM refunds WHERE buyer_id > %(buyer_id)s ORDER BY buyer_id LIMIT 2000) AS batch;

-- refunds_that_disagree --
-- Payments of some buyers of which more went back than arrived.
SELECT 'refunds within payments' AS proof, 0::bigint AS shop_id, r.payment_id AS subject_id, r.currency,
       coalesce(c.amount, 0)::bigint AS expected_minor, r.amount::bigint AS found_minor
FROM (SELECT buyer_id, payment_id, currency, sum(amount_minor) AS amount FROM refunds
      WHERE buyer_id > %(buyer_id)s AND buyer_id <= %(until)s GROUP BY 1, 2, 3) r
LEFT JOIN LATERAL (SELECT sum(amount_minor) AS amount FROM captures c
                   WHERE c.buyer_id = r.buyer_id AND c.payment_id = r.payment_id AND c.currency = r.currency) c ON true
WHERE r.amount > coalesce(c.amount, 0)
LIMIT 200;

-- totals_that_disagree --
-- Running totals of a seller that are not the sum of the entries.
SELECT 'running totals' AS proof, %(shop_id)s::bigint AS shop_id, 0::bigint AS subject_id, currency,
       coalesce(e.amount, 0)::bigint AS expected_minor, coalesce(t.amount, 0)::bigint AS found_minor
FROM (SELECT account, currency, sum(amount_minor) AS amount FROM ledger_entries
      WHERE shop_id = %(shop_id)s AND account IN ('seller_pending', 'seller_available') GROUP BY 1, 2) e
FULL JOIN (SELECT account, currency, sum(amount_minor) AS amount FROM ledger_totals
           WHERE shop_id = %(shop_id)s AND owner_id = 0 GROUP BY 1, 2) t USING (account, currency)
WHERE coalesce(e.amount, 0) <> coalesce(t.amount, 0)
LIMIT 200;

-- payouts_that_disagree --
-- Transfers of a seller that are on their way against the money set aside for them, and the last statement against its entries.
SELECT 'payouts' AS proof, %(shop_id)s::bigint AS shop_id, 0::bigint AS subject_id, currency,
       coalesce(p.amount, 0)::bigint AS expected_minor, coalesce(e.amount, 0)::bigint AS found_minor
FROM (SELECT currency, -sum(amount_minor) AS amount FROM ledger_entries
      WHERE shop_id = %(shop_id)s AND account = 'payout_clearing' GROUP BY 1) e
FULL JOIN (SELECT currency, sum(amount_minor) AS amount FROM payouts WHERE shop_id = %(shop_id)s AND state = 'approved' GROUP BY 1) p
          USING (currency)
WHERE coalesce(p.amount, 0) <> coalesce(e.amount, 0)
UNION ALL
SELECT 'statements', %(shop_id)s::bigint, l.id, l.currency, l.closing_minor, coalesce(e.amount, 0)::bigint
FROM (SELECT DISTINCT ON (currency) id, currency, until_at, closing_minor FROM statements
      WHERE shop_id = %(shop_id)s ORDER BY currency, from_at DESC) l
LEFT JOIN LATERAL (SELECT -sum(amount_minor) AS amount FROM ledger_entries
                   WHERE shop_id = %(shop_id)s AND account = 'seller_available' AND currency = l.currency AND at < l.until_at) e ON true
WHERE l.closing_minor <> coalesce(e.amount, 0)
LIMIT 200;

-- end_of_wallets --
-- Where a batch of wallets ends, and how many rows it has.
SELECT coalesce(max(owner_id), 0)::bigint AS last, count(*)::bigint AS size
FROM (SELECT DISTINCT owner_id FROM ledger_entries WHERE shop_id = 0 AND owner_id <> 0 AND owner_id > %(buyer_id)s
      ORDER BY owner_id LIMIT 500) AS batch;

-- wallets_that_disagree --
-- Wallets whose running totals are not the sum of their entries.
SELECT 'wallets' AS proof, 0::bigint AS shop_id, owner_id AS subject_id, currency,
       coalesce(e.amount, 0)::bigint AS expected_minor, coalesce(t.amount, 0)::bigint AS found_minor
FROM (SELECT owner_id, account, currency, sum(amount_minor) AS amount FROM ledger_entries
      WHERE shop_id = 0 AND owner_id <> 0 AND owner_id > %(buyer_id)s AND owner_id <= %(until)s GROUP BY 1, 2, 3) e
FULL JOIN (SELECT owner_id, account, currency, sum(amount_minor) AS amount FROM ledger_totals
           WHERE shop_id = 0 AND account IN ('buyer_wallet', 'wallet_held') AND owner_id > %(buyer_id)s AND owner_id <= %(until)s
           GROUP BY 1, 2, 3) t
          USING (owner_id, account, currency)
WHERE coalesce(e.amount, 0) <> coalesce(t.amount, 0)
UNION ALL
SELECT 'set aside in wallets', 0, owner_id, currency, coalesce(n.amount, 0)::bigint, coalesce(t.amount, 0)::bigint
FROM (SELECT buyer_id AS owner_id, currency, sum(amount) AS amount
      FROM (SELECT buyer_id, currency, wallet_minor AS amount FROM payments
            WHERE state = 'pending' AND wallet_minor > 0 AND buyer_id > %(buyer_id)s AND buyer_id <= %(until)s
            UNION ALL
            SELECT buyer_id, currency, amount_minor FROM withdrawals
            WHERE state IN ('requested', 'approved') AND buyer_id > %(buyer_id)s AND buyer_id <= %(until)s) needs
      GROUP BY 1, 2) n
FULL JOIN (SELECT owner_id, currency, -sum(amount_minor) AS amount FROM ledger_entries
           WHERE shop_id = 0 AND account = 'wallet_held' AND owner_id > %(buyer_id)s AND owner_id <= %(until)s GROUP BY 1, 2) t
          USING (owner_id, currency)
WHERE coalesce(n.amount, 0) <> coalesce(t.amount, 0)
LIMIT 200;

-- books_that_disagree --
-- The books as a whole, by currency: what providers owe us against what arrived and went back. One statement, one moment.
WITH entries AS (
    SELECT currency, sum(amount_minor) FILTER (WHERE account = 'provider_clearing' AND cause IN ('capture', 'surplus', 'difference', 'parts used', 'method fee', 'wallet top-up')) AS taken,
           -sum(amount_minor) FILTER (WHERE account = 'provider_clearing' AND cause IN ('refund', 'surplus refund')) AS returned,
           sum(amount_minor) FILTER (WHERE account = 'surplus') AS surplus,
           -sum(amount_minor) FILTER (WHERE account = 'provider_clearing' AND cause = 'wallet debit') AS by_wallet,
           sum(amount_minor) FILTER (WHERE account = 'provider_clearing' AND cause = 'wallet credit') AS to_wallet,
           sum(amount_minor) FILTER (WHERE account = 'provider_clearing' AND cause = 'wallet top-up') AS topped_up,
           -sum(amount_minor) FILTER (WHERE account = 'bank' AND cause IN ('wallet withdrawal', 'withdrawal returned')) AS withdrawn
    FROM ledger_entries WHERE account IN ('provider_clearing', 'surplus', 'bank') GROUP BY currency
), arrived AS (
    SELECT c.currency, sum(c.amount_minor) AS amount, sum(c.amount_minor) FILTER (WHERE c.use = 'part') AS parts,
           sum(c.amount_minor) FILTER (WHERE p.provider = 'wallet') AS by_wallet
    FROM captures c JOIN payments p ON p.buyer_id = c.buyer_id AND p.id = c.payment_id
    WHERE p.provider <> 'cod' GROUP BY c.currency
), sent AS (
    SELECT currency, sum(amount_minor) AS amount, sum(amount_minor) FILTER (WHERE to_wallet) AS to_wallet
    FROM refunds GROUP BY currency
), top_ups AS (
    SELECT currency, sum(amount_minor - fee_minor) AS amount FROM payments WHERE is_top_up AND state = 'paid' GROUP BY currency
), gone AS (
    SELECT currency, sum(amount_minor - fee_minor) AS amount FROM withdrawals WHERE state = 'paid' GROUP BY currency
), books AS (
    SELECT currency, coalesce(e.by_wallet, 0) AS by_wallet, coalesce(a.by_wallet, 0) AS paid_by_wallet,
           coalesce(e.to_wallet, 0) AS to_wallet, coalesce(s.to_wallet, 0) AS refunded_to_wallet,
           coalesce(e.topped_up, 0) AS topped_up, coalesce(u.amount, 0) AS top_ups, coalesce(e.withdrawn, 0) AS withdrawn,
           coalesce(g.amount, 0) AS gone, coalesce(e.taken, 0) AS taken, coalesce(e.returned, 0) AS returned, coalesce(e.surplus, 0) AS surplus,
           coalesce(a.amount, 0) AS arrived, coalesce(s.amount, 0) AS sent, coalesce(a.parts, 0) AS parts
    FROM entries e FULL JOIN arrived a USING (currency) FULL JOIN sent s USING (currency) FULL JOIN top_ups u USING (currency)
    FULL JOIN gone g USING (currency)
)
SELECT said.proof, 0::bigint AS shop_id, 0::bigint AS subject_id, b.currency, said.expected::bigint AS expected_minor,
       said.found::bigint AS found_minor
FROM books b
CROSS JOIN LATERAL (VALUES ('captures', b.arrived, b.taken), ('refunds paid out', b.sent, b.returned), ('surplus', -b.parts, b.surplus),
                           ('paid by wallets', b.paid_by_wallet, b.by_wallet), ('top-ups', b.top_ups, b.topped_up),
                           ('refunds to wallets', b.refunded_to_wallet, b.to_wallet), ('withdrawals', b.gone, b.withdrawn))
                   AS said (proof, expected, found)
WHERE said.expected <> said.found
LIMIT 200;

-- ask --
-- Ask for an audit; one that is asked for or running already will do.
INSERT INTO audits (id, state, cause, asked_by, asked_at)
SELECT %(id)s, 'asked', %(cause)s, %(asked_by)s, %(at)s
WHERE NOT EXISTS (SELECT FROM audits WHERE state IN ('asked', 'running'))
ON CONFLICT DO NOTHING;

-- claim --
-- Take the audit that is asked for.
UPDATE audits SET state = 'running', started_at = %(at)s, heard_at = %(at)s
WHERE id = (SELECT id FROM audits WHERE state = 'asked' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, state, cause, shop_id, asked_by, asked_at, started_at, heard_at, ended_at, orders, postings, refunds,
          findings_count, findings, failure;

-- keep_progress --
-- How far it has come.
UPDATE audits SET heard_at = %(at)s, orders = %(orders)s, postings = %(postings)s, refunds = %(refunds)s, findings_count = %(count)s
WHERE id = %(id)s AND state = 'running';

-- end --
-- Keep what it found.
UPDATE audits
SET state = %(to)s, ended_at = %(at)s, heard_at = %(at)s, orders = %(orders)s, postings = %(postings)s, refunds = %(refunds)s,
    findings_count = %(count)s, findings = %(findings)s, failure = %(failure)s
WHERE id = %(id)s AND state = ANY(%(sources)s::text[]);

-- give_up_silent --
-- Audits whose process has died.
UPDATE audits SET state = 'failed', ended_at = %(at)s, failure = 'not heard of any more'
WHERE state = 'running' AND heard_at < %(heard_before)s;

-- audits --
-- Audits, newest first.
SELECT id, state, cause, shop_id, asked_by, asked_at, started_at, heard_at, ended_at, orders, postings, refunds,
       findings_count, findings, failure
FROM audits ORDER BY id DESC LIMIT %(limit)s;

-- last_nightly --
-- When the last nightly audit was asked for.
SELECT asked_at FROM audits WHERE cause = 'nightly' ORDER BY id DESC LIMIT 1;
