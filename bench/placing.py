"""Placing orders over HTTP: log-in, cart, form token and all."""

from collections.abc import Iterator

import psycopg

from bench import shoppers
from bench.figures import Figure, Need
from bench.load import Measured
from bench.processes import Web
from bench.run import Run
from bench.shoppers import Good
from bench.twin import Best, Placement, PlacingTwin, capture
from bench.world import buyer_id
from etalase.foundation.ids import id_ago

CONNECTIONS = (1, 16, 128)
NEEDS = {
    "place-hot-128": Need("at least", 2.5, is_ratio=True),
    "place-spread-128": Need("at least", 0.8, is_ratio=True),
}


def place(run: Run) -> Iterator[Figure]:
    """Spread things and one hot thing at 1, 16 and 128 connections; then pgbench with the same rows."""
    spread, hot = run.goods()
    wanted = {"spread SKUs": spread, "one hot SKU": [hot]}
    loads: list[tuple[str, int, Measured]] = []
    with run.house.web() as web:
        placement = place_by_hand(run, web, hot)
        _load(run, web, "warming up", spread, connections=16, seconds=run.seconds(1))
        for what, goods in wanted.items():
            for connections in CONNECTIONS:
                found = _load(run, web, f"place order, {what}", goods, connections=connections, seconds=run.seconds(4))
                loads.append((what, connections, found))
    twin = PlacingTwin(run.house.url, run.house.folder, placement, buyers=run.buyers, clients=run.clients)
    best = {what: twin.best(goods, seconds=run.seconds(1.2)) for what, goods in wanted.items()}
    for what, one in best.items():
        run.say(f"pgbench, {what}: {one.per_second:.0f}/s with {one.clients} clients; tried {one.tried}")
    for what, connections, found in loads:
        yield figure(what, connections, found, best[what])


def place_by_hand(run: Run, web: Web, good: Good) -> Placement:
    """One order through all pages, and what it wrote."""
    since, number = id_ago(0), run.shoppers_max + 1
    with psycopg.connect(run.house.url) as connection:
        connection.execute("DELETE FROM cart_lines WHERE buyer_id = %s", [buyer_id(number)])
    shoppers.prove_the_way(f"http://127.0.0.1:{web.port}", good, number=number)
    with psycopg.connect(run.house.url) as connection:
        return capture(connection, buyer=buyer_id(number), good=good, since_id=since)


def _load(run: Run, web: Web, what: str, goods: list[Good], *, connections: int, seconds: float) -> Measured:
    buyers = run.shoppers()
    shoppers.fill_carts(run.house.url, buyers, goods)
    requests = shoppers.placements(buyers, goods)
    found = run.measure(web, what, requests, connections=connections, seconds=seconds, check=shoppers.is_placed)
    return found.insist(303)


def figure(what: str, connections: int, found: Measured, twin: Best) -> Figure:
    """The row of one load."""
    key = f"place-{'hot' if 'hot' in what else 'spread'}-{connections}"
    p50, p99 = found.quantile_ms(0.5), found.quantile_ms(0.99)
    return Figure(
        key, f"place order over HTTP, {what}, {connections} connections", found.per_second, "orders/s",
        twin=twin.per_second, need=NEEDS.get(key), note=f"p50 {p50:.1f} ms, p99 {p99:.1f} ms",
        more={
            "p50_ms": p50, "p99_ms": p99, "orders": found.answers, "web_cpu_ms": found.web_ms,
            "database_cpu_ms": found.database_ms, "pgbench": twin.tried,
        },
    )  # fmt: skip
