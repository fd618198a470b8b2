"""Products: written down, changed, read; as in the Seller Center."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from typing_extensions import TypedDict

from etalase.commerce.catalog import actions as catalog_actions
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.errors import (
    EditConflict,
    NotReadyForSale,
    ProductNotFound,
    ProductRefused,
    TooManyPictures,
)
from etalase.commerce.catalog.rules import Problem
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory import queries as stocks
from etalase.commerce.inventory.errors import BadQuantity, StockPromised, UnknownStock
from etalase.foundation.sql import Tx
from etalase.journeys.offering import actions as offering
from etalase.web.media import storage
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.product_draft import ProductToSet, read_offer
from etalase.web.open_api.product_view import (
    Audit,
    ProductShown,
    SalesAttribute,
    Sku,
    WholeProduct,
    attributes_of,
    product_of,
)
from etalase.web.open_api.refusals import (
    NOT_THIS_SELLERS,
    PRODUCT_NOT_VALID,
    STOCK_NOT_POSSIBLE,
    TIMED_OUT,
    Refused,
)
from etalase.web.open_api.registry import Param, api_call

READ: Final = "seller.product.basic"
WRITE: Final = "seller.product.write"


class SkuSaved(TypedDict, total=False):
    """A variant with its number."""

    id: str
    seller_sku: str
    sales_attributes: list[SalesAttribute]


class Warned(TypedDict):
    """What was saved all the same."""

    message: str


class ProductSaved(TypedDict, total=False):
    """The product with its variants' numbers."""

    product_id: str
    skus: list[SkuSaved]
    warnings: list[Warned]


EXAMPLE: Final[ProductSaved] = {
    "product_id": "1729382476852921560",
    "skus": [{"id": "1729382588639839583", "seller_sku": "KEM-BAT-PAR-MERAH-L"}],
}


async def whole_product(tx: Tx, *, shop_id: int, product_id: int) -> WholeProduct:
    """The product with all that belongs to it, or Refused for one that is not this shop's."""
    found = await catalog.product(tx, shop_id=shop_id, product_id=product_id)
    if found is None:
        raise Refused(NOT_THIS_SELLERS, f"{product_id} is no product of this shop")
    stock = await stocks.stock_of_product(tx, shop_id=shop_id, product_id=product_id)
    return WholeProduct(
        found,
        await catalog.variants_of_product(tx, shop_id=shop_id, product_id=product_id),
        await catalog.pictures_of_product(tx, shop_id=shop_id, product_id=product_id),
        {row.variant_id: row for row in stock},
    )


@contextmanager
def refusing() -> Iterator[None]:
    """What catalog and stock refuse, in the interface's codes."""
    try:
        yield
    except ProductNotFound as error:
        raise Refused(NOT_THIS_SELLERS, "it is no product of this shop") from error
    except ProductRefused as error:
        raise Refused(PRODUCT_NOT_VALID, "; ".join(map(words_of, error.problems))) from error
    except TooManyPictures as error:
        raise Refused(PRODUCT_NOT_VALID, "main_images: 9 pictures at most") from error
    except NotReadyForSale as error:
        raise Refused(
            PRODUCT_NOT_VALID, f"the product can't be sold yet; it has no {', no '.join(error.missing)}"
        ) from error
    except EditConflict as error:
        raise Refused(TIMED_OUT, "somebody saved the product at the same time: ask again", retry_after_s=1) from error
    except UnknownStock as error:
        raise Refused(STOCK_NOT_POSSIBLE, "it is no variant of this product") from error
    except (BadQuantity, StockPromised) as error:
        raise Refused(STOCK_NOT_POSSIBLE, "the quantity can't be: 0 to 1,000,000") from error


def words_of(problem: Problem) -> str:
    """A problem as programs read it."""
    where = f"skus[{problem.row}]." if problem.row is not None else ""
    return f"{where}{problem.field}: {problem.code.replace('_', ' ')}"


@api_call(
    "POST",
    "/product/202309/products",
    "Create a product",
    scope=WRITE,
    body=ProductToSet,
    body_example=examples.PRODUCT_BODY,
    answer=ProductSaved,
    example=EXAMPLE,
    repeats=True,
)
async def create_product(call: Call) -> ProductSaved:
    """Write a product down with its variants, pictures and stock, and put it on sale unless save_mode is AS_DRAFT. Nobody audits it.
    Descriptions are kept as text."""
    told = call.read(ProductToSet)
    asked = read_offer(told, shop_id=call.shop_id, known=None, folder=storage(call.settings), is_partial=False)
    with refusing():
        product_id = await offering.create_product(call.db, shop_id=call.shop_id, offer=asked.offer, by=call.by)
        if told.save_mode == "LISTING":
            await catalog_actions.activate_product(call.db, shop_id=call.shop_id, product_id=product_id, by=call.by)
    return await saved(call, product_id)


async def saved(call: Call, product_id: int) -> ProductSaved:
    """The product's number and those of its variants."""
    async with call.reading() as tx:
        variants = await catalog.variants_of_product(tx, shop_id=call.shop_id, product_id=product_id)
    return {
        "product_id": str(product_id),
        "skus": [
            {"id": str(one.id), "seller_sku": one.seller_sku, "sales_attributes": attributes_of(one)}
            for one in variants
            if one.is_active
        ],
    }


@api_call(
    "PUT",
    "/product/202509/products/{product_id}",
    "Edit a product",
    scope=WRITE,
    body=ProductToSet,
    body_example=examples.PRODUCT_BODY,
    answer=ProductSaved,
    example=EXAMPLE,
)
async def edit_product(call: Call) -> ProductSaved:
    """Replace what the product says of itself, its pictures and variants; variants that are left out go off sale."""
    return await edit(call, call.read(ProductToSet), product_id=call.path_id("product_id"), is_partial=False)


@api_call(
    "POST",
    "/product/202509/products/{product_id}/partial_edit",
    "Edit parts of a product",
    scope=WRITE,
    body=ProductToSet,
    body_example={"title": "Kemeja Batik Parang Lengan Panjang"},
    answer=ProductSaved,
    example=EXAMPLE,
)
async def edit_parts(call: Call) -> ProductSaved:
    """Change what is told; everything else, variants too, stays as it is."""
    return await edit(call, call.read(ProductToSet), product_id=call.path_id("product_id"), is_partial=True)


async def edit(call: Call, told: ProductToSet, *, product_id: int, is_partial: bool) -> ProductSaved:
    """Change the product as told, and the stock of variants that have some told."""
    async with call.reading() as tx:
        known = await whole_product(tx, shop_id=call.shop_id, product_id=product_id)
    asked = read_offer(told, shop_id=call.shop_id, known=known, folder=storage(call.settings), is_partial=is_partial)
    with refusing():
        await offering.edit_product(
            call.db, shop_id=call.shop_id, product_id=product_id, version=known.product.version, offer=asked.offer, by=call.by
        )  # fmt: skip
        for variant_id, quantity in asked.counts.items():
            await inventory.set_available(
                call.db, shop_id=call.shop_id, variant_id=variant_id, quantity=quantity, by=call.by
            )
    return await saved(call, product_id)


@api_call(
    "GET",
    "/product/202309/products/{product_id}",
    "Get a product",
    scope=READ,
    query=(
        Param("return_under_review_version", "Accepted and without effect: nothing is under review here"),
        Param("return_draft_version", "Accepted and without effect"),
        Param("locale", "id-ID, or en-... for English names"),
    ),
    answer=ProductShown,
    example=examples.PRODUCT,
)
async def get_product(call: Call) -> ProductShown:
    """The product with its variants, stock and pictures."""
    async with call.reading() as tx:
        known = await whole_product(tx, shop_id=call.shop_id, product_id=call.path_id("product_id"))
        categories = {one.id: one for one in await window.categories(tx)}
    return product_of(known, categories, call.settings)


class ProductFound(TypedDict, total=False):
    """A product of a page."""

    id: str
    title: str
    status: str
    audit: Audit
    skus: list[Sku]
    sales_regions: list[str]
    create_time: int | None
    update_time: int | None
    is_not_for_sale: bool
    has_draft: bool
