"""A product as a program sends it, made into what the Seller Center saves: the same offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from etalase.commerce.catalog.queries import Picture
from etalase.commerce.catalog.rules import PICTURES_MAX, PictureDraft, ProductDraft, Values, VariantDraft
from etalase.integrations.storage.folder import Folder
from etalase.journeys.offering.actions import Offer
from etalase.web.open_api.product_view import WholeProduct, as_text, attributes_of, read_grams
from etalase.web.open_api.refusals import PRODUCT_NOT_VALID, Refused, missing, not_valid
from etalase.web.open_api.values import ApiId, Body, read_amount


class ImageToUse(Body):
    """A picture that was uploaded."""

    uri: str


class AttributeToSet(Body):
    """An option: named freely, or by the ids it was answered with."""

    id: str = ""
    name: str = ""
    value_id: str = ""
    value_name: str = ""


class PriceToSet(Body):
    """What it costs."""

    currency: str = "IDR"
    amount: str = ""
    sale_price: str = ""


class InventoryToSet(Body):
    """How many can be sold."""

    warehouse_id: ApiId | None = None
    quantity: int


class WeightToSet(Body):
    """What it weighs, packed."""

    value: str
    unit: str = "KILOGRAM"


class SkuToSet(Body):
    """A variant; `id` where it is there already."""

    id: ApiId | None = None
    seller_sku: str | None = None
    price: PriceToSet | None = None
    inventory: tuple[InventoryToSet, ...] = ()
    sales_attributes: tuple[AttributeToSet, ...] = ()
    sku_weight: WeightToSet | None = None


class ProductToSet(Body):
    """A product; what is left out of a partial edit stays as it is."""

    save_mode: Literal["AS_DRAFT", "LISTING"] = "LISTING"
    title: str | None = None
    description: str | None = None
    category_id: ApiId | None = None
    main_images: tuple[ImageToUse, ...] = ()
    skus: tuple[SkuToSet, ...] = ()
    package_weight: WeightToSet | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The offer, and the stock that variants which are there already are to have."""

    offer: Offer
    counts: Mapping[int, int]


def read_offer(
    told: ProductToSet, *, shop_id: int, known: WholeProduct | None, folder: Folder, is_partial: bool
) -> Asked:
    """The offer that is asked for. Raises Refused for what can't be read; what the trade refuses it says when it is saved."""
    if known is None or not is_partial:
        _check_needed(told)
    options, drafts = _variants(told, known, is_partial=is_partial)
    kept_ids, added = _pictures(told, known, folder)
    before = known.product if known else None
    product = ProductDraft(
        title=" ".join((told.title if told.title is not None else before.title if before else "").split()),
        description=as_text(told.description) if told.description is not None else before.description if before else "",
        category_id=told.category_id or (before.category_id if before else 0),
        handling_days=before.handling_days if before else 1,
        option_names=options,
        variants=tuple(drafts),
        is_fragile=before.is_fragile if before else False,
    )
    opening, counts = _stock(told, drafts, shop_id=shop_id)
    return Asked(Offer(product=product, opening=opening, kept_picture_ids=kept_ids, added_pictures=added), counts)


def _check_needed(told: ProductToSet) -> None:
    for name in ("title", "description", "category_id"):
        if getattr(told, name) is None:
            raise missing(f"body.{name}")
    for name in ("main_images", "skus"):
        if not getattr(told, name):
            raise missing(f"body.{name}")
    if told.package_weight is None and any(sku.sku_weight is None for sku in told.skus):
        raise missing("body.package_weight")


def _variants(told: ProductToSet, known: WholeProduct | None, *, is_partial: bool) -> tuple[Values, list[VariantDraft]]:
    old = {variant.id: variant for variant in known.variants if variant.is_active} if known else {}
    names = _names(known)
    options: Values = ()
    drafts: list[VariantDraft] = []
    for row, sku in enumerate(told.skus):
        if sku.id is not None and sku.id not in old:
            raise Refused(PRODUCT_NOT_VALID, f"body.skus[{row}].id is no variant on sale of this product")
        before = old.pop(sku.id, None) if sku.id else None
        pairs = [_pair(one, names, row) for one in sku.sales_attributes]
        if not pairs and before is not None:
            pairs = [(option["name"], option["value"]) for option in before.options]
        options = options or tuple(name for name, _ in pairs)
        values = tuple(dict(pairs).get(name, "") for name in options)
        drafts.append(
            VariantDraft(
                values=values,
                id=sku.id,
                price_minor=_price(sku.price, row) if sku.price else before.price_minor if before else 0,
                weight_grams=_grams(sku, told, row) or (before.weight_grams if before else 0),
                seller_sku=sku.seller_sku if sku.seller_sku is not None else before.seller_sku if before else "",
                purchase_limit=before.purchase_limit if before else None,
            )
        )
    if is_partial or not told.skus:
        for before in old.values():
            options = options or before.option_names
            weight = _grams(SkuToSet(), told, 0) or before.weight_grams
            drafts.append(
                VariantDraft(
                    values=before.values, id=before.id, price_minor=before.price_minor, weight_grams=weight,
                    seller_sku=before.seller_sku, purchase_limit=before.purchase_limit,
                )
            )  # fmt: skip
    return options, drafts


def _names(known: WholeProduct | None) -> dict[str, str]:
    """What the ids of options and values stand for, as the product has them."""
    found: dict[str, str] = {}
    for variant in known.variants if known else ():
        for one in attributes_of(variant):
            found[one["id"]], found[one["value_id"]] = one["name"], one["value_name"]
    return found


def _pair(one: AttributeToSet, names: Mapping[str, str], row: int) -> tuple[str, str]:
    name, value = one.name or names.get(one.id, ""), one.value_name or names.get(one.value_id, "")
    if not name or not value:
        raise not_valid(
            f"body.skus[{row}].sales_attributes", "name and value each option: name and value_name, or known ids"
        )
    return name.strip(), value.strip()


def _price(told: PriceToSet, row: int) -> int:
    if told.currency != "IDR":
        raise not_valid(f"body.skus[{row}].price.currency", "be IDR")
    minor = read_amount(told.amount or told.sale_price)
    if minor is None:
        raise not_valid(f"body.skus[{row}].price.amount", "be a sum in whole rupiah, as a string")
    return minor


def _grams(sku: SkuToSet, told: ProductToSet, row: int) -> int:
    weight = sku.sku_weight or told.package_weight
    if weight is None:
        return 0
    grams = read_grams(weight.value, weight.unit)
    if grams is None:
        raise not_valid(f"body.skus[{row}].sku_weight or package_weight", "be a weight in KILOGRAM or GRAM")
    return grams


def _pictures(told: ProductToSet, known: WholeProduct | None, folder: Folder) -> tuple[list[int], list[PictureDraft]]:
    """Pictures that stay in front, and those behind them: kept ones that move behind new ones are added anew."""
    own: dict[str, Picture] = {picture.file_key: picture for picture in known.pictures} if known else {}
    if not told.main_images:
        return [picture.id for picture in own.values()], []
    kept: list[int] = []
    added: list[PictureDraft] = []
    for uri in dict.fromkeys(image.uri for image in told.main_images[: PICTURES_MAX + 1]):
        picture = own.get(uri)
        if picture is not None and not added:
            kept.append(picture.id)
            continue
        file = folder.kept(uri)
        if picture is None and file is None:
            raise not_valid(
                "body.main_images", f"name pictures by the uri that images/upload answered; {uri[:80]!r} is none"
            )
        size = (picture.width, picture.height) if picture else (file.width, file.height) if file else (0, 0)
        added.append(PictureDraft(uri, *size))
    return kept, added


def _stock(
    told: ProductToSet, drafts: Sequence[VariantDraft], *, shop_id: int
) -> tuple[dict[Values, int], dict[int, int]]:
    """Opening stock of new variants by their values, and what those that are there are to have."""
    opening: dict[Values, int] = {}
    counts: dict[int, int] = {}
    for sku, draft in zip(told.skus, drafts, strict=False):
        if not sku.inventory:
            continue
        units = quantity_of(sku.inventory, shop_id=shop_id)
        if draft.id is not None:
            counts[draft.id] = units
        else:
            opening[draft.values] = units
    return opening, counts


def quantity_of(inventory: Sequence[InventoryToSet], *, shop_id: int) -> int:
    """How many are to be sold: the shop has one warehouse. Raises Refused for another one."""
    if any(one.warehouse_id not in (None, shop_id) for one in inventory):
        raise not_valid("warehouse_id", "be this shop's: GET /logistics/202309/warehouses")
    if any(one.quantity < 0 for one in inventory):
        raise not_valid("quantity", "not be below 0")
    return sum(one.quantity for one in inventory)
