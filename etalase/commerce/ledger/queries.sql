-- insert_entries --
-- Append the entries of one posting.
INSERT INTO ledger_entries (shop_id, id, posting_id, account, currency, amount_minor, cause, order_id, at)
SELECT %(shop_id)s, e.id, %(posting_id)s, e.account, %(currency)s, e.amount_minor, %(cause)s, %(order_id)s, %(at)s
FROM unnest(%(ids)s::bigint[], %(accounts)s::text[], %(amounts_minor)s::bigint[]) AS e (id, account, amount_minor);

-- balances_of_order --
-- What each account holds for one order.
SELECT account, sum(amount_minor)::bigint AS amount_minor
FROM ledger_entries
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
GROUP BY account;

-- unbalanced_postings --
-- Postings that don't sum to zero: there must be none.
SELECT posting_id FROM ledger_entries
WHERE shop_id = %(shop_id)s
GROUP BY posting_id, currency HAVING sum(amount_minor) <> 0 LIMIT 100;
