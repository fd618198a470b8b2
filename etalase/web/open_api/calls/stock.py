"""Stock and prices of products, as other programs keep them."""

from typing import Final

from typing_extensions import TypedDict

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Variant
from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory import queries as stocks
from etalase.commerce.inventory.rules import Stock
from etalase.foundation.sql import Tx
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.products import READ, WRITE, edit, refusing, whole_product
from etalase.web.open_api.logistics_ids import warehouse_id
from etalase.web.open_api.product_draft import InventoryToSet, PriceToSet, ProductToSet, SkuToSet, quantity_of
from etalase.web.open_api.refusals import Refused, missing, not_valid
from etalase.web.open_api.registry import api_call
from etalase.web.open_api.shapes import Nothing
from etalase.web.open_api.values import ApiId, Body

PRODUCTS_MAX: Final = 100
SKUS_MAX: Final = 600


class SkuStock(Body):
    """What a variant is to have."""

    id: ApiId
    inventory: tuple[InventoryToSet, ...]


class StockToSet(Body):
    """What variants are to have, in absolute numbers."""

    skus: tuple[SkuStock, ...]


class SkuDetail(TypedDict):
    """Which variant."""

    sku_id: str


class SkuFailure(TypedDict):
    """A variant whose stock was left as it is."""

    code: int
    message: str
    detail: SkuDetail


class StockFailures(TypedDict, total=False):
    """What was not done; without errors all was."""

    errors: list[SkuFailure]


class SkuPrice(Body):
    """What a variant is to cost."""

    id: ApiId
    price: PriceToSet


class PricesToSet(Body):
    """What variants are to cost."""

    skus: tuple[SkuPrice, ...]


class InventorySearch(Body):
    """Which products or variants."""

    product_ids: tuple[ApiId, ...] = ()
    sku_ids: tuple[ApiId, ...] = ()


class WarehouseStock(TypedDict):
    """What lies in a warehouse."""

    warehouse_id: str
    available_quantity: int
    committed_quantity: int


class SkuInventory(TypedDict):
    """What there is of a variant."""

    id: str
    seller_sku: str
    total_available_quantity: int
    total_committed_quantity: int
    warehouse_inventory: list[WarehouseStock]


class ProductInventory(TypedDict):
    """What there is of a product."""

    product_id: str
    skus: list[SkuInventory]


class InventoryFound(TypedDict):
    """What there is."""

    inventory: list[ProductInventory]


@api_call(
    "POST",
    "/product/202309/products/{product_id}/inventory/update",
    "Update inventory",
    scope=WRITE,
    body=StockToSet,
    body_example={"skus": [{"id": "1729382588639839583", "inventory": [{"quantity": 25}]}]},
    answer=StockFailures,
    example={
        "errors": [{"code": 12052062, "message": "the quantity can't be", "detail": {"sku_id": "1729382588639839583"}}]
    },
)
async def update_inventory(call: Call) -> StockFailures:
    """Set how many of each variant can be sold, in absolute numbers; what is promised to orders comes on top of it. Each by itself."""
    told = call.read(StockToSet).skus
    async with call.reading() as tx:
        known = await whole_product(tx, shop_id=call.shop_id, product_id=call.path_id("product_id"))
    own = {variant.id for variant in known.variants}
    errors: list[SkuFailure] = []
    for sku in told[:SKUS_MAX]:
        try:
            quantity = quantity_of(sku.inventory, shop_id=call.shop_id)
            with refusing():
                await inventory.set_available(
                    call.db, shop_id=call.shop_id, variant_id=sku.id if sku.id in own else 0, quantity=quantity, by=call.by
                )  # fmt: skip
        except Refused as refused:
            errors.append({"code": refused.code, "message": refused.message, "detail": {"sku_id": str(sku.id)}})
    return {"errors": errors}


@api_call(
    "POST",
    "/product/202309/products/{product_id}/prices/update",
    "Update prices",
    scope=WRITE,
    body=PricesToSet,
    body_example={"skus": [{"id": "1729382588639839583", "price": {"amount": "149000", "currency": "IDR"}}]},
    answer=Nothing,
)
async def update_prices(call: Call) -> Nothing:
    """Set what variants cost, all or none; orders keep what they were placed at."""
    told = call.read(PricesToSet).skus
    if not told:
        raise missing("body.skus")
    skus = tuple(SkuToSet(id=sku.id, price=sku.price) for sku in told)
    await edit(call, ProductToSet(skus=skus), product_id=call.path_id("product_id"), is_partial=True)
    return {}


@api_call(
    "POST",
    "/product/202309/inventory/search",
    "Search inventory",
    scope=READ,
    body=InventorySearch,
    body_example={"product_ids": ["1729382476852921560"]},
    answer=InventoryFound,
    example={"inventory": [examples.INVENTORY]},
)
async def search_inventory(call: Call) -> InventoryFound:
    """How many of products or variants can be sold, and how many are promised to orders."""
    told = call.read(InventorySearch)
    if not told.product_ids and not told.sku_ids:
        raise missing("body.product_ids or body.sku_ids")
    if len(told.product_ids) > PRODUCTS_MAX or len(told.sku_ids) > SKUS_MAX:
        raise not_valid("body", f"name {PRODUCTS_MAX} products or {SKUS_MAX} variants at most")
    async with call.reading() as tx:
        # where both are told, variants narrow what is asked for
        products = [] if told.sku_ids else list(told.product_ids)
        variants, stock = await stock_of(tx, call.shop_id, product_ids=products, variant_ids=list(told.sku_ids))
    found: dict[int, ProductInventory] = {}
    for variant in variants:
        one = found.setdefault(variant.product_id, {"product_id": str(variant.product_id), "skus": []})
        one["skus"].append(_inventory(variant, stock.get(variant.id)))
    return {"inventory": list(found.values())}


def _inventory(variant: Variant, stock: Stock | None) -> SkuInventory:
    available, committed = (stock.available, stock.committed) if stock else (0, 0)
    return {
        "id": str(variant.id),
        "seller_sku": variant.seller_sku,
        "total_available_quantity": available,
        "total_committed_quantity": committed,
        "warehouse_inventory": [
            {
                "warehouse_id": warehouse_id(variant.shop_id),
                "available_quantity": available,
                "committed_quantity": committed,
            }
        ],
    }


async def stock_of(
    tx: Tx, shop_id: int, *, product_ids: list[int] | None = None, variant_ids: list[int] | None = None
) -> tuple[list[Variant], dict[int, Stock]]:
    """The variants on sale of products, or some by their ids, and the stock of each."""
    variants = await catalog.variants_of_products(
        tx, shop_id=shop_id, product_ids=product_ids or [], variant_ids=variant_ids or []
    )
    ids = [variant.id for variant in variants]
    rows = await stocks.stock_of(tx, shop_ids=[shop_id] * len(ids), variant_ids=ids)
    return variants, {row.variant_id: row for row in rows}
