-- Answers kept to be used again; goods that are sent insured alone; claims in the seller's queue.
-- depends: 0031_policy_sets

CREATE TABLE saved_answers (
    shop_id   bigint      NOT NULL,       -- 0: the operator's
    id        bigint      NOT NULL,
    title     text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 60),
    words     text        NOT NULL CHECK (char_length(words) BETWEEN 1 AND 500),
    saved_by  bigint      NOT NULL,
    saved_at  timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT saved_answers_title_once UNIQUE (shop_id, title)
);
COMMENT ON TABLE saved_answers IS 'shop: words that its members answer buyers with again and again; shop 0 is the operator''s desk';

ALTER TABLE products ADD COLUMN is_fragile boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN products.is_fragile IS 'its seller sends it insured alone';

-- Returns and claims are among what waits for the seller; the queue of requests holds claims too.
DROP INDEX deadlines_to_act_on;
CREATE INDEX deadlines_to_act_on ON deadlines (shop_id, due_at, order_id)
    WHERE state = 'running' AND kind IN ('confirm.deadline', 'ship.autocancel', 'cancel.seller_response', 'return.seller_review', 'return.inspect', 'return.replace', 'claim.seller_response');
DROP INDEX deadlines_of_desk;
CREATE INDEX deadlines_of_desk ON deadlines (shop_id, due_at, id)
    WHERE state = 'running'
      AND kind IN ('cancel.seller_response', 'return.seller_review', 'return.inspect', 'return.replace', 'claim.seller_response');

-- What comes back and why, over all shops: the newest of each; of cancellations those that are a shop's doing.
CREATE INDEX returns_by_age ON returns (id);
CREATE INDEX claims_by_age ON claims (id);
CREATE INDEX cancellations_of_shops ON cancellations (id)
    WHERE state = 'done' AND reason IN ('no_stock', 'price_error', 'cannot_ship', 'damaged', 'not_confirmed', 'not_arranged', 'not_collected');
