"""What happens to stock besides orders (whose own facts tell of theirs)."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class StockAdjusted(Fact, name="stock.adjusted", subject="variant"):
    """The seller received, counted, moved or wrote off units of a variant."""

    reason: str
    change: int
    on_hand: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LowLevelChanged(Fact, name="stock.low_level_changed", subject="variant"):
    """The seller changed from how few on a variant counts as running low."""

    low_at: int
