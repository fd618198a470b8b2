-- part withdrawal --
buyer_id, id, request_key, state, currency, amount_minor, fee_minor, bank, number, holder, batch_id, requested_at, due_at,
approved_at, ended_at, failure

-- open_wallet --
-- The wallet, made when it is first needed, locked until the transaction ends.
INSERT INTO wallets (buyer_id, opened_at) VALUES (%(buyer_id)s, %(at)s)
ON CONFLICT (buyer_id) DO UPDATE SET opened_at = wallets.opened_at;

-- is_verified --
-- Whether the owner has a confirmed bank account.
SELECT EXISTS (SELECT FROM wallet_bank_accounts WHERE buyer_id = %(buyer_id)s AND state = 'verified');

-- pending_top_ups --
-- What is still awaited for the wallet.
SELECT coalesce(sum(amount_minor - fee_minor), 0)::bigint FROM payments
WHERE buyer_id = %(buyer_id)s AND is_top_up AND state = 'pending' AND currency = %(currency)s;

-- top_ups --
-- What was put in or is awaited, newest first.
SELECT id, purchase_id, method, state, amount_minor, fee_minor, currency, expires_at, started_at, paid_at
FROM payments WHERE buyer_id = %(buyer_id)s AND is_top_up AND id < %(before)s
ORDER BY id DESC
LIMIT %(limit)s;

-- top_ups_over --
-- Awaited money whose time is over.
SELECT buyer_id, id FROM payments
WHERE is_top_up AND state = 'pending' AND expires_at <= %(at)s
ORDER BY expires_at
LIMIT 50;

-- owner --
-- Whose wallet it is.
SELECT id, name, email, locale, password_changed_at FROM accounts WHERE id = %(buyer_id)s;

-- replace_accounts --
-- Accounts in this state give way to a newer one.
UPDATE wallet_bank_accounts SET state = 'replaced', code_hash = NULL
WHERE buyer_id = %(buyer_id)s AND state = %(state)s AND id <> %(but)s;

-- insert_account --
-- An account to withdraw to.
INSERT INTO wallet_bank_accounts (buyer_id, id, state, bank, number, holder, entered_at)
VALUES (%(buyer_id)s, %(id)s, 'entered', %(bank)s, %(number)s, %(holder)s, %(at)s);

-- accounts --
-- The owner's accounts that are not replaced, newest first.
SELECT buyer_id, id, state, bank, number, holder, entered_at, code_until, tries, verified_at, usable_from
FROM wallet_bank_accounts WHERE buyer_id = %(buyer_id)s AND state IN ('entered', 'verified') ORDER BY id DESC LIMIT 2;

-- keep_code --
-- The code that was mailed; an older one is worth nothing any more.
UPDATE wallet_bank_accounts SET code_hash = %(code_hash)s, code_until = %(until)s
WHERE buyer_id = %(buyer_id)s AND id = %(account_id)s AND state = 'entered' AND tries < %(tries_max)s;

-- try_code --
-- One more try; answers the hash to compare with while there are tries left and the code is fresh.
UPDATE wallet_bank_accounts SET tries = tries + 1
WHERE buyer_id = %(buyer_id)s AND id = %(account_id)s AND state = 'entered' AND tries < %(tries_max)s
  AND code_hash IS NOT NULL AND code_until > %(at)s
RETURNING code_hash;

-- verify_account --
-- Compare and set: the code was right.
UPDATE wallet_bank_accounts SET state = 'verified', code_hash = NULL, verified_at = %(at)s, usable_from = %(usable_from)s
WHERE buyer_id = %(buyer_id)s AND id = %(account_id)s AND state = ANY(%(sources)s::text[])
RETURNING bank;

-- insert_withdrawal --
-- A withdrawal, each request once.
INSERT INTO withdrawals (buyer_id, id, request_key, state, currency, amount_minor, fee_minor, bank, number, holder, requested_at, due_at)
VALUES (%(buyer_id)s, %(id)s, %(request_key)s, 'requested', %(currency)s, %(amount_minor)s, %(fee_minor)s, %(bank)s, %(number)s,
        %(holder)s, %(at)s, %(due_at)s)
ON CONFLICT ON CONSTRAINT withdrawals_requested_once DO NOTHING;

-- withdrawal_by_key --
-- What this request made before.
SELECT {{withdrawal}} FROM withdrawals WHERE buyer_id = %(buyer_id)s AND request_key = %(request_key)s;

-- withdrawal --
-- One withdrawal.
SELECT {{withdrawal}} FROM withdrawals WHERE buyer_id = %(buyer_id)s AND id = %(withdrawal_id)s;

-- withdrawals_of_buyer --
-- The owner's withdrawals, newest first.
SELECT {{withdrawal}} FROM withdrawals WHERE buyer_id = %(buyer_id)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s;

-- withdrawals_waiting --
-- Withdrawals of all owners that nobody has put into a batch, the longest waiting first.
SELECT {{withdrawal}} FROM withdrawals WHERE state = 'requested' AND batch_id IS NULL ORDER BY requested_at LIMIT 100;

-- withdrawals_over --
-- Withdrawals of all owners whose time is over.
SELECT {{withdrawal}} FROM withdrawals WHERE state IN ('requested', 'approved') AND due_at <= %(at)s ORDER BY due_at LIMIT 50;

-- withdrawals_of_batch --
-- The withdrawals of a payout batch, in the order in which they are locked.
SELECT {{withdrawal}} FROM withdrawals WHERE batch_id = %(batch_id)s ORDER BY buyer_id, id LIMIT 500;

-- put_in_batch --
-- Everything that is asked for goes into the batch.
UPDATE withdrawals w SET batch_id = %(batch_id)s
FROM (SELECT buyer_id, id FROM withdrawals WHERE state = 'requested' AND batch_id IS NULL AND currency = %(currency)s
      ORDER BY requested_at LIMIT 500 FOR UPDATE SKIP LOCKED) waiting
WHERE w.buyer_id = waiting.buyer_id AND w.id = waiting.id;

-- take_out_of_batch --
-- A dropped batch leaves them waiting for the next one.
UPDATE withdrawals SET batch_id = NULL WHERE batch_id = %(batch_id)s AND state = 'requested';

-- move_withdrawal --
-- Compare and set: the withdrawal takes its next step; answers where it stood.
UPDATE withdrawals w
SET state = %(to)s, due_at = %(due_at)s, failure = %(failure)s,
    approved_at = CASE WHEN %(to)s = 'approved' THEN %(at)s::timestamptz ELSE w.approved_at END,
    ended_at = CASE WHEN %(to)s = 'approved' THEN NULL ELSE %(at)s::timestamptz END
FROM (SELECT buyer_id, id, state FROM withdrawals WHERE buyer_id = %(buyer_id)s AND id = %(withdrawal_id)s FOR UPDATE) before
WHERE w.buyer_id = before.buyer_id AND w.id = before.id AND before.state = ANY(%(sources)s::text[])
RETURNING before.state;
