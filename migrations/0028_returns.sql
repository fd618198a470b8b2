-- Refunds that are transferred from the beginning; parcels of returns: the way back, and what is sent again.
-- depends: 0026_claims_money

ALTER TABLE refunds ADD COLUMN by_hand boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN refunds.by_hand IS 'no provider sends it: the buyer names a bank account at once, the operator transfers';
UPDATE refunds r SET by_hand = true
FROM payments p
WHERE p.buyer_id = r.buyer_id AND p.id = r.payment_id AND p.provider IN ('cod', 'bank_transfer') AND r.state IN ('approved', 'failed');
CREATE INDEX refunds_by_hand ON refunds (expected_until, id) WHERE by_hand AND state IN ('approved', 'failed');

ALTER TABLE parcels
    ADD COLUMN purpose text NOT NULL DEFAULT 'order' CHECK (purpose IN ('order', 'replacement', 'way_back')),
    ADD COLUMN case_id bigint,
    ADD CONSTRAINT parcels_of_cases CHECK ((purpose = 'order') = (case_id IS NULL)),
    ADD FOREIGN KEY (shop_id, case_id) REFERENCES cases (shop_id, id);
COMMENT ON COLUMN parcels.purpose IS 'order: what was bought; replacement: sent again for a return; way_back: from the buyer to the shop';
CREATE INDEX parcels_of_case ON parcels (shop_id, case_id, id) WHERE case_id IS NOT NULL;
