"""What must hold after every step, whoever did what in which order: money, stock, promises and counters agree.

Money is proved by the product's own audit; the rest stands here.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Self, cast

import psycopg

from etalase.foundation.sql import Db, Tx
from etalase.journeys.auditing.proving import prove
from etalase.journeys.auditing.rules import Finding

RULES: dict[str, str] = {
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
                       WHERE p.state <> 'cancelled' AND p.purpose = 'order' AND NOT x.units_ended GROUP BY 1, 2) p
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


class OneConnection:
    """A database over a single connection: quick to open, enough to read."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self.connection = connection

    def for_shop(self, shop_id: int) -> Self:  # noqa: ARG002
        return self

    def any(self) -> Self:
        return self

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        yield Tx(self.connection)


def money_audit(url: str) -> list[Finding]:
    """What the product's audit finds."""

    async def proved() -> list[Finding]:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=None) as connection:
            return (await prove(cast("Db", OneConnection(connection)))).findings

    with ThreadPoolExecutor(1) as pool:  # the caller may have a loop of its own
        return pool.submit(asyncio.run, proved()).result()


def audit(url: str) -> dict[str, list[Any]]:
    """The rules that are broken, each with the first rows that break it."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for finding in money_audit(url):
        found[finding.proof].append(finding)
    with psycopg.connect(url) as connection:
        for name, query in RULES.items():
            rows = connection.execute(query).fetchmany(3)
            if rows:
                found[name] = rows
    return dict(found)
