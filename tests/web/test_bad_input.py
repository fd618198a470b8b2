"""Bad input gets a clear message in the reader's language, and nothing is lost."""

import httpx
import pytest

from etalase.foundation.sql import Db
from tests.builders.accounts import make_account, make_address, make_shop
from tests.builders.orders import place_order
from tests.builders.shipping import a_variant
from tests.builders.web import csrf_of, post, sign_in

NASTY = [
    "'; DROP TABLE orders; --",
    "%' OR '1'='1",
    "&|!():*<->",
    "🧕🏽👗",
    "a" * 5000,
    "\\",
    "\x00\x01",
    "  ",
    "SELECT * FROM accounts",
    "\u202e\u200f",
]


@pytest.mark.parametrize("path", ["/search", "/orders", "/seller/orders", "/seller/products", "/seller/stock"])
async def test_whatever_is_searched_for(db: Db, client: httpx.AsyncClient, path: str) -> None:
    shop = await make_shop(db)
    await sign_in(client, shop.owner)
    for text in NASTY:
        page = await client.get(path, params={"q": text})
        assert page.status_code == 200, (text, page.text[-500:])


NO_IDS = [
    "0",
    "-1",
    "99999999999999999999",
    "abc",
    "%20",
    "9" * 400,
    "1e5",
    "٣",
    "../../etc/passwd",
    "9223372036854775807",
]
PATHS = [
    "/orders/{}", "/orders/{}/tracking", "/purchases/{}", "/p/{}/1", "/p/1/{}", "/seller/orders/{}", "/seller/products/{}", "/inbox/{}"
]  # fmt: skip


async def test_ids_that_are_none(db: Db, client: httpx.AsyncClient) -> None:
    shop = await make_shop(db)
    await sign_in(client, shop.owner)
    for path in PATHS:
        for value in NO_IDS:
            answer = await client.get(path.format(value))
            assert answer.status_code in (404, 303, 307), (path, value, answer.status_code, answer.text[-300:])


@pytest.mark.parametrize(("locale", "words"), [("en", "cart is empty"), ("id", "Keranjangmu kosong")])
async def test_an_empty_cart_at_the_checkout(db: Db, client: httpx.AsyncClient, locale: str, words: str) -> None:
    buyer = await make_account(db, locale=locale)
    await make_address(db, buyer)
    await sign_in(client, buyer)
    answer = await post(client, "/checkout", {"action": "place", "method": "qris", "placement_key": "an-empty-cart-1"})
    assert answer.headers["location"] == "/cart"
    assert words in (await client.get("/cart")).text


async def test_ten_megabytes_in_a_field(db: Db, client: httpx.AsyncClient) -> None:
    buyer = await make_account(db)
    await sign_in(client, buyer)
    token = await csrf_of(client)
    answer = await client.post("/addresses", data={"csrf_token": token, "street": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "That is too much at once" in answer.text


async def test_odd_quantities_never_break_the_cart(db: Db, client: httpx.AsyncClient) -> None:
    buyer, shop = await make_account(db), await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=3)
    await sign_in(client, buyer)
    await post(client, "/cart/lines", {"shop_id": str(shop.shop_id), "variant_id": str(variant_id), "quantity": "1"})
    field = f"quantity-{shop.shop_id}-{variant_id}"
    for quantity in ("-5", "1000000", "drei", "1.5", "", "0"):
        answer = await post(client, "/cart", {field: quantity, "line": f"{shop.shop_id}-{variant_id}"})
        assert answer.status_code == 303
        assert (await client.get("/cart")).status_code == 200


async def test_out_of_stock_while_checking_out(db: Db, client: httpx.AsyncClient) -> None:
    buyer, rival, shop = await make_account(db), await make_account(db), await make_shop(db)
    await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=1)
    await sign_in(client, buyer)
    await post(client, "/cart/lines", {"shop_id": str(shop.shop_id), "variant_id": str(variant_id)})
    await place_order(db, rival, await make_address(db, rival), {(shop.shop_id, variant_id): 1})
    answer = await post(
        client,
        "/checkout",
        {"action": "place", "method": "qris", "placement_key": "too-late-for-it", "total_seen": "62000"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    cart = (await client.get("/cart")).text
    assert "is sold out" in cart
    assert cart.count('class="cart-line"') == 1  # the buyer's choice is kept


async def test_a_checkout_with_another_buyers_address(db: Db, client: httpx.AsyncClient) -> None:
    buyer, other, shop = await make_account(db), await make_account(db), await make_shop(db)
    theirs = await make_address(db, other, street="Jalan Rahasia 9")
    _, variant_id = await a_variant(db, shop.shop_id, stock=1)
    await sign_in(client, buyer)
    await post(client, "/cart/lines", {"shop_id": str(shop.shop_id), "variant_id": str(variant_id)})
    page = await client.get(f"/checkout?address={theirs.id}")
    assert "Rahasia" not in page.text
    form = {
        "action": "place",
        "method": "qris",
        "address": str(theirs.id),
        "placement_key": "someone-elses-door",
        "total_seen": "62000",
    }
    assert (await post(client, "/checkout", form)).status_code == 422
