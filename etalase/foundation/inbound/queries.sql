-- insert_event --
-- Keep a message, once a vendor and event.
INSERT INTO inbound_events (vendor, event_id, received_at, body, retry_at)
VALUES (%(vendor)s, %(event_id)s, %(at)s, %(body)s, %(at)s)
ON CONFLICT (vendor, event_id) DO NOTHING;

-- claim_event --
-- Take one message to apply it, unless it has been applied or somebody else is at it; it comes back by itself at `retry_at`.
UPDATE inbound_events
SET attempts = attempts + 1, retry_at = %(retry_at)s
WHERE vendor = %(vendor)s AND event_id = %(event_id)s AND applied_at IS NULL AND retry_at <= %(at)s
RETURNING vendor, event_id, received_at, body, attempts;

-- claim_waiting --
-- Take messages that wait, the longest waiting first; they come back by themselves at `retry_at`.
UPDATE inbound_events AS taken
SET attempts = taken.attempts + 1, retry_at = %(retry_at)s
FROM (
    SELECT vendor, event_id FROM inbound_events
    WHERE applied_at IS NULL AND retry_at <= %(at)s AND vendor = ANY(%(vendors)s::text[])
    ORDER BY retry_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
) AS waiting
WHERE taken.vendor = waiting.vendor AND taken.event_id = waiting.event_id
RETURNING taken.vendor, taken.event_id, taken.received_at, taken.body, taken.attempts;

-- mark_applied --
-- The message has had its effect.
UPDATE inbound_events
SET applied_at = %(at)s, outcome = %(outcome)s
WHERE vendor = %(vendor)s AND event_id = %(event_id)s AND applied_at IS NULL;

-- mark_failed --
-- The message could not be applied; it is tried again at `retry_at`.
UPDATE inbound_events
SET retry_at = %(retry_at)s, outcome = %(outcome)s
WHERE vendor = %(vendor)s AND event_id = %(event_id)s AND applied_at IS NULL;

-- unapplied --
-- Messages that had no effect yet, those to be tried next first.
SELECT vendor, event_id, received_at, attempts, retry_at, outcome
FROM inbound_events
WHERE applied_at IS NULL
ORDER BY retry_at
LIMIT %(limit)s;

-- count_unapplied --
-- How many messages had no effect yet, at most the limit.
SELECT count(*) FROM (SELECT 1 FROM inbound_events WHERE applied_at IS NULL LIMIT %(limit)s) AS counted;
