"""The buyer's pages from cart to completed order, through the running app."""

import re
from datetime import timedelta

import httpx
import pytest

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import queries as payments
from etalase.commerce.shipping import actions as shipping
from etalase.foundation.facts import Actor
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from etalase.reactions.notifications.actions import tell
from tests.builders.accounts import make_account, make_address, make_shop
from tests.builders.notices import paid, placed_order, recorded
from tests.builders.orders import orders_of, pay, place_order
from tests.builders.shipping import a_variant
from tests.builders.web import post, sign_in


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


async def test_from_the_cart_to_a_placed_purchase_over_two_shops(db: Db, client: httpx.AsyncClient) -> None:
    buyer = await make_account(db)
    await make_address(db, buyer)
    await sign_in(client, buyer)
    for _ in range(2):
        shop = await make_shop(db)
        _, variant_id = await a_variant(db, shop.shop_id, stock=5)
        answer = await post(
            client, "/cart/lines", {"shop_id": str(shop.shop_id), "variant_id": str(variant_id), "quantity": "2"}
        )
        assert answer.status_code == 303
    cart = await client.get("/cart")
    assert cart.status_code == 200
    assert cart.text.count('class="cart-line"') == 2
    picked = re.findall(r'name="line" value="([^"]+)"', cart.text)
    answer = await post(client, "/cart", {"line": picked, "action": "checkout"})
    assert answer.headers["location"] == "/checkout"
    page = await client.get("/checkout")
    assert page.status_code == 200, page.text
    form = {
        "placement_key": hidden(page.text, "placement_key"),
        "total_seen": hidden(page.text, "total_seen"),
        "method": "qris",
        "action": "place",
    }
    placed = await post(client, "/checkout", form)
    assert placed.status_code == 303, placed.text
    where = placed.headers["location"]
    assert where.startswith(
        "/purchases/"
    )  # no payment service runs in this test: the order is safe and can be paid later
    twice = await post(client, "/checkout", form)
    assert twice.headers["location"] == where
    purchase = await client.get(where)
    assert "Waiting for your payment" in purchase.text
    assert purchase.text.count('<article class="order"') == 2
    assert (await client.get("/cart")).text.count('class="cart-line"') == 0


async def test_a_price_that_changed_meanwhile_is_shown_and_nothing_is_placed(db: Db, client: httpx.AsyncClient) -> None:
    buyer, shop = await make_account(db), await make_shop(db)
    await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=5)
    await sign_in(client, buyer)
    await post(
        client, "/cart/lines", {"shop_id": str(shop.shop_id), "variant_id": str(variant_id), "next": "/checkout"}
    )
    page = await client.get("/checkout")
    async with db.any().transaction() as tx:
        await tx.connection.execute("UPDATE variants SET price_minor = 60000 WHERE id = %s", (variant_id,))
    form = {
        "placement_key": hidden(page.text, "placement_key"),
        "total_seen": hidden(page.text, "total_seen"),
        "method": "qris",
        "action": "place",
    }
    answer = await post(client, "/checkout", form)
    assert answer.status_code == 409
    assert "has changed" in answer.text
    assert "Rp60,000" in answer.text
    assert "No orders here yet" in (await client.get("/orders")).text


async def test_a_refused_checkout_is_a_page_like_others(db: Db, client: httpx.AsyncClient) -> None:
    earlier = await placed_order(db)
    await tell(db, await recorded(db, paid(earlier)))
    await sign_in(client, earlier.buyer)
    _, variant_id = await a_variant(db, earlier.shop.shop_id, stock=5)
    await post(client, "/cart/lines", {"shop_id": str(earlier.shop.shop_id), "variant_id": str(variant_id)})
    refused = await post(client, "/checkout", {"method": "none", "action": "place"})
    assert refused.status_code == 422
    assert "Choose an address and a payment method." in refused.text
    assert "data-unread>1</span>" in refused.text


async def test_the_last_piece_was_sold_while_the_form_was_open(db: Db, client: httpx.AsyncClient) -> None:
    buyer, faster, shop = await make_account(db), await make_account(db), await make_shop(db)
    await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=1)
    await sign_in(client, buyer)
    await post(client, "/cart/lines", {"shop_id": str(shop.shop_id), "variant_id": str(variant_id)})
    page = (await client.get("/checkout")).text
    form = {name: hidden(page, name) for name in ("placement_key", "total_seen")} | {
        "method": "qris",
        "action": "place",
    }
    await place_order(db, faster, await make_address(db, faster), {(shop.shop_id, variant_id): 1})
    answer = await post(client, "/checkout", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    cart = (await client.get("/cart")).text
    assert "is sold out." in cart
    assert "No orders here yet" in (await client.get("/orders")).text


async def test_an_expired_session_in_the_checkout_comes_back_to_it(db: Db, client: httpx.AsyncClient) -> None:
    buyer, shop = await make_account(db), await make_shop(db)
    await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=5)
    await sign_in(client, buyer)
    await post(
        client, "/cart/lines", {"shop_id": str(shop.shop_id), "variant_id": str(variant_id), "next": "/checkout"}
    )
    page = await client.get("/checkout")
    form = {
        "placement_key": hidden(page.text, "placement_key"), "total_seen": hidden(page.text, "total_seen"), "method": "bca_va",
        "action": "place", f"note-{shop.shop_id}": "Titip di satpam 🙏",
    }  # fmt: skip
    client.cookies.delete("session")
    answer = await post(client, "/checkout", form)
    assert answer.status_code == 303
    login = answer.headers["location"]
    assert login.startswith("/login?next=")
    from urllib.parse import parse_qs, urlsplit

    back = parse_qs(urlsplit(login).query)["next"][0]
    await sign_in(client, buyer)
    again = await client.get(back)
    assert again.status_code == 200
    assert "Titip di satpam 🙏" in again.text
    assert hidden(again.text, "placement_key") == form["placement_key"]
    assert re.search(r'name="method" value="bca_va" checked', again.text)


@pytest.mark.parametrize("locale", ["en", "id"])
async def test_the_order_page_in_every_state(db: Db, client: httpx.AsyncClient, locale: str) -> None:
    buyer, shop = await make_account(db, locale=locale), await make_shop(db)
    address = await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=50)
    await sign_in(client, buyer)
    placed = await place_order(db, buyer, address, {(shop.shop_id, variant_id): 2})
    (order,) = await orders_of(db, buyer, placed)
    seller = Actor.seller(shop.owner.id)

    async def seen(state: State) -> str:
        page = await client.get(f"/orders/{order.id}")
        assert page.status_code == 200, page.text[-2000:]
        assert (await client.get(f"/orders/{order.id}/details")).status_code == 200
        assert (await client.get(f"/orders/{order.id}/card")).status_code == 200
        assert (await client.get(f"/orders/{order.id}/cancellation")).status_code == 200
        (now,) = await orders_of(db, buyer, placed)
        assert now.state is state
        return page.text

    assert f"/purchases/{placed.purchase_id}/payment" in await seen(State.UNPAID)
    await pay(db, buyer, placed)
    await seen(State.NEW)
    await orders.confirm(
        db, shop_id=shop.shop_id, order_id=order.id, by=seller, calendar=WorkingCalendar(), zone="Asia/Jakarta"
    )
    await seen(State.AWAITING_SHIPMENT)
    plan = shipping.ParcelPlan(method="own_number", carrier="jne", service="reg", tracking_number="JT1234567890123")
    await shipping.arrange(db, shop_id=shop.shop_id, order_id=order.id, by=seller, plan=plan)
    assert "JT1234567890123" in await seen(State.AWAITING_COLLECTION)
    await cancelling.cancel_by_buyer(db, buyer_id=buyer.id, order_id=order.id, reason="changed_mind")
    assert 'name="withdraw"' in await seen(State.AWAITING_COLLECTION)
    await cancelling.answer_request(db, shop_id=shop.shop_id, order_id=order.id, is_approved=True, answer="", by=seller)
    page = await seen(State.CANCELLED)
    assert ("Provider&#39;s reference" if locale == "en" else "Referensi penyedia") in page
    assert ("I changed my mind" if locale == "en" else "Saya berubah pikiran") in page


async def test_verbs_of_the_buyer(db: Db, client: httpx.AsyncClient) -> None:
    buyer, shop = await make_account(db), await make_shop(db)
    address = await make_address(db, buyer)
    other = await make_address(db, buyer, street="Jalan Riau No. 7")
    _, variant_id = await a_variant(db, shop.shop_id, stock=50)
    await sign_in(client, buyer)
    placed = await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})
    (order,) = await orders_of(db, buyer, placed)
    here = f"/orders/{order.id}"
    assert (await client.get(f"{here}/address")).status_code == 200
    assert (await post(client, f"{here}/address", {"address": str(other.id)})).headers["location"] == here
    assert "Jalan Riau No. 7" in (await client.get(here)).text
    await post(client, f"{here}/address", {"address": str(address.id)})
    assert "only once" in (await client.get(here)).text
    await pay(db, buyer, placed)
    await post(client, f"{here}/reminder")
    assert "The seller has been reminded." in (await client.get(here)).text
    await post(client, f"{here}/reminder")
    assert "already" in (await client.get(here)).text
    await post(client, f"{here}/cancellation", {"reason": "nonsense"})
    assert (await orders_of(db, buyer, placed))[0].state is State.NEW
    await post(client, f"{here}/cancellation", {"reason": "changed_mind", "note": "x" * 900})
    (order,) = await orders_of(db, buyer, placed)
    assert (order.state, order.refunded_minor) == (State.CANCELLED, order.total_minor)
    async with db.any().reading() as tx:
        (refund,) = await payments.refunds_of_order(tx, buyer_id=buyer.id, order_id=order.id)
    assert refund.amount_minor == order.total_minor
    assert refund.expected_until - refund.approved_at.date() >= timedelta(days=2)
    await post(client, f"{here}/repurchase")
    assert (await client.get("/cart")).text.count('class="cart-line"') == 1
    await post(client, f"{here}/hiding")
    assert str(order.id) not in (await client.get("/orders?tab=cancelled")).text


async def test_the_order_center_takes_a_pinned_number_of_statements(db: Db, client: httpx.AsyncClient) -> None:
    buyer, shop = await make_account(db), await make_shop(db)
    address = await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=50)
    for _ in range(23):
        await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})
    await sign_in(client, buyer)
    page = await client.get("/orders?tab=unpaid&q=kemeja")
    names = page.headers["server-timing"].split('names;desc="')[1].rstrip('"').split()
    assert page.text.count('<article class="order"') == 20
    more = re.search(r'href="(/orders\?[^"]*before=[^"]*)"', page.text)
    assert more
    rest = await client.get(more[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert rest.text.count('<article class="order"') == 3
    assert names == ["session", "unread_counts", "count_lines", "cards_of_buyer", "counts_of_buyer"]


@pytest.mark.parametrize("path", ["", "/details", "/card", "/cancellation", "/receipt", "/address", "/tracking"])
async def test_another_buyers_order_does_not_exist(db: Db, client: httpx.AsyncClient, path: str) -> None:
    buyer, shop, stranger = await make_account(db), await make_shop(db), await make_account(db)
    address = await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=5)
    placed = await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})
    (order,) = await orders_of(db, buyer, placed)
    await sign_in(client, stranger)
    assert (await client.get(f"/orders/{order.id}{path}")).status_code == 404
    assert (await client.get(f"/purchases/{placed.purchase_id}")).status_code == 404
    for verb in ("cancellation", "receipt", "extension", "reminder", "hiding", "repurchase", "address"):
        assert (await post(client, f"/orders/{order.id}/{verb}", {"reason": "changed_mind"})).status_code == 404, verb
