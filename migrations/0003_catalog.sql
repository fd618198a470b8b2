-- What is sold, how much of it there is, and what lies in carts.
-- depends: 0002_accounts

CREATE TABLE categories (
    id         bigint  PRIMARY KEY,
    parent_id  bigint  REFERENCES categories (id),
    slug       text    NOT NULL UNIQUE,
    name_id    text    NOT NULL,
    name_en    text    NOT NULL,
    icon       text    NOT NULL DEFAULT 'tag',
    position   integer NOT NULL DEFAULT 0
);
COMMENT ON TABLE categories IS 'reference: the category tree, two levels';

CREATE TABLE products (
    shop_id       bigint      NOT NULL REFERENCES shops (shop_id),
    id            bigint      NOT NULL,
    category_id   bigint      NOT NULL REFERENCES categories (id),
    title         text        NOT NULL CHECK (char_length(title) BETWEEN 3 AND 200),
    description   text        NOT NULL DEFAULT '' CHECK (char_length(description) <= 10000),
    state         text        NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'active', 'inactive')),
    handling_days integer     NOT NULL DEFAULT 1 CHECK (handling_days BETWEEN 0 AND 30),
    version       integer     NOT NULL DEFAULT 1,
    sold_units    bigint      NOT NULL DEFAULT 0 CHECK (sold_units >= 0),
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX products_of_shop ON products (shop_id, state, id DESC);
COMMENT ON TABLE products IS 'shop: what a shop offers';

CREATE TABLE product_media (
    shop_id     bigint  NOT NULL,
    id          bigint  NOT NULL,
    product_id  bigint  NOT NULL,
    position    integer NOT NULL,
    file_key    text    NOT NULL,
    width       integer NOT NULL CHECK (width > 0),
    height      integer NOT NULL CHECK (height > 0),
    alt         text    NOT NULL DEFAULT '',
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id) ON DELETE CASCADE
);
CREATE INDEX product_media_of_product ON product_media (shop_id, product_id, position);
COMMENT ON TABLE product_media IS 'shop: a product''s pictures in order';

CREATE TABLE variants (
    shop_id       bigint  NOT NULL,
    id            bigint  NOT NULL,
    product_id    bigint  NOT NULL,
    position      integer NOT NULL DEFAULT 0,
    options       jsonb   NOT NULL DEFAULT '[]',     -- [{"name": "Warna", "value": "Merah"}]
    name          text    NOT NULL DEFAULT '',       -- 'Merah, L'
    seller_sku    text    NOT NULL CHECK (char_length(seller_sku) BETWEEN 1 AND 60),
    price_minor   bigint  NOT NULL CHECK (price_minor > 0),
    currency      char(3) NOT NULL DEFAULT 'IDR',
    weight_grams  integer NOT NULL CHECK (weight_grams > 0),
    media_id      bigint,
    is_active     boolean NOT NULL DEFAULT true,
    purchase_limit integer CHECK (purchase_limit > 0),  -- units one buyer may ever buy
    PRIMARY KEY (shop_id, id),
    CONSTRAINT variants_sku_once UNIQUE (shop_id, seller_sku),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id) ON DELETE CASCADE
);
CREATE INDEX variants_of_product ON variants (shop_id, product_id, position);
COMMENT ON TABLE variants IS 'shop: the sellable forms of a product';

-- What browsing needs of an active product, written together with it, so that no page of buyers joins shop tables.
CREATE TABLE listings (
    product_id       bigint      PRIMARY KEY,
    shop_id          bigint      NOT NULL REFERENCES shops (shop_id),
    category_id      bigint      NOT NULL REFERENCES categories (id),
    title            text        NOT NULL,
    cover_key        text,
    price_min_minor  bigint      NOT NULL,
    price_max_minor  bigint      NOT NULL,
    currency         char(3)     NOT NULL,
    sold_units       bigint      NOT NULL DEFAULT 0,
    is_available     boolean     NOT NULL,
    search           tsvector    NOT NULL,
    listed_at        timestamptz NOT NULL
);
CREATE INDEX listings_newest ON listings (product_id DESC);
CREATE INDEX listings_in_category ON listings (category_id, product_id DESC);
CREATE INDEX listings_of_shop ON listings (shop_id, product_id DESC);
CREATE INDEX listings_popular ON listings (sold_units DESC, product_id DESC);
CREATE INDEX listings_cheapest ON listings (price_min_minor, product_id DESC);
CREATE INDEX listings_search ON listings USING gin (search);
COMMENT ON TABLE listings IS 'reference: the shop window, a row a product on sale';

CREATE TABLE stock (
    shop_id     bigint  NOT NULL,
    variant_id  bigint  NOT NULL,
    on_hand     integer NOT NULL DEFAULT 0 CONSTRAINT stock_on_hand_not_negative CHECK (on_hand >= 0),
    committed   integer NOT NULL DEFAULT 0 CONSTRAINT stock_committed_not_negative CHECK (committed >= 0),
    held        integer NOT NULL DEFAULT 0 CONSTRAINT stock_held_not_negative CHECK (held >= 0),
    low_at      integer NOT NULL DEFAULT 5 CHECK (low_at >= 0),
    PRIMARY KEY (shop_id, variant_id),
    CONSTRAINT stock_available_not_negative CHECK (on_hand - committed - held >= 0),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
COMMENT ON TABLE stock IS 'shop: on hand, committed to orders, held for campaigns; available is what is left';

CREATE TABLE stock_movements (
    shop_id          bigint      NOT NULL,
    id               bigint      NOT NULL,
    variant_id       bigint      NOT NULL,
    reason           text        NOT NULL CHECK (reason IN
        ('reservation', 'release', 'shipment', 'purchase', 'count', 'damage', 'transfer', 'return', 'opening')),
    on_hand_change   integer     NOT NULL,
    committed_change integer     NOT NULL,
    order_id         bigint,
    note             text        NOT NULL DEFAULT '',
    actor_id         bigint,
    at               timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
CREATE INDEX stock_movements_of_variant ON stock_movements (shop_id, variant_id, id DESC);
COMMENT ON TABLE stock_movements IS 'shop: every change of stock with its reason; the sums are the stock';

CREATE TABLE cart_lines (
    buyer_id          bigint      NOT NULL REFERENCES accounts (id),
    shop_id           bigint      NOT NULL,
    variant_id        bigint      NOT NULL,
    quantity          integer     NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    price_seen_minor  bigint      NOT NULL,
    is_selected       boolean     NOT NULL DEFAULT true,
    added_at          timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, shop_id, variant_id)
);
COMMENT ON TABLE cart_lines IS 'buyer: what lies in the cart; nothing is held for it';
