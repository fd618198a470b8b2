"""The product page."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts import regions
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Picture, Product, Shop, Variant
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.orders import insurance
from etalase.commerce.shipping.rules import DeliveryOption, delivery_options
from etalase.foundation.ids import parse_id
from etalase.foundation.policies.queries import load_book, load_calendar
from etalase.foundation.policies.rules import PolicyBook, book_of, frozen
from etalase.foundation.sql import Tx
from etalase.integrations.carriers.registry import all_carriers
from etalase.integrations.storage.folder import media_url
from etalase.journeys.claims.protection import NOT_COVERED, Promise, promises_of
from etalase.web.request import Visit, VisitDep, render, see_other
from etalase.web.storefront import cards, offer

router = APIRouter()

OTHERS = 8
QUANTITY_MAX = 99
OPTIONS_SHOWN = 4
EXAMPLE_CITY = "3171"
"""Central Jakarta: where we reckon delivery to as long as we know no address."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a delivery would go."""

    province: str
    city: str
    name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Goods:
    """A product on sale with all that its page shows of it."""

    product: Product
    shop: Shop
    variants: list[Variant]
    pictures: list[Picture]
    available: dict[int, int]


@router.get("/p/{shop_id}/{product_id}")
async def product_page(
    visit: VisitDep, shop_id: str, product_id: str, variant: str = "", quantity: str = "", buy: str = ""
) -> Response:
    """A product with its variants; `buy` is how somebody signed out asks for it: they come back here from logging in."""
    path = f"/p/{shop_id}/{product_id}"
    wanted_units = read_quantity(quantity)
    if buy:
        back = cards.address(path, variant=variant, quantity=str(wanted_units))
        return see_other(visit, back if visit.account else cards.address("/login", next=back))
    async with visit.db.any().reading() as tx:
        goods = await _goods(tx, shop_id=parse_id(shop_id), product_id=parse_id(product_id))
        if goods is None:
            popular = await window.browse(tx, sort="popular", limit=OTHERS)
            others = [cards.card_view(card) for card in popular]
            return render(visit, "storefront/product_gone.html", status=404, others=others)
        chosen = offer.chosen_variant(goods.variants, wanted=parse_id(variant), available=goods.available)
        others = [
            cards.card_view(card)
            for card in await window.browse(tx, sort="popular", shop_id=goods.shop.shop_id, limit=OTHERS + 1)
            if card.product_id != goods.product.id
        ]
        place = await _place(tx, visit)
        book = await load_book(tx)
        delivery = await _delivery(tx, goods, chosen=chosen, place=place, visit=visit)
    return render(
        visit, "storefront/product.html", **_values(goods, chosen, visit=visit, path=path),
        quantity=wanted_units, others=others[:OTHERS], place=place, delivery=delivery[:OPTIONS_SHOWN],
        is_preorder=_is_preorder(goods, book), must_insure=_must_insure(goods, book), arrival=_arrival(delivery, visit=visit), promises=_promises(goods, book), not_covered=NOT_COVERED,
    )  # fmt: skip


def _is_preorder(goods: Goods, book: PolicyBook) -> bool:
    """Whether the product takes so long to prepare that buyers are told before they look at the days."""
    product = goods.product
    first, _ = book.find("ship.preorder_days", goods.shop.shop_id, product.category_id, product.id).value
    return product.handling_days >= int(first)


def _must_insure(goods: Goods, book: PolicyBook) -> bool:
    product = goods.product
    return product.is_fragile or insurance.is_required(book, product.shop_id, product.category_id, product.id)


def _promises(goods: Goods, book: PolicyBook) -> tuple[Promise, ...]:
    """What would bind an order of this product alone."""
    copy = frozen(book, shop_id=goods.shop.shop_id, goods=[(goods.product.category_id, goods.product.id)])
    return promises_of(book_of(copy))


async def _goods(tx: Tx, *, shop_id: int | None, product_id: int | None) -> Goods | None:
    if shop_id is None or product_id is None:
        return None
    product = await catalog.product(tx, shop_id=shop_id, product_id=product_id)
    if product is None or product.state != "active":
        return None
    [shop] = await catalog.shops_by_id(tx, [shop_id])
    variants = await catalog.variants_of_product(tx, shop_id=shop_id, product_id=product_id)
    pictures = await catalog.pictures_of_product(tx, shop_id=shop_id, product_id=product_id)
    stock = await inventory.stock_of_product(tx, shop_id=shop_id, product_id=product_id)
    return Goods(product, shop, variants, pictures, {row.variant_id: row.available for row in stock})


async def _place(tx: Tx, visit: Visit) -> Place:
    if visit.account is not None:
        addresses = await accounts.addresses_of_buyer(tx, buyer_id=visit.account.id)
        home = next((address for address in addresses if address.is_default), None)
        if home is not None:
            return Place(home.province, home.city, cards.city_name(home.city), is_own=True)
    city = regions.city(EXAMPLE_CITY)
    province = city.province_code if city else EXAMPLE_CITY[:2]
    return Place(province, EXAMPLE_CITY, cards.city_name(EXAMPLE_CITY), is_own=False)


async def _delivery(
    tx: Tx, goods: Goods, *, chosen: Variant | None, place: Place, visit: Visit
) -> list[DeliveryOption]:
    if chosen is None:
        return []
    return delivery_options(
        shop=goods.shop,
        address=place,
        weight_grams=chosen.weight_grams,
        carriers=all_carriers(),
        now=visit.page.now,
        calendar=await load_calendar(tx, shop_id=goods.shop.shop_id),
        book=await load_book(tx),
        handling_days=goods.product.handling_days,
    )


def _arrival(delivery: list[DeliveryOption], *, visit: Visit) -> dict[str, str]:
    return {
        f"{option.carrier}.{option.service}": offer.days_between(
            option.promised_from, option.promised_until, locale=visit.page.locale
        )
        for option in delivery
    }


def _values(goods: Goods, chosen: Variant | None, *, visit: Visit, path: str) -> dict[str, Any]:
    on_sale = [variant for variant in goods.variants if variant.is_active]
    first = [picture for picture in goods.pictures if chosen and picture.id == chosen.media_id]
    pictures = [*first, *(picture for picture in goods.pictures if picture not in first)]
    left = goods.available.get(chosen.id, 0) if chosen else 0
    shown = [media_url(picture.file_key) for picture in pictures]
    return {
        "product": goods.product,
        "shop": goods.shop,
        "place_of_shop": cards.city_name(goods.shop.city),
        "chosen": chosen,
        "choices": offer.choices(goods.variants, chosen=chosen, available=goods.available, path=path) if chosen else (),
        "left": left,
        "can_buy": left > 0 and goods.shop.is_open,
        "prices": [variant.price_minor for variant in on_sale],
        "images": shown,
        "public_image": visit.settings.base_url + shown[0] if shown else "",
        "public_url": visit.settings.base_url + path,
        "path": path,
        "quantity_max": max(1, min(left, QUANTITY_MAX, (chosen.purchase_limit if chosen else None) or QUANTITY_MAX)),
    }


def read_quantity(text: str) -> int:
    """How many somebody wants, out of an address."""
    return min(max(int(text), 1), QUANTITY_MAX) if text.isascii() and text.isdigit() and len(text) < 4 else 1
