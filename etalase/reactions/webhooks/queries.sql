-- listening_shops --
-- Which of these shops has an app that wants to be told of anything.
SELECT wanted.shop_id FROM unnest(%(shop_ids)s::bigint[]) AS wanted (shop_id)
WHERE EXISTS (SELECT FROM app_webhooks AS w WHERE w.shop_id = wanted.shop_id);

-- listeners --
-- Who wants to be told what of these shops, where, and what it may know by now (no scopes: it may not act for the shop).
SELECT w.shop_id, w.app_id, w.event_type, w.address, w.created_at, a.says_cancelled, d.id AS address_id,
       (SELECT COALESCE(jsonb_agg(DISTINCT scope), '[]')
        FROM authorized_shops AS s JOIN authorizations AS g ON g.id = s.authorization_id, unnest(g.scopes) AS scope
        WHERE s.shop_id = w.shop_id AND s.app_id = w.app_id AND s.ended_at IS NULL AND g.ended_at IS NULL) AS scopes
FROM app_webhooks AS w
JOIN apps AS a ON a.id = w.app_id
LEFT JOIN webhook_addresses AS d ON d.app_id = w.app_id AND d.address = w.address
WHERE w.shop_id = ANY(%(shop_ids)s::bigint[]) AND a.deleted_at IS NULL
ORDER BY w.shop_id, w.app_id, w.event_type LIMIT 20000;

-- add_addresses --
-- Addresses that were not written to before.
INSERT INTO webhook_addresses (id, app_id, address)
SELECT n.id, n.app_id, n.address
FROM unnest(%(ids)s::bigint[], %(app_ids)s::bigint[], %(addresses)s::text[]) AS n (id, app_id, address)
ON CONFLICT ON CONSTRAINT webhook_addresses_once DO UPDATE SET address = EXCLUDED.address
RETURNING id, app_id, address;

-- decided_cancellations --
-- The cancellations that facts tell of: those decided at that moment.
SELECT c.shop_id, c.order_id, c.id, c.asked_by, c.requested_at
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[], %(ats)s::timestamptz[]) AS wanted (shop_id, order_id, at)
JOIN cancellations AS c
  ON c.shop_id = wanted.shop_id AND c.order_id = wanted.order_id AND c.state = 'done'
     AND COALESCE(c.decided_at, c.requested_at) = wanted.at;

-- states_of_orders --
-- Where these orders stand now.
SELECT o.shop_id, o.id AS order_id, o.state
FROM unnest(%(shop_ids)s::bigint[], %(order_ids)s::bigint[]) AS wanted (shop_id, order_id)
JOIN orders AS o ON o.shop_id = wanted.shop_id AND o.id = wanted.order_id;

-- insert_messages --
-- Write messages to be sent; those of a fact written before stay as they are.
INSERT INTO webhook_messages (shop_id, id, app_id, address_id, event_type, subject_id, fact_id, body, state, due_at, created_at)
SELECT m.shop_id, m.id, m.app_id, m.address_id, m.event_type, m.subject_id, m.fact_id, m.body, 'waiting',
       %(at)s::timestamptz, %(at)s::timestamptz
FROM json_to_recordset(%(messages)s::json)
     AS m (shop_id bigint, id bigint, app_id bigint, address_id bigint, event_type text, subject_id bigint, fact_id bigint, body text)
ON CONFLICT ON CONSTRAINT webhook_messages_once DO NOTHING;

-- has_due --
-- Whether an address that may be written to has a message whose time has come.
SELECT EXISTS (
    SELECT FROM webhook_addresses AS a
    WHERE a.paused_at IS NULL AND (a.hold_until IS NULL OR a.hold_until <= %(at)s)
      AND EXISTS (SELECT FROM webhook_messages AS m
                  WHERE m.address_id = a.id AND m.state = 'waiting' AND m.due_at <= %(at)s)
);

-- claim_messages --
-- Messages to be sent now, claimed until the lease ends: of each object the first that waits, of an address in trouble one.
-- Others pass over what is being claimed; a message whose sender has died comes again when its lease has ended.
WITH due AS (
    SELECT m.shop_id, m.id, a.id AS address_id, a.failures >= %(hold_after)s AS is_trial
    FROM webhook_addresses AS a
    CROSS JOIN LATERAL (
        SELECT one.shop_id, one.id FROM webhook_messages AS one
        WHERE one.address_id = a.id AND one.state = 'waiting' AND one.due_at <= %(at)s
          AND NOT EXISTS (
              SELECT FROM webhook_messages AS earlier
              WHERE earlier.shop_id = one.shop_id AND earlier.address_id = one.address_id
                AND earlier.subject_id = one.subject_id AND earlier.state = 'waiting'
                AND (earlier.fact_id, earlier.id) < (one.fact_id, one.id))
        ORDER BY one.due_at LIMIT %(at_once)s
        FOR UPDATE SKIP LOCKED
    ) AS m
    WHERE a.paused_at IS NULL AND (a.hold_until IS NULL OR a.hold_until <= %(at)s)
    LIMIT %(limit)s
), chosen AS (
    SELECT DISTINCT ON (CASE WHEN is_trial THEN address_id ELSE id END) shop_id, id, address_id, is_trial FROM due
), held AS (
    UPDATE webhook_addresses AS a SET hold_until = %(until)s FROM chosen AS c WHERE c.is_trial AND a.id = c.address_id
)
UPDATE webhook_messages AS m SET due_at = %(until)s, lease = %(lease)s
FROM chosen AS c, webhook_addresses AS d, apps AS a
WHERE m.shop_id = c.shop_id AND m.id = c.id AND d.id = m.address_id AND a.id = m.app_id
RETURNING m.shop_id, m.id, m.app_id, m.address_id, m.event_type, m.body, m.attempts, m.tried, d.address, d.failures,
          a.key AS app_key, a.secret_salt,
          (a.deleted_at IS NULL
           AND EXISTS (SELECT FROM app_webhooks AS w WHERE w.shop_id = m.shop_id AND w.app_id = m.app_id AND w.event_type = m.event_type)
           AND (m.event_type = 'SELLER_DEAUTHORIZATION'
                OR EXISTS (SELECT FROM authorized_shops AS s
                           WHERE s.shop_id = m.shop_id AND s.app_id = m.app_id AND s.ended_at IS NULL))) AS is_wanted;

-- end_message --
-- How a claimed message went; nothing if the claim has ended and somebody else has it.
UPDATE webhook_messages
SET state = %(state)s, due_at = %(due_at)s, lease = NULL, attempts = attempts + 1, tried = tried + %(tries)s,
    status = %(status)s, note = %(note)s, ended_at = %(ended_at)s
WHERE shop_id = %(shop_id)s AND id = %(id)s AND lease = %(lease)s;

-- add_attempt --
-- One attempt, for the log.
INSERT INTO webhook_attempts (shop_id, message_id, number, at, address, status, answer, error, took_ms)
VALUES (%(shop_id)s, %(message_id)s, %(number)s, %(at)s, %(address)s, %(status)s, %(answer)s, %(error)s, %(took_ms)s)
ON CONFLICT (shop_id, message_id, number) DO NOTHING;

-- note_success --
-- The address answers (again).
UPDATE webhook_addresses SET failures = 0, failing_since = NULL, hold_until = NULL, last_error = ''
WHERE id = %(address_id)s AND (failures > 0 OR hold_until IS NOT NULL);

-- note_failure --
-- The address has failed once more.
UPDATE webhook_addresses SET failures = failures + 1, failing_since = COALESCE(failing_since, %(at)s), last_error = %(error)s
WHERE id = %(address_id)s RETURNING failures, failing_since, paused_at;

-- hold_address --
-- Nothing is sent there before this moment; with `paused_at`, not until somebody resumes it.
UPDATE webhook_addresses SET hold_until = %(until)s, paused_at = COALESCE(paused_at, %(paused_at)s)
WHERE id = %(address_id)s;

-- resume_address --
-- An address of the app is told again.
UPDATE webhook_addresses SET paused_at = NULL, failures = 0, failing_since = NULL, hold_until = NULL
WHERE app_id = %(app_id)s AND id = %(address_id)s AND paused_at IS NOT NULL RETURNING address;

-- due_at_once --
-- What waits for an address need not wait any longer.
UPDATE webhook_messages SET due_at = %(at)s, attempts = 0
WHERE address_id = %(address_id)s AND state = 'waiting' AND lease IS NULL;

-- send_elsewhere --
-- What waits of a kind of event goes to the app's new address.
UPDATE webhook_messages SET address_id = %(address_id)s, due_at = %(at)s
WHERE shop_id = %(shop_id)s AND app_id = %(app_id)s AND event_type = %(event_type)s AND state = 'waiting'
  AND lease IS NULL AND address_id <> %(address_id)s;

-- addresses_of_app --
-- Where an app is told, and how that goes.
SELECT d.id, d.address, d.failures, d.failing_since, d.last_error, d.hold_until, d.paused_at,
       (SELECT count(*) FROM (SELECT FROM webhook_messages AS m WHERE m.address_id = d.id AND m.state = 'waiting' LIMIT 1000) AS w) AS waiting
FROM webhook_addresses AS d
WHERE d.app_id = %(app_id)s
  AND EXISTS (SELECT FROM webhook_messages AS m WHERE m.app_id = d.app_id AND m.address_id = d.id)
ORDER BY d.paused_at DESC NULLS LAST, d.id DESC LIMIT 50;

-- messages_of_app --
-- A page of what an app was told of all shops, newest first; each state is read along its own stretch of one index.
SELECT m.shop_id, m.id, m.app_id, m.event_type, m.subject_id, m.body, m.state, m.tried, m.status, m.note, m.due_at, m.created_at,
       m.ended_at, d.address, d.paused_at IS NOT NULL AS is_paused
FROM (
    SELECT along.shop_id, along.id
    FROM unnest(%(states)s::text[]) AS wanted (state)
    CROSS JOIN LATERAL (
        SELECT shop_id, id FROM webhook_messages
        WHERE app_id = %(app_id)s AND state = wanted.state AND id < %(before)s
        ORDER BY id DESC LIMIT %(limit)s
    ) AS along
    ORDER BY along.id DESC LIMIT %(limit)s
) AS page
JOIN webhook_messages AS m ON m.shop_id = page.shop_id AND m.id = page.id
JOIN webhook_addresses AS d ON d.id = m.address_id
ORDER BY m.id DESC;

-- messages_of_shop --
-- A page of what an app was told of one shop, newest first.
SELECT m.shop_id, m.id, m.app_id, m.event_type, m.subject_id, m.body, m.state, m.tried, m.status, m.note, m.due_at, m.created_at,
       m.ended_at, d.address, d.paused_at IS NOT NULL AS is_paused
FROM (
    SELECT along.id
    FROM unnest(%(states)s::text[]) AS wanted (state)
    CROSS JOIN LATERAL (
        SELECT id FROM webhook_messages
        WHERE shop_id = %(shop_id)s AND app_id = %(app_id)s AND state = wanted.state AND id < %(before)s
        ORDER BY id DESC LIMIT %(limit)s
    ) AS along
    ORDER BY along.id DESC LIMIT %(limit)s
) AS page
JOIN webhook_messages AS m ON m.shop_id = %(shop_id)s AND m.id = page.id
JOIN webhook_addresses AS d ON d.id = m.address_id
ORDER BY m.id DESC;

-- message --
-- One message to an app.
SELECT m.shop_id, m.id, m.app_id, m.event_type, m.subject_id, m.body, m.state, m.tried, m.status, m.note, m.due_at, m.created_at,
       m.ended_at, d.address, d.paused_at IS NOT NULL AS is_paused
FROM webhook_messages AS m JOIN webhook_addresses AS d ON d.id = m.address_id
WHERE m.shop_id = %(shop_id)s AND m.id = %(message_id)s AND m.app_id = %(app_id)s;

-- attempts_of --
-- How telling it went, newest attempt first.
SELECT number, at, address, status, answer, error, took_ms FROM webhook_attempts
WHERE shop_id = %(shop_id)s AND message_id = %(message_id)s ORDER BY number DESC LIMIT 100;

-- send_again --
-- Messages of a stretch of time (by id, as ids are ordered by time) are to be sent once more, the earliest ones first.
UPDATE webhook_messages AS m SET state = 'waiting', attempts = 0, due_at = %(at)s, ended_at = NULL
FROM (
    SELECT shop_id, id FROM webhook_messages
    WHERE app_id = %(app_id)s AND state = ANY(%(states)s::text[]) AND id >= %(from_id)s AND id <= %(until_id)s
      AND (%(shop_id)s::bigint IS NULL OR shop_id = %(shop_id)s)
    ORDER BY id LIMIT %(limit)s
) AS chosen
WHERE m.shop_id = chosen.shop_id AND m.id = chosen.id;

-- forget_old --
-- Messages that nobody asks for any more, with their attempts; of each app so many at once.
DELETE FROM webhook_messages AS m
USING (
    SELECT old.shop_id, old.id
    FROM apps AS a
    CROSS JOIN unnest(%(states)s::text[]) AS wanted (state)
    CROSS JOIN LATERAL (
        SELECT shop_id, id FROM webhook_messages
        WHERE app_id = a.id AND state = wanted.state AND id < %(before_id)s
        ORDER BY id DESC LIMIT %(limit)s
    ) AS old
) AS chosen
WHERE m.shop_id = chosen.shop_id AND m.id = chosen.id;

-- set_spelling --
-- How messages to the app spell a cancelled order.
UPDATE apps SET says_cancelled = %(says_cancelled)s
WHERE id = %(app_id)s AND owner_id = %(owner_id)s AND deleted_at IS NULL;

-- owner_of_app --
-- Whose app it is, what it is called, and how its messages spell a cancelled order.
SELECT owner_id, name, says_cancelled FROM apps WHERE id = %(app_id)s;
