-- Products that were taken off sale for good: orders and stock movements still name them, nobody lists them.
-- depends: 0016_handover

ALTER TABLE products ADD COLUMN deleted_at timestamptz;
