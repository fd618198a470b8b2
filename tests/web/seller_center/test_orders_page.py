"""One order in the Seller Center: what it shows in each state, confirming, cancelling, answering, noting."""

import re

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.inventory import queries as inventory
from etalase.commerce.orders import queries
from etalase.commerce.orders.facts import OrderPlaced
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.commerce.payments import queries as payments
from etalase.foundation.facts import Actor, model
from etalase.foundation.policies.actions import SetPolicy, set_policy
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.cancellations.rules import Rule
from etalase.web.seller_center.order_words import NEXT_STEPS, WORDS
from tests.builders.accounts import make_shop
from tests.builders.catalog import make_product
from tests.builders.orders import make_basket, orders_of, pay
from tests.builders.stall import Stall, make_stall
from tests.builders.web import own_statements_of, post, sign_in
from tests.conftest import new_client


@pytest.fixture
async def stall(db: Db) -> Stall:
    return await make_stall(db)


@pytest.fixture
async def seller(client: httpx.AsyncClient, stall: Stall) -> httpx.AsyncClient:
    """The seller's browser."""
    await sign_in(client, stall.seller)
    return client


def url(order: Order, verb: str = "") -> str:
    return f"/seller/orders/{order.id}" + (f"/{verb}" if verb else "")


async def line_of(stall: Stall, order: Order) -> OrderLine:
    async with stall.db.for_shop(order.shop_id).reading() as tx:
        return (await queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id))[0]


async def stock_of(stall: Stall) -> tuple[int, int]:
    """(on hand, committed) of the product."""
    async with stall.db.for_shop(stall.shop.shop_id).reading() as tx:
        [stock] = await inventory.stock_of(tx, shop_ids=[stall.shop.shop_id], variant_ids=[stall.product.variant_id])
    return stock.on_hand, stock.committed


async def refunds_of(stall: Stall, order: Order) -> list[int]:
    async with stall.db.for_buyer(order.buyer_id).reading() as tx:
        found = await payments.refunds_of_order(tx, buyer_id=order.buyer_id, order_id=order.id)
    return [refund.amount_minor for refund in found]


async def ask_to_cancel(stall: Stall) -> Order:
    """A packed order whose buyer asks to cancel."""
    order = await stall.arranged()
    rule = await cancelling.cancel_by_buyer(
        stall.db, buyer_id=stall.buyer.id, order_id=order.id, reason="changed_mind", note="Maaf ya"
    )
    assert rule is Rule.ASKS_SELLER
    return order


@pytest.mark.parametrize("state", ["unpaid", "new", "ready", "arranged", "delivered", "completed", "cancelled"])
@pytest.mark.parametrize("locale", ["en", "id"])
async def test_every_state_says_what_to_do_next(
    seller: httpx.AsyncClient, stall: Stall, state: str, locale: str
) -> None:
    order: Order = await getattr(stall, state)()
    seller.cookies.set("locale", locale)
    page = await seller.get(url(order))
    assert page.status_code == 200, page.text[:3000]
    assert ("Confirm Order" in page.text) == (state == "new" and locale == "en")
    assert ("/shipping" in page.text) == (state == "ready")
    assert (f"{order.id}/cancellation" in page.text) == (state in ("unpaid", "new", "ready", "arranged"))
    assert (NEXT_STEPS[order.state] in page.text) == (locale == "en")
    assert str(order.id) in page.text


async def test_the_details_to_check_before_confirming(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new(units=3, note="Jangan dibanting")
    line = await line_of(stall, order)
    page = await seller.get(url(order))
    for words in ("Stock: 500 on hand, 3 committed, 497 available", f"SKU {line.seller_sku}", "Jangan dibanting",
                  "Rina Wijaya", "Jalan Dago No. 12", "+6281234567890", "QRIS", "Confirm within", "Rule: confirm.deadline",
                  "Payment received", "Order placed · the buyer"):  # fmt: skip
        assert words in page.text, words


async def test_an_unpaid_order_shows_only_the_end_of_the_phone(seller: httpx.AsyncClient, stall: Stall) -> None:
    page = await seller.get(url(await stall.unpaid()))
    assert "6281234567890" not in page.text
    assert "•7890" in page.text


async def test_confirming(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new()
    answer = await post(seller, url(order, "confirmation"), {"back": "/seller/orders?tab=new"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/seller/orders?tab=new")
    assert (await stall.now(order)).state is State.AWAITING_SHIPMENT
    page = await seller.get(url(order))
    assert "Order confirmed · you" in page.text
    assert "Arrange shipping within" in page.text
    again = await post(seller, url(order, "confirmation"), {"back": "//evil.example"})
    assert again.headers["location"] == url(order)
    assert "somebody was faster. The order is now: Ready to Ship." in (await seller.get(url(order))).text


async def test_cancelling_all_of_a_paid_order(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new(units=2)
    first = await seller.get(url(order, "cancellation"))
    assert "Choose a reason first." in first.text
    assert "Cancel it now" not in first.text
    form = await seller.get(url(order, "cancellation"), params={"reason": "cannot_ship"})
    assert re.search(r'name="restock" value="1" checked', form.text)
    answer = await post(
        seller, url(order, "cancellation"), {"reason": "cannot_ship", "scope": "whole", "restock": "1", "note": "Maaf"}
    )
    assert answer.headers["location"] == url(order)
    now = await stall.now(order)
    assert (now.state, now.cancelled_by, now.cancel_reason) == (State.CANCELLED, "seller", "cannot_ship")
    assert await stock_of(stall) == (500, 0)
    assert await refunds_of(stall, order) == [order.total_minor]
    page = await seller.get(url(order))
    assert "Cancelled by your shop: Can&#39;t be shipped to this address" in page.text
    assert "Refund approved" in page.text


async def test_what_is_missing_is_written_off(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new(units=2)
    form = await seller.get(url(order, "cancellation"), params={"reason": "no_stock"})
    assert 'name="restock"' in form.text
    assert not re.search(r'name="restock" value="1" checked', form.text)
    await post(seller, url(order, "cancellation"), {"reason": "no_stock", "scope": "whole"})
    assert await stock_of(stall) == (498, 0)


async def test_cancelling_some_units(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.ready(units=3)
    line = await line_of(stall, order)
    data = {"reason": "damaged", "scope": "some", "restock": "1", f"units-{line.id}": "2"}
    await post(seller, url(order, "cancellation"), data)
    now = await stall.now(order)
    assert (now.state, now.units, now.refunded_minor) == (State.AWAITING_SHIPMENT, 1, 2 * line.unit_price_minor)
    assert await refunds_of(stall, order) == [2 * line.unit_price_minor]
    assert await stock_of(stall) == (500, 1)
    page = await seller.get(url(order))
    assert "2 cancelled" in page.text
    assert "Part of the order was cancelled: 2 pieces, Damaged before shipping · you" in page.text


@pytest.mark.parametrize("units", ["4", "0", "-1", "many", ""])
async def test_units_that_are_not_there_can_not_be_cancelled(
    seller: httpx.AsyncClient, stall: Stall, units: str
) -> None:
    order = await stall.ready(units=3)
    line = await line_of(stall, order)
    data = {"reason": "damaged", "scope": "some", f"units-{line.id}": units, "units-77": "0"}
    answer = await post(seller, url(order, "cancellation"), data)
    assert answer.headers["location"] == url(order, "cancellation") + "?reason=damaged"
    assert "Choose units to cancel" in (await seller.get(answer.headers["location"])).text
    assert (await stall.now(order)).units == 3


async def test_packed_units_are_not_cancelled_alone(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.arranged(order=await stall.ready(units=3))
    line = await line_of(stall, order)
    answer = await post(
        seller, url(order, "cancellation"), {"reason": "damaged", "scope": "some", f"units-{line.id}": "1"}
    )
    assert "packed or on their way" in (await seller.get(answer.headers["location"])).text
    whole = await post(seller, url(order, "cancellation"), {"reason": "damaged", "scope": "whole", "restock": "1"})
    assert whole.headers["location"] == url(order)
    assert (await stall.now(order)).state is State.CANCELLED
    assert await stock_of(stall) == (500, 0)


async def test_an_unpaid_order_is_cancelled_whole(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.unpaid(units=2)
    line = await line_of(stall, order)
    form = await seller.get(url(order, "cancellation"), params={"reason": "price_error"})
    assert "nothing has to go back" in form.text
    assert "units-" not in form.text
    await post(seller, url(order, "cancellation"), {"reason": "price_error", "scope": "some", f"units-{line.id}": "1"})
    assert (await stall.now(order)).state is State.UNPAID
    await post(seller, url(order, "cancellation"), {"reason": "price_error", "scope": "whole", "restock": "1"})
    assert (await stall.now(order)).state is State.CANCELLED
    assert await refunds_of(stall, order) == []


async def test_an_order_under_way_is_not_cancelled(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.report(await stall.arranged(), "collected")
    assert (await seller.get(url(order, "cancellation"))).headers["location"] == url(order)
    answer = await post(seller, url(order, "cancellation"), {"reason": "no_stock", "scope": "whole"})
    assert answer.headers["location"] == url(order)
    assert "The order is now: In Shipping." in (await seller.get(url(order))).text
    assert (await stall.now(order)).state is State.IN_TRANSIT


async def test_a_reason_is_needed(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new()
    answer = await post(seller, url(order, "cancellation"), {"reason": "because", "scope": "whole"})
    assert "Choose a reason first." in (await seller.get(answer.headers["location"])).text
    assert (await stall.now(order)).state is State.NEW


async def test_approving_what_the_buyer_asks(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await ask_to_cancel(stall)
    page = await seller.get(url(order))
    for words in (
        "The buyer asks to cancel. Approve or reject the request.",
        "I changed my mind",
        "Maaf ya",
        "Answer the cancellation within",
    ):
        assert words in page.text
    assert "Answer the request" in (await seller.get("/seller/orders?tab=action")).text
    await post(seller, url(order, "cancellation-answer"), {"decision": "approve"})
    assert (await stall.now(order)).state is State.CANCELLED
    assert await refunds_of(stall, order) == [order.total_minor]
    late = await post(seller, url(order, "cancellation-answer"), {"decision": "reject", "answer": "Terlambat"})
    assert late.headers["location"] == url(order)
    assert "answered or withdrawn meanwhile" in (await seller.get(url(order))).text
    assert (await stall.now(order)).state is State.CANCELLED


async def test_rejecting_needs_an_answer(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await ask_to_cancel(stall)
    await post(seller, url(order, "cancellation-answer"), {"decision": "reject"})
    page = await seller.get(url(order))
    assert "Tell the buyer why you reject the request." in page.text
    assert "Approve or reject the request." in page.text
    await post(seller, url(order, "cancellation-answer"), {"decision": "reject", "answer": "Sudah di jalan"})
    page = await seller.get(url(order))
    assert "Cancellation request rejected: Sudah di jalan · you" in page.text
    assert "Answer the cancellation within" not in page.text
    assert (await stall.now(order)).state is State.AWAITING_COLLECTION


async def test_an_order_with_two_clocks_is_shown_once(seller: httpx.AsyncClient, stall: Stall) -> None:
    await set_policy(stall.db, SetPolicy(key="cancel.free_until", value="paid"), by=Actor.operator(1))
    order = await stall.new()
    await cancelling.cancel_by_buyer(stall.db, buyer_id=stall.buyer.id, order_id=order.id, reason="too_slow")
    page = await seller.get("/seller/orders?tab=action")
    assert page.text.count(f'id="order-{order.id}"') == 1
    assert re.search(r"Action needed<span[^>]*>1<", page.text)


async def test_the_own_note(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new()
    await post(seller, url(order, "note"), {"note": "Bungkus dobel <b>"})
    assert "Bungkus dobel &lt;b&gt;" in (await seller.get(url(order))).text
    assert (await stall.now(order)).seller_note == "Bungkus dobel <b>"
    await post(seller, url(order, "note"), {"note": ""})
    assert (await stall.now(order)).seller_note == ""


async def test_to_strangers_the_order_does_not_exist(app: FastAPI, stall: Stall) -> None:
    order = await ask_to_cancel(stall)
    stranger = await make_shop(stall.db)
    async with new_client(app) as other:
        await sign_in(other, stranger.owner)
        for path in ("", "details", "card", "cancellation"):
            assert (await other.get(url(order, path))).status_code == 404, path
        for verb in ("confirmation", "cancellation", "cancellation-answer", "note"):
            answer = await post(
                other, url(order, verb), {"reason": "no_stock", "scope": "whole", "decision": "approve"}
            )
            assert answer.status_code == 404, verb
        for number in ("0", "12345", "abc", "99999999999999999999"):
            assert (await other.get(f"/seller/orders/{number}")).status_code == 404
    assert (await stall.now(order)).state is State.AWAITING_COLLECTION


async def test_the_changing_part_alone(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new()
    part = await seller.get(url(order, "details"), headers={"HX-Request": "true"})
    assert f'data-live="order:{order.id}" data-live-src="{url(order)}/details"' in part.text
    assert "<html" not in part.text


async def test_the_page_takes_the_same_statements_for_many_lines(seller: httpx.AsyncClient, stall: Stall) -> None:
    products = [await make_product(stall.db, stall.shop, title=f"Teh {number}") for number in range(4)]
    basket = await make_basket(
        stall.db, stall.buyer, stall.address, {(stall.shop.shop_id, product.variant_id): 1 for product in products}
    )
    placed = await basket.place(stall.db)
    await pay(stall.db, stall.buyer, placed)
    [many] = await orders_of(stall.db, stall.buyer, placed)
    few = await stall.new()
    wanted = ["order_of_shop", "lines_of_orders", "parcels_of_order", "stock_of",
              "cancellations_of_order", "refunds_of_order", "deadlines_of_orders", "timeline_of_order"]  # fmt: skip
    for order in (few, many):
        assert own_statements_of(await seller.get(url(order))) == wanted


def test_every_fact_of_an_order_has_words() -> None:
    assert OrderPlaced.name in model._classes
    subjects = {"order", "parcel", "cancellation", "refund", "deadline"}
    assert {name for name, fact in model._classes.items() if fact.subject in subjects} <= set(WORDS)
