-- insert_events --
-- Keep messages, one a position of the arrays, each once a vendor and event.
INSERT INTO inbound_events (vendor, event_id, received_at, body, retry_at)
SELECT m.vendor, m.event_id, m.received_at, m.body, m.received_at
FROM unnest(%(vendors)s::text[], %(event_ids)s::text[], %(received_ats)s::timestamptz[], %(bodies)s::bytea[])
     AS m (vendor, event_id, received_at, body)
ON CONFLICT (vendor, event_id) DO NOTHING;

-- claim_event --
-- Take one message to apply it, unless it has been applied or somebody else is at it; it comes back by itself at `retry_at`.
UPDATE inbound_events
SET attempts = attempts + 1, retry_at = %(retry_at)s
WHERE vendor = %(vendor)s AND event_id = %(event_id)s AND applied_at IS NULL AND failed_at IS NULL AND retry_at <= %(at)s
RETURNING vendor, event_id, received_at, body, attempts;

-- has_waiting --
-- Whether any message waits to be applied.
SELECT EXISTS (
    SELECT 1 FROM inbound_events
    WHERE applied_at IS NULL AND failed_at IS NULL AND retry_at <= %(at)s AND vendor = ANY(%(vendors)s::text[])
);

-- claim_waiting --
-- Take messages that wait, the longest waiting first; they come back by themselves at `retry_at`.
UPDATE inbound_events AS taken
SET attempts = taken.attempts + 1, retry_at = %(retry_at)s
FROM (
    SELECT vendor, event_id FROM inbound_events
    WHERE applied_at IS NULL AND failed_at IS NULL AND retry_at <= %(at)s AND vendor = ANY(%(vendors)s::text[])
    ORDER BY retry_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
) AS waiting
WHERE taken.vendor = waiting.vendor AND taken.event_id = waiting.event_id
RETURNING taken.vendor, taken.event_id, taken.received_at, taken.body, taken.attempts;

-- lock_waiting --
-- Messages that wait, the longest waiting first, for the one who applies and marks them in this transaction.
SELECT vendor, event_id, received_at, body, attempts + 1 AS attempts
FROM inbound_events
WHERE applied_at IS NULL AND failed_at IS NULL AND retry_at <= %(at)s AND vendor = %(vendor)s
ORDER BY retry_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;

-- lock_events --
-- Those of some messages that nobody has applied or set aside meanwhile, nor is about to.
SELECT vendor, event_id, received_at, body, attempts + 1 AS attempts
FROM inbound_events
WHERE vendor = %(vendor)s AND event_id = ANY(%(event_ids)s::text[]) AND applied_at IS NULL AND failed_at IS NULL
FOR UPDATE SKIP LOCKED;

-- mark_applied --
-- Messages have had their effect, one a position of the arrays.
UPDATE inbound_events AS e
SET applied_at = %(at)s, outcome = m.outcome, attempts = m.attempts
FROM unnest(%(vendors)s::text[], %(event_ids)s::text[], %(attempts)s::integer[], %(outcomes)s::text[])
     AS m (vendor, event_id, attempts, outcome)
WHERE e.vendor = m.vendor AND e.event_id = m.event_id AND e.applied_at IS NULL;

-- mark_failed --
-- The message could not be applied; it is tried again at `retry_at`, or not any more since `failed_at`.
UPDATE inbound_events
SET retry_at = %(retry_at)s, outcome = %(outcome)s, attempts = %(attempts)s, failed_at = %(failed_at)s
WHERE vendor = %(vendor)s AND event_id = %(event_id)s AND applied_at IS NULL AND failed_at IS NULL;

-- wake_event --
-- Try a message again that was set aside.
UPDATE inbound_events
SET failed_at = NULL, attempts = 0, retry_at = %(at)s
WHERE vendor = %(vendor)s AND event_id = %(event_id)s AND applied_at IS NULL AND failed_at IS NOT NULL;

-- unapplied --
-- Messages that had no effect yet and are tried again, those to be tried next first.
SELECT vendor, event_id, received_at, attempts, retry_at, outcome
FROM inbound_events
WHERE applied_at IS NULL AND failed_at IS NULL
ORDER BY retry_at
LIMIT %(limit)s;

-- set_aside --
-- Messages that are not tried any more, the latest first.
SELECT vendor, event_id, received_at, attempts, retry_at, outcome
FROM inbound_events
WHERE failed_at IS NOT NULL
ORDER BY failed_at DESC
LIMIT %(limit)s;

-- count_unapplied --
-- How many messages had no effect yet and are tried again, at most the limit.
SELECT count(*) FROM (SELECT 1 FROM inbound_events WHERE applied_at IS NULL AND failed_at IS NULL LIMIT %(limit)s) AS counted;
