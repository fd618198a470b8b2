"""A shop's products: found, put on sale, taken off; their stock and prices."""

from datetime import timedelta
from typing import Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.catalog import actions as catalog_actions
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import WantedProducts
from etalase.commerce.orders.polling.queries import FAR_AHEAD, LONG_AGO
from etalase.foundation.ids import ID_MAX
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.products import READ, WRITE, ProductFound, refusing
from etalase.web.open_api.calls.stock import stock_of
from etalase.web.open_api.logistics_ids import REGION
from etalase.web.open_api.product_view import AUDIT, STATUS, sku_of
from etalase.web.open_api.refusals import Refused, not_valid
from etalase.web.open_api.registry import PAGING, api_call, not_yet
from etalase.web.open_api.values import ApiId, Body, Seconds, moment_of, seconds

AT_ONCE_MAX: Final = 20
COUNTED_MAX: Final = 200
DELETE: Final = "seller.product.delete"
ALL_STATES: Final = ("PENDING", "FAILED", "PLATFORM_DEACTIVATED", "FREEZE")
"""Statuses that no product has here: nobody audits or freezes any."""


class ProductSearch(Body):
    """Which products; times are unix seconds, both ends included."""

    status: Literal[
        "ALL", "DRAFT", "PENDING", "FAILED", "ACTIVATE", "SELLER_DEACTIVATED", "PLATFORM_DEACTIVATED", "FREEZE", "DELETED"
    ] = "ALL"  # fmt: skip
    seller_skus: tuple[str, ...] = ()
    sku_ids: tuple[ApiId, ...] = ()
    create_time_ge: Seconds | None = None
    create_time_le: Seconds | None = None
    update_time_ge: Seconds | None = None
    update_time_le: Seconds | None = None


class ProductsFound(TypedDict, total=False):
    """A page of products."""

    products: list[ProductFound]
    next_page_token: str
    total_count: int


class ProductIds(Body):
    """Up to 20 products."""

    product_ids: tuple[ApiId, ...]


class ProductDetail(TypedDict):
    """Which product."""

    product_id: str


class ProductFailure(TypedDict):
    """A product that was left as it is."""

    code: int
    message: str
    detail: ProductDetail


class ProductFailures(TypedDict, total=False):
    """What was not done; without errors all was."""

    errors: list[ProductFailure]


@api_call(
    "POST",
    "/product/202502/products/search",
    "Search products",
    scope=READ,
    query=PAGING,
    body=ProductSearch,
    body_example={"status": "ACTIVATE", "update_time_ge": 1763900000},
    answer=ProductsFound,
    example={"products": [examples.PRODUCT_FOUND], "next_page_token": "", "total_count": 1},
)
async def search_products(call: Call) -> ProductsFound:
    """Products, the newest first; `total_count` is exact up to 200."""
    told, page = call.read(ProductSearch), call.page(order="newest")
    if told.status in ALL_STATES:
        return {"products": [], "next_page_token": "", "total_count": 0}
    limit = page.limit if page.after else max(page.limit, COUNTED_MAX)
    async with call.reading() as tx:
        found = await catalog.products_for_programs(
            tx, _wanted(told), shop_id=call.shop_id, before_id=int(page.after[0]) if page.after else ID_MAX, limit=limit
        )
        seen = int(page.after[1]) if page.after else 0
        total = max(int(page.after[2]), seen + len(found)) if page.after else len(found)
        shown, token = page.cut(found, lambda one: [one.id, seen + page.size, total])
        variants, stock = await stock_of(tx, call.shop_id, product_ids=[one.id for one in shown])
    products: list[ProductFound] = [
        {
            "id": str(one.id),
            "title": one.title,
            "status": "DELETED" if told.status == "DELETED" else STATUS[one.state],
            "audit": {"status": AUDIT[one.state]},
            "skus": [
                sku_of(variant, stock.get(variant.id), with_attributes=False)
                for variant in variants
                if variant.product_id == one.id
            ],
            "sales_regions": [REGION],
            "create_time": seconds(one.created_at),
            "update_time": seconds(one.updated_at),
            "is_not_for_sale": False,
            "has_draft": False,
        }
        for one in shown
    ]
    return {"products": products, "next_page_token": token, "total_count": total}


def _wanted(told: ProductSearch) -> WantedProducts:
    second = timedelta(seconds=1)
    created_le, updated_le = moment_of(told.create_time_le), moment_of(told.update_time_le)
    states = {word: state for state, word in STATUS.items()}
    return WantedProducts(
        state=states.get(told.status),  # type: ignore[arg-type]
        are_deleted=told.status == "DELETED",
        created_from=moment_of(told.create_time_ge) or LONG_AGO,
        created_until=created_le + second if created_le else FAR_AHEAD,
        updated_from=moment_of(told.update_time_ge) or LONG_AGO,
        updated_until=updated_le + second if updated_le else FAR_AHEAD,
        seller_skus=list(told.seller_skus) or None,
        variant_ids=list(told.sku_ids) or None,
    )


@api_call(
    "POST",
    "/product/202309/products/activate",
    "Activate products",
    scope=WRITE,
    body=ProductIds,
    body_example={"product_ids": ["1729382476852921560"]},
    answer=ProductFailures,
    example={"errors": [examples.PRODUCT_FAILURE]},
)
async def activate(call: Call) -> ProductFailures:
    """Put products on sale; each by itself."""
    return await _each(call, "activate")


@api_call(
    "POST",
    "/product/202309/products/deactivate",
    "Deactivate products",
    scope=WRITE,
    body=ProductIds,
    body_example={"product_ids": ["1729382476852921560"]},
    answer=ProductFailures,
    example={"errors": [examples.PRODUCT_FAILURE]},
)
async def deactivate(call: Call) -> ProductFailures:
    """Take products off sale; what was ordered stays ordered."""
    return await _each(call, "deactivate")


@api_call(
    "DELETE",
    "/product/202309/products",
    "Delete products",
    scope=DELETE,
    body=ProductIds,
    body_example={"product_ids": ["1729382476852921560"]},
    answer=ProductFailures,
    example={"errors": [examples.PRODUCT_FAILURE]},
)
async def delete(call: Call) -> ProductFailures:
    """Take products off everything for good: their SKUs are free again, orders keep copies."""
    return await _each(call, "delete")


async def _each(call: Call, verb: Literal["activate", "deactivate", "delete"]) -> ProductFailures:
    ids = call.read(ProductIds).product_ids
    if not 1 <= len(ids) <= AT_ONCE_MAX:
        raise not_valid("body.product_ids", f"hold 1 to {AT_ONCE_MAX} ids")
    act = {
        "activate": catalog_actions.activate_product,
        "deactivate": catalog_actions.deactivate_product,
        "delete": catalog_actions.delete_product,
    }[verb]
    errors: list[ProductFailure] = []
    for product_id in ids:
        try:
            with refusing():
                await act(call.db, shop_id=call.shop_id, product_id=product_id, by=call.by)
        except Refused as refused:
            detail: ProductDetail = {"product_id": str(product_id)}
            errors.append({"code": refused.code, "message": refused.message, "detail": detail})
    return {"errors": errors}


not_yet(
    "POST", "/product/202309/products/recover", "Recover products", scope=WRITE,
    because="What is deleted stays deleted: create the product anew.",
)  # fmt: skip
