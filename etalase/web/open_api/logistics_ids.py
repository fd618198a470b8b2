"""Numbers for what has none with us: a shop's one warehouse, kinds of delivery, carriers. The same number always, everywhere."""

import hashlib
from functools import cache
from typing import Final

from etalase.integrations.carriers import registry
from etalase.integrations.carriers.registry import Carrier, ServiceKind

REGION: Final = "ID"
SEND_BY_SELLER: Final = "SEND_BY_SELLER"
TYPE_OF_KIND: Final = {
    ServiceKind.STANDARD: "STANDARD",
    ServiceKind.ECONOMY: "ECONOMY",
    ServiceKind.EXPRESS: "EXPRESS",
    ServiceKind.SAME_DAY: "SAMEDAY",
    ServiceKind.CARGO: "CARGO",
}
"""How our kinds of service are called there."""


def warehouse_id(shop_id: int) -> str:
    """A shop has one warehouse, known by the shop's number."""
    return str(shop_id)


@cache
def delivery_option_id(delivery_type: str) -> str:
    """The number of a kind of delivery (STANDARD ... SEND_BY_SELLER)."""
    return _number(f"delivery-option:{delivery_type}")


@cache
def provider_id(carrier_code: str) -> str:
    """The number of a carrier."""
    return _number(f"shipping-provider:{carrier_code}")


def carrier_of_provider(number: str) -> Carrier | None:
    """The carrier of a number, or none; a carrier's own code is taken, too."""
    return next((one for one in registry.all_carriers() if number in (provider_id(one.code), one.code)), None)


def delivery_type_of(number: str) -> str | None:
    """The kind of delivery of a number, or none."""
    types = (*TYPE_OF_KIND.values(), SEND_BY_SELLER)
    return next((one for one in types if delivery_option_id(one) == number), None)


def _number(word: str) -> str:
    """18 digits that follow from the word: no table has to be kept, and no two words meet."""
    return str(10**17 + int.from_bytes(hashlib.sha256(word.encode()).digest()[:8]) % (9 * 10**17))
