"""A flash sale: far more buyers at once than there are things, and not one sold too many."""

from collections.abc import Iterator

import psycopg

from bench import shoppers
from bench.figures import Figure, Need
from bench.run import Run
from etalase.foundation import clock
from etalase.foundation.ids import id_ago

STOCK, ATTEMPTS, ATTEMPTS_QUICK, CONNECTIONS = 500, 20_000, 4_000, 200
REFUSED = (409, 503)
SET_STOCK = """
    WITH now_there AS (
        UPDATE stock SET on_hand = committed + held + %(units)s WHERE shop_id = %(shop_id)s AND variant_id = %(variant_id)s
        RETURNING on_hand)
    INSERT INTO stock_movements (shop_id, id, variant_id, reason, on_hand_change, committed_change, at)
    SELECT %(shop_id)s, %(id)s, %(variant_id)s, 'count',
           now_there.on_hand - (SELECT sum(on_hand_change) FROM stock_movements
                                WHERE shop_id = %(shop_id)s AND variant_id = %(variant_id)s), 0, %(at)s
    FROM now_there"""
SOLD = """
    SELECT coalesce(sum(l.quantity), 0) FROM order_lines l
    WHERE l.shop_id = %(shop_id)s AND l.variant_id = %(variant_id)s AND l.id >= %(since)s"""
LEFT = "SELECT on_hand - committed - held FROM stock WHERE shop_id = %(shop_id)s AND variant_id = %(variant_id)s"


def _sold_or_not(head: bytes) -> int:
    """303 for what leads to the purchase; who is led back to the cart got nothing."""
    status = int(head[9:12])
    return 409 if status == 303 and b"/purchases/" not in head else status


def flash(run: Run) -> Iterator[Figure]:
    """Sell 500 to 20,000 attempts on 200 connections."""
    good = run.flash_good()
    attempts = min(ATTEMPTS_QUICK if run.is_quick else ATTEMPTS, run.shoppers_max)
    buyers = run.shoppers()[:attempts]
    stock = min(STOCK, attempts // 8)
    about = {"shop_id": good.shop_id, "variant_id": good.variant_id}
    with run.house.web() as web:
        shoppers.fill_carts(run.house.url, buyers, [good])
        requests = list(shoppers.placements(buyers, [good]))
        with psycopg.connect(run.house.url) as connection:
            connection.execute(SET_STOCK, about | {"units": stock, "id": id_ago(0), "at": clock.now()})
        since = id_ago(0)
        found = run.measure(
            web, "flash sale", requests, connections=CONNECTIONS, seconds=180, sort=_sold_or_not
        ).insist(303, *REFUSED)
    with psycopg.connect(run.house.url) as connection:
        sold = connection.execute(SOLD, about | {"since": since}).fetchone()
        left = connection.execute(LEFT, about).fetchone()
    acknowledged = len(found.latencies[303])
    is_exact = sold == (stock,) and left == (0,) and acknowledged == stock
    refused = sorted(value for status in REFUSED for value in found.latencies[status])
    p99_ms = refused[int(0.99 * len(refused))] * 1000 if refused else float("nan")
    note = f"{attempts} attempts, {acknowledged} acknowledged, {len(found.latencies[503])} were told to come later"
    yield Figure(
        "flash-exact", f"flash sale: sold of {stock}", float(sold[0]) if sold else 0.0, "pieces",
        need=Need("exactly", stock if is_exact else -1.0), note=note,
    )  # fmt: skip
    yield Figure("flash-time", "flash sale: sold out after", found.last_at_s.get(303, 0.0) * 1000, "ms")
    yield Figure("flash-rate", "flash sale: attempts answered", found.per_second, "attempts/s")
    yield Figure("flash-p99", "flash sale: refusals, p99", p99_ms, "ms")
