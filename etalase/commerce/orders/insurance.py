"""Insurance of a shipment: what it costs, what it covers, what it does not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from etalase.foundation.i18n import N_
from etalase.foundation.policies.rules import PolicyBook

KEY: Final = "insurance.terms"
REQUIRED: Final = "insurance.required"
PARTS: Final = 10_000
"""The premium's rate is so many parts of the goods' value: 20 parts are 0.2 %."""
EXCLUSIONS: Final = (
    N_("packaging that was not fit for the goods"),
    N_("wear, spoiling and faults that were there before shipping"),
    N_("cash, documents and goods that may not be sold"),
    N_("a wrong address given by the buyer"),
)
"""What no insurance pays for; shown before it is bought."""


def is_required(book: PolicyBook, shop_id: int, category_id: int, product_id: int) -> bool:
    """Whether a policy has these goods sent insured only; sellers ask for it by calling a product fragile."""
    return bool(book.find(REQUIRED, shop_id, category_id, product_id).value == "yes")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms as a policy has them; sums in minor units."""

    rate: int
    minimum_minor: int
    cover_max_minor: int
    claim_days: int

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Terms":
        """The terms that a policy's value says."""
        return cls(
            rate=int(value["rate"]),
            minimum_minor=int(value["minimum_minor"]),
            cover_max_minor=int(value["cover_max_minor"]),
            claim_days=int(value["claim_days"]),
        )

    def cover_minor(self, goods_minor: int) -> int:
        """What is paid at most for goods of this value."""
        return max(0, min(goods_minor, self.cover_max_minor))

    def premium_minor(self, goods_minor: int) -> int:
        """What it costs: a rate of what is covered, rounded up, and never less than the minimum; nothing for nothing."""
        covered = self.cover_minor(goods_minor)
        return max(self.minimum_minor, -(-covered * self.rate // PARTS)) if covered else 0
