"""What holds of every database, whoever filled it: each invariant as a query that finds what breaks it."""

from collections import defaultdict
from typing import Any

import psycopg

from tests.auditor import RULES, money_audit

OF_EVERY_STEP = (
    "stock is the sum of its movements",
    "committed is what live orders still have to pack",
    "counters are exact",
    "what is disagreed about stands still",
    "cases that are over have no clock",
)
"""What holds after every step holds of a loaded world too."""
INVARIANTS: dict[str, str] = {
    **{name: RULES[name] for name in OF_EVERY_STEP},
    "stock never was negative, in the order of its movements": """
        SELECT * FROM (
            SELECT shop_id, variant_id, id,
                   sum(on_hand_change) OVER w AS on_hand, sum(committed_change) OVER w AS committed
            FROM stock_movements WINDOW w AS (PARTITION BY shop_id, variant_id ORDER BY id)) running
        WHERE on_hand < 0 OR committed < 0 OR on_hand < committed""",
    "sold units are those shipped": """
        SELECT p.shop_id, p.id, p.sold_units, m.units
        FROM products p
        LEFT JOIN (SELECT v.shop_id, v.product_id, -sum(m.on_hand_change) AS units
                   FROM stock_movements m JOIN variants v ON v.shop_id = m.shop_id AND v.id = m.variant_id
                   WHERE m.reason IN ('shipment', 'return') GROUP BY 1, 2) m
          ON m.shop_id = p.shop_id AND m.product_id = p.id
        WHERE p.sold_units <> coalesce(m.units, 0)""",
    "windows show what products are": """
        SELECT p.id FROM products p LEFT JOIN listings l ON l.product_id = p.id
        WHERE (p.state = 'active') <> (l.product_id IS NOT NULL) OR l.sold_units <> p.sold_units
           OR l.is_available <> EXISTS (SELECT FROM stock s JOIN variants v ON v.shop_id = s.shop_id AND v.id = s.variant_id
                                        WHERE v.shop_id = p.shop_id AND v.product_id = p.id AND s.on_hand > s.committed)""",
    "totals are lines and shipping": """
        SELECT o.shop_id, o.id FROM orders o
        JOIN (SELECT shop_id, order_id, sum(unit_price_minor * quantity) AS items, sum(quantity - cancelled_quantity) AS units
              FROM order_lines GROUP BY 1, 2) l ON l.shop_id = o.shop_id AND l.order_id = o.id
        WHERE o.items_minor <> l.items OR o.total_minor <> l.items + o.shipping_minor + o.insurance_minor OR o.units <> l.units
           OR (o.delivery ->> 'price_minor')::bigint <> o.shipping_minor""",
    "every order has lines": "SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT FROM order_lines l WHERE l.shop_id = o.shop_id AND l.order_id = o.id)",
    "purchases are the sum of their orders": """
        SELECT p.buyer_id, p.id FROM purchases p
        LEFT JOIN (SELECT buyer_id, purchase_id, sum(total_minor) AS total FROM orders GROUP BY 1, 2) o
          ON o.buyer_id = p.buyer_id AND o.purchase_id = p.id
        LEFT JOIN (SELECT buyer_id, purchase_id, sum(total_minor) AS total FROM purchase_orders GROUP BY 1, 2) po
          ON po.buyer_id = p.buyer_id AND po.purchase_id = p.id
        LEFT JOIN payments y ON y.buyer_id = p.buyer_id AND y.purchase_id = p.id
        WHERE NOT coalesce(y.is_top_up, false) AND (p.total_minor IS DISTINCT FROM o.total OR p.total_minor IS DISTINCT FROM po.total
           OR y.amount_minor IS DISTINCT FROM p.total_minor)""",
    "paid payments were captured": """
        SELECT p.buyer_id, p.id, p.amount_minor, c.amount FROM payments p
        LEFT JOIN (SELECT buyer_id, payment_id, sum(amount_minor) AS amount FROM captures GROUP BY 1, 2) c
          ON c.buyer_id = p.buyer_id AND c.payment_id = p.id
        LEFT JOIN (SELECT buyer_id, purchase_id, sum(total_minor - refunded_minor) AS kept FROM orders GROUP BY 1, 2) o
          ON o.buyer_id = p.buyer_id AND o.purchase_id = p.purchase_id
        WHERE p.state = 'paid' AND coalesce(c.amount, 0) <> CASE p.provider WHEN 'cod' THEN o.kept ELSE p.amount_minor END
           OR p.state <> 'paid' AND c.amount IS NOT NULL""",
    "orders are paid with their payment": """
        SELECT o.shop_id, o.id FROM orders o
        JOIN payments p ON p.buyer_id = o.buyer_id AND p.purchase_id = o.purchase_id
        WHERE NOT o.is_cod AND (o.paid_at IS DISTINCT FROM p.paid_at)
           OR NOT o.is_cod AND (o.state = 'unpaid' AND p.state <> 'pending'
                                OR o.state NOT IN ('unpaid', 'cancelled') AND p.state <> 'paid')""",
    "cancelled orders keep nothing": """
        SELECT o.shop_id, o.id FROM orders o
        WHERE o.state = 'cancelled' AND (o.units <> 0 OR (o.paid_at IS NOT NULL AND o.refunded_minor <> o.total_minor)
              OR o.cancelled_by IS NULL OR o.cancel_reason IS NULL
              OR NOT EXISTS (SELECT FROM cancellations c WHERE c.shop_id = o.shop_id AND c.order_id = o.id AND c.state = 'done'))""",
    "finished orders have no clock": """
        SELECT d.shop_id, d.order_id, d.kind FROM deadlines d JOIN orders o ON o.shop_id = d.shop_id AND o.id = d.order_id
        WHERE d.state = 'running' AND o.state IN ('completed', 'cancelled') AND d.subject_kind <> 'case'""",
    "open orders have the clock of their state": """
        SELECT o.shop_id, o.id, o.state FROM orders o
        JOIN (VALUES ('unpaid', 'payment.deadline'), ('new', 'confirm.deadline'), ('awaiting_shipment', 'ship.autocancel'),
                     ('awaiting_collection', 'collect.autocancel'), ('delivered', 'deliver.autocomplete')) AS w (state, kind)
          ON w.state = o.state
        WHERE NOT EXISTS (SELECT FROM deadlines d WHERE d.shop_id = o.shop_id AND d.order_id = o.id AND d.kind = w.kind
                                                    AND d.state IN ('running', 'paused'))""",
    "numbers are found where parcels have them": """
        SELECT p.shop_id, p.id FROM parcels p
        LEFT JOIN parcel_numbers n ON n.shop_id = p.shop_id AND n.parcel_id = p.id AND n.is_current
        WHERE p.state <> 'cancelled' AND p.tracking_number IS DISTINCT FROM n.number
           OR p.state = 'cancelled' AND n.number IS NOT NULL""",
    "orders stand where their parcels are": """
        SELECT o.shop_id, o.id, o.state FROM orders o
        WHERE o.state IN ('in_transit', 'delivered', 'completed')
          AND NOT EXISTS (SELECT FROM parcels p JOIN parcel_orders x ON x.shop_id = p.shop_id AND x.parcel_id = p.id
                          WHERE x.shop_id = o.shop_id AND x.order_id = o.id AND p.state = CASE o.state WHEN 'in_transit' THEN 'in_transit' ELSE 'delivered' END)""",
    "every order was placed, as its timeline says": """
        SELECT o.shop_id, o.id FROM orders o
        WHERE NOT EXISTS (SELECT FROM facts f WHERE f.shop_id = o.shop_id AND f.order_id = o.id AND f.name = 'order.placed'
                                                AND f.at = o.placed_at)""",
}  # fmt: skip


def broken(url: str) -> dict[str, list[Any]]:
    """The invariants that do not hold, each with the first few rows that break it; money is proved by the product's audit."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for finding in money_audit(url):
        found[finding.proof].append(finding)
    with psycopg.connect(url) as connection:
        for name, query in INVARIANTS.items():
            rows = connection.execute(query).fetchmany(3)
            if rows:
                found[name] = rows
    return dict(found)
