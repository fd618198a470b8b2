-- When the carrier picks a parcel up, and when its papers were printed.
-- depends: 0015_parcel_orders

ALTER TABLE parcels
    ADD COLUMN pickup_from timestamptz,           -- as the seller chose among the carrier's times
    ADD COLUMN pickup_until timestamptz,
    ADD COLUMN label_printed_at timestamptz,      -- first
    ADD COLUMN slip_printed_at timestamptz,
    ADD CONSTRAINT parcels_pickup_whole CHECK ((pickup_from IS NULL) = (pickup_until IS NULL) AND pickup_from < pickup_until);
