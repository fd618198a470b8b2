-- Claims: a parcel that is said to be delivered and was not received, and losses that insurance makes good.
-- depends: 0019_returns 0020_claims

CREATE TABLE claims (
    shop_id          bigint      NOT NULL,
    id               bigint      NOT NULL,        -- of its case
    order_id         bigint      NOT NULL,
    buyer_id         bigint      NOT NULL,
    parcel_id        bigint      NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('not_received', 'insurance')),
    opened_by        text        NOT NULL CHECK (opened_by IN ('buyer', 'seller')),
    state            text        NOT NULL CHECK (state IN ('asked', 'evidence', 'review', 'decided', 'appealed', 'closed')),
    reason           text        NOT NULL CHECK (reason IN ('not_received', 'lost', 'damaged')),
    checks           jsonb       NOT NULL,        -- what the buyer answered to the guided check
    amount_minor     bigint      NOT NULL CHECK (amount_minor > 0),     -- what it is about, and at most what is paid
    has_answer       boolean     NOT NULL DEFAULT false,                -- the seller has said something
    decision         text        CHECK (decision IN ('grant', 'reject')),
    decision_reason  text        NOT NULL DEFAULT '',                   -- code, see journeys/claims/rules.py
    decision_text    text        NOT NULL DEFAULT '' CHECK (char_length(decision_text) <= 1000),
    decided_by       bigint,                      -- the operator's account; none: the clock
    decided_at       timestamptz,
    appealed_by      text        CHECK (appealed_by IN ('buyer', 'seller')),
    outcome          text        NOT NULL DEFAULT '' CHECK (outcome IN ('', 'granted', 'rejected', 'withdrawn', 'agreed')),
    paid_minor       bigint      NOT NULL DEFAULT 0 CHECK (paid_minor BETWEEN 0 AND amount_minor),
    opened_at        timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT claims_closed_with_outcome CHECK ((state = 'closed') = (outcome <> '') AND (state = 'closed') = (ended_at IS NOT NULL)),
    CONSTRAINT claims_decided_with_decision CHECK (state NOT IN ('decided', 'appealed') OR decision IS NOT NULL),
    FOREIGN KEY (shop_id, id) REFERENCES cases (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id),
    FOREIGN KEY (shop_id, parcel_id) REFERENCES parcels (shop_id, id)
);
CREATE UNIQUE INDEX claims_one_open ON claims (shop_id, order_id, kind) WHERE state <> 'closed';
CREATE INDEX claims_of_order ON claims (shop_id, order_id, id);
CREATE INDEX claims_of_shop ON claims (shop_id, id) WHERE state <> 'closed';
COMMENT ON TABLE claims IS 'shop: parcels not received and insured losses, from asking to the end';

-- The operator's desk: what waits for a decision, the next clock first.
CREATE INDEX deadlines_of_disputes ON deadlines (due_at, id)
    WHERE state = 'running' AND subject_kind = 'case';
