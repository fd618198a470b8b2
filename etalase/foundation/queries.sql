-- applied_migrations --
-- What has been applied to this database, by name.
SELECT migration_id FROM _yoyo_migration ORDER BY migration_id LIMIT 10000;

-- has_accounts --
-- Whether anybody has ever registered.
SELECT EXISTS (SELECT FROM accounts LIMIT 1);
