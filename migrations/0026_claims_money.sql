-- What the operator looks after: money that is late, payments that failed.
-- depends: 0024_claims_cases

CREATE INDEX refunds_late ON refunds (expected_until, id) WHERE state IN ('approved', 'sent');
CREATE INDEX payments_failed ON payments (started_at DESC) WHERE state = 'failed';
