-- Orders and parcels, each with its own axis of states.
-- depends: 0003_catalog

CREATE TABLE purchases (
    buyer_id        bigint      NOT NULL REFERENCES accounts (id),
    id              bigint      NOT NULL,
    placement_key   text        NOT NULL CHECK (char_length(placement_key) BETWEEN 8 AND 64),
    payment_method  text        NOT NULL,
    currency        char(3)     NOT NULL,
    total_minor     bigint      NOT NULL CHECK (total_minor >= 0),
    placed_at       timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, id),
    CONSTRAINT purchases_placed_once UNIQUE (buyer_id, placement_key)
);
COMMENT ON TABLE purchases IS 'buyer: what one checkout paid for, one payment over one order a shop';

CREATE TABLE purchase_orders (
    buyer_id     bigint NOT NULL,
    purchase_id  bigint NOT NULL,
    shop_id      bigint NOT NULL,
    order_id     bigint NOT NULL,
    total_minor  bigint NOT NULL CHECK (total_minor >= 0),
    PRIMARY KEY (buyer_id, purchase_id, order_id),
    FOREIGN KEY (buyer_id, purchase_id) REFERENCES purchases (buyer_id, id)
);
COMMENT ON TABLE purchase_orders IS 'buyer: how a purchase splits over orders';

CREATE TABLE orders (
    shop_id           bigint      NOT NULL REFERENCES shops (shop_id),
    id                bigint      NOT NULL,
    buyer_id          bigint      NOT NULL,
    purchase_id       bigint      NOT NULL,
    state             text        NOT NULL CHECK (state IN ('unpaid', 'new', 'awaiting_shipment', 'awaiting_collection',
                                                            'in_transit', 'delivered', 'completed', 'cancelled')),
    payment_method    text        NOT NULL,
    is_cod            boolean     NOT NULL,
    currency          char(3)     NOT NULL,
    items_minor       bigint      NOT NULL CHECK (items_minor >= 0),      -- lines as placed
    shipping_minor    bigint      NOT NULL CHECK (shipping_minor >= 0),
    discount_minor    bigint      NOT NULL DEFAULT 0 CHECK (discount_minor >= 0),
    total_minor       bigint      NOT NULL CHECK (total_minor = items_minor + shipping_minor - discount_minor),
    refunded_minor    bigint      NOT NULL DEFAULT 0,
    units             integer     NOT NULL CHECK (units >= 0),            -- not cancelled
    shop_name         text        NOT NULL,
    buyer_name        text        NOT NULL,
    address           jsonb       NOT NULL,       -- copy: recipient, phone, street, district, city, province, postal_code, landmark
    delivery          jsonb       NOT NULL,       -- copy: carrier, service, names, price_minor, promised_from, promised_until
    policies          jsonb       NOT NULL,       -- copy: key -> [version, value], as they bound this order
    buyer_note        text        NOT NULL DEFAULT '',
    seller_note       text        NOT NULL DEFAULT '',
    search            tsvector    NOT NULL,       -- titles, SKUs, shop, buyer, number
    placed_at         timestamptz NOT NULL,
    paid_at           timestamptz,
    confirmed_at      timestamptz,
    arranged_at       timestamptz,
    collected_at      timestamptz,
    delivered_at      timestamptz,
    completed_at      timestamptz,
    cancelled_at      timestamptz,
    cancelled_by      text        CHECK (cancelled_by IN ('buyer', 'seller', 'operator', 'system')),
    cancel_reason     text,
    address_changed_at timestamptz,
    extended_at       timestamptz,
    reminded_at       timestamptz,
    hidden_at         timestamptz,                -- taken off the buyer's list by the buyer
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT orders_refund_within_total CHECK (refunded_minor BETWEEN 0 AND total_minor)
);
CREATE INDEX orders_of_buyer ON orders (buyer_id, id DESC);
CREATE INDEX orders_of_buyer_by_state ON orders (buyer_id, state, id DESC);
CREATE INDEX orders_of_buyer_refunded ON orders (buyer_id, id DESC) WHERE refunded_minor > 0;
CREATE INDEX orders_of_shop ON orders (shop_id, state, id DESC);
CREATE INDEX orders_of_shop_updated ON orders (shop_id, updated_at, id);
CREATE INDEX orders_search ON orders USING gin (search);
COMMENT ON TABLE orders IS 'shop: one shop''s part of a purchase, a copy of everything it was placed with';

-- Exact counters without counting: one row a shop and state, changed with the order, spread over a few slots
-- so that a busy shop's orders do not queue for one row. The list's counter is the sum of the slots.
CREATE TABLE shop_order_counts (
    shop_id  bigint   NOT NULL REFERENCES shops (shop_id),
    state    text     NOT NULL,
    slot     smallint NOT NULL CHECK (slot BETWEEN 0 AND 15),
    orders   bigint   NOT NULL,
    PRIMARY KEY (shop_id, state, slot)
);
COMMENT ON TABLE shop_order_counts IS 'shop: how many orders stand in each state';

CREATE TABLE order_lines (
    shop_id            bigint  NOT NULL,
    id                 bigint  NOT NULL,
    order_id           bigint  NOT NULL,
    product_id         bigint  NOT NULL,
    variant_id         bigint  NOT NULL,
    title              text    NOT NULL,
    variant_name       text    NOT NULL,
    seller_sku         text    NOT NULL,
    image_key          text,
    unit_price_minor   bigint  NOT NULL CHECK (unit_price_minor >= 0),
    quantity           integer NOT NULL CHECK (quantity > 0),
    cancelled_quantity integer NOT NULL DEFAULT 0,
    weight_grams       integer NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT order_lines_cancelled_within CHECK (cancelled_quantity BETWEEN 0 AND quantity),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX order_lines_of_order ON order_lines (shop_id, order_id, id);
COMMENT ON TABLE order_lines IS 'shop: what was bought, as it was called and priced then';

CREATE TABLE cancellations (
    shop_id       bigint      NOT NULL,
    id            bigint      NOT NULL,
    order_id      bigint      NOT NULL,
    state         text        NOT NULL CHECK (state IN ('requested', 'done', 'rejected', 'withdrawn')),
    asked_by      text        NOT NULL CHECK (asked_by IN ('buyer', 'seller', 'operator', 'system')),
    actor_id      bigint,
    reason        text        NOT NULL,           -- code, see journeys/cancellations/rules.py
    note          text        NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    restock       boolean     NOT NULL,
    refund_minor  bigint      NOT NULL DEFAULT 0 CHECK (refund_minor >= 0),
    requested_at  timestamptz NOT NULL,
    decided_at    timestamptz,
    decided_by    text,
    answer        text        NOT NULL DEFAULT '',
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE UNIQUE INDEX cancellations_one_open ON cancellations (shop_id, order_id) WHERE state = 'requested';
CREATE INDEX cancellations_of_order ON cancellations (shop_id, order_id, id);
COMMENT ON TABLE cancellations IS 'shop: who cancelled what, why, with what consequence; asked for or done';

CREATE TABLE cancellation_lines (
    shop_id          bigint  NOT NULL,
    cancellation_id  bigint  NOT NULL,
    order_line_id    bigint  NOT NULL,
    quantity         integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (shop_id, cancellation_id, order_line_id),
    FOREIGN KEY (shop_id, cancellation_id) REFERENCES cancellations (shop_id, id),
    FOREIGN KEY (shop_id, order_line_id) REFERENCES order_lines (shop_id, id)
);
COMMENT ON TABLE cancellation_lines IS 'shop: lines and quantities of a cancellation';

CREATE TABLE parcels (
    shop_id          bigint      NOT NULL,
    id               bigint      NOT NULL,
    order_id         bigint      NOT NULL,
    state            text        NOT NULL CHECK (state IN ('awaiting_collection', 'in_transit', 'delivered',
                                                           'returned', 'lost', 'cancelled')),
    method           text        NOT NULL CHECK (method IN ('pickup', 'drop_off', 'own_number')),
    carrier          text        NOT NULL,        -- codes of integrations/carriers
    service          text        NOT NULL,
    tracking_number  text,                        -- none until the carrier has given one
    booking          text        NOT NULL CHECK (booking IN ('none', 'waiting', 'booked', 'refused')),
    booking_note     text        NOT NULL DEFAULT '',
    insured          boolean     NOT NULL DEFAULT false,
    delay_note       text        NOT NULL DEFAULT '',
    delayed_at       timestamptz,
    asked_at         timestamptz,                 -- when we last asked the carrier
    last_event_at    timestamptz,
    last_status      text        NOT NULL DEFAULT '',
    arranged_at      timestamptz NOT NULL,
    collected_at     timestamptz,
    delivered_at     timestamptz,
    received_by      text        NOT NULL DEFAULT '',
    eta_from         timestamptz,
    eta_until        timestamptz,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX parcels_of_order ON parcels (shop_id, order_id, id);
CREATE INDEX parcels_to_ask ON parcels (COALESCE(asked_at, arranged_at))
    WHERE state IN ('awaiting_collection', 'in_transit') AND booking = 'booked' AND tracking_number IS NOT NULL;
COMMENT ON TABLE parcels IS 'shop: what a carrier carries, with its own state';

CREATE TABLE parcel_lines (
    shop_id        bigint  NOT NULL,
    parcel_id      bigint  NOT NULL,
    order_line_id  bigint  NOT NULL,
    quantity       integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (shop_id, parcel_id, order_line_id),
    FOREIGN KEY (shop_id, parcel_id) REFERENCES parcels (shop_id, id),
    FOREIGN KEY (shop_id, order_line_id) REFERENCES order_lines (shop_id, id)
);
CREATE INDEX parcel_lines_of_line ON parcel_lines (shop_id, order_line_id);
COMMENT ON TABLE parcel_lines IS 'shop: which units lie in which parcel';

CREATE TABLE parcel_numbers (
    carrier      text        NOT NULL,
    number       text        NOT NULL,
    shop_id      bigint      NOT NULL,
    parcel_id    bigint      NOT NULL,
    is_current   boolean     NOT NULL DEFAULT true,
    entered_by   bigint,
    entered_at   timestamptz NOT NULL,
    replaced_at  timestamptz,
    PRIMARY KEY (carrier, number, shop_id, parcel_id)
);
CREATE INDEX parcel_numbers_of_parcel ON parcel_numbers (shop_id, parcel_id, entered_at);
COMMENT ON TABLE parcel_numbers IS 'reference: tracking number -> parcel, replaced numbers kept';

CREATE TABLE tracking_events (
    shop_id      bigint      NOT NULL,
    id           bigint      NOT NULL,
    parcel_id    bigint      NOT NULL,
    vendor       text        NOT NULL,
    event_id     text        NOT NULL,            -- the vendor's
    status       text        NOT NULL,
    raw_code     text        NOT NULL DEFAULT '',
    description  text        NOT NULL DEFAULT '',
    place        text        NOT NULL DEFAULT '',
    zone         text        NOT NULL DEFAULT 'Asia/Jakarta',
    occurred_at  timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT tracking_events_once UNIQUE (shop_id, parcel_id, vendor, event_id),
    FOREIGN KEY (shop_id, parcel_id) REFERENCES parcels (shop_id, id)
);
CREATE INDEX tracking_events_of_parcel ON tracking_events (shop_id, parcel_id, occurred_at DESC, id DESC);
COMMENT ON TABLE tracking_events IS 'shop: what carriers reported, with place and time';
