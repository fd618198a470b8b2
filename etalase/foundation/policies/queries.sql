-- policies_in_force --
-- Every version that holds now or will hold, of every scope: a few rows an installation, kept in the process for some seconds.
SELECT p.scope, p.scope_id, p.key, p.version, p.value, p.valid_from, p.set_by
FROM policies p
WHERE NOT EXISTS (
    SELECT 1 FROM policies later
    WHERE later.key = p.key AND later.scope = p.scope AND later.scope_id = p.scope_id
      AND later.version > p.version AND later.valid_from <= %(at)s
)
ORDER BY p.key, p.version
LIMIT %(limit)s;

-- policy_history --
-- The versions of one policy, latest first, after a position.
SELECT scope, scope_id, key, version, value, valid_from, set_by
FROM policies
WHERE key = %(key)s AND version < %(before)s
ORDER BY version DESC
LIMIT %(limit)s;

-- count_policies --
-- How many versions there are, at most one more than the limit.
SELECT count(*) FROM (SELECT 1 FROM policies LIMIT %(limit)s) AS counted;

-- last_version --
-- The highest version of a policy over all scopes; nothing if it was never set.
SELECT max(version) FROM policies WHERE key = %(key)s;

-- add_policy --
-- One further version.
INSERT INTO policies (scope, scope_id, key, version, value, valid_from, set_by)
VALUES (%(scope)s, %(scope_id)s, %(key)s, %(version)s, %(value)s, %(valid_from)s, %(set_by)s);

-- known_sets --
-- Which of these sets of policies are kept.
SELECT id FROM policy_sets WHERE id = ANY(%(ids)s::uuid[]) LIMIT 20000;

-- keep_sets --
-- Sets of policies, those that are kept already left as they are.
INSERT INTO policy_sets (id, policies)
SELECT s.id, s.policies FROM json_to_recordset(%(sets)s::json) AS s (id uuid, policies jsonb)
ON CONFLICT (id) DO NOTHING;

-- calendar_days_of --
-- Days on which these shops (0: all shops) differ from the national calendar, of the given span.
SELECT shop_id, day, is_working
FROM calendar_days
WHERE shop_id = ANY(%(shop_ids)s::bigint[]) AND day BETWEEN %(from_day)s AND %(until_day)s
ORDER BY shop_id, day
LIMIT %(limit)s;

-- set_calendar_day --
-- A day that differs, for one shop or (0) all.
INSERT INTO calendar_days (shop_id, day, is_working, name)
VALUES (%(shop_id)s, %(day)s, %(is_working)s, %(name)s)
ON CONFLICT (shop_id, day) DO UPDATE SET is_working = EXCLUDED.is_working, name = EXCLUDED.name;
