-- applied_migrations --
-- What has been applied to this database, by name.
SELECT migration_id FROM _yoyo_migration ORDER BY migration_id LIMIT 10000;

-- has_accounts --
-- Whether anybody has ever registered.
SELECT EXISTS (SELECT FROM accounts LIMIT 1);

-- lease_node --
-- A node number that nobody holds, the longest unused one; processes that ask at once get different ones.
UPDATE id_nodes SET holder = %(holder)s, leased_until = %(until)s
WHERE node = (SELECT node FROM id_nodes WHERE leased_until < %(now)s
              ORDER BY leased_until, node LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING node;

-- renew_node --
-- Holds the node for longer; nothing comes back if somebody else has it by now.
UPDATE id_nodes SET leased_until = %(until)s WHERE node = %(node)s AND holder = %(holder)s RETURNING node;

-- is_answering --
-- Whether the database answers.
SELECT 1;
