"""Products by the Open API, driven by a client that others wrote: written down with a picture, changed, found, sold, deleted."""

import io
from typing import Any

import attrs
import httpx
import pytest
from tiktok_shop_api import AsyncTikTokShop, TikTokShopError
from tiktok_shop_api.generated import models as m
from tiktok_shop_api.generated.types import File

from etalase.foundation.sql import Db
from tests.builders.accounts import MadeShop, make_shop
from tests.builders.catalog import make_category, make_product, picture_bytes
from tests.builders.open_api import Connector, data_of

PRODUCTS = "/product/202309/products"


@pytest.fixture
async def program(connector: Connector, origin: str):  # type: ignore[no-untyped-def]
    """A client that others wrote, for the shop."""
    async with AsyncTikTokShop(connector.key, connector.secret, access_token=connector.token, base_url=origin) as bare:
        yield bare.with_shop(shop_cipher=connector.cipher)


async def upload(program: AsyncTikTokShop, color: str) -> Any:
    file = File(
        payload=io.BytesIO(picture_bytes(color=color, kind="PNG")), file_name=f"{color}.png", mime_type="image/png"
    )
    body = m.UploadProductImageRequest(data=file, use_case=m.UploadProductImageRequestUseCase.MAIN_IMAGE)
    return data_of(await program.products.upload_product_image(body=body))


def sku(color: str, price: str, units: int, warehouse_id: str) -> Any:
    return m.CreateProductRequestSku(
        price=m.CreateProductRequestSkuPrice(currency=m.CreateProductRequestSkuPriceCurrency.IDR, amount=price),
        inventory=[m.Inventory(quantity=units, warehouse_id=warehouse_id)],
        sales_attributes=[m.CreateProductRequestSkuSalesAttribute(name="Warna", value_name=color)],
        seller_sku=f"KEM-{color.upper()}",
    )


async def create(program: AsyncTikTokShop, db: Db, *, key: str = "") -> tuple[Any, list[str]]:
    leaf = await make_category(db)
    (warehouse,) = data_of(await program.logistics.get_warehouse_list()).warehouses
    uris = [(await upload(program, color)).uri for color in ("red", "blue")]
    body = m.CreateProductRequest(
        title="Kemeja Batik", description="<p>Katun &amp; rayon</p><ul><li>Cuci dingin</li></ul>", category_id=str(leaf),
        main_images=[m.MainImage(uri=uri) for uri in uris],
        skus=[sku("Merah", "150000", 5, warehouse.id), sku("Biru", "155000", 7, warehouse.id)],
        package_weight=m.PackageWeight(value="0.3", unit="KILOGRAM"),
        idempotency_key=key or "first",
    )  # fmt: skip
    return data_of(await program.products.create_product(body=body)), uris


async def test_a_product_with_pictures_is_written_down_once(
    db: Db, program: AsyncTikTokShop, client: httpx.AsyncClient, shop: MadeShop
) -> None:
    made, uris = await create(program, db)
    shown = data_of(await program.products.get_product(made.product_id))
    assert (shown.status, shown.product_status, shown.audit.status) == ("ACTIVATE", "ACTIVATE", "APPROVED")
    assert shown.description == "<p>Katun &amp; rayon</p><p>Cuci dingin</p>"
    assert [image.uri for image in shown.main_images] == uris
    assert (await client.get(shown.main_images[0].urls[0].removeprefix("http://testserver"))).status_code == 200
    assert [one.seller_sku for one in shown.skus] == ["KEM-MERAH", "KEM-BIRU"]
    assert [one.inventory[0].quantity for one in shown.skus] == [5, 7]
    assert [chain.is_leaf for chain in shown.category_chains] == [False, True]
    assert "Kemeja Batik" in (await client.get(f"/p/{shop.shop_id}/{made.product_id}")).text


async def test_a_product_is_changed_whole_and_in_part(db: Db, program: AsyncTikTokShop) -> None:
    made, uris = await create(program, db)
    await program.products.partial_edit_product(
        made.product_id,
        body=m.PartialEditProductRequest(
            title="Kemeja Parang", main_images=[m.MainImage(uri=uri) for uri in uris[::-1]]
        ),
    )
    prices = m.UpdatePriceRequest(
        skus=[
            m.UpdatePriceRequestSku(
                id=made.skus[0].id,
                price=m.PartialEditProductRequestSkuPrice(
                    amount="149000", currency=m.PartialEditProductRequestSkuPriceCurrency.IDR
                ),
            )
        ]
    )
    await program.products.update_price(made.product_id, body=prices)
    stock = m.UpdateInventoryRequest(
        skus=[
            m.UpdateInventoryRequestSku(id=one, inventory=[m.UpdateInventoryRequestSkuInventory(quantity=11)])
            for one in (made.skus[1].id, "77")
        ]
    )
    told = data_of(await program.products.update_inventory(made.product_id, body=stock))
    assert [(error.code, error.detail.sku_id) for error in told.errors] == [(12052062, "77")]
    shown = data_of(await program.products.get_product(made.product_id))
    assert shown.title == "Kemeja Parang"
    assert [image.uri for image in shown.main_images] == uris[::-1]
    assert [one.price.tax_exclusive_price for one in shown.skus] == ["149000", "155000"]
    (found,) = data_of(
        await program.products.inventory_search(body=m.InventorySearchRequest(product_ids=[made.product_id]))
    ).inventory
    assert [one.total_available_quantity for one in found.skus] == [5, 11]


async def test_a_product_is_replaced_whole(db: Db, program: AsyncTikTokShop) -> None:
    made, uris = await create(program, db)
    (warehouse,) = data_of(await program.logistics.get_warehouse_list()).warehouses
    kept = m.EditProductRequestSku(
        id=made.skus[0].id,
        price=m.CreateProductRequestSkuPrice(currency=m.CreateProductRequestSkuPriceCurrency.IDR, amount="160000"),
        inventory=[m.Inventory(quantity=4, warehouse_id=warehouse.id)],
        sales_attributes=[m.CheckProductListingRequestSkuSalesAttribute(name="Warna", value_name="Merah")],
    )
    category = data_of(await program.products.get_product(made.product_id)).category_chains[-1].id
    body = m.EditProductRequest(
        title="Kemeja Sutra", description="<p>Sutra</p>", category_id=category, main_images=[m.MainImage(uri=uris[1])],
        skus=[kept], package_weight=m.PackageWeight(value="0.2", unit="KILOGRAM"),
    )  # fmt: skip
    await program.products.edit_product(made.product_id, body=body)
    shown = data_of(await program.products.get_product(made.product_id))
    assert (shown.title, [image.uri for image in shown.main_images]) == ("Kemeja Sutra", [uris[1]])
    assert [(one.id, one.price.tax_exclusive_price) for one in shown.skus] == [(made.skus[0].id, "160000")]


async def test_products_are_found_sold_and_deleted(db: Db, program: AsyncTikTokShop) -> None:
    made, _ = await create(program, db)

    async def states() -> list[str]:
        body = m.SearchProductsRequest(status=m.SearchProductsRequestStatus.ALL, seller_skus=["KEM-BIRU"])
        return [one.status for one in data_of(await program.products.search_products(page_size=10, body=body)).products]

    ids = [made.product_id, "77"]
    assert await states() == ["ACTIVATE"]
    told = data_of(await program.products.deactivate_products(body=m.DeactivateProductsRequest(product_ids=ids)))
    assert [error.detail.product_id for error in told.errors] == ["77"]
    assert await states() == ["SELLER_DEACTIVATED"]
    await program.products.activate_products(body=m.ActivateProductsRequest(product_ids=[made.product_id]))
    assert await states() == ["ACTIVATE"]
    await program.products.delete_products(body=m.DeleteProductsRequest(product_ids=[made.product_id]))
    assert await states() == []
    with pytest.raises(TikTokShopError) as gone:
        await program.products.get_product(made.product_id)
    assert gone.value.code == 21008111
    again, _ = await create(program, db, key="second")
    assert again.product_id != made.product_id, "its SKUs are free again"


async def test_what_a_product_needs(program: AsyncTikTokShop, db: Db) -> None:
    leaf = await make_category(db)
    tree = data_of(await program.products.get_categories()).categories
    assert {one.id: one.is_leaf for one in tree}[str(leaf)]
    assert data_of(await program.products.get_category_attributes(str(leaf))).attributes == []
    assert data_of(await program.products.get_category_rules(str(leaf))).cod.is_supported
    assert data_of(await program.products.get_brands(page_size=10)).brands == []
    assert not any(one.is_failed for one in data_of(await program.products.check_listing_prerequisites()).check_results)
    file = m.UploadProductImageRequest(
        data=File(payload=io.BytesIO(b"no picture"), file_name="x.png", mime_type="image/png")
    )
    with pytest.raises(TikTokShopError) as odd:
        await program.products.upload_product_image(body=file)
    assert odd.value.code == 36009023


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "title"),
        ({"skus": []}, "body.skus is missing"),
        ({"category_id": "1"}, "category"),
        ({"main_images": [{"uri": "nothing"}]}, "images/upload"),
        ({"package_weight": {"value": "much", "unit": "KILOGRAM"}}, "weight"),
        ({"skus": [{"price": {"amount": "1.5"}, "inventory": [{"quantity": 1}]}]}, "whole rupiah"),
        ({"skus": [{"price": {"amount": "10"}, "inventory": [{"quantity": 1, "warehouse_id": "4"}]}]}, "warehouse"),
    ],
)
async def test_what_is_wrong_is_named(
    db: Db, connector: Connector, program: AsyncTikTokShop, change: dict[str, Any], words: str
) -> None:
    body = {
        "title": "Kemeja Batik", "description": "x", "category_id": str(await make_category(db)),
        "main_images": [{"uri": (await upload(program, "red")).uri}], "package_weight": {"value": "300", "unit": "GRAM"},
        "skus": [{"price": {"amount": "10000"}, "inventory": [{"quantity": 1}]}],
    }  # fmt: skip
    told = (await connector.send("POST", PRODUCTS, body=body | change)).json()
    assert told["code"] in (12052020, 36009004)
    assert words in told["message"]


async def test_products_of_others_do_not_exist(db: Db, connector: Connector) -> None:
    theirs = await make_product(db, shop=await make_shop(db))
    assert await connector.code("GET", f"{PRODUCTS}/{theirs.id}") == 21008111
    told = await connector.call("POST", f"{PRODUCTS}/deactivate", body={"product_ids": [str(theirs.id)]})
    assert told["errors"][0]["code"] == 21008111
    found = await connector.call("POST", "/product/202309/inventory/search", body={"sku_ids": [str(theirs.variant_id)]})
    assert found["inventory"] == []


async def test_a_listing_is_checked_and_nothing_kept(db: Db, program: AsyncTikTokShop, connector: Connector) -> None:
    leaf, picture = await make_category(db), await upload(program, "red")
    sold = m.CheckProductListingRequestSku(
        price=m.CheckProductListingRequestSkuPrice(currency=m.CheckProductListingRequestSkuPriceCurrency.IDR, amount="150000"),
        inventory=[m.Inventory(quantity=5, warehouse_id="")],
    )  # fmt: skip
    body = m.CheckProductListingRequest(
        title="Kemeja Batik", description="<p>Katun</p>", category_id=str(leaf), main_images=[m.MainImage(uri=picture.uri)],
        skus=[sold], package_weight=m.PackageWeight(value="0.3", unit="KILOGRAM"),
    )  # fmt: skip
    assert data_of(await program.products.check_product_listing(body=body)).check_result == "PASS"
    for changes, words in (
        ({"title": "x"}, "title"),
        ({"category_id": "77"}, "category_id"),
        ({"main_images": []}, "main_images"),
        ({"package_weight": m.PackageWeight(value="much", unit="KILOGRAM")}, "weight"),
    ):
        checked = data_of(await program.products.check_product_listing(body=attrs.evolve(body, **changes)))
        assert checked.check_result == "FAILED"
        assert words in checked.fail_reasons[0].message
    assert (await connector.call("POST", "/product/202309/products/search"))["products"] == []
