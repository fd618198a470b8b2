"""Pages that buyers and sellers look at, at the size of the world: requests a second and how long they wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

import psycopg

from bench import shoppers
from bench.figures import Figure, Need
from bench.load import measure, request
from bench.page_twin import best_rate
from bench.processes import Web
from bench.run import Run
from bench.world import gather_waiting_words, hot_shop_id, statements

READERS = 64


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of page: the requests that are sent round and round, and what every answer shows."""

    key: str
    what: str
    connections: int
    requests: Sequence[bytes]
    shows: bytes
    p99_ms_max: float | None = None
    need: Need | None = None


def pages(run: Run) -> Iterator[Figure]:
    """Every page row; what was placed is gathered for the search before, as the worker does within seconds."""
    gather_waiting_words(run.house.url)
    with run.house.web() as web:
        for case in cases(run):
            measure(web.port, cycle(case.requests), connections=case.connections, seconds=run.seconds(0.5)).insist(200)
            found = run.measure(
                web, case.what, cycle(case.requests), connections=case.connections, seconds=run.seconds(3),
                check=lambda _head, body, shows=case.shows: shows in body,
            ).insist(200)  # fmt: skip
            p50, p99 = found.quantile_ms(0.5), found.quantile_ms(0.99)
            twin = _twin(run, web, case)
            yield Figure(
                case.key, f"{case.what}, {case.connections} connections", found.per_second, "pages/s", twin=twin, need=case.need,
                note=f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", more={"p50_ms": p50, "p99_ms": p99},
            )  # fmt: skip
            if case.p99_ms_max:
                need = Need("at most", case.p99_ms_max)
                yield Figure(
                    f"{case.key}-p99", f"{case.what}, {case.connections} connections, p99", p99, "ms", need=need
                )


def _twin(run: Run, web: Web, case: Case) -> float | None:
    """pgbench's pages a second with the page's own statements; only where the database is ours to ask for its log."""
    if run.house.server is None:
        return None
    twin, statements_each = best_rate(run.house, web, case.requests, seconds=run.seconds(1))
    run.say(f"pgbench with its {statements_each} statements: {twin:.0f}/s")
    return twin


def cases(run: Run) -> list[Case]:
    """The pages with real accounts, orders and products of this world."""
    with psycopg.connect(run.house.url) as connection:
        readers = [row[0] for row in connection.execute(statements["buyers_with_orders"].text, {"limit": READERS})]
        if len(readers) < 4:
            readers = [row[0] for row in connection.execute(statements["busiest_buyers"].text, {"limit": 4})]
        wanted = {"buyer_ids": readers, "limit": 500}
        orders = connection.execute(statements["orders_of_buyers"].text, wanted).fetchall()
        products = connection.execute(statements["products_on_sale"].text, {"limit": 200}).fetchall()
        shop_id = hot_shop_id(connection)
        seller = connection.execute(statements["seller_of"].text, {"shop_id": shop_id}).fetchone()
        found = connection.execute(
            statements["newest_orders_of_shop"].text, {"shop_id": shop_id, "limit": 200}
        ).fetchall()
    url, settings = run.house.url, run.house.settings()
    cookies = {shopper.id: shopper.cookie for shopper in shoppers.sign_in(url, settings, readers)}
    selling = shoppers.sign_in(url, settings, [seller[0] if seller else 0], shop_id=shop_id)[0].cookie
    return [
        Case("order-center", "Order Center", 16, [request("/orders", cookie=cookie) for cookie in cookies.values()], b'href="/orders/', 25,
             Need("at least", 0.35, is_ratio=True)),
        Case("order-page", "order page", 16, [request(f"/orders/{order}", cookie=cookies[buyer]) for buyer, order in orders], b"</html>"),
        Case("tracking", "tracking page", 16,
             [request(f"/orders/{order}/tracking", cookie=cookies[buyer]) for buyer, order in orders], b"</html>"),
        Case("product", "product page", 16, [request(f"/p/{shop}/{product}") for shop, product in products], b"</html>"),
        Case("seller-list", "seller list", 8, [request("/seller/orders", cookie=selling)], b"/seller/orders/", 50),
        Case("seller-search", "seller search by order number", 8,
             [request(f"/seller/orders?q={order}", cookie=selling) for order, _name in found], b"/seller/orders/", 50),
    ]  # fmt: skip
