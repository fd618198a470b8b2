"""What a checkout would cost right now: reads everything once, decides in `rules`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from etalase.commerce.accounts.queries import Address
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Shop, VariantForSale
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.orders import insurance
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.insurance import Terms
from etalase.commerce.shipping.rules import CarrierOffer, DeliveryOption, delivery_options
from etalase.foundation.policies import queries as policies
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import PolicyBook, binding
from etalase.foundation.sql import Tx
from etalase.journeys.checkout import rules
from etalase.journeys.checkout.rules import Key, Quote, QuotedLine, ShopQuote, WantedLine


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What quotes are made from besides the lines and what is left of them."""

    shops: Mapping[int, Shop]
    variants: Mapping[Key, VariantForSale]
    book: PolicyBook
    calendars: Mapping[int, WorkingCalendar]


async def look_around(tx: Tx, wanted: Iterable[WantedLine]) -> Surroundings:
    """Read shops, variants and policies of the wanted lines, whoever wants them."""
    keys = sorted({(line.shop_id, line.variant_id) for line in wanted})
    variants = await catalog.variants_for_sale(
        tx, shop_ids=[key[0] for key in keys], variant_ids=[key[1] for key in keys]
    )
    shops = {shop.shop_id: shop for shop in await catalog.shops_by_id(tx, sorted({key[0] for key in keys}))}
    return Surroundings(
        shops=shops,
        variants={(variant.shop_id, variant.variant_id): variant for variant in variants},
        book=await policies.load_book(tx),
        calendars=await policies.load_calendars(tx, sorted(shops)),
    )


async def limits_left(
    tx: Tx, wishes: Iterable[tuple[int, Key]], variants: Mapping[Key, VariantForSale]
) -> dict[tuple[int, Key], int]:
    """How many units buyers may still buy, by (buyer_id, key), of those variants that have a limit."""
    limits = {
        (buyer_id, key): variant.purchase_limit
        for buyer_id, key in wishes
        if (variant := variants.get(key)) is not None and variant.purchase_limit is not None
    }
    if not limits:
        return {}
    bought = await orders.units_bought(tx, [(buyer_id, *key) for buyer_id, key in limits])
    return {(buyer_id, key): limit - bought.get((buyer_id, *key), 0) for (buyer_id, key), limit in limits.items()}


async def quote(
    tx: Tx,
    *,
    buyer_id: int,
    wanted: Sequence[WantedLine],
    address: Address | None,
    carriers: Sequence[CarrierOffer],
    chosen: Mapping[int, tuple[str, str]],
    now: datetime,
    insured: Collection[int] = (),
) -> Quote:
    """The wanted lines at today's price, stock and shipping; holds nothing."""
    around = await look_around(tx, wanted)
    shop_ids, variant_ids = [line.shop_id for line in wanted], [line.variant_id for line in wanted]
    stock = await inventory.stock_of(tx, shop_ids=shop_ids, variant_ids=variant_ids)
    left = {(s.shop_id, s.variant_id): s.available for s in stock}
    limits = await limits_left(tx, [(buyer_id, key) for key in left], around.variants)
    return quote_from(
        around, wanted=wanted, left=left, limits_left={key: units for (_, key), units in limits.items()},
        address=address, carriers=carriers, chosen=chosen, now=now, insured=insured,
    )  # fmt: skip


def quote_from(
    around: Surroundings,
    *,
    wanted: Sequence[WantedLine],
    left: Mapping[Key, int],
    limits_left: Mapping[Key, int],
    address: Address | None,
    carriers: Sequence[CarrierOffer],
    chosen: Mapping[int, tuple[str, str]],
    now: datetime,
    insured: Collection[int] = (),
    is_brief: bool = False,
) -> Quote:
    """The quote, decided from what was read; a brief one looks at the chosen way of delivery alone while it can be had."""
    lines, troubles = rules.match_lines(wanted, around.variants, left, limits_left=limits_left)
    shops = []
    for shop_id, quoted in lines.items():
        only = chosen.get(shop_id) if is_brief else None
        find_options = partial(
            options_of, around, shop_id=shop_id, lines=quoted, address=address, carriers=carriers, now=now
        )
        options = find_options(only=only) or find_options()
        way = rules.choose(options, chosen.get(shop_id))
        must = any(_must_insure(around.book, line.variant) for line in quoted)
        premium = premium_of(around.book, shop_id, quoted) if must or shop_id in insured else 0
        shops.append(ShopQuote(shop_id, tuple(quoted), tuple(options), way, premium, must))
    return Quote(tuple(shops), tuple(troubles))


def _must_insure(book: PolicyBook, variant: VariantForSale) -> bool:
    goods = (variant.shop_id, variant.category_id, variant.product_id)
    return variant.is_fragile or insurance.is_required(book, *goods)


def premium_of(book: PolicyBook, shop_id: int, lines: Sequence[QuotedLine]) -> int:
    """What insuring the shipment of these lines costs, by the terms that bind their order."""
    return terms_of(book, shop_id, lines).premium_minor(sum(line.total_minor for line in lines))


def terms_of(book: PolicyBook, shop_id: int, lines: Sequence[QuotedLine]) -> Terms:
    """The terms of insurance that bind an order of these lines."""
    goods = {(line.variant.category_id, line.variant.product_id) for line in lines}
    return Terms.of(binding(book, insurance.KEY, shop_id=shop_id, goods=goods).value)


def options_of(
    around: Surroundings,
    *,
    shop_id: int,
    lines: Sequence[QuotedLine],
    address: Address | None,
    carriers: Sequence[CarrierOffer],
    now: datetime,
    only: tuple[str, str] | None = None,
) -> list[DeliveryOption]:
    """How a shop can bring these lines to the address; nothing without an address."""
    shop = around.shops.get(shop_id)
    if address is None or shop is None:
        return []
    return delivery_options(
        shop=shop,
        address=address,
        weight_grams=rules.weigh(lines),
        carriers=[carrier for carrier in carriers if carrier.code in shop.carriers],
        now=now,
        calendar=around.calendars[shop_id],
        book=around.book,
        handling_days=max(line.variant.handling_days for line in lines),
        only=only,
    )
