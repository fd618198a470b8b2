"""What a checkout costs and whether it can be placed. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from etalase.commerce.catalog.queries import VariantForSale
from etalase.commerce.shipping.rules import DeliveryOption

LINES_MAX = 100
UNITS_MAX = 999
NOTE_CHARS_MAX = 300


COD = "cod"
WALLET = "wallet"


@dataclass(frozen=True, slots=True)
class Method:
    """What placing has to know of a payment method."""

    code: str
    kind: str
    provider: str


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Units of a variant that the buyer wants."""

    shop_id: int
    variant_id: int
    quantity: int
    price_seen_minor: int | None = None


PlacementKey = tuple[int, str]
"""The buyer, and what the form was given when it was made."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """One press of "Place order"."""

    buyer_id: int
    buyer_name: str
    placement_key: str
    address_id: int
    delivery: Mapping[int, tuple[str, str]]
    """shop_id -> (carrier, service)"""
    method: Method
    total_seen_minor: int
    notes: Mapping[int, str]
    insured: frozenset[int] = frozenset()
    """Shops whose shipment the buyer insures, having been shown the terms."""
    lines: tuple[WantedLine, ...] | None = None
    """None: what is chosen in the buyer's cart when the checkout's turn comes."""
    fee_seen_minor: int = 0
    """What the buyer saw that the payment method costs besides."""
    wallet_minor: int = 0
    """What the buyer's wallet pays; the method pays the rest. With the method "wallet" it is the whole total."""

    @property
    def key(self) -> PlacementKey:
        """What tells one placement from another, however often it is repeated."""
        return self.buyer_id, self.placement_key


class Trouble(StrEnum):
    """Why a line can't be bought as wanted."""

    GONE = "gone"
    SOLD_OUT = "sold_out"
    FEWER_LEFT = "fewer_left"
    LIMIT = "limit"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class LineTrouble:
    """A line with what is wrong with it; `left` units could be bought, `price_minor` is today's price."""

    shop_id: int
    variant_id: int
    trouble: Trouble
    title: str
    left: int = 0
    price_minor: int = 0


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line at today's price."""

    variant: VariantForSale
    quantity: int

    @property
    def total_minor(self) -> int:
        return self.variant.price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class ShopQuote:
    """One shop's part: becomes one order."""

    shop_id: int
    lines: tuple[QuotedLine, ...]
    options: tuple[DeliveryOption, ...]
    chosen: DeliveryOption | None
    insurance_minor: int = 0
    """The premium, if the shipment is insured."""
    must_insure: bool = False
    """Whether it is sent insured alone."""

    @property
    def items_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)

    @property
    def shipping_minor(self) -> int:
        return self.chosen.price_minor if self.chosen else 0

    @property
    def total_minor(self) -> int:
        return self.items_minor + self.shipping_minor + self.insurance_minor

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole checkout at today's prices, and what stands in its way."""

    shops: tuple[ShopQuote, ...]
    troubles: tuple[LineTrouble, ...]

    @property
    def items_minor(self) -> int:
        return sum(shop.items_minor for shop in self.shops)

    @property
    def shipping_minor(self) -> int:
        return sum(shop.shipping_minor for shop in self.shops)

    @property
    def insurance_minor(self) -> int:
        return sum(shop.insurance_minor for shop in self.shops)

    @property
    def total_minor(self) -> int:
        return self.items_minor + self.shipping_minor + self.insurance_minor

    @property
    def currency(self) -> str:
        return next((line.variant.currency for shop in self.shops for line in shop.lines), "IDR")

    @property
    def is_deliverable(self) -> bool:
        return bool(self.shops) and all(shop.chosen is not None for shop in self.shops)


Key = tuple[int, int]


def weigh(lines: Sequence[QuotedLine]) -> int:
    """What the lines weigh together, in grams."""
    return sum(line.variant.weight_grams * line.quantity for line in lines)


def match_lines(
    wanted: Sequence[WantedLine],
    variants: Mapping[Key, VariantForSale],
    left: Mapping[Key, int],
    *,
    limits_left: Mapping[Key, int] | None = None,
) -> tuple[dict[int, list[QuotedLine]], list[LineTrouble]]:
    """Wanted lines at today's price and stock: by shop what can be bought, and the troubles with the rest.

    A line whose price differs from the one last seen can be bought, and its trouble says so.
    """
    lines: dict[int, list[QuotedLine]] = defaultdict(list)
    troubles: list[LineTrouble] = []
    for line in merge(wanted):
        key = (line.shop_id, line.variant_id)
        trouble = _trouble(line, variants.get(key), left.get(key, 0), (limits_left or {}).get(key))
        if trouble is not None:
            troubles.append(trouble)
        if trouble is None or trouble.trouble is Trouble.PRICE:
            lines[line.shop_id].append(QuotedLine(variants[key], line.quantity))
    return dict(sorted(lines.items())), troubles


def _trouble(line: WantedLine, variant: VariantForSale | None, left: int, limit_left: int | None) -> LineTrouble | None:
    if variant is None or not variant.is_for_sale:
        return LineTrouble(line.shop_id, line.variant_id, Trouble.GONE, variant.title if variant else "")

    def found(trouble: Trouble, units: int) -> LineTrouble:
        return LineTrouble(line.shop_id, line.variant_id, trouble, variant.title, units, variant.price_minor)

    if left <= 0:
        return found(Trouble.SOLD_OUT, 0)
    if left < line.quantity:
        return found(Trouble.FEWER_LEFT, left)
    if limit_left is not None and limit_left < line.quantity:
        return found(Trouble.LIMIT, max(limit_left, 0))
    if line.price_seen_minor is not None and line.price_seen_minor != variant.price_minor:
        return found(Trouble.PRICE, left)
    return None


def merge(wanted: Sequence[WantedLine]) -> list[WantedLine]:
    """One line a variant, quantities added, in key order (the order in which stock is locked)."""
    sums: dict[Key, WantedLine] = {}
    for line in wanted:
        key = (line.shop_id, line.variant_id)
        before = sums[key].quantity if key in sums else 0
        sums[key] = WantedLine(*key, before + line.quantity, line.price_seen_minor)
    return [sums[key] for key in sorted(sums)]


def choose(options: Sequence[DeliveryOption], wanted: tuple[str, str] | None) -> DeliveryOption | None:
    """The option that was chosen, else the cheapest; none if the shop can't deliver there."""
    for option in options:
        if (option.carrier, option.service) == wanted:
            return option
    return min(options, key=lambda option: option.price_minor, default=None)


def delivery_choices(quote: ShopQuote) -> list[DeliveryOption]:
    """Every way of delivery in the order in which buyers choose: the chosen one, the cheapest of each kind, the rest by price."""
    by_price = sorted(quote.options, key=lambda option: (option.price_minor, option.promised_until))
    kinds: dict[str, DeliveryOption] = {}
    for option in by_price:
        kinds.setdefault(option.kind, option)
    first = [*([quote.chosen] if quote.chosen else []), *kinds.values()]
    return list(dict.fromkeys([*first, *by_price]))
