-- Commission is charged line by line.
-- depends: 0026_claims_money

CREATE TABLE settlement_lines (
    shop_id           bigint   NOT NULL,
    order_id          bigint   NOT NULL,
    order_line_id     bigint   NOT NULL,
    base_minor        bigint   NOT NULL CHECK (base_minor >= 0),           -- the line's part of what commission is reckoned of
    rate              integer  NOT NULL CHECK (rate BETWEEN 0 AND 10000),  -- in hundredths of a percent
    version           integer  NOT NULL,                                   -- of the policy commission.rate; 0 is the default
    commission_minor  bigint   NOT NULL CHECK (commission_minor BETWEEN 0 AND base_minor),
    PRIMARY KEY (shop_id, order_id, order_line_id),
    FOREIGN KEY (shop_id, order_id) REFERENCES settlements (shop_id, order_id),
    FOREIGN KEY (shop_id, order_line_id) REFERENCES order_lines (shop_id, id)
);
COMMENT ON TABLE settlement_lines IS 'shop: the commission of each line of a settled order';
