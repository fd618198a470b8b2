"""Every list and search, asked in every way that once was slow: for measuring, and for comparing sizes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlencode

import psycopg

Who = Literal["buyer", "seller", "visitor"]
TABS: Final = ("", "action", "unpaid", "new", "ready", "shipping", "completed", "cancelled")
MIDDLE: Final = "SELECT id FROM orders WHERE shop_id = %(shop_id)s AND id >= (%(low)s::bigint + %(high)s::bigint) / 2 ORDER BY id LIMIT 1"
ENDS: Final = """SELECT (SELECT id FROM orders WHERE shop_id = %(shop_id)s ORDER BY id LIMIT 1),
    (SELECT id FROM orders WHERE shop_id = %(shop_id)s ORDER BY id DESC LIMIT 1)"""
NUMBERED: Final = """SELECT o.order_id, p.tracking_number FROM parcels p
    JOIN parcel_orders o ON o.shop_id = p.shop_id AND o.parcel_id = p.id
    WHERE p.shop_id = %(shop_id)s AND p.tracking_number IS NOT NULL ORDER BY p.id LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Case:
    """One page of a list, as somebody asks for it."""

    name: str
    who: Who
    path: str
    parameters: dict[str, str] = field(default_factory=dict)
    method: str = "GET"

    @property
    def url(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.parameters)}" if self.parameters else self.path


def cases(connection: psycopg.Connection[Any], *, shop_id: int, buyer_id: int) -> list[Case]:
    """All of them, with numbers and words that there are in this database."""
    return [
        *_of_seller(connection, shop_id),
        *_of_shop_pages(),
        *_of_buyer(connection, buyer_id),
        *_of_visitors(connection, shop_id),
    ]


def _of_seller(connection: psycopg.Connection[Any], shop_id: int) -> Iterator[Case]:
    """The seller's orders."""
    ends = connection.execute(ENDS, {"shop_id": shop_id}).fetchone() or (0, 0)
    row = connection.execute(MIDDLE, {"shop_id": shop_id, "low": ends[0], "high": ends[1]}).fetchone()
    middle = str(row[0] if row else 0)
    number = connection.execute(NUMBERED, {"shop_id": shop_id}).fetchone()

    def case(name: str, **parameters: str) -> Case:
        return Case(f"orders: {name}", "seller", "/seller/orders", parameters)

    for tab in TABS:
        yield case(f"tab {tab or 'all'}", tab=tab)
    for tab in ("", "completed", "shipping"):
        yield case(f"tab {tab or 'all'}, deep", tab=tab, before=middle)
    for tab in ("", "ready", "completed", "action"):
        yield case(f"tab {tab or 'all'}, cash on delivery", tab=tab, payment="cod")
    for carrier in ("jne", "sap", "own"):
        yield case(f"carrier {carrier}", carrier=carrier)
        yield case(f"carrier {carrier}, cash on delivery, cancelled", carrier=carrier, payment="cod", tab="cancelled")
    yield case("carrier, action needed", tab="action", carrier="own")
    yield case("days", **{"from": "2026-09-01", "to": "2026-09-02"})
    yield case("days long ago", **{"from": "2021-01-01", "to": "2021-01-31"})
    words = {
        "a word": "batik", "part of a word": "bat", "one letter": "b", "one digit": "1", "the shop's name": "sekar laras",
        "a buyer": "rania pramesti", "words that rarely meet": "earbuds batik", "many words": "batik sekar laras rania pramesti 7890",
        "a product's number": "sl bti", "nothing": "tidakadakata", "part of nothing": "zzz",
    }  # fmt: skip
    for name, text in words.items():
        yield case(f"search {name}", q=text)
        yield case(f"search {name}, tab new", q=text, tab="new")
        yield case(f"search {name}, completed, deep", q=text, tab="completed", before=middle)
        yield case(f"search {name}, cash on delivery, carrier", q=text, payment="cod", carrier="pos")
    yield case("search a word, action needed", q="batik", tab="action")
    yield case("search nothing, action needed", q="tidakadakata", tab="action")
    yield case("search an order number", q=middle)
    yield case("search part of an order number", q=middle[:13])
    if number:
        yield case("search a tracking number", q=str(number[1]))
        yield case("search part of a tracking number", q=str(number[1])[:9])


def _of_shop_pages() -> Iterator[Case]:
    """What else the Seller Center lists."""
    yield Case("start", "seller", "/seller")
    yield Case("products", "seller", "/seller/products")
    yield Case("products: search", "seller", "/seller/products", {"q": "batik"})
    yield Case("stock", "seller", "/seller/stock")
    yield Case("stock: running low", "seller", "/seller/stock", {"low": "1"})
    yield Case("inbox of the shop", "seller", "/seller/inbox")


def _of_buyer(connection: psycopg.Connection[Any], buyer_id: int) -> Iterator[Case]:
    """The Order Center and the pages of an order."""
    for tab in ("", "unpaid", "waiting", "in_transit", "received", "cancelled", "returns"):
        yield Case(f"Order Center: tab {tab or 'all'}", "buyer", "/orders", {"tab": tab} if tab else {})
    for text in ("batik", "tidakadakata"):
        yield Case(f"Order Center: search {text}", "buyer", "/orders", {"q": text})
    row = connection.execute(
        "SELECT id FROM orders WHERE buyer_id = %(buyer_id)s AND collected_at IS NOT NULL ORDER BY id DESC LIMIT 1",
        {"buyer_id": buyer_id},
    ).fetchone()
    if row:
        yield Case("Order Center: search a number", "buyer", "/orders", {"q": str(row[0])})
        yield Case("order page", "buyer", f"/orders/{row[0]}")
        yield Case("tracking page", "buyer", f"/orders/{row[0]}/tracking")
    yield Case("inbox", "buyer", "/inbox")
    yield Case("cart", "buyer", "/cart")


def _of_visitors(connection: psycopg.Connection[Any], shop_id: int) -> Iterator[Case]:
    """The shop window."""
    row = connection.execute(
        "SELECT s.slug, l.product_id FROM shops s JOIN listings l USING (shop_id) WHERE s.shop_id = %(shop_id)s LIMIT 1",
        {"shop_id": shop_id},
    ).fetchone()
    yield Case("home", "visitor", "/")
    yield Case("search products", "visitor", "/search", {"q": "batik"})
    if row:
        yield Case("shop page", "visitor", f"/s/{row[0]}")
        yield Case("product page", "visitor", f"/p/{shop_id}/{row[1]}")
