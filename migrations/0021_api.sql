-- What other programs ask of a shop: orders and parcels by when they changed, parcels that are not arranged yet, their own numbers.
-- depends: 0016_handover

CREATE INDEX orders_of_shop_updated ON orders (shop_id, updated_at, id);

ALTER TABLE parcels
    ADD COLUMN created_at timestamptz,            -- when its order was placed or it was planned; none: when it was arranged
    ADD COLUMN changed_at timestamptz,            -- when anything about it last changed; none: nothing has since what is told here
    ADD COLUMN updated_at timestamptz NOT NULL
        GENERATED ALWAYS AS (COALESCE(changed_at, GREATEST(arranged_at, last_event_at, delivered_at))) STORED;
CREATE INDEX parcels_of_shop_updated ON parcels (shop_id, updated_at, id);

-- An order's first parcel has the order's number. What is left after a parcel, or after one was undone, gets the number of
-- its parcel to be as soon as it is left, so that it can be named before it is arranged.
CREATE TABLE next_parcels (
    shop_id    bigint      NOT NULL,
    order_id   bigint      NOT NULL,
    parcel_id  bigint      NOT NULL,
    named_at   timestamptz NOT NULL,
    PRIMARY KEY (shop_id, order_id),
    CONSTRAINT next_parcels_once UNIQUE (shop_id, parcel_id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
COMMENT ON TABLE next_parcels IS 'shop: the number that the next parcel of an order will have';

INSERT INTO next_parcels (shop_id, order_id, parcel_id, named_at)
SELECT o.shop_id, o.id, ('x' || substr(md5(o.shop_id || '-' || o.id), 1, 15))::bit(60)::bigint, o.updated_at
FROM orders o
WHERE o.state = 'awaiting_shipment'
  AND EXISTS (SELECT FROM parcel_orders x WHERE x.shop_id = o.shop_id AND x.order_id = o.id)
  AND NOT EXISTS (SELECT FROM planned_units u WHERE u.shop_id = o.shop_id AND u.order_id = o.id);

CREATE TABLE external_orders (
    shop_id      bigint      NOT NULL,
    order_id     bigint      NOT NULL,
    platform     text        NOT NULL,
    external_id  text        NOT NULL CHECK (char_length(external_id) BETWEEN 1 AND 200),
    lines        jsonb       NOT NULL DEFAULT '[]',      -- [[theirs, ours]] as they were told
    added_at     timestamptz NOT NULL,
    PRIMARY KEY (shop_id, order_id, platform),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX external_orders_by_number ON external_orders (shop_id, platform, external_id, order_id);
COMMENT ON TABLE external_orders IS 'shop: by which numbers other programs know an order';
