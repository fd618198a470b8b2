-- offset_seconds --
-- How far the clock has been moved.
SELECT offset_seconds FROM clock_offset;

-- lock_offset --
-- How far the clock has been moved; two moves wait for each other.
SELECT offset_seconds FROM clock_offset FOR UPDATE;

-- move_clock --
-- Move the clock forward; moves add up.
UPDATE clock_offset SET offset_seconds = offset_seconds + %(by_seconds)s RETURNING offset_seconds;

-- last_moved_at --
-- When the clock was last moved, on the clock as it was then moved.
SELECT at FROM facts
WHERE shop_id = 0 AND subject_kind = 'clock' AND subject_id = 1
ORDER BY id DESC
LIMIT 1;
