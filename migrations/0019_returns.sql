-- Cases: disagreements about an order, with words and files of both sides; and the first kind of them, returns.
-- depends: 0016_handover

CREATE TABLE cases (
    shop_id    bigint      NOT NULL,
    id         bigint      NOT NULL,
    order_id   bigint      NOT NULL,
    buyer_id   bigint      NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('return', 'claim', 'insurance')),
    state      text        NOT NULL CHECK (state IN ('open', 'closed')),
    opened_at  timestamptz NOT NULL,
    closed_at  timestamptz,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT cases_closed_with_moment CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX cases_of_order ON cases (shop_id, order_id, id);
CREATE INDEX cases_of_buyer ON cases (buyer_id, order_id);
COMMENT ON TABLE cases IS 'shop: disagreements about orders; what each is about stands in a table of its kind';

CREATE TABLE case_messages (
    shop_id    bigint      NOT NULL,
    id         bigint      NOT NULL,
    case_id    bigint      NOT NULL,
    author     text        NOT NULL CHECK (author IN ('buyer', 'seller', 'operator', 'system')),
    author_id  bigint,
    text       text        NOT NULL CHECK (char_length(text) <= 2000),
    at         timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, case_id) REFERENCES cases (shop_id, id)
);
CREATE INDEX case_messages_of_case ON case_messages (shop_id, case_id, id);
COMMENT ON TABLE case_messages IS 'shop: what the parties of a case said, in order';

CREATE TABLE case_files (
    shop_id     bigint      NOT NULL,
    id          bigint      NOT NULL,
    case_id     bigint      NOT NULL,
    message_id  bigint      NOT NULL,
    file_key    text        NOT NULL,             -- in the private part of the storage
    media_type  text        NOT NULL,
    sha256      char(64)    NOT NULL,             -- of what was sent, before pictures are written anew
    at          timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, case_id) REFERENCES cases (shop_id, id),
    FOREIGN KEY (shop_id, message_id) REFERENCES case_messages (shop_id, id)
);
CREATE INDEX case_files_of_case ON case_files (shop_id, case_id, id);
COMMENT ON TABLE case_files IS 'shop: pictures and videos of a case, shown to its parties alone';

CREATE TABLE returns (
    shop_id           bigint      NOT NULL,
    id                bigint      NOT NULL,       -- of its case
    order_id          bigint      NOT NULL,
    buyer_id          bigint      NOT NULL,
    kind              text        NOT NULL CHECK (kind IN ('refund_only', 'return_and_refund', 'exchange', 'reship')),
    state             text        NOT NULL CHECK (state IN ('requested', 'offered', 'rejected', 'awaiting_return', 'returning', 'received',
                                                            'replacing', 'replaced', 'escalated', 'decided', 'appealed',
                                                            'refunded', 'settled', 'closed', 'withdrawn')),
    reason            text        NOT NULL,       -- code, see journeys/returns/rules.py
    amount_minor      bigint      NOT NULL CHECK (amount_minor >= 0),   -- what the units are worth, as asked for
    offer_percent     integer     CHECK (offer_percent BETWEEN 1 AND 99),
    offers            integer     NOT NULL DEFAULT 0,                   -- made so far
    disputes          integer     NOT NULL DEFAULT 0,                   -- rejections that the buyer did not accept
    answer            text        NOT NULL DEFAULT '' CHECK (char_length(answer) <= 500),
    carrier           text        NOT NULL DEFAULT '',                  -- of the way back
    tracking_number   text        NOT NULL DEFAULT '',
    sent_back_at      timestamptz,
    received_at       timestamptz,
    restock           boolean,                                          -- whether what came back can be sold again
    new_carrier       text        NOT NULL DEFAULT '',                  -- of what was sent instead
    new_number        text        NOT NULL DEFAULT '',
    escalated_by      text        CHECK (escalated_by IN ('buyer', 'seller')),
    decision          text        CHECK (decision IN ('refund', 'part', 'none')),
    decision_percent  integer     CHECK (decision_percent BETWEEN 1 AND 99),
    decision_reason   text        NOT NULL DEFAULT '' CHECK (char_length(decision_reason) <= 500),
    appealed_by       text        CHECK (appealed_by IN ('buyer', 'seller')),
    outcome           text        NOT NULL DEFAULT '',                  -- why it ended, a code
    refund_minor      bigint      NOT NULL DEFAULT 0 CHECK (refund_minor >= 0),
    requested_at      timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    ended_at          timestamptz,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, id) REFERENCES cases (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX returns_of_order ON returns (shop_id, order_id, id);
CREATE INDEX returns_of_shop ON returns (shop_id, state, id);
CREATE INDEX returns_of_shop_updated ON returns (shop_id, updated_at, id);
CREATE INDEX returns_escalated ON returns (updated_at, id) WHERE state IN ('escalated', 'appealed');
COMMENT ON TABLE returns IS 'shop: requests to return goods or get money back for them, from asking to the end';

CREATE TABLE return_lines (
    shop_id        bigint  NOT NULL,
    return_id      bigint  NOT NULL,
    order_line_id  bigint  NOT NULL,
    quantity       integer NOT NULL CHECK (quantity > 0),
    received       integer CHECK (received BETWEEN 0 AND quantity),     -- as the seller counted what came back
    PRIMARY KEY (shop_id, return_id, order_line_id),
    FOREIGN KEY (shop_id, return_id) REFERENCES returns (shop_id, id),
    FOREIGN KEY (shop_id, order_line_id) REFERENCES order_lines (shop_id, id)
);
CREATE INDEX return_lines_of_line ON return_lines (shop_id, order_line_id);
COMMENT ON TABLE return_lines IS 'shop: lines and quantities of a return';

-- What went back for a line: units given up after delivery, and parts of the price beyond the worth of units given up.
ALTER TABLE order_lines
    ADD COLUMN returned_quantity integer NOT NULL DEFAULT 0,
    ADD COLUMN part_refunded_minor bigint NOT NULL DEFAULT 0 CHECK (part_refunded_minor >= 0),
    ADD CONSTRAINT order_lines_returned_within CHECK (returned_quantity BETWEEN 0 AND quantity - cancelled_quantity);

ALTER TABLE refunds ADD COLUMN case_id bigint;  -- the case that it ends, if any

-- The seller's queue of cancellations and returns, most urgent first.
CREATE INDEX deadlines_of_desk ON deadlines (shop_id, due_at, id)
    WHERE state = 'running' AND kind IN ('cancel.seller_response', 'return.seller_review', 'return.inspect', 'return.replace');
