-- start_clocks --
-- Start clocks; one that runs already for its subject and kind stays as it is.
INSERT INTO deadlines (shop_id, id, kind, subject_kind, subject_id, order_id, started_at, due_at, policy_key, policy_version, warn_at)
SELECT c.shop_id, c.id, c.kind, c.subject_kind, c.subject_id, c.order_id, %(at)s::timestamptz, c.due_at, c.policy_key,
       c.policy_version, c.warn_at
FROM json_to_recordset(%(clocks)s::json)
     AS c (shop_id bigint, id bigint, kind text, subject_kind text, subject_id bigint, order_id bigint, due_at timestamptz,
           policy_key text, policy_version int, warn_at timestamptz)
ON CONFLICT (shop_id, subject_kind, subject_id, kind) WHERE state IN ('running', 'paused') DO NOTHING;

-- stop_clocks --
-- End the clocks of subjects before zero. The one being fired by this very transaction ends as fired.
UPDATE deadlines d
SET state = CASE WHEN d.id = %(firing_id)s THEN 'fired' ELSE 'stopped' END,
    ended_at = %(at)s, paused_since = NULL, retry_at = NULL, warn_at = NULL
FROM unnest(%(shop_ids)s::bigint[], %(subject_ids)s::bigint[]) AS subject (shop_id, id)
WHERE d.shop_id = subject.shop_id AND d.subject_kind = %(subject_kind)s AND d.subject_id = subject.id
  AND d.state IN ('running', 'paused') AND (%(kinds)s::text[] IS NULL OR d.kind = ANY(%(kinds)s::text[]))
RETURNING d.shop_id, d.id, d.kind, d.order_id, d.state;

-- stop_clocks_of_order --
-- End all clocks of an order, whatever their subjects. The one being fired by this very transaction ends as fired.
UPDATE deadlines
SET state = CASE WHEN id = %(firing_id)s THEN 'fired' ELSE 'stopped' END,
    ended_at = %(at)s, paused_since = NULL, retry_at = NULL, warn_at = NULL
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
  AND state IN ('running', 'paused') AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s::text[]))
RETURNING shop_id, id, kind, order_id, state;

-- lock_due --
-- The clock, locked, if it still runs and has reached zero.
SELECT id FROM deadlines
WHERE shop_id = %(shop_id)s AND id = %(id)s AND state = 'running' AND due_at <= %(at)s
FOR UPDATE;

-- running_of_subject --
-- The subject's clock of a kind, locked.
SELECT shop_id, id, kind, subject_kind, subject_id, order_id, started_at, due_at, policy_key, policy_version, state, paused_since,
       extended_times, ended_at, attempts, retry_at, last_error, warn_at
FROM deadlines
WHERE shop_id = %(shop_id)s AND subject_kind = %(subject_kind)s AND subject_id = %(subject_id)s AND kind = %(kind)s
  AND state IN ('running', 'paused')
FOR UPDATE;

-- extend_clock --
-- Move a clock's zero.
UPDATE deadlines
SET due_at = %(due_at)s, warn_at = %(warn_at)s, extended_times = extended_times + 1, retry_at = NULL, attempts = 0, last_error = NULL
WHERE shop_id = %(shop_id)s AND id = %(id)s;

-- pause_clocks --
-- Let an order's clocks stand still.
UPDATE deadlines
SET state = 'paused', paused_since = %(at)s
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s AND state = 'running'
  AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s::text[]));

-- resume_clocks --
-- Let an order's clocks run on; their zero moves by as long as they stood still.
UPDATE deadlines
SET state = 'running', due_at = due_at + (%(at)s - paused_since), warn_at = warn_at + (%(at)s - paused_since),
    paused_since = NULL, retry_at = NULL
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s AND state = 'paused'
  AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s::text[]));

-- claim_due --
-- Take clocks that have reached zero, of any shop, for one sweeper until its lease ends. Rows that others hold are passed over,
-- so that this statement never waits.
WITH due AS (
    SELECT shop_id, id FROM deadlines
    WHERE state = 'running' AND COALESCE(retry_at, due_at) <= %(at)s
    ORDER BY COALESCE(retry_at, due_at)
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE deadlines d
SET attempts = d.attempts + 1, retry_at = %(leased_until)s
FROM due
WHERE d.shop_id = due.shop_id AND d.id = due.id
RETURNING d.shop_id, d.id, d.kind, d.subject_kind, d.subject_id, d.order_id, d.started_at, d.due_at, d.policy_key, d.policy_version,
          d.state, d.paused_since, d.extended_times, d.ended_at, d.attempts, d.retry_at, d.last_error, d.warn_at;

-- end_claimed --
-- End a clock whose handler has returned, unless the handler's own transaction ended it, or it was moved meanwhile.
UPDATE deadlines
SET state = %(state)s, ended_at = %(at)s, retry_at = NULL, warn_at = NULL
WHERE shop_id = %(shop_id)s AND id = %(id)s AND state = 'running' AND due_at <= %(at)s
RETURNING shop_id, id, kind, order_id, state;

-- put_off --
-- Try a clock again later, and keep why.
UPDATE deadlines
SET retry_at = %(retry_at)s, last_error = %(last_error)s
WHERE shop_id = %(shop_id)s AND id = %(id)s AND state = 'running' AND due_at <= %(at)s;

-- lock_near --
-- Clocks of any shop whose next warning is due, locked; rows that others hold are passed over.
SELECT shop_id, id, kind, subject_kind, subject_id, order_id, started_at, due_at, policy_key, policy_version, state, paused_since,
       extended_times, ended_at, attempts, retry_at, last_error, warn_at
FROM deadlines
WHERE state = 'running' AND warn_at <= %(at)s
ORDER BY warn_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;

-- set_warnings --
-- When these clocks are next told to be near.
UPDATE deadlines d
SET warn_at = w.warn_at
FROM unnest(%(shop_ids)s::bigint[], %(ids)s::bigint[], %(warn_ats)s::timestamptz[]) AS w (shop_id, id, warn_at)
WHERE d.shop_id = w.shop_id AND d.id = w.id;

-- deadlines_of_orders --
-- The clocks of some orders, ended ones too, the next to reach zero first.
SELECT d.shop_id, d.id, d.kind, d.subject_kind, d.subject_id, d.order_id, d.started_at, d.due_at, d.policy_key, d.policy_version,
       d.state, d.paused_since, d.extended_times, d.ended_at, d.attempts, d.retry_at, d.last_error, d.warn_at
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS wanted (shop_id, order_id)
JOIN deadlines d ON d.shop_id = wanted.shop_id AND d.order_id = wanted.order_id
ORDER BY d.due_at, d.id
LIMIT %(limit)s;

-- next_due --
-- The clocks of all shops that reach zero next.
SELECT shop_id, id, kind, subject_kind, subject_id, order_id, started_at, due_at, policy_key, policy_version, state, paused_since,
       extended_times, ended_at, attempts, retry_at, last_error, warn_at
FROM deadlines
WHERE state = 'running' AND due_at > %(after)s
ORDER BY due_at
LIMIT %(limit)s;

-- overdue --
-- The clocks of all shops that reached zero and were not fired yet, the longest overdue first.
SELECT shop_id, id, kind, subject_kind, subject_id, order_id, started_at, due_at, policy_key, policy_version, state, paused_since,
       extended_times, ended_at, attempts, retry_at, last_error, warn_at
FROM deadlines
WHERE state = 'running' AND due_at <= %(at)s
ORDER BY due_at
LIMIT %(limit)s;

-- late_orders --
-- Orders of all shops that missed their ship-by time and still may be shipped, the next to be cancelled first.
SELECT d.shop_id, d.id, d.kind, d.subject_kind, d.subject_id, d.order_id, d.started_at, d.due_at, d.policy_key, d.policy_version,
       d.state, d.paused_since, d.extended_times, d.ended_at, d.attempts, d.retry_at, d.last_error, d.warn_at
FROM deadlines d
WHERE d.state = 'running' AND d.kind IN ('ship.autocancel', 'collect.autocancel')
  AND EXISTS (SELECT 1 FROM deadlines s
              WHERE s.shop_id = d.shop_id AND s.order_id = d.order_id AND s.kind = 'ship.sla' AND s.state = 'fired')
ORDER BY d.due_at
LIMIT %(limit)s;

-- fired_since --
-- The clocks of all shops that were fired since a moment, latest first.
SELECT shop_id, id, kind, subject_kind, subject_id, order_id, started_at, due_at, policy_key, policy_version, state, paused_since,
       extended_times, ended_at, attempts, retry_at, last_error, warn_at
FROM deadlines
WHERE state = 'fired' AND ended_at >= %(since)s
ORDER BY ended_at DESC
LIMIT %(limit)s;

-- count_waiting --
-- How many clocks reached zero and were not tried in vain, at most the limit.
SELECT count(*) FROM (
    SELECT 1 FROM deadlines WHERE state = 'running' AND due_at <= %(at)s AND last_error IS NULL LIMIT %(limit)s
) AS waiting;

-- running_by_kind --
-- How many clocks run, by kind, among the next ones to reach zero.
SELECT kind, count(*) AS clocks FROM (
    SELECT kind FROM deadlines WHERE state = 'running' ORDER BY due_at LIMIT %(limit)s
) AS running
GROUP BY kind
ORDER BY kind
LIMIT 100;

-- count_fired_since --
-- How many clocks were fired since a moment, at most the limit.
SELECT count(*) FROM (
    SELECT 1 FROM deadlines WHERE state = 'fired' AND ended_at >= %(since)s LIMIT %(limit)s
) AS fired;
