"""What a product needs before it can be written down: categories, their rules, pictures."""

from typing import Any, Final

from starlette.datastructures import UploadFile
from typing_extensions import TypedDict

from etalase.commerce.catalog.window import queries as window
from etalase.foundation.ids import parse_id
from etalase.integrations.storage.errors import UploadRefused
from etalase.integrations.storage.folder import media_url
from etalase.integrations.storage.pictures import UPLOAD_BYTES_MAX
from etalase.web.media import storage
from etalase.web.open_api.call import Call
from etalase.web.open_api.product_view import category_of, leaves
from etalase.web.open_api.refusals import CONTENT_TYPE_NOT_TAKEN, PARAMETER_NOT_VALID, TOO_LARGE, Refused, missing
from etalase.web.open_api.registry import Fills, Param, api_call, not_yet

READ: Final = "seller.product.basic"
WRITE: Final = "seller.product.write"
USES: Final = ("MAIN_IMAGE", "ATTRIBUTE_IMAGE", "DESCRIPTION_IMAGE", "CERTIFICATION_IMAGE", "SIZE_CHART_IMAGE")
LOCALE: Final = Param("locale", "id-ID, or en-... for English names")


class CategoryShown(TypedDict):
    """A category; products hang on leaves alone."""

    id: str
    parent_id: str
    local_name: str
    is_leaf: bool
    permission_statuses: list[str]


class Categories(TypedDict):
    """The tree, branch by branch."""

    categories: list[CategoryShown]


class Attributes(TypedDict):
    """What a category asks of products; nothing here."""

    attributes: list[dict[str, Any]]


class Supported(TypedDict, total=False):
    """Whether there is such a thing."""

    is_supported: bool
    is_required: bool


class CategoryRules(TypedDict, total=False):
    """What products of a category need."""

    product_certifications: list[dict[str, Any]]
    size_chart: Supported
    cod: Supported
    package_dimension: Supported
    epr: Supported
    responsible_person: Supported
    manufacturer: Supported
    seller_sku: Supported


class UploadedImage(TypedDict, total=False):
    """A kept picture; products name it by its uri."""

    uri: str
    url: str
    width: int
    height: int
    use_case: str


class Brands(TypedDict):
    """Brands; there are none here."""

    brands: list[dict[str, Any]]
    next_page_token: str
    total_count: int


class Check(TypedDict):
    """One thing a shop needs before it sells."""

    check_item: str
    is_failed: bool


class Prerequisites(TypedDict):
    """What a shop needs before it sells."""

    check_results: list[Check]


@api_call(
    "GET",
    "/product/202309/categories",
    "Get categories",
    scope=READ,
    query=(LOCALE, Param("keyword", "Part of the name"), Param("category_version", "Accepted and without effect")),
    answer=Categories,
    example={
        "categories": [
            {
                "id": "600001",
                "parent_id": "0",
                "local_name": "Fashion",
                "is_leaf": False,
                "permission_statuses": ["AVAILABLE"],
            }
        ]
    },
)
async def categories(call: Call) -> Categories:
    """The category tree; products hang on leaves."""
    keyword = call.query.text("keyword").casefold()
    async with call.db.any().reading() as tx:
        found = await window.categories(tx)
    ends, locale = leaves(found), call.query.text("locale", "id")
    return {
        "categories": [
            {**category_of(one, is_leaf=one.id in ends, locale=locale), "permission_statuses": ["AVAILABLE"]}
            for one in found
            if keyword in f"{one.name_id} {one.name_en}".casefold()
        ]
    }


@api_call(
    "GET",
    "/product/202309/categories/{category_id}/attributes",
    "Get category attributes",
    scope=READ,
    query=(LOCALE,),
    answer=Attributes,
    fills=Fills.EMPTY,
    note="No category prescribes attributes: name a variant's options freely by name and value_name.",
    example={"attributes": []},
)
async def attributes(call: Call) -> Attributes:
    """None: sales attributes are free."""
    await _known(call)
    return {"attributes": []}


@api_call(
    "GET",
    "/product/202309/categories/{category_id}/rules",
    "Get category rules",
    scope=READ,
    query=(LOCALE,),
    answer=CategoryRules,
    example={"cod": {"is_supported": True}, "package_dimension": {"is_required": False}},
)
async def rules(call: Call) -> CategoryRules:
    """What products of a category need: nothing but what every product needs."""
    await _known(call)
    return {
        "product_certifications": [],
        "size_chart": {"is_supported": False, "is_required": False},
        "cod": {"is_supported": True},
        "package_dimension": {"is_required": False},
        "epr": {"is_required": False},
        "responsible_person": {"is_required": False},
        "manufacturer": {"is_required": False},
        "seller_sku": {"is_required": False},
    }


async def _known(call: Call) -> None:
    async with call.db.any().reading() as tx:
        found = {one.id for one in await window.categories(tx)}
    if parse_id(call.path["category_id"]) not in found:
        raise Refused(PARAMETER_NOT_VALID, "category_id in the path is no category: GET /product/202309/categories")


@api_call(
    "POST",
    "/product/202309/images/upload",
    "Upload a product picture",
    scope=WRITE,
    needs_shop=False,
    upload=True,
    answer=UploadedImage,
    example={
        "uri": "3f0a.webp",
        "url": "https://shop.example/media/3f0a-960.webp",
        "width": 800,
        "height": 800,
        "use_case": "MAIN_IMAGE",
    },
)
async def upload_image(call: Call) -> UploadedImage:
    """Keep a picture (JPEG, PNG or WebP, up to 10 MB, at least 100 x 100); send it as the field `data` of a multipart form."""
    form = await call.form()
    sent = form.get("data")
    if not isinstance(sent, UploadFile):
        raise missing("body.data (a file; not base64)")
    use_case = str(form.get("use_case") or "MAIN_IMAGE").upper()
    try:
        kept = await storage(call.settings).keep_picture(await sent.read(UPLOAD_BYTES_MAX + 1))
    except UploadRefused as refused:
        code = TOO_LARGE if refused.code == "too_large" else CONTENT_TYPE_NOT_TAKEN
        raise Refused(code, f"the picture is refused: {refused.code.replace('_', ' ')}") from refused
    return {
        "uri": kept.key,
        "url": f"{call.settings.base_url}{media_url(kept.key)}",
        "width": kept.width,
        "height": kept.height,
        "use_case": use_case if use_case in USES else "MAIN_IMAGE",
    }


@api_call(
    "GET",
    "/product/202309/brands",
    "Get brands",
    scope=READ,
    answer=Brands,
    fills=Fills.EMPTY,
    note="Products have no brands of their own here.",
    example={"brands": [], "next_page_token": "", "total_count": 0},
)
async def brands(_call: Call) -> Brands:
    """None."""
    return {"brands": [], "next_page_token": "", "total_count": 0}


@api_call(
    "GET",
    "/product/202312/prerequisites",
    "Check listing prerequisites",
    scope=READ,
    answer=Prerequisites,
    example={"check_results": [{"check_item": "SHOP_STATUS", "is_failed": False}]},
)
async def prerequisites(_call: Call) -> Prerequisites:
    """Whether the shop may list products: every shop may, and sends from where it is."""
    items = ("SHOP_STATUS", "PICKUP_WAREHOUSE", "RETURN_WAREHOUSE")
    return {"check_results": [{"check_item": item, "is_failed": False} for item in items]}


not_yet(
    "POST", "/product/202309/brands", "Create custom brands", scope=WRITE, because="Products have no brands of their own here."
)  # fmt: skip
not_yet(
    "POST", "/product/202309/files/upload", "Upload a product file", scope=WRITE,
    because="Products show pictures: videos and certificates are not kept yet.",
)  # fmt: skip
not_yet(
    "POST", "/product/202309/categories/recommend", "Recommend a category", scope=READ,
    because="No categories are recommended: choose a leaf of GET /product/202309/categories.",
)  # fmt: skip
