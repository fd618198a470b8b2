-- Insurance of a shipment is a line of the order, with its premium.
-- depends: 0016_handover

ALTER TABLE orders
    ADD COLUMN insurance_minor bigint NOT NULL DEFAULT 0 CHECK (insurance_minor >= 0),
    DROP CONSTRAINT orders_check,
    ADD CONSTRAINT orders_total_adds_up CHECK (total_minor = items_minor + shipping_minor + insurance_minor - discount_minor);
COMMENT ON COLUMN orders.insurance_minor IS 'the premium that the buyer paid to insure the shipment, 0: not insured';
