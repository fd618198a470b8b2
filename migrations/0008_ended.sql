-- Units of parcels that failed, and payments that ended unpaid and may have been paid all the same.
-- depends: 0007_jobs

ALTER TABLE parcels ADD COLUMN units_ended boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN parcels.units_ended IS 'the parcel came back or was lost, and its units were taken off the order';

CREATE INDEX payments_ended ON payments (started_at)
    WHERE state IN ('failed', 'expired', 'cancelled') AND provider <> 'cod' AND provider_reference IS NOT NULL;
