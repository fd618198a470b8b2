-- Messages that could not be applied are set aside after some attempts, until an operator tries them again.
-- depends: 0008_ended

ALTER TABLE inbound_events ADD COLUMN failed_at timestamptz;
COMMENT ON COLUMN inbound_events.failed_at IS 'since when it is not tried any more: an operator has to look at it';

DROP INDEX inbound_events_waiting;
CREATE INDEX inbound_events_waiting ON inbound_events (retry_at) WHERE applied_at IS NULL AND failed_at IS NULL;
CREATE INDEX inbound_events_failed ON inbound_events (failed_at) WHERE failed_at IS NOT NULL;
