"""The Seller Center's products and stock, as forms without scripts."""

import re
from html import unescape

import httpx
import pytest

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.rules import Option
from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.rules import StockUnits
from etalase.foundation import clock
from etalase.foundation.sql import Db
from tests.builders.accounts import MadeShop, make_account, make_shop
from tests.builders.catalog import MadeProduct, make_category, make_product, picture_bytes
from tests.builders.web import post, sign_in

FRAME = {"session", "unread_counts", "count_to_act_on"}
COLORS = Option("Warna", ("Merah", "Biru"))


@pytest.fixture
async def shop(db: Db, client: httpx.AsyncClient) -> MadeShop:
    made = await make_shop(db)
    await sign_in(client, made.owner)
    return made


def fields_of(page: str) -> dict[str, str]:
    """The texts that stand in the form's fields."""
    form = page[page.index('id="product-form"') :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        is_off = 'type="checkbox"' in tag and "checked" not in tag
        if name and not is_off and 'type="file"' not in tag:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?([^<]*)</textarea>', form):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


async def products_of(db: Db, shop: MadeShop) -> list[catalog.ProductRow]:
    async with db.for_shop(shop.shop_id).reading() as tx:
        return await catalog.products_of_shop(tx, shop_id=shop.shop_id, state=None, search="", before_id=None, limit=50)


async def test_pages_answer_in_both_languages(client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    product = await make_product(db, shop, options=(COLORS,), stock=2)
    own = {
        "/seller": 7, "/seller/products": 1, "/seller/products?state=active&q=kopi": 1, "/seller/products/new": 1,
        f"/seller/products/{product.id}": 5, "/seller/stock": 1, "/seller/stock?low=1&q=kop": 1, f"/seller/stock/{product.variant_id}": 4,
    }  # fmt: skip
    for path, statements in own.items():
        for language in ("en", "id"):
            answer = await client.get(path, headers={"Accept-Language": language})
            assert answer.status_code == 200, path
            names = re.search(r'names;desc="([^"]*)"', answer.headers["server-timing"])
            assert names
            assert len(set(names[1].split()) - FRAME) <= statements, (path, names[1])


async def test_a_product_is_written_from_options_to_sale(client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    category_id = await make_category(db)
    first = {
        "title": "Kemeja Flanel", "category": str(category_id), "handling_days": "1", "description": "Halus.\nTebal.",
        "option-name-0": "Warna", "option-values-0": "Merah, Biru", "option-name-1": "Ukuran", "option-values-1": "M, L",
        "row-0-values": "[]", "row-0-price": "125.000", "row-0-active": "1", "fill-weight": "300", "fill-stock": "4", "step": "matrix",
    }  # fmt: skip
    page = await post(
        client, "/seller/products/new", first, files={"pictures": ("a.jpg", picture_bytes(), "image/jpeg")}
    )
    assert page.status_code == 200
    typed = fields_of(page.text)
    assert [typed[f"row-{at}-price"] for at in range(4)] == ["125.000"] * 4
    assert typed["row-3-values"] == '["Biru", "L"]'
    assert typed["description"] == "Halus.\nTebal."
    done = await post(client, "/seller/products/new", {**typed, "action": "activate"})
    assert done.status_code == 303, page.text
    [row] = await products_of(db, shop)
    assert (row.state, row.variants, row.available, row.price_min_minor) == ("active", 4, 16, 125_000)
    assert "On sale" in (await client.get(done.headers["location"])).text


async def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    wrong = {
        "title": "Ko", "category": "x", "description": "Panjang <b>sekali</b>", "handling_days": "99",
        "row-0-values": "[]", "row-0-price": "dua puluh", "row-0-weight": "", "row-0-stock": "banyak", "row-0-active": "1",
    }  # fmt: skip
    files = {"pictures": ("a.svg", b"<svg><script>alert(1)</script></svg>", "image/svg+xml")}
    page = await post(client, "/seller/products/new", wrong, files=files)
    assert page.status_code == 422
    assert "One file is no picture we can read" in page.text
    assert 'id="row-0-stock-error"' in page.text
    assert fields_of(page.text)["description"] == "Panjang <b>sekali</b>"
    page = await post(client, "/seller/products/new", {**wrong, "row-0-stock": ""})
    for field in ("field-title", "field-category", "field-handling_days", "row-0-price", "row-0-weight"):
        assert f'id="{field}-error"' in page.text
    assert fields_of(page.text)["row-0-price"] == "dua puluh"
    assert await products_of(db, shop) == []


async def test_an_uploaded_picture_outlives_an_error_elsewhere(
    client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    category_id = await make_category(db)
    fields = {"title": "", "category": str(category_id), "handling_days": "1", "row-0-values": "[]", "row-0-price": "9000",
              "row-0-weight": "100", "row-0-active": "1", "row-0-stock": "1"}  # fmt: skip
    page = await post(
        client, "/seller/products/new", fields, files={"pictures": ("a.png", picture_bytes(kind="PNG"), "image/png")}
    )
    assert page.status_code == 422
    again = {**fields_of(page.text), "title": "Gantungan kunci", "action": "activate"}
    assert (await post(client, "/seller/products/new", again)).status_code == 303
    [row] = await products_of(db, shop)
    assert row.state == "active"
    assert row.cover_key


async def test_what_is_missing_for_sale_is_said(client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    fields = {"title": "Tanpa foto", "category": str(await make_category(db)), "handling_days": "1", "row-0-values": "[]",
              "row-0-price": "9000", "row-0-weight": "100", "row-0-active": "1", "action": "activate"}  # fmt: skip
    done = await post(client, "/seller/products/new", fields)
    assert "Still missing: a picture." in (await client.get(done.headers["location"])).text


async def test_the_second_editor_is_told_and_keeps_what_was_typed(
    client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    product = await make_product(db, shop)
    path = f"/seller/products/{product.id}"
    opened = fields_of((await client.get(path)).text)
    assert (await post(client, path, {**opened, "title": "Judul rekan"})).status_code == 303
    conflict = await post(client, path, {**opened, "title": "Judul saya"})
    assert conflict.status_code == 409
    assert "Somebody else changed this product" in conflict.text
    mine = fields_of(conflict.text)
    assert mine["title"] == "Judul saya"
    assert (await post(client, path, mine)).status_code == 303
    assert (await products_of(db, shop))[0].title == "Judul saya"


async def test_a_product_is_taken_off_sale_and_put_back(client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    product = await make_product(db, shop)
    for state, expected in (("inactive", "inactive"), ("active", "active")):
        assert (await post(client, f"/seller/products/{product.id}/state", {"state": state})).status_code == 303
        assert (await products_of(db, shop))[0].state == expected


async def test_stock_is_adjusted_for_a_reason_with_running_numbers(
    client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    product = await make_product(db, shop, stock=10)
    path = f"/seller/stock/{product.variant_id}"
    await promise(db, product, 4)
    assert (await post(client, path, {"reason": "purchase", "quantity": "5", "note": "Faktur 12"})).status_code == 303
    page = (await client.get(path)).text
    assert "Faktur 12" in page
    assert re.findall(r"then on hand (\d+), committed (\d+)", page) == [("15", "4"), ("10", "4"), ("10", "0")]
    refused = await post(client, path, {"reason": "count", "quantity": "3", "note": "dihitung ulang"})
    assert refused.status_code == 422
    assert "Only 11 can be taken away: 4 are promised to orders." in refused.text
    assert "dihitung ulang" in refused.text
    for quantity in ("", "abc", "1.5e3", "-3", "9" * 30):
        assert (await post(client, path, {"reason": "purchase", "quantity": quantity})).status_code == 422
    assert (await post(client, path, {"reason": "sale", "quantity": "1"})).status_code == 422


async def promise(db: Db, product: MadeProduct, quantity: int) -> None:
    async with db.for_shop(product.shop_id).transaction() as tx:
        units = [StockUnits(product.shop_id, product.variant_id, quantity, 1)]
        await inventory.commit_units(tx, units, at=clock.now())


async def test_the_low_level_decides_what_runs_low(client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    product = await make_product(db, shop, stock=10)
    assert "Nothing runs low" in (await client.get("/seller/stock?low=1")).text
    assert (await post(client, f"/seller/stock/{product.variant_id}/low-level", {"low_at": "10"})).status_code == 303
    assert product.title in (await client.get("/seller/stock?low=1")).text


async def test_strangers_find_nothing(client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    others = await make_product(db)
    for path in (f"/seller/products/{others.id}", f"/seller/stock/{others.variant_id}"):
        assert (await client.get(path)).status_code == 404
        assert (await post(client, path, {"reason": "count", "quantity": "0"})).status_code == 404
    assert (await post(client, f"/seller/products/{others.id}/state", {"state": "inactive"})).status_code == 404
    client.cookies.clear()
    await sign_in(client, await make_account(db))
    assert (await client.get("/seller/products")).status_code == 404
