"""Signed-in buyers with full carts, ready to press "Place order": made in bulk, after a few went the whole way by hand."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import psycopg

from bench.load import request
from bench.world import buyer_id, buyer_login, hot_shop_id, statements
from demo.loading.people import PASSWORD
from demo.loading.rows import copy_into
from demo.world.places import PLACES
from etalase.commerce.accounts import passwords
from etalase.commerce.accounts import queries as accounts
from etalase.commerce.shipping.rules import delivery_options
from etalase.foundation import clock
from etalase.foundation.ids import IdMaker
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import PolicyBook
from etalase.integrations.carriers.registry import all_carriers
from etalase.settings import Settings
from etalase.web.security import FormTokens

SKUS_SPREAD: Final = 100
NODE: Final = 1023
SESSION: Final = timedelta(days=30)
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
_RUN = f"{time.time_ns():x}"
_keys = count(1)


@dataclass(frozen=True, slots=True)
class Good:
    """One thing to buy, with what delivery costs to each place and how it comes."""

    shop_id: int
    variant_id: int
    product_id: int
    price_minor: int
    totals: tuple[int, ...]
    delivery: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shopper:
    """A buyer with a session and a form token."""

    id: int
    cookie: str
    token: str

    @property
    def place(self) -> int:
        return self.id % len(PLACES)


@dataclass(frozen=True, slots=True)
class _Row:
    """A variant and the shop it is sent from, as `world.sql` reads them."""

    shop_id: int
    variant_id: int
    product_id: int
    price_minor: int
    weight_grams: int
    handling_days: int
    province: str
    city: str
    zone: str
    carriers: list[str]


@dataclass(frozen=True, slots=True)
class _Codes:
    province: str
    city: str


def chosen_goods(url: str) -> tuple[list[Good], Good, Good]:
    """Things of every shop, one thing of the busy shop, and another one of it for a flash sale."""
    with psycopg.connect(url) as connection:
        hot_shop = hot_shop_id(connection)
        by_shop: dict[int, list[_Row]] = {}
        for row in (_Row(*row) for row in connection.execute(statements["buyable"].text).fetchall()):
            by_shop.setdefault(row.shop_id, []).append(row)
    each = max(1, SKUS_SPREAD // len(by_shop))
    hot, flash = by_shop[hot_shop][-1:-3:-1]
    return [_good(row) for rows in by_shop.values() for row in rows[:each]], _good(hot), _good(flash)


def _good(row: _Row) -> Good:
    """With what it costs at each place: the cheapest way, as the checkout page proposes it."""
    at = clock.now()
    book, calendar = PolicyBook.of((), at=at), WorkingCalendar()
    ways = [
        delivery_options(
            shop=row, address=_Codes(place[0], place[1]), weight_grams=row.weight_grams, carriers=all_carriers(),
            now=at, calendar=calendar, book=book, handling_days=row.handling_days,
        )[0]
        for place in PLACES
    ]  # fmt: skip
    totals = tuple(row.price_minor + way.price_minor for way in ways)
    delivery = tuple(f"{way.carrier}:{way.service}" for way in ways)
    return Good(row.shop_id, row.variant_id, row.product_id, row.price_minor, totals, delivery)


def sign_in(url: str, settings: Settings, account_ids: Sequence[int], *, shop_id: int | None = None) -> list[Shopper]:
    """Sessions for these accounts (in this shop), by the product's own statements in one transaction, a form token each."""
    tokens, made, at = FormTokens(settings.key()), [], clock.now()
    ids = IdMaker(NODE)
    shoppers = []
    for account_id in account_ids:
        session_id, secret = ids.new(), passwords.new_secret()
        made.append(
            {"account_id": account_id, "id": session_id, "secret_hash": passwords.hash_secret(secret), "device": "bench",
             "address": "127.0.0.1", "at": at, "expires_at": at + SESSION, "session_id": session_id, "shop_id": shop_id}
        )  # fmt: skip
        token = tokens.new()
        cookie = f"session={account_id}.{session_id}.{secret}; csrf={token}"
        shoppers.append(Shopper(account_id, cookie, token))
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.executemany(accounts.statements["add_session"].text, made)
        if shop_id is not None:
            cursor.executemany(accounts.statements["set_session_shop"].text, made)
    return shoppers


def fill_carts(url: str, shoppers: Sequence[Shopper], goods: Sequence[Good]) -> None:
    """One unit in each cart, and nothing else; shopper n gets good n, round and round."""
    at = clock.now()
    columns = ("buyer_id", "shop_id", "variant_id", "quantity", "price_seen_minor", "is_selected", "added_at")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM cart_lines WHERE buyer_id = ANY(%s)", [[shopper.id for shopper in shoppers]])
        with cursor.copy(copy_into("cart_lines", columns)) as copy:
            for n, shopper in enumerate(shoppers):
                good = goods[n % len(goods)]
                copy.write_row((shopper.id, good.shop_id, good.variant_id, 1, good.price_minor, True, at))


def placements(shoppers: Sequence[Shopper], goods: Sequence[Good], *, host: str = "localhost") -> Iterator[bytes]:
    """The press of the button for each shopper whose cart `fill_carts` has filled."""
    return iter([_placement(shopper, goods[n % len(goods)], host=host) for n, shopper in enumerate(shoppers)])


def _placement(shopper: Shopper, good: Good, *, host: str) -> bytes:
    fields = {
        "csrf_token": shopper.token, "placement_key": f"{_RUN}-{next(_keys)}", "address": shopper.id + 1,
        "method": "cod", f"delivery-{good.shop_id}": good.delivery[shopper.place],
        "total_seen": good.totals[shopper.place], "action": "place",
        f"note-{good.shop_id}": "",
    }  # fmt: skip
    body = urlencode(fields).encode()
    return request("/checkout", host=host, cookie=shopper.cookie, method="POST", body=body)


def is_placed(head: bytes, _body: bytes) -> bool:
    """Whether the answer leads to the purchase."""
    return b"/purchases/" in head


class NotTheWay(Exception):
    """The pages do not do what the load takes for granted."""


def prove_the_way(base_url: str, good: Good, *, number: int) -> None:
    """One buyer by hand, page by page: log in, put into the cart, check out, place; the form must be what the load sends."""
    with httpx.Client(base_url=base_url, headers={"Accept-Language": "id"}) as browser:
        form = {"csrf_token": _token(browser.get("/login")), "login": buyer_login(number), "password": PASSWORD}
        _want(browser.post("/login", data=form), 303)
        page = _want(browser.get("/cart"), 200)
        line = {"csrf_token": _token(page), "shop_id": good.shop_id, "variant_id": good.variant_id, "quantity": 1}
        _want(browser.post("/cart/lines", data=line), 303)
        page = _want(browser.get("/checkout"), 200)
        sent = _form(page.text) | {"method": "cod", "action": "place"}
        place = buyer_id(number) % len(PLACES)
        told = {
            "total_seen": str(good.totals[place]),
            f"delivery-{good.shop_id}": good.delivery[place],
            "address": str(buyer_id(number) + 1),
        }
        if wrong := {name: (sent.get(name), value) for name, value in told.items() if sent.get(name) != value}:
            raise NotTheWay(f"the checkout page says otherwise: {wrong}")
        placed = _want(browser.post("/checkout", data=sent), 303)
        _want(browser.get(placed.headers["location"]), 200)


def _token(page: httpx.Response) -> str:
    found = TOKEN.search(page.text)
    if found is None:
        raise NotTheWay(f"{page.url} has no form token")
    return found[1]


def _want(answer: httpx.Response, status: int) -> httpx.Response:
    if answer.status_code != status:
        raise NotTheWay(f"{answer.url} answered {answer.status_code} instead of {status}")
    return answer


def _form(page: str) -> dict[str, Any]:
    """Hidden fields and checked choices."""
    fields = {}
    for tag in re.findall(r"<input[^>]*>", page):
        named = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if named.get("type") == "hidden" or (named.get("type") == "radio" and re.search(r"\schecked\b", tag)):
            fields[named.get("name", "")] = named.get("value", "")
    return fields
