"""Whether a product could be listed, before anything of it is kept."""

from typing import Literal

from typing_extensions import TypedDict

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.rules import PICTURES_MAX, check_product
from etalase.web.media import storage
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.products import WRITE, words_of
from etalase.web.open_api.product_draft import ProductToSet, read_offer
from etalase.web.open_api.refusals import PRODUCT_NOT_VALID, Refused
from etalase.web.open_api.registry import api_call


class FailReason(TypedDict):
    """What stands in the way."""

    code: int
    message: str


class ListingChecked(TypedDict, total=False):
    """PASS, or FAILED with everything that stands in the way."""

    check_result: Literal["PASS", "FAILED"]
    fail_reasons: list[FailReason]


@api_call(
    "POST",
    "/product/202309/products/listing_check",
    "Check a product listing",
    scope=WRITE,
    body=ProductToSet,
    body_example=examples.PRODUCT_BODY,
    answer=ListingChecked,
    example={
        "check_result": "FAILED",
        "fail_reasons": [{"code": PRODUCT_NOT_VALID, "message": "skus[0].price: too low"}],
    },
)
async def check_listing(call: Call) -> ListingChecked:
    """What creating this product would be refused for; nothing is kept. Whether a seller_sku is taken shows when it is created."""
    told = call.read(ProductToSet)
    try:
        asked = read_offer(told, shop_id=call.shop_id, known=None, folder=storage(call.settings), is_partial=False)
    except Refused as refused:
        return {"check_result": "FAILED", "fail_reasons": [{"code": refused.code, "message": refused.message}]}
    draft = asked.offer.product
    problems = [words_of(problem) for problem in check_product(draft)]
    async with call.reading() as tx:
        has_category = await catalog.is_leaf_category(tx, draft.category_id)
    if not has_category:
        problems.append("category_id: no leaf of GET /product/202309/categories")
    if len(asked.offer.added_pictures) > PICTURES_MAX:
        problems.append(f"main_images: {PICTURES_MAX} pictures at most")
    if problems:
        reasons: list[FailReason] = [{"code": PRODUCT_NOT_VALID, "message": words} for words in problems]
        return {"check_result": "FAILED", "fail_reasons": reasons}
    return {"check_result": "PASS"}
