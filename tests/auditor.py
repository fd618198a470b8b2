"""What must hold after every step, whoever did what in which order: money, stock, promises and counters agree."""

from typing import Any

import psycopg

RULES: dict[str, str] = {
    "postings balance": """
        SELECT shop_id, posting_id FROM ledger_entries GROUP BY shop_id, posting_id, currency HAVING sum(amount_minor) <> 0""",
    "escrow holds what open orders were paid": """
        SELECT o.shop_id, o.id, o.state, o.kept, e.held
        FROM (SELECT shop_id, id, state, CASE WHEN state NOT IN ('completed', 'cancelled') AND paid_at IS NOT NULL
                                              THEN total_minor - refunded_minor ELSE 0 END AS kept FROM orders) o
        LEFT JOIN (SELECT shop_id, order_id AS id, -sum(amount_minor) AS held
                   FROM ledger_entries WHERE account = 'escrow' GROUP BY 1, 2) e USING (shop_id, id)
        WHERE o.kept <> coalesce(e.held, 0)""",
    "sellers get what completed orders kept": """
        SELECT o.shop_id, o.id, o.state, e.released FROM orders o
        LEFT JOIN (SELECT shop_id, order_id, -sum(amount_minor) AS released
                   FROM ledger_entries WHERE account = 'seller_pending' GROUP BY 1, 2) e
          ON e.shop_id = o.shop_id AND e.order_id = o.id
        WHERE coalesce(e.released, 0) <> CASE WHEN o.state = 'completed' THEN o.total_minor - o.refunded_minor ELSE 0 END""",
    "surplus money is owed to nobody for long": """
        SELECT currency, sum(amount_minor) FROM ledger_entries WHERE account = 'surplus' GROUP BY currency HAVING sum(amount_minor) <> 0""",
    "refunds never exceed what arrived": """
        SELECT r.buyer_id, r.payment_id, r.currency, r.amount, c.amount
        FROM (SELECT buyer_id, payment_id, currency, sum(amount_minor) AS amount FROM refunds GROUP BY 1, 2, 3) r
        LEFT JOIN (SELECT buyer_id, payment_id, currency, sum(amount_minor) AS amount FROM captures GROUP BY 1, 2, 3) c
          USING (buyer_id, payment_id, currency)
        WHERE r.amount > coalesce(c.amount, 0)""",
    "orders say what went back": """
        SELECT o.shop_id, o.id, o.refunded_minor, r.amount FROM orders o
        LEFT JOIN (SELECT shop_id, order_id, sum(amount_minor) AS amount FROM refunds GROUP BY 1, 2) r
          ON r.shop_id = o.shop_id AND r.order_id = o.id
        WHERE (NOT o.is_cod AND o.refunded_minor <> coalesce(r.amount, 0)) OR o.is_cod AND r.amount IS NOT NULL""",
    "nobody keeps the money of a cancelled order": """
        SELECT shop_id, id FROM orders
        WHERE state = 'cancelled' AND (units <> 0 OR paid_at IS NOT NULL AND refunded_minor <> total_minor)""",
    "live orders have something to bring": """
        SELECT shop_id, id, state FROM orders WHERE state <> 'cancelled' AND units = 0""",
    "units are those of the lines": """
        SELECT o.shop_id, o.id, o.units, l.units FROM orders o
        JOIN (SELECT shop_id, order_id, sum(quantity - cancelled_quantity) AS units FROM order_lines GROUP BY 1, 2) l
          ON l.shop_id = o.shop_id AND l.order_id = o.id
        WHERE o.units <> l.units""",
    "stock is the sum of its movements": """
        SELECT s.shop_id, s.variant_id, s.on_hand, m.on_hand, s.committed, m.committed FROM stock s
        LEFT JOIN (SELECT shop_id, variant_id, sum(on_hand_change) AS on_hand, sum(committed_change) AS committed
                   FROM stock_movements GROUP BY 1, 2) m USING (shop_id, variant_id)
        WHERE (s.on_hand, s.committed) IS DISTINCT FROM (coalesce(m.on_hand, 0), coalesce(m.committed, 0))""",
    "nothing is promised that is not there": "SELECT * FROM stock WHERE on_hand < committed + held OR committed < 0",
    "committed is what live orders still have to pack": """
        SELECT s.shop_id, s.variant_id, s.committed, w.units FROM stock s
        LEFT JOIN (
            SELECT l.shop_id, l.variant_id, sum(l.quantity - l.cancelled_quantity - coalesce(p.packed, 0)) AS units
            FROM order_lines l
            JOIN orders o ON o.shop_id = l.shop_id AND o.id = l.order_id
            LEFT JOIN (SELECT u.shop_id, u.order_line_id, sum(u.quantity) AS packed
                       FROM parcel_lines u JOIN parcels p ON p.shop_id = u.shop_id AND p.id = u.parcel_id
                       JOIN order_lines b ON b.shop_id = u.shop_id AND b.id = u.order_line_id
                       JOIN parcel_orders x ON x.shop_id = p.shop_id AND x.parcel_id = p.id AND x.order_id = b.order_id
                       WHERE p.state <> 'cancelled' AND NOT x.units_ended GROUP BY 1, 2) p
              ON p.shop_id = l.shop_id AND p.order_line_id = l.id
            WHERE o.state NOT IN ('cancelled', 'completed') GROUP BY 1, 2) w USING (shop_id, variant_id)
        WHERE s.committed <> coalesce(w.units, 0)""",
    "counters are exact": """
        SELECT shop_id, state, c.orders, o.orders
        FROM (SELECT shop_id, state, sum(orders) AS orders FROM shop_order_counts GROUP BY 1, 2) c
        FULL JOIN (SELECT shop_id, state, count(*) AS orders FROM orders GROUP BY 1, 2) o USING (shop_id, state)
        WHERE coalesce(c.orders, 0) <> coalesce(o.orders, 0)""",
    "finished orders have no clock": """
        SELECT d.shop_id, d.order_id, d.kind FROM deadlines d JOIN orders o ON o.shop_id = d.shop_id AND o.id = d.order_id
        WHERE d.state IN ('running', 'paused') AND o.state IN ('completed', 'cancelled') AND d.subject_kind <> 'case'""",
    "open orders have the clock of their state": """
        SELECT o.shop_id, o.id, o.state FROM orders o
        JOIN (VALUES ('new', 'confirm.deadline'), ('awaiting_shipment', 'ship.autocancel'),
                     ('awaiting_collection', 'collect.autocancel'), ('delivered', 'deliver.autocomplete')) AS w (state, kind)
          ON w.state = o.state
        WHERE NOT EXISTS (SELECT FROM deadlines d WHERE d.shop_id = o.shop_id AND d.order_id = o.id AND d.kind = w.kind
                                                    AND d.state IN ('running', 'paused'))""",
    "what is disagreed about stands still": """
        SELECT d.shop_id, d.order_id, d.state FROM deadlines d
        WHERE d.kind = 'deliver.autocomplete' AND d.state IN ('running', 'paused')
          AND (d.state = 'paused') <> EXISTS (SELECT FROM cases c WHERE c.shop_id = d.shop_id AND c.order_id = d.order_id
                                                                    AND c.state = 'open')""",
    "cases that are over have no clock": """
        SELECT d.shop_id, d.subject_id, d.kind FROM deadlines d JOIN cases c ON c.shop_id = d.shop_id AND c.id = d.subject_id
        WHERE d.subject_kind = 'case' AND d.state IN ('running', 'paused') AND c.state = 'closed'""",
    "finished orders wait for no answer": """
        SELECT c.shop_id, c.order_id FROM cancellations c JOIN orders o ON o.shop_id = c.shop_id AND o.id = c.order_id
        WHERE c.state = 'requested' AND o.state IN ('completed', 'cancelled')""",
    "live orders are on the buyer's list": """
        SELECT shop_id, id, state FROM orders WHERE hidden_at IS NOT NULL AND state NOT IN ('completed', 'cancelled')""",
}  # fmt: skip


def audit(url: str) -> dict[str, list[Any]]:
    """The rules that are broken, each with the first rows that break it."""
    found = {}
    with psycopg.connect(url) as connection:
        for name, query in RULES.items():
            rows = connection.execute(query).fetchmany(3)
            if rows:
                found[name] = rows
    return found
