-- Clocks of what comes after a sale, found by their policy when a change of it is replayed. Orders' own clocks are not in it.
-- depends: 0032_saved_answers

CREATE INDEX deadlines_replayed ON deadlines (shop_id, policy_key, id)
    WHERE state IN ('fired', 'stopped')
      AND policy_key IN ('cancel.seller_response', 'return.seller_review', 'return.offer', 'return.ship_back', 'return.decision',
                         'return.appeal', 'claim.seller_response', 'claim.evidence', 'claim.decision', 'claim.appeal');
