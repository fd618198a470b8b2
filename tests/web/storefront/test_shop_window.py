"""What buyers see of the shop window, in both languages, with few statements."""

import re
from pathlib import Path

import httpx
import pytest

from etalase.commerce.catalog import actions as catalog
from etalase.commerce.catalog.rules import Option
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.integrations.storage.folder import Folder
from etalase.settings import Settings
from tests.builders.accounts import make_account, make_address
from tests.builders.catalog import MadeProduct, make_product, picture_bytes
from tests.builders.web import sign_in

COLORS = Option("Warna", ("Merah", "Biru"))
SIZES = Option("Ukuran", ("S", "M"))
STATEMENTS = re.compile(r'sql;desc="(\d+)"')


def statements(answer: httpx.Response) -> int:
    found = STATEMENTS.search(answer.headers["server-timing"])
    assert found
    return int(found[1])


@pytest.fixture
async def product(db: Db) -> MadeProduct:
    return await make_product(db, options=(COLORS, SIZES), stock=3, title="Kemeja Batik Kawung")


async def test_every_page_answers_in_both_languages_with_its_few_statements(
    client: httpx.AsyncClient, product: MadeProduct
) -> None:
    pages = {
        "/": 4,
        "/shop": 2,
        "/shop?sort=cheapest": 2,
        "/search?q=kemeja": 2,
        "/search?q=tidakada": 3,
        "/search": 1,
        f"/s/{product.shop.slug}": 4,
        f"/s/{product.shop.slug}?q=batik": 4,
        f"/p/{product.shop_id}/{product.id}": 8,
    }
    for path, most in pages.items():
        for language, word in (("en", 'lang="en"'), ("id", 'lang="id"')):
            answer = await client.get(path, headers={"Accept-Language": language})
            assert answer.status_code == 200, path
            assert word in answer.text
            assert "style=" not in answer.text
            assert "onclick" not in answer.text
            # Policies and calendar are read once a process, then kept.
            assert statements(answer) <= most, (path, answer.headers["server-timing"])
    assert "Kemeja Batik Kawung" in answer.text


async def test_categories_show_what_hangs_below_them(client: httpx.AsyncClient, product: MadeProduct) -> None:
    home = await client.get("/")
    found = re.search(r'href="(/c/[a-z0-9-]+)"', home.text)
    assert found
    top = await client.get(found[1])
    assert "Kemeja Batik Kawung" in top.text
    assert "Coffee" in top.text
    assert (await client.get("/c/tidak-ada")).status_code == 404


async def test_the_shop_tab_leads_to_orders_by_the_three_lines_without_scripts(
    client: httpx.AsyncClient, product: MadeProduct
) -> None:
    page = (await client.get("/shop")).text
    menu = page[page.index("<details") : page.index("</details>")]
    assert 'href="/orders"' in menu
    assert ">Orders<" in menu


async def test_a_variant_is_chosen_by_links_and_says_what_is_left(
    client: httpx.AsyncClient, product: MadeProduct
) -> None:
    path = f"/p/{product.shop_id}/{product.id}"
    page = (await client.get(f"{path}?variant={product.variant_ids[3]}")).text
    assert "Only 3 left" in page
    assert f'name="variant" value="{product.variant_ids[3]}"' in page
    chips = re.findall(r'class="pick__value" href="([^"]+)"[^>]*?(aria-current="true")?[ >]', page)
    assert {href for href, _ in chips} == {f"{path}?variant={product.variant_ids[at]}" for at in (1, 2, 3)}


async def test_signed_out_one_comes_back_from_logging_in_with_variant_and_quantity(
    client: httpx.AsyncClient, db: Db, product: MadeProduct
) -> None:
    path = f"/p/{product.shop_id}/{product.id}"
    answer = await client.get(path, params={"variant": str(product.variant_ids[2]), "quantity": "2", "buy": "1"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")
    await sign_in(client, await make_account(db))
    back = await client.get(path, params={"variant": str(product.variant_ids[2]), "quantity": "2"})
    assert f'name="variant_id" value="{product.variant_ids[2]}"' in back.text
    assert re.search(r'name="quantity"[^>]* value="2"', back.text)
    assert 'action="/cart/lines"' in back.text


async def test_delivery_is_promised_to_the_buyers_own_city(
    client: httpx.AsyncClient, db: Db, product: MadeProduct
) -> None:
    path = f"/p/{product.shop_id}/{product.id}"
    assert "To Jakarta Pusat from" in (await client.get(path)).text
    buyer = await make_account(db)
    await make_address(db, buyer)
    await sign_in(client, buyer)
    assert "To Bandung from" in (await client.get(path)).text


async def test_what_is_not_on_sale_says_so_kindly(client: httpx.AsyncClient, db: Db, product: MadeProduct) -> None:
    sold_out = await make_product(db, product.shop, stock=0, title="Habis Terjual")
    page = await client.get(f"/p/{sold_out.shop_id}/{sold_out.id}")
    assert page.status_code == 200
    assert "Sold out" in page.text
    await catalog.deactivate_product(db, shop_id=product.shop_id, product_id=product.id, by=Actor.seller(1))
    for path in (f"/p/{product.shop_id}/{product.id}", "/p/1/2", "/p/abc/-5", f"/p/{'9' * 30}/1"):
        gone = await client.get(path)
        assert gone.status_code == 404
        assert "This product is not on sale" in gone.text


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE listings; --",
        "👟 sepatu",
        "x" * 10_000,
        "%",
        "<script>alert(1)</script>",
        "a\x00b",
        "\\",
        "' OR 1=1",
    ],
)
async def test_nothing_typed_into_a_search_field_harms(
    client: httpx.AsyncClient, product: MadeProduct, query: str
) -> None:
    for path in ("/search", f"/s/{product.shop.slug}"):
        answer = await client.get(path, params={"q": query, "after": query[:50], "sort": query[:50]})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    assert "Kemeja Batik Kawung" in (await client.get("/search?q=kemeja")).text


async def test_long_lists_go_on_and_give_htmx_only_what_follows(
    client: httpx.AsyncClient, db: Db, product: MadeProduct
) -> None:
    for number in range(26):
        await make_product(db, product.shop, title=f"Kain {number:02}")
    page = (await client.get("/search?q=kain")).text
    found = re.search(r'hx-get="(/search[^"]+after=[^"]+)"', page)
    assert found
    rest = await client.get(found[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert "<html" not in rest.text
    shown = re.findall(r"Kain \d\d", page) + re.findall(r"Kain \d\d", rest.text)
    assert len(set(shown)) == 26


async def test_pictures_are_served_for_good_and_drawings_can_do_nothing(
    client: httpx.AsyncClient, settings: Settings, tmp_path: Path
) -> None:
    folder = Folder(settings.var / "files")
    picture, drawing = (
        await folder.keep_picture(picture_bytes()),
        folder.keep_drawing("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    )
    answer = await client.get(f"/media/{picture.key.replace('.webp', '-200.webp')}")
    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    svg = await client.get(f"/media/{drawing.key}")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert svg.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    (settings.var / "secret").write_text("geheim")
    for path in ("/media/../secret", "/media/..%2Fsecret", "/media/%2e%2e/secret", f"/media/{'0' * 64}.webp"):
        assert (await client.get(path)).status_code == 404
