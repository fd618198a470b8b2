-- Several payment providers side by side: what a buyer types in, health and switches of methods, transfers by hand, refunds by hand.
-- depends: 0016_handover

ALTER TABLE payments
    ADD COLUMN instructions jsonb,                          -- what the buyer types or scans, where there is no page to go to
    ADD COLUMN fee_minor bigint NOT NULL DEFAULT 0 CHECK (fee_minor >= 0);
COMMENT ON COLUMN payments.fee_minor IS 'the part of the amount that is for the method, not for the orders';
CREATE INDEX payments_transfers ON payments (started_at) WHERE provider = 'bank_transfer';

ALTER TABLE captures DROP CONSTRAINT captures_use_check;
ALTER TABLE captures ADD CONSTRAINT captures_use_check CHECK (use IN ('purchase', 'surplus', 'part'));
COMMENT ON COLUMN captures.use IS 'part: too little so far, held until the rest comes or the time is over';
CREATE INDEX captures_parts ON captures (buyer_id, payment_id) WHERE use = 'part';

ALTER TABLE refunds ADD COLUMN asked_at timestamptz;
COMMENT ON COLUMN refunds.asked_at IS 'when the provider was last asked what became of it';
CREATE INDEX refunds_unconfirmed ON refunds (sent_at) WHERE state = 'sent';

CREATE TABLE refund_accounts (
    buyer_id       bigint      NOT NULL,
    refund_id      bigint      NOT NULL,
    bank           text        NOT NULL,
    holder         text        NOT NULL,
    number_sealed  text        NOT NULL,                    -- readable with the installation's key alone
    number_end     text        NOT NULL,                    -- the last digits, all that pages show
    given_at       timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, refund_id),
    FOREIGN KEY (buyer_id, refund_id) REFERENCES refunds (buyer_id, id)
);
COMMENT ON TABLE refund_accounts IS 'buyer: where money goes that a provider could not send back';

CREATE TABLE transfer_proofs (
    buyer_id    bigint      NOT NULL,
    id          bigint      NOT NULL,
    payment_id  bigint      NOT NULL,
    file_key    text        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('sent', 'accepted', 'rejected')),
    reason      text        NOT NULL DEFAULT '',
    sent_at     timestamptz NOT NULL,
    decided_at  timestamptz,
    PRIMARY KEY (buyer_id, id),
    FOREIGN KEY (buyer_id, payment_id) REFERENCES payments (buyer_id, id)
);
CREATE INDEX transfer_proofs_of_payment ON transfer_proofs (buyer_id, payment_id, id);
COMMENT ON TABLE transfer_proofs IS 'buyer: pictures of transfer slips, as buyers sent them';

CREATE TABLE statement_lines (
    id            bigint      NOT NULL PRIMARY KEY,
    import_id     bigint      NOT NULL,
    digest        text        NOT NULL,                     -- of the line and how many like it came before: a file twice changes nothing
    booked_on     date        NOT NULL,
    description   text        NOT NULL,
    amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
    currency      char(3)     NOT NULL,
    state         text        NOT NULL CHECK (state IN ('new', 'applied', 'left')),
    buyer_id      bigint,                                   -- whose payment it was taken for
    payment_id    bigint,
    imported_at   timestamptz NOT NULL,
    applied_at    timestamptz,
    CONSTRAINT statement_lines_once UNIQUE (digest)
);
CREATE INDEX statement_lines_of_import ON statement_lines (import_id, id);
CREATE INDEX statement_lines_left ON statement_lines (payment_id) WHERE state = 'left';
CREATE INDEX statement_lines_new ON statement_lines (id) WHERE state = 'new';
COMMENT ON TABLE statement_lines IS 'local: money that came to the bank account, line by line as the bank wrote it';

CREATE TABLE payment_method_health (
    provider      text        NOT NULL,
    method        text        NOT NULL,
    failures      integer     NOT NULL,                     -- in a row
    last_error    text        NOT NULL,
    failed_at     timestamptz NOT NULL,
    hidden_until  timestamptz NOT NULL,
    PRIMARY KEY (provider, method)
);
COMMENT ON TABLE payment_method_health IS 'reference: methods that do not work just now; a success removes the row';

CREATE TABLE payment_method_switches (
    method      text        NOT NULL PRIMARY KEY,
    reason      text        NOT NULL,
    off_since   timestamptz NOT NULL,
    account_id  bigint      NOT NULL
);
COMMENT ON TABLE payment_method_switches IS 'reference: methods that the operator has switched off';
