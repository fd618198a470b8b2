"""Products as they are answered, and read: options, pictures, prices, descriptions."""

import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from typing_extensions import TypedDict

from etalase.commerce.catalog.queries import Picture, Product, Variant
from etalase.commerce.catalog.window.queries import Category
from etalase.commerce.inventory.rules import Stock
from etalase.integrations.storage.folder import media_url
from etalase.settings import Settings
from etalase.web.open_api.logistics_ids import warehouse_id
from etalase.web.open_api.values import amount, seconds

STATUS: Final = {"draft": "DRAFT", "active": "ACTIVATE", "inactive": "SELLER_DEACTIVATED"}
AUDIT: Final = {"draft": "NONE", "active": "APPROVED", "inactive": "APPROVED"}
THUMB: Final = 200
BREAKS: Final = re.compile(r"(?i)<\s*(?:br|/p|/div|/li|/h[1-6]|/tr)\s*/?>")
TAGS: Final = re.compile(r"<[^>]*>")
GRAMS: Final = {"GRAM": 1, "KILOGRAM": 1000}


class SalesAttribute(TypedDict, total=False):
    """One option of a variant."""

    id: str
    name: str
    value_id: str
    value_name: str


class Price(TypedDict, total=False):
    """What it costs; there is no tax on top."""

    currency: str
    tax_exclusive_price: str
    sale_price: str
    amount: str


class InventoryOfSku(TypedDict):
    """How many can be sold from a warehouse."""

    warehouse_id: str
    quantity: int


class StatusInfo(TypedDict):
    """Whether the variant is on sale."""

    status: str


class Sku(TypedDict, total=False):
    """A variant."""

    id: str
    seller_sku: str
    price: Price
    inventory: list[InventoryOfSku]
    sales_attributes: list[SalesAttribute]
    status_info: StatusInfo


class Image(TypedDict, total=False):
    """A picture."""

    uri: str
    urls: list[str]
    thumb_urls: list[str]
    width: int
    height: int


class CategoryOfChain(TypedDict):
    """A category, from the root on."""

    id: str
    parent_id: str
    local_name: str
    is_leaf: bool


class Weight(TypedDict):
    """What it weighs, packed."""

    value: str
    unit: str


class Audit(TypedDict):
    """Products are not audited here: what is complete is approved."""

    status: str


class ProductShown(TypedDict, total=False):
    """A product with everything that is told of it."""

    id: str
    title: str
    description: str
    status: str
    product_status: str
    audit: Audit
    category_chains: list[CategoryOfChain]
    main_images: list[Image]
    skus: list[Sku]
    package_weight: Weight
    is_cod_allowed: bool
    is_not_for_sale: bool
    has_draft: bool
    sales_regions: list[str]
    create_time: int | None
    update_time: int | None


@dataclass(frozen=True, slots=True)
class WholeProduct:
    """A product with all that belongs to it."""

    product: Product
    variants: Sequence[Variant]
    pictures: Sequence[Picture]
    stock: Mapping[int, Stock]


def number_of(kind: str, word: str) -> str:
    """The number of an option or value that was named freely: 18 digits that follow from the name, the same always."""
    digest = hashlib.sha256(f"{kind}:{word.casefold()}".encode()).digest()
    return str(10**17 + int.from_bytes(digest[:8]) % (9 * 10**17))


def attributes_of(variant: Variant) -> list[SalesAttribute]:
    """A variant's options with numbers of their own."""
    return [
        {
            "id": number_of("option", option["name"]),
            "name": option["name"],
            "value_id": number_of("value", option["value"]),
            "value_name": option["value"],
        }
        for option in variant.options
    ]


def sku_of(variant: Variant, stock: Stock | None, *, with_attributes: bool = True) -> Sku:
    """A variant as it is answered."""
    price = amount(variant.price_minor, variant.currency)
    told: Sku = {
        "id": str(variant.id),
        "seller_sku": variant.seller_sku,
        "price": {"currency": variant.currency, "tax_exclusive_price": price, "sale_price": price},
        "inventory": [{"warehouse_id": warehouse_id(variant.shop_id), "quantity": stock.available if stock else 0}],
        "status_info": {"status": "NORMAL" if variant.is_active else "DEACTIVATED"},
    }
    return {**told, "sales_attributes": attributes_of(variant)} if with_attributes else told


def product_of(whole: WholeProduct, categories: Mapping[int, Category], settings: Settings) -> ProductShown:
    """A product as it is answered."""
    product = whole.product
    active = [variant for variant in whole.variants if variant.is_active]
    heaviest = max((variant.weight_grams for variant in active), default=0)
    return {
        "id": str(product.id),
        "title": product.title,
        "description": as_html(product.description),
        "status": STATUS[product.state],
        "product_status": STATUS[product.state],
        "audit": {"status": AUDIT[product.state]},
        "category_chains": _chain(product.category_id, categories),
        "main_images": [image_of(picture, settings) for picture in whole.pictures],
        "skus": [sku_of(variant, whole.stock.get(variant.id)) for variant in active],
        "package_weight": {"value": str(Decimal(heaviest) / 1000), "unit": "KILOGRAM"},
        "is_cod_allowed": True,
        "is_not_for_sale": False,
        "has_draft": False,
        "create_time": seconds(product.created_at),
        "update_time": seconds(product.updated_at),
    }


def image_of(picture: Picture, settings: Settings) -> Image:
    """A picture as it is answered."""
    return {
        "uri": picture.file_key,
        "urls": [f"{settings.base_url}{media_url(picture.file_key)}"],
        "thumb_urls": [f"{settings.base_url}{media_url(picture.file_key, THUMB)}"],
        "width": picture.width,
        "height": picture.height,
    }


def _chain(category_id: int, categories: Mapping[int, Category]) -> list[CategoryOfChain]:
    chain: list[CategoryOfChain] = []
    found = categories.get(category_id)
    while found is not None:
        chain.insert(0, category_of(found, is_leaf=found.id == category_id))
        found = categories.get(found.parent_id or 0)
    return chain


def category_of(category: Category, *, is_leaf: bool, locale: str = "id") -> CategoryOfChain:
    """A category as it is answered; the parent of a root is 0."""
    return {
        "id": str(category.id),
        "parent_id": str(category.parent_id or 0),
        "local_name": category.name_en if locale.startswith("en") else category.name_id,
        "is_leaf": is_leaf,
    }


def leaves(categories: Iterable[Category]) -> set[int]:
    """The ids of those on which products may hang."""
    found = list(categories)
    return {one.id for one in found} - {one.parent_id for one in found}


def as_html(text: str) -> str:
    """A description as programs want it."""
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n") if line.strip())


def as_text(markup: str) -> str:
    """A description out of HTML: what it says, line by line; pictures and forms are left out."""
    text = html.unescape(TAGS.sub("", BREAKS.sub("\n", markup)))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def read_grams(value: str, unit: str) -> int | None:
    """Whole grams of a weight; none for what is no weight."""
    try:
        grams = Decimal(value.replace(",", ".")) * GRAMS[unit.upper()]
    except (InvalidOperation, KeyError):
        return None
    return int(grams.to_integral_value()) if 0 < grams < 10**9 else None
