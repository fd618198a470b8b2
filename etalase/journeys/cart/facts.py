"""What happens in carts."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CartChanged(Fact, name="cart.changed", subject="variant"):
    """A buyer put units of a variant into the cart, changed their number or took them out (0)."""

    quantity: int
