"""What the stock can refuse."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortage:
    """A variant of which more was wanted than there is left."""

    shop_id: int
    variant_id: int
    wanted: int
    available: int


class StockShort(Exception):
    """More was wanted than is available; `shortages` says of which variants, and how many are left. Nothing was taken."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__(", ".join(f"{s.variant_id}: {s.wanted} wanted, {s.available} left" for s in self.shortages))

    def available_of(self, *, shop_id: int, variant_id: int) -> int | None:
        """How many are left of a variant, or none if it was not the one that fell short."""
        return next((s.available for s in self.shortages if (s.shop_id, s.variant_id) == (shop_id, variant_id)), None)


class StockPromised(Exception):
    """The change would take units that orders or campaigns were promised; `available` may be taken away."""

    def __init__(self, *, available: int, promised: int) -> None:
        self.available = available
        self.promised = promised
        super().__init__(f"{available} available, {promised} promised")


class BadQuantity(Exception):
    """The number can't be a quantity for this kind of change."""


class UnknownStock(Exception):
    """The shop has no such variant."""
