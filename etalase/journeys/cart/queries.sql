-- add_line --
-- Put units into the cart, on top of those already there, up to the limit of a line.
INSERT INTO cart_lines AS line (buyer_id, shop_id, variant_id, quantity, price_seen_minor, is_selected, added_at)
VALUES (%(buyer_id)s, %(shop_id)s, %(variant_id)s, %(quantity)s, %(price_minor)s, true, %(at)s)
ON CONFLICT (buyer_id, shop_id, variant_id) DO UPDATE
SET quantity = LEAST(line.quantity + EXCLUDED.quantity, %(quantity_max)s), price_seen_minor = EXCLUDED.price_seen_minor,
    is_selected = true, added_at = EXCLUDED.added_at;

-- set_line --
-- Change the number of units.
UPDATE cart_lines SET quantity = %(quantity)s, is_selected = true
WHERE buyer_id = %(buyer_id)s AND shop_id = %(shop_id)s AND variant_id = %(variant_id)s;

-- remove_lines --
-- Take lines out.
DELETE FROM cart_lines AS line
USING unnest(%(shop_ids)s::bigint[], %(variant_ids)s::bigint[]) AS gone (shop_id, variant_id)
WHERE line.buyer_id = %(buyer_id)s AND line.shop_id = gone.shop_id AND line.variant_id = gone.variant_id;

-- remove_bought --
-- Take out what was bought, one line a position of the arrays.
DELETE FROM cart_lines AS line
USING unnest(%(buyer_ids)s::bigint[], %(shop_ids)s::bigint[], %(variant_ids)s::bigint[]) AS bought (buyer_id, shop_id, variant_id)
WHERE line.buyer_id = bought.buyer_id AND line.shop_id = bought.shop_id AND line.variant_id = bought.variant_id;

-- chosen_of_buyers --
-- What these buyers have chosen to check out.
SELECT buyer_id, shop_id, variant_id, quantity, price_seen_minor, is_selected, added_at
FROM cart_lines
WHERE buyer_id = ANY(%(buyer_ids)s::bigint[]) AND is_selected
ORDER BY buyer_id, shop_id, variant_id
LIMIT %(limit)s;

-- select_lines --
-- Choose which lines the checkout takes.
UPDATE cart_lines
SET is_selected = (shop_id, variant_id) IN (SELECT * FROM unnest(%(shop_ids)s::bigint[], %(variant_ids)s::bigint[]))
WHERE buyer_id = %(buyer_id)s;

-- see_prices --
-- Remember the prices the buyer has been shown.
UPDATE cart_lines AS line
SET price_seen_minor = seen.price_minor
FROM unnest(%(shop_ids)s::bigint[], %(variant_ids)s::bigint[], %(prices_minor)s::bigint[]) AS seen (shop_id, variant_id, price_minor)
WHERE line.buyer_id = %(buyer_id)s AND line.shop_id = seen.shop_id AND line.variant_id = seen.variant_id;

-- cart_of_buyer --
-- What lies in the cart, newest shop first.
SELECT buyer_id, shop_id, variant_id, quantity, price_seen_minor, is_selected, added_at
FROM cart_lines
WHERE buyer_id = %(buyer_id)s
ORDER BY max(added_at) OVER (PARTITION BY shop_id) DESC, shop_id, added_at DESC, variant_id
LIMIT %(limit)s;

-- count_lines --
-- How many lines lie in the cart.
SELECT count(*) AS lines FROM (SELECT 1 FROM cart_lines WHERE buyer_id = %(buyer_id)s LIMIT %(limit)s) AS line;
