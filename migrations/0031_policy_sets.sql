-- The policies that bind an order are the same for nearly all of them, and more than half of each row: they are kept once.
-- depends: 0026_claims_money

CREATE TABLE policy_sets (
    id        uuid  PRIMARY KEY,  -- follows from what it says: the same policies have the same id
    policies  jsonb NOT NULL      -- key -> [version, value]
);
COMMENT ON TABLE policy_sets IS 'reference: policies as they bind orders, each combination once; never changed';

ALTER TABLE orders ADD COLUMN policy_set_id uuid;
INSERT INTO policy_sets (id, policies)
SELECT DISTINCT md5(policies::text)::uuid, policies FROM orders
ON CONFLICT (id) DO NOTHING;
UPDATE orders SET policy_set_id = md5(policies::text)::uuid;
-- No foreign key: each new order would lock the one row that all of them share.
ALTER TABLE orders ALTER COLUMN policy_set_id SET NOT NULL, DROP COLUMN policies;
