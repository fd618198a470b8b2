"""The Seller Center's Orders: tabs, counters, search, filters, confirming one or several."""

import random
import re
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.orders import queries
from etalase.commerce.orders.rules import State
from etalase.foundation import clock
from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Db
from etalase.web.seller_center.orders import PAGE_SIZE, Asked, asked_of
from tests.builders.accounts import make_account, make_address, make_shop
from tests.builders.catalog import make_product
from tests.builders.orders import make_basket, orders_of
from tests.builders.stall import Stall, make_stall
from tests.builders.web import own_statements_of, post, sign_in
from tests.conftest import new_client

COUNT = re.compile(r'class="tabs__link" href="[^"]*"[^>]*>([^<]+)<span class="tabs__count numeric">(\d+)')


@pytest.fixture
async def stall(db: Db) -> Stall:
    return await make_stall(db)


@pytest.fixture
async def seller(client: httpx.AsyncClient, stall: Stall) -> httpx.AsyncClient:
    """The seller's browser."""
    await sign_in(client, stall.seller)
    return client


def counts(page: httpx.Response) -> dict[str, int]:
    """The counters of the tabs."""
    return {label.strip(): int(count) for label, count in COUNT.findall(page.text)}


def shown(page: httpx.Response) -> list[int]:
    """The orders of the list, from the top."""
    assert page.status_code == 200, page.text[:2000]
    return [int(number) for number in re.findall(r'<article class="order" id="order-(\d+)"', page.text)]


async def test_each_tab_shows_its_orders_and_counts_them(seller: httpx.AsyncClient, stall: Stall) -> None:
    unpaid, new, ready = await stall.unpaid(), await stall.new(), await stall.ready()
    arranged, moving = await stall.arranged(), await stall.report(await stall.arranged(), "collected")
    delivered, completed, cancelled = await stall.delivered(), await stall.completed(), await stall.cancelled()
    everything = [cancelled, completed, delivered, moving, arranged, ready, new, unpaid]
    tabs = {
        "": everything,
        "unpaid": [unpaid],
        "new": [new],
        "ready": [ready],
        "shipping": [delivered, moving, arranged],
        "completed": [completed],
        "cancelled": [cancelled],
    }
    for tab, orders in tabs.items():
        page = await seller.get("/seller/orders", params={"tab": tab})
        assert shown(page) == [order.id for order in orders], tab
        assert counts(page) == {
            "All": 8, "Action needed": 2, "Unpaid": 1, "New": 1, "Ready to Ship": 1, "In Shipping": 3,
            "Completed": 1, "Cancelled": 1,
        }  # fmt: skip
    action = await seller.get("/seller/orders?tab=action")
    assert sorted(shown(action)) == sorted([new.id, ready.id])
    assert "Confirm within" in action.text
    assert "Arrange Shipping" in action.text


async def test_nothing_ordered_yet(seller: httpx.AsyncClient) -> None:
    for tab, words in {"": "Nothing under this status", "action": "Nothing waits for you"}.items():
        page = await seller.get("/seller/orders", params={"tab": tab})
        assert words in page.text
        assert counts(page)["All"] == 0


async def test_cards_say_what_the_seller_has_to_know(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.unpaid(method="cod", units=2, note="Tolong dibungkus kado")
    page = await seller.get("/seller/orders?tab=new")
    for words in ("Rina Wijaya", "Kopi Gayo 250 g", "2 pieces", "COD</span>", "Tolong dibungkus kado",
                  "Confirm Order", "View Details", "Confirm within", str(order.id)):  # fmt: skip
        assert words in page.text


async def test_cards_in_shipping_tell_the_latest_report(seller: httpx.AsyncClient, stall: Stall) -> None:
    await stall.report(await stall.arranged(), "collected")
    page = await seller.get("/seller/orders?tab=shipping")
    assert "JNE · Collected by the courier · Bandung" in page.text
    assert "Track" in page.text


@pytest.mark.parametrize("clue", ["number", "tracking", "buyer", "sku", "title", "phone"])
async def test_an_order_is_found_by(seller: httpx.AsyncClient, stall: Stall, clue: str) -> None:
    order = await stall.arranged("9000123412341234")
    other = await make_account(stall.db, name="Made Sukarta")
    address = await make_address(stall.db, other, recipient="Made Sukarta", phone="0813 9999 1111")
    tea = await make_product(stall.db, stall.shop, title="Teh Melati 100 g")
    elsewhere = await (await make_basket(stall.db, other, address, {(stall.shop.shop_id, tea.variant_id): 1})).place(
        stall.db
    )
    [tea_order] = await orders_of(stall.db, other, elsewhere)
    async with stall.db.for_shop(stall.shop.shop_id).reading() as tx:
        [line] = await queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    words = {
        "number": str(order.id), "tracking": "9000123412341234", "buyer": "rina", "sku": line.seller_sku,
        "title": "gayo", "phone": "7890",
    }[clue]  # fmt: skip
    assert shown(await seller.get("/seller/orders", params={"q": words})) == [order.id]
    assert shown(await seller.get("/seller/orders", params={"q": "1111"})) == [tea_order.id]
    assert "No order fits" in (await seller.get("/seller/orders", params={"q": "tidak ada"})).text


async def test_filters_narrow_the_list(seller: httpx.AsyncClient, stall: Stall) -> None:
    cod, prepaid = await stall.unpaid(method="cod"), await stall.new()
    today = clock.now().astimezone().date()
    carrier = prepaid.delivery["carrier"]
    for params, orders in (
        ({"payment": "cod"}, [cod]),
        ({"payment": "prepaid"}, [prepaid]),
        ({"carrier": carrier}, [prepaid, cod]),
        ({"carrier": "pos"}, []),
        (
            {"from": (today - timedelta(days=1)).isoformat(), "to": (today + timedelta(days=1)).isoformat()},
            [prepaid, cod],
        ),
        ({"to": (today - timedelta(days=2)).isoformat()}, []),
        ({"from": (today + timedelta(days=2)).isoformat()}, []),
        ({"tab": "action", "payment": "cod"}, [cod]),
        ({"tab": "action", "q": "rina", "payment": "prepaid"}, [prepaid]),
        (
            {"payment": "nonsense", "carrier": "nobody", "from": "yesterday", "before": "x", "after": "1-"},
            [prepaid, cod],
        ),
    ):
        assert shown(await seller.get("/seller/orders", params=params)) == [order.id for order in orders], params


def test_days_are_those_of_the_shop() -> None:
    jayapura = asked_of({"from": "2026-11-23", "to": "2026-11-23"}).narrowed("Asia/Jayapura")
    jakarta = asked_of({"from": "2026-11-23", "to": "2026-11-23"}).narrowed("Asia/Jakarta")
    two_hours = timedelta(hours=2) // timedelta(milliseconds=1) << 22
    assert jakarta.from_id - jayapura.from_id == two_hours
    assert jakarta.until_id - jakarta.from_id == (timedelta(days=1) // timedelta(milliseconds=1)) << 22


def test_what_was_asked_survives_in_the_address() -> None:
    asked = asked_of({"tab": "ready", "q": "kopi susu", "payment": "cod", "carrier": "jne", "from": "2026-11-01"})
    assert asked.url() == "/seller/orders?tab=ready&q=kopi+susu&payment=cod&carrier=jne&from=2026-11-01"
    assert Asked().url() == "/seller/orders"


@pytest.mark.parametrize("tab", ["new", "action"])
async def test_show_more_goes_on_where_the_page_ended(seller: httpx.AsyncClient, stall: Stall, tab: str) -> None:
    orders = [await stall.new() for _ in range(PAGE_SIZE + 3)]
    page = await seller.get("/seller/orders", params={"tab": tab})
    first = shown(page)
    more = re.search(r'rel="next" hx-get="([^"]+)"', page.text)
    assert more is not None
    url = more[1].replace("&amp;", "&")
    rest = await seller.get(url, headers={"HX-Request": "true"})
    assert "<html" not in rest.text
    assert 'rel="next"' not in rest.text
    assert len(first) == PAGE_SIZE
    assert sorted(first + shown(rest)) == sorted(order.id for order in orders)
    plain = await seller.get(url)
    assert shown(plain) == shown(rest)
    assert "<html" in plain.text


async def test_a_search_that_goes_on_says_when_it_has_ended(seller: httpx.AsyncClient, stall: Stall) -> None:
    await stall.new()
    rest = await seller.get("/seller/orders?q=rina&before=1000", headers={"HX-Request": "true"})
    assert "No further order fits" in rest.text
    assert 'rel="next"' not in rest.text


async def test_counters_stay_exact_after_random_moves(seller: httpx.AsyncClient, stall: Stall) -> None:
    chance = random.Random(20261123)
    ways = (stall.unpaid, stall.new, stall.ready, stall.arranged, stall.delivered, stall.completed, stall.cancelled)
    orders = [await chance.choice(ways)() for _ in range(16)]
    for order in chance.sample(orders, 8):
        if order.state in (State.UNPAID, State.NEW, State.AWAITING_SHIPMENT, State.AWAITING_COLLECTION):
            await stall.cancel(order)
    states = [(await stall.now(order)).state for order in orders]
    waiting = sum(state in (State.NEW, State.AWAITING_SHIPMENT) for state in states)
    shipping_states = (State.AWAITING_COLLECTION, State.IN_TRANSIT, State.DELIVERED)
    assert counts(await seller.get("/seller/orders")) == {
        "All": 16,
        "Action needed": waiting,
        "Unpaid": states.count(State.UNPAID),
        "New": states.count(State.NEW),
        "Ready to Ship": states.count(State.AWAITING_SHIPMENT),
        "In Shipping": sum(state in shipping_states for state in states),
        "Completed": states.count(State.COMPLETED),
        "Cancelled": states.count(State.CANCELLED),
    }


async def test_several_orders_are_confirmed_each_by_itself(seller: httpx.AsyncClient, stall: Stall) -> None:
    first, second, gone = await stall.new(), await stall.new(), await stall.cancelled()
    answer = await post(
        seller, "/seller/orders/confirmation", {"order": [str(first.id), str(second.id), str(gone.id), "12345", "x"]}
    )
    assert answer.status_code == 303
    report = await seller.get(answer.headers["location"])
    assert "2 of 4 orders confirmed." in report.text
    assert "Not confirmed, it is now: Cancelled" in report.text
    assert "Not an order of this shop" in report.text
    assert [(await stall.now(order)).state for order in (first, second, gone)] == [
        State.AWAITING_SHIPMENT, State.AWAITING_SHIPMENT, State.CANCELLED,
    ]  # fmt: skip


async def test_confirming_nothing_says_so(seller: httpx.AsyncClient, stall: Stall) -> None:
    await stall.new()
    answer = await post(seller, "/seller/orders/confirmation", {})
    assert answer.headers["location"] == "/seller/orders?tab=new"
    assert "Tick the orders to confirm." in (await seller.get("/seller/orders?tab=new")).text


async def test_a_card_alone_follows_its_order(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new()
    assert f'data-live="order:{order.id}"' in (await seller.get("/seller/orders")).text
    await stall.confirm(order)
    card = await seller.get(f"/seller/orders/{order.id}/card", headers={"HX-Request": "true"})
    assert shown(card) == [order.id]
    assert "Arrange Shipping" in card.text
    assert (await seller.get("/seller/orders/12345/card")).status_code == 404


async def test_other_shops_orders_are_not_there(app: FastAPI, stall: Stall) -> None:
    order = await stall.new()
    stranger = await make_shop(stall.db)
    async with new_client(app) as other:
        await sign_in(other, stranger.owner)
        assert shown(await other.get("/seller/orders")) == []
        assert shown(await other.get("/seller/orders", params={"q": str(order.id)})) == []
        assert (await other.get(f"/seller/orders/{order.id}/card")).status_code == 404
        await post(other, "/seller/orders/confirmation", {"order": str(order.id)})
    assert (await stall.now(order)).state is State.NEW
    async with new_client(app) as buyer:
        await sign_in(buyer, stall.buyer)
        assert (await buyer.get("/seller/orders")).status_code == 404
    async with new_client(app) as nobody:
        answer = await nobody.get("/seller/orders")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fseller%2Forders")


async def test_the_list_in_indonesian(seller: httpx.AsyncClient, stall: Stall) -> None:
    await stall.new()
    seller.cookies.set("locale", "id")
    page = await seller.get("/seller/orders?tab=new")
    for words in ("Perlu tindakan", "Belum Dibayar", "Konfirmasi", "Rp"):
        assert words in page.text


@pytest.mark.parametrize("orders", [1, 12])
async def test_the_list_takes_the_same_statements_for_many_orders(
    seller: httpx.AsyncClient, stall: Stall, orders: int
) -> None:
    for _ in range(orders):
        await stall.arranged()
    page = await seller.get("/seller/orders?tab=shipping")
    assert len(shown(page)) == orders
    assert own_statements_of(page) == ["cards_of_shop", "tracking_of_orders", "counts_of_shop"]
    more = await seller.get(f"/seller/orders?tab=shipping&before={ID_MAX - 1}", headers={"HX-Request": "true"})
    assert own_statements_of(more) == ["cards_of_shop", "tracking_of_orders"]
