"""Shop settings: saving them, refusing what can't be, and what they do to new orders."""

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Shop
from etalase.commerce.orders.rules import State
from etalase.foundation.sql import Db
from tests.builders.accounts import make_account, make_shop
from tests.builders.stall import Stall, make_stall
from tests.builders.web import post, sign_in
from tests.conftest import new_client
from tests.web.seller_center.test_orders import counts

FORM: dict[str, str | list[str]] = {
    "name": "Kopi Pagi", "description": "Biji pilihan.\r\nDisangrai sendiri.", "description_en": "Chosen beans.",
    "confirm_mode": "automatic", "is_open": "1", "opens_at": "07:30", "closes_at": "21:00", "zone": "Asia/Makassar",
    "carriers": ["sicepat", "jne"], "accepts_cod": "1",
}  # fmt: skip


@pytest.fixture
async def stall(db: Db) -> Stall:
    return await make_stall(db)


@pytest.fixture
async def seller(client: httpx.AsyncClient, stall: Stall) -> httpx.AsyncClient:
    """The seller's browser."""
    await sign_in(client, stall.seller)
    return client


async def shop_now(stall: Stall) -> Shop:
    async with stall.db.any().reading() as tx:
        return (await catalog.shops_by_id(tx, [stall.shop.shop_id]))[0]


async def facts_of(stall: Stall) -> list[list[str]]:
    """What each saving changed."""
    async with stall.db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT data -> 'changed' FROM facts WHERE shop_id = %s AND name = 'shop.edited' ORDER BY id",
            (stall.shop.shop_id,),
        )
        return [row[0] for row in await cursor.fetchall()]


async def test_saving_the_settings(seller: httpx.AsyncClient, stall: Stall) -> None:
    page = await seller.get("/seller/settings")
    assert page.status_code == 200
    assert stall.shop.name in page.text
    answer = await post(seller, "/seller/settings", FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/seller/settings")
    shop = await shop_now(stall)
    assert (shop.name, shop.description, shop.confirm_mode) == (
        "Kopi Pagi",
        "Biji pilihan.\nDisangrai sendiri.",
        "automatic",
    )
    assert (shop.opens_at.hour, shop.opens_at.minute, shop.closes_at.hour, shop.zone) == (7, 30, 21, "Asia/Makassar")
    assert (shop.is_open, shop.accepts_cod, sorted(shop.carriers)) == (True, True, ["jne", "sicepat"])
    assert "The settings are saved." in (await seller.get("/seller/settings")).text
    await post(seller, "/seller/settings", FORM)
    assert "Nothing was changed." in (await seller.get("/seller/settings")).text
    [changed] = await facts_of(stall)
    assert {"name", "confirm_mode", "zone", "carriers"} <= set(changed)
    assert "is_open" not in changed


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter the name of the shop."),
        ("name", "x" * 61, "The name is too long."),
        ("description", "x" * 2001, "The description is too long."),
        ("confirm_mode", "never", "Choose how orders are confirmed."),
        ("zone", "Europe/Paris", "Choose a time zone."),
        ("closes_at", "07:30", "The shop must close later than it opens."),
        ("closes_at", "soon", "The shop must close later than it opens."),
        ("carriers", ["any", "nobody"], "Choose at least one carrier."),
    ],
)
async def test_what_can_not_be_saved_says_why(
    seller: httpx.AsyncClient, stall: Stall, field: str, value: str | list[str], words: str
) -> None:
    before = await shop_now(stall)
    answer = await post(seller, "/seller/settings", {**FORM, field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Disangrai sendiri." in answer.text or field == "description"
    assert await shop_now(stall) == before


async def test_automatic_confirmation_counts_for_orders_paid_from_now_on(
    seller: httpx.AsyncClient, stall: Stall
) -> None:
    before = await stall.new()
    await post(seller, "/seller/settings", FORM)
    assert (await stall.new()).state is State.AWAITING_SHIPMENT
    assert (await stall.now(before)).state is State.NEW
    cod = await stall.unpaid(method="cod")
    assert cod.state is State.AWAITING_SHIPMENT
    page = await seller.get("/seller/orders?tab=action")
    assert "Arrange shipping within" in page.text
    assert page.text.count("Confirm within") == 1
    assert counts(page) == {
        "All": 3, "Action needed": 3, "Unpaid": 0, "New": 1, "Ready to Ship": 2, "In Shipping": 0, "Completed": 0,
        "Cancelled": 0,
    }  # fmt: skip


async def test_times_are_shown_in_the_shops_zone(seller: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.new()
    await post(seller, "/seller/settings", FORM)
    page = await seller.get(f"/seller/orders/{order.id}")
    assert "WITA" in page.text
    assert "WIB" not in page.text


async def test_only_those_who_work_in_the_shop_set_it(app: FastAPI, stall: Stall) -> None:
    buyer, stranger = await make_account(stall.db), await make_shop(stall.db)
    before = await shop_now(stall)
    async with new_client(app) as browser:
        await sign_in(browser, buyer)
        assert (await browser.get("/seller/settings")).status_code == 404
        assert (await post(browser, "/seller/settings", FORM)).status_code == 404
    async with new_client(app) as browser:
        await sign_in(browser, stranger.owner)
        await post(browser, "/seller/settings", FORM)
    assert await shop_now(stall) == before


async def test_the_settings_in_indonesian(seller: httpx.AsyncClient) -> None:
    seller.cookies.set("locale", "id")
    page = await seller.get("/seller/settings")
    for words in ("Bagaimana pesanan baru dikonfirmasi?", "Simpan pengaturan", "Kurir"):
        assert words in page.text
