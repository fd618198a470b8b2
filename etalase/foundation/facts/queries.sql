-- record_facts --
-- Write facts.
INSERT INTO facts (shop_id, id, name, subject_kind, subject_id, order_id, buyer_id, actor_kind, actor_id, at, data)
SELECT f.shop_id, f.id, f.name, f.subject_kind, f.subject_id, f.order_id, f.buyer_id, f.actor_kind, f.actor_id,
       %(at)s::timestamptz, f.data
FROM json_to_recordset(%(facts)s::json)
     AS f (shop_id bigint, id bigint, name text, subject_kind text, subject_id bigint, order_id bigint, buyer_id bigint,
           actor_kind text, actor_id bigint, data jsonb);

-- make_position --
-- The relay begins before the first fact, unless it has begun.
INSERT INTO relay_positions (relay, recorded_xid, fact_id)
VALUES (%(relay)s, '0'::xid8, 0)
ON CONFLICT (relay) DO NOTHING;

-- lock_position --
-- How far the relay has read; nothing when another process is at it. `is_ahead`: the cluster has not come to this transaction yet.
SELECT recorded_xid::text AS recorded_xid, fact_id, floor_id,
       recorded_xid >= pg_snapshot_xmax(pg_current_snapshot()) AS is_ahead
FROM relay_positions
WHERE relay = %(relay)s
FOR UPDATE SKIP LOCKED;

-- facts_to_relay --
-- The next facts in an order that no later commit can break into: only transactions before the oldest one still open.
SELECT f.shop_id, f.id, f.name, f.recorded_xid::text AS recorded_xid
FROM facts AS f
WHERE (f.recorded_xid, f.id) > (%(recorded_xid)s::text::xid8, %(fact_id)s)
  AND f.recorded_xid < pg_snapshot_xmin(pg_current_snapshot())
  AND f.id > %(floor_id)s
ORDER BY f.recorded_xid, f.id
LIMIT %(limit)s;

-- restored_facts --
-- The next facts that came from another cluster, whose transaction numbers were ahead of this one's.
SELECT f.shop_id, f.id, f.name, f.recorded_xid::text AS recorded_xid
FROM facts AS f
WHERE (f.recorded_xid, f.id) > (%(recorded_xid)s::text::xid8, %(fact_id)s)
  AND f.id > %(floor_id)s
ORDER BY f.recorded_xid, f.id
LIMIT %(limit)s;

-- move_position --
-- Remember how far the relay has read.
UPDATE relay_positions
SET recorded_xid = %(recorded_xid)s::text::xid8, fact_id = %(fact_id)s
WHERE relay = %(relay)s;

-- restart_position --
-- Read from the beginning of this cluster's transactions, passing over what was recorded in another one.
UPDATE relay_positions
SET recorded_xid = '0'::xid8, fact_id = 0,
    floor_id = (SELECT COALESCE(max(f.id), 0) FROM facts AS f WHERE f.recorded_xid >= %(recorded_xid)s::text::xid8)
WHERE relay = %(relay)s
RETURNING floor_id;

-- pass_over_recorded --
-- Nothing follows from the facts recorded so far: those of ended transactions lie before the position, so that nobody reads
-- through them again, those of open ones below the floor.
INSERT INTO relay_positions (relay, recorded_xid, fact_id, floor_id)
VALUES (%(relay)s, pg_snapshot_xmin(pg_current_snapshot()), 0, (SELECT COALESCE(max(f.id), 0) FROM facts AS f))
ON CONFLICT (relay) DO UPDATE SET
    floor_id = GREATEST(relay_positions.floor_id, excluded.floor_id),
    fact_id = CASE WHEN excluded.recorded_xid > relay_positions.recorded_xid THEN 0 ELSE relay_positions.fact_id END,
    recorded_xid = GREATEST(relay_positions.recorded_xid, excluded.recorded_xid);

-- oldest_waiting --
-- When the longest waiting fact was recorded, if any waits to be relayed. What a restored copy brought from another cluster has
-- numbers that this one has not come to: it is not read through.
SELECT first.at
FROM relay_positions AS p
CROSS JOIN LATERAL (
    SELECT f.at FROM facts AS f
    WHERE (f.recorded_xid, f.id) > (p.recorded_xid, p.fact_id) AND f.recorded_xid < pg_snapshot_xmax(pg_current_snapshot())
      AND f.id > p.floor_id
    ORDER BY f.recorded_xid, f.id
    LIMIT 1
) first
WHERE p.relay = %(relay)s;

-- facts_by_id --
-- Whole facts, one a position of the arrays, in the order of their ids.
SELECT f.shop_id, f.id, f.name, f.subject_kind, f.subject_id, f.order_id, f.buyer_id, f.actor_kind, f.actor_id, f.at, f.data
FROM unnest(%(shop_ids)s::bigint[], %(ids)s::bigint[]) AS wanted (shop_id, id)
JOIN facts AS f ON f.shop_id = wanted.shop_id AND f.id = wanted.id
ORDER BY f.id
LIMIT 1000;

-- recent_order_facts --
-- Facts of these buyers' and shops' orders that have become visible since a snapshot; a row without a fact when there are none.
-- `seen_until` is what to ask with next: every transaction below it has ended.
WITH snapshot AS (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin)
SELECT s.xmin::text AS seen_until, f.id, f.shop_id, f.order_id, f.buyer_id
FROM snapshot AS s
LEFT JOIN LATERAL (
    SELECT id, shop_id, order_id, buyer_id FROM facts
    WHERE recorded_xid >= COALESCE(%(seen_until)s::text::xid8, s.xmin) AND id > %(after_id)s AND order_id IS NOT NULL
      AND (buyer_id = ANY(%(buyer_ids)s::bigint[]) OR shop_id = ANY(%(shop_ids)s::bigint[]))
    ORDER BY id DESC
    LIMIT %(limit)s
) AS f ON true;
