"""What a checkout would cost right now: reads everything once, decides in `rules`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.accounts.queries import Address
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Shop, VariantForSale
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.orders import queries as orders
from etalase.commerce.shipping.rules import CarrierOffer, DeliveryOption, delivery_options
from etalase.foundation.policies import queries as policies
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import PolicyBook
from etalase.foundation.sql import Tx
from etalase.journeys.checkout import rules
from etalase.journeys.checkout.rules import Key, Quote, QuotedLine, ShopQuote, WantedLine


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a quote is made from besides the lines."""

    shops: Mapping[int, Shop]
    variants: Mapping[Key, VariantForSale]
    book: PolicyBook
    calendars: Mapping[int, WorkingCalendar]
    limits_left: Mapping[Key, int]


async def look_around(tx: Tx, *, buyer_id: int, wanted: Sequence[WantedLine]) -> Surroundings:
    """Read shops, variants, policies and purchase limits of the wanted lines."""
    shop_ids, variant_ids = [line.shop_id for line in wanted], [line.variant_id for line in wanted]
    variants = {
        (v.shop_id, v.variant_id): v
        for v in await catalog.variants_for_sale(tx, shop_ids=shop_ids, variant_ids=variant_ids)
    }
    shops = {shop.shop_id: shop for shop in await catalog.shops_by_id(tx, sorted(set(shop_ids)))}
    return Surroundings(
        shops=shops,
        variants=variants,
        book=await policies.load_book(tx),
        calendars=await policies.load_calendars(tx, sorted(shops)),
        limits_left=await limits_left(tx, buyer_id=buyer_id, variants=variants),
    )


async def limits_left(tx: Tx, *, buyer_id: int, variants: Mapping[Key, VariantForSale]) -> dict[Key, int]:
    """How many units of those variants that have a limit the buyer may still buy."""
    limited = {key: variant.purchase_limit for key, variant in variants.items() if variant.purchase_limit is not None}
    if not limited:
        return {}
    bought = await orders.units_bought(
        tx, buyer_id=buyer_id, shop_ids=[key[0] for key in limited], variant_ids=[key[1] for key in limited]
    )
    return {key: limit - bought.get(key, 0) for key, limit in limited.items()}


async def quote(
    tx: Tx,
    *,
    buyer_id: int,
    wanted: Sequence[WantedLine],
    address: Address | None,
    carriers: Sequence[CarrierOffer],
    chosen: Mapping[int, tuple[str, str]],
    now: datetime,
) -> Quote:
    """The wanted lines at today's price, stock and shipping; holds nothing."""
    around = await look_around(tx, buyer_id=buyer_id, wanted=wanted)
    shop_ids, variant_ids = [line.shop_id for line in wanted], [line.variant_id for line in wanted]
    stock = await inventory.stock_of(tx, shop_ids=shop_ids, variant_ids=variant_ids)
    left = {(s.shop_id, s.variant_id): s.available for s in stock}
    return quote_from(around, wanted=wanted, left=left, address=address, carriers=carriers, chosen=chosen, now=now)


def quote_from(
    around: Surroundings,
    *,
    wanted: Sequence[WantedLine],
    left: Mapping[Key, int],
    address: Address | None,
    carriers: Sequence[CarrierOffer],
    chosen: Mapping[int, tuple[str, str]],
    now: datetime,
) -> Quote:
    """The quote, decided from what was read."""
    lines, troubles = rules.match_lines(wanted, around.variants, left, limits_left=around.limits_left)
    shops = []
    for shop_id, quoted in lines.items():
        options = options_of(around, shop_id=shop_id, lines=quoted, address=address, carriers=carriers, now=now)
        shops.append(ShopQuote(shop_id, tuple(quoted), tuple(options), rules.choose(options, chosen.get(shop_id))))
    return Quote(tuple(shops), tuple(troubles))


def options_of(
    around: Surroundings,
    *,
    shop_id: int,
    lines: Sequence[QuotedLine],
    address: Address | None,
    carriers: Sequence[CarrierOffer],
    now: datetime,
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
    )
