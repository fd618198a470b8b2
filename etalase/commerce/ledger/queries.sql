-- insert_entries --
-- Append the entries of postings.
INSERT INTO ledger_entries (shop_id, id, posting_id, account, owner_id, currency, amount_minor, cause, order_id, reference_id, at)
SELECT e.shop_id, e.id, e.posting_id, e.account, e.owner_id, e.currency, e.amount_minor, e.cause, e.order_id, e.reference_id, e.at
FROM json_to_recordset(%(entries)s::json)
     AS e (shop_id bigint, id bigint, posting_id bigint, account text, owner_id bigint, currency text, amount_minor bigint,
           cause text, order_id bigint, reference_id bigint, at timestamptz);

-- add_to_totals --
-- Change running totals, rows in key order. Those that exist are updated and not inserted over: the check of what a
-- wallet may be applies to the sum, not to the change.
WITH changed AS (
    SELECT * FROM unnest(%(shop_ids)s::bigint[], %(accounts)s::text[], %(owner_ids)s::bigint[], %(currencies)s::text[],
                         %(slots)s::smallint[], %(changes)s::bigint[])
                  AS c (shop_id, account, owner_id, currency, slot, change)
), locked AS (
    SELECT t.shop_id, t.account, t.owner_id, t.currency, t.slot, c.change
    FROM changed c
    JOIN ledger_totals t ON t.shop_id = c.shop_id AND t.account = c.account AND t.owner_id = c.owner_id
                        AND t.currency = c.currency AND t.slot = c.slot
    ORDER BY 1, 2, 3, 4, 5
    FOR UPDATE OF t
), updated AS (
    UPDATE ledger_totals t SET amount_minor = t.amount_minor + l.change
    FROM locked l
    WHERE t.shop_id = l.shop_id AND t.account = l.account AND t.owner_id = l.owner_id AND t.currency = l.currency
      AND t.slot = l.slot
    RETURNING t.shop_id, t.account, t.owner_id, t.currency, t.slot
)
INSERT INTO ledger_totals AS t (shop_id, account, owner_id, currency, slot, amount_minor)
SELECT c.shop_id, c.account, c.owner_id, c.currency, c.slot, c.change
FROM changed c
WHERE NOT EXISTS (SELECT FROM updated u WHERE u.shop_id = c.shop_id AND u.account = c.account AND u.owner_id = c.owner_id
                                          AND u.currency = c.currency AND u.slot = c.slot)
ORDER BY c.shop_id, c.account, c.owner_id, c.currency, c.slot
ON CONFLICT (shop_id, account, owner_id, currency, slot) DO UPDATE SET amount_minor = t.amount_minor + EXCLUDED.amount_minor;

-- balances_of_order --
-- What each account holds for one order.
SELECT account, sum(amount_minor)::bigint AS amount_minor
FROM ledger_entries
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
GROUP BY account;

-- balances_of_orders --
-- What each account holds for each of some orders of a shop.
SELECT e.order_id, e.account, sum(e.amount_minor)::bigint AS amount_minor
FROM unnest(%(order_ids)s::bigint[]) AS asked (order_id)
JOIN ledger_entries e ON e.shop_id = %(shop_id)s AND e.order_id = asked.order_id
GROUP BY e.order_id, e.account;

-- totals_of_seller --
-- What is the shop's, by account and currency, from the running totals.
SELECT account, currency, sum(amount_minor)::bigint AS amount_minor
FROM ledger_totals
WHERE shop_id = %(shop_id)s AND account IN ('seller_pending', 'seller_available') AND owner_id = 0
GROUP BY account, currency
LIMIT 40;

-- totals_of_wallet --
-- What is in somebody's wallet, by account and currency, from the running totals.
SELECT account, currency, sum(amount_minor)::bigint AS amount_minor
FROM ledger_totals
WHERE shop_id = 0 AND account IN ('buyer_wallet', 'wallet_held') AND owner_id = %(buyer_id)s
GROUP BY account, currency
LIMIT 40;

-- lock_available --
-- What the seller can be paid, locked until the transaction ends.
SELECT amount_minor FROM ledger_totals
WHERE shop_id = %(shop_id)s AND account = 'seller_available' AND owner_id = 0 AND currency = %(currency)s AND slot = 0
FOR UPDATE;

-- lock_wallets --
-- What can be spent from wallets, locked in key order until the transaction ends; those that never had anything are left out.
SELECT owner_id, -amount_minor AS available_minor FROM ledger_totals
WHERE shop_id = 0 AND account = 'buyer_wallet' AND owner_id = ANY(%(buyer_ids)s::bigint[]) AND currency = %(currency)s AND slot = 0
ORDER BY owner_id
LIMIT 200
FOR UPDATE;

-- entries_of_order --
-- Every entry about an order, oldest first.
SELECT id, posting_id, cause, account, owner_id, currency, amount_minor, order_id, reference_id, at
FROM ledger_entries
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
ORDER BY id
LIMIT 500;

-- entries_of_wallet --
-- Movements of somebody's wallet before a position, newest first, each with what could be spent and what was set aside after it.
-- The sums begin with the first entry of all: a wallet's entries are its owner's purchases, not a shop's.
WITH entries AS (
    SELECT posting_id, cause, reference_id, at, max(id) AS id,
           -coalesce(sum(amount_minor) FILTER (WHERE account = 'buyer_wallet'), 0)::bigint AS amount_minor,
           -coalesce(sum(amount_minor) FILTER (WHERE account = 'wallet_held'), 0)::bigint AS held_minor
    FROM ledger_entries
    WHERE shop_id = 0 AND owner_id = %(buyer_id)s AND account IN ('buyer_wallet', 'wallet_held') AND currency = %(currency)s
    GROUP BY posting_id, cause, reference_id, at
), running AS (
    SELECT id, cause, reference_id, at, amount_minor, held_minor,
           (sum(amount_minor) OVER past)::bigint AS available_after_minor, (sum(held_minor) OVER past)::bigint AS held_after_minor
    FROM entries
    WINDOW past AS (ORDER BY id)
)
SELECT id, cause, reference_id, at, amount_minor, held_minor, available_after_minor, held_after_minor
FROM running
WHERE id < %(before)s
ORDER BY id DESC
LIMIT %(limit)s;
