"""Placing orders over HTTP: log-in, cart, form token and all."""

from collections.abc import Iterator

from bench import shoppers
from bench.figures import Figure
from bench.load import Measured
from bench.processes import Web
from bench.run import Run
from bench.shoppers import Good

CONNECTIONS = (1, 16, 128)


def place(run: Run) -> Iterator[Figure]:
    """Spread things and one hot thing at 1, 16 and 128 connections."""
    with run.house.web() as web:
        spread, hot = run.goods()
        shoppers.prove_the_way(f"http://127.0.0.1:{web.port}", hot, number=run.shoppers_max + 1)
        _load(run, web, "warming up", spread, connections=16, seconds=run.seconds(1))
        for what, goods in (("spread SKUs", spread), ("one hot SKU", [hot])):
            for connections in CONNECTIONS:
                found = _load(run, web, f"place order, {what}", goods, connections=connections, seconds=run.seconds(6))
                yield figure(what, connections, found)


def _load(run: Run, web: Web, what: str, goods: list[Good], *, connections: int, seconds: float) -> Measured:
    buyers = run.shoppers()
    shoppers.fill_carts(run.house.url, buyers, goods)
    requests = shoppers.placements(buyers, goods)
    found = run.measure(web, what, requests, connections=connections, seconds=seconds, check=shoppers.is_placed)
    return found.insist(303)


def figure(what: str, connections: int, found: Measured) -> Figure:
    """The row of one load."""
    key = f"place-{'hot' if 'hot' in what else 'spread'}-{connections}"
    return Figure(
        key, f"place order over HTTP, {what}, {connections} connections", found.per_second, "orders/s",
        note=f"p50 {found.quantile_ms(0.5):.1f} ms, p99 {found.quantile_ms(0.99):.1f} ms",
        more={"p50_ms": found.quantile_ms(0.5), "p99_ms": found.quantile_ms(0.99), "orders": found.answers},
    )  # fmt: skip
