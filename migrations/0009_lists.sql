-- Lists that cost the same however long a shop lives: an index for every filter, words gathered in blocks.
-- depends: 0008_ended

ALTER TABLE orders ADD COLUMN carrier text NOT NULL GENERATED ALWAYS AS (COALESCE(delivery ->> 'carrier', '')) STORED;
COMMENT ON COLUMN orders.carrier IS 'the carrier of the delivery that was chosen';

-- Rows are compared whole, (state, id) < (...), in the order of an index; so its columns all point one way.
DROP INDEX orders_of_shop;
CREATE INDEX orders_of_shop ON orders (shop_id, state, id);
CREATE INDEX orders_of_shop_narrowed ON orders (shop_id, is_cod, carrier, state, id);
DROP INDEX orders_of_shop_updated;
DROP INDEX orders_search;

-- The words of a shop's orders, gathered in blocks some time after they were placed (commerce/orders/search): each order
-- has a position, a block a row for each beginning of a word, with the positions that have it.
CREATE TABLE search_progress (
    shop_id    bigint  PRIMARY KEY REFERENCES shops (shop_id),
    positions  integer NOT NULL DEFAULT 0,       -- so many orders are gathered
    last_id    bigint  NOT NULL DEFAULT 0        -- up to this one
);
COMMENT ON TABLE search_progress IS 'shop: how far the words of its orders are gathered';

CREATE TABLE search_pages (
    shop_id    bigint   NOT NULL,
    page       integer  NOT NULL,
    first_id   bigint   NOT NULL,
    last_id    bigint   NOT NULL,
    order_ids  bigint[] NOT NULL,                -- 128 of them, in order
    PRIMARY KEY (shop_id, page)
);
CREATE INDEX search_pages_by_id ON search_pages (shop_id, first_id);
COMMENT ON TABLE search_pages IS 'shop: which order has which position';

CREATE TABLE search_words (
    shop_id         bigint  NOT NULL,
    word            text    COLLATE "C" NOT NULL,  -- a beginning of up to 12 characters, or =cod, =jne ...
    first_position  integer NOT NULL,
    size            integer NOT NULL,              -- orders in the block
    positions       bytea   NOT NULL,              -- those that have it, see commerce/orders/search/rules.py
    PRIMARY KEY (shop_id, word, first_position)
);
COMMENT ON TABLE search_words IS 'shop: which orders of a block have a word';

CREATE TABLE search_numbers (
    shop_id   bigint NOT NULL,
    word      text   COLLATE "C" NOT NULL,
    order_id  bigint NOT NULL,
    PRIMARY KEY (shop_id, word, order_id)
);
COMMENT ON TABLE search_numbers IS 'shop: words that hardly any two orders share, such as tracking numbers';
