"""Decisions about stock from values in hand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from etalase.commerce.inventory.errors import BadQuantity, Shortage, StockPromised

AdjustmentReason = Literal["purchase", "count", "damage", "transfer", "return"]
Reason = Literal["reservation", "release", "shipment", "purchase", "count", "damage", "transfer", "return", "opening"]
ADJUSTMENT_REASONS: Final[tuple[AdjustmentReason, ...]] = ("purchase", "count", "damage", "transfer", "return")
UNITS_MAX: Final = 1_000_000
NOTE_MAX: Final = 200

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class StockUnits:
    """Units of one variant that an order moves."""

    shop_id: int
    variant_id: int
    quantity: int
    order_id: int


@dataclass(frozen=True, slots=True)
class Stock:
    """How many of a variant a shop has, and how many of them are promised."""

    shop_id: int
    variant_id: int
    on_hand: int
    committed: int
    held: int
    low_at: int

    @property
    def available(self) -> int:
        return self.on_hand - self.committed - self.held

    @property
    def is_low(self) -> bool:
        return self.available <= self.low_at


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of stock as it is written down."""

    shop_id: int
    variant_id: int
    on_hand_change: int
    committed_change: int
    order_id: int | None = None


def units_by_variant(units: Iterable[StockUnits]) -> Counter[Key]:
    """The sum of each variant's units, whatever orders they belong to."""
    wanted: Counter[Key] = Counter()
    for part in units:
        if part.quantity <= 0:
            raise BadQuantity(part.quantity)
        wanted[part.shop_id, part.variant_id] += part.quantity
    return wanted


def shortages(wanted: Mapping[Key, int], stock: Sequence[Stock]) -> list[Shortage]:
    """Which variants fall short, in key order; a variant without stock has none."""
    available = {(row.shop_id, row.variant_id): row.available for row in stock}
    return [
        Shortage(shop_id=key[0], variant_id=key[1], wanted=quantity, available=available.get(key, 0))
        for key, quantity in sorted(wanted.items())
        if quantity > available.get(key, 0)
    ]


def turned(stock: Sequence[Stock], available_change: Mapping[Key, int]) -> list[Key]:
    """The variants that sell out, or come back, by this change: only then do shop windows have to be redone."""
    return [
        (row.shop_id, row.variant_id)
        for row in stock
        if (row.available > 0) != (row.available + available_change.get((row.shop_id, row.variant_id), 0) > 0)
    ]


def on_hand_change(stock: Stock, *, reason: AdjustmentReason, quantity: int) -> int:
    """What an adjustment does to the number on hand.

    `quantity` is how many there are for a count, how many left for damage, how many came (or, negative, went) for the
    others. Raises BadQuantity, or StockPromised when it would take what orders or campaigns were promised.
    """
    change = _change(stock, reason=reason, quantity=quantity)
    if abs(change) > UNITS_MAX or stock.on_hand + change > UNITS_MAX:
        raise BadQuantity(quantity)
    if stock.available + change < 0:
        raise StockPromised(available=stock.available, promised=stock.committed + stock.held)
    return change


def _change(stock: Stock, *, reason: AdjustmentReason, quantity: int) -> int:
    if reason == "count":
        if quantity < 0:
            raise BadQuantity(quantity)
        return quantity - stock.on_hand
    if quantity == 0 or (quantity < 0 and reason != "transfer"):
        raise BadQuantity(quantity)
    return -quantity if reason == "damage" else quantity
