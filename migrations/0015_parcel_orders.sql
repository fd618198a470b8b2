-- A parcel may carry several orders of one buyer, and the seller may plan parcels before arranging them.
-- depends: 0008_ended

CREATE TABLE parcel_orders (
    shop_id      bigint  NOT NULL,
    parcel_id    bigint  NOT NULL,
    order_id     bigint  NOT NULL,
    units_ended  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (shop_id, parcel_id, order_id),
    FOREIGN KEY (shop_id, parcel_id) REFERENCES parcels (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
COMMENT ON TABLE parcel_orders IS 'shop: which orders have units in which parcel';
COMMENT ON COLUMN parcel_orders.units_ended IS 'the parcel came back or was lost, and its units were taken off the order';

INSERT INTO parcel_orders (shop_id, parcel_id, order_id, units_ended)
SELECT shop_id, id, order_id, units_ended FROM parcels;

ALTER TABLE parcels DROP COLUMN order_id, DROP COLUMN units_ended;
CREATE INDEX parcel_orders_of_order ON parcel_orders (shop_id, order_id, parcel_id);

CREATE TABLE planned_units (
    shop_id        bigint      NOT NULL,
    plan_id        bigint      NOT NULL,          -- becomes the parcel's id
    order_line_id  bigint      NOT NULL,
    order_id       bigint      NOT NULL,
    quantity       integer     NOT NULL CHECK (quantity > 0),
    planned_at     timestamptz NOT NULL,
    PRIMARY KEY (shop_id, plan_id, order_line_id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id),
    FOREIGN KEY (shop_id, order_line_id) REFERENCES order_lines (shop_id, id)
);
CREATE INDEX planned_units_of_order ON planned_units (shop_id, order_id, plan_id);
COMMENT ON TABLE planned_units IS 'shop: how the seller means to pack: an order over several parcels, or several orders in one';
