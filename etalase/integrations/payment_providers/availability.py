"""Which ways to pay there are for a sum right now, what each costs, and why one can't be used."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from etalase.commerce.payments import queries
from etalase.commerce.payments.methods import METHODS, PaymentMethod, fee_of
from etalase.commerce.payments.rules import PROVIDER_OF_COD, Unusable
from etalase.foundation import clock
from etalase.foundation.policies.rules import PolicyBook
from etalase.foundation.sql import Tx
from etalase.integrations.payment_providers.routing import provider_of
from etalase.settings import Settings

KEPT_SECONDS: Final = 1.0
"""So long a process goes by what it read last: every checkout asks."""

Refusal = Literal["", "not_set_up", "closed", "off", "failing"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to pay this sum: who takes it, what it costs besides, and why it can't be used now ("" if it can)."""

    method: PaymentMethod
    provider: str
    fee_minor: int
    refusal: Refusal


_kept: dict[str, tuple[float, tuple[Unusable, ...]]] = {}


async def unusable(tx: Tx) -> tuple[Unusable, ...]:
    """Methods that are off or failed of late, as this process read them within KEPT_SECONDS."""
    kept = _kept.get(tx.place)
    if kept is None or kept[0] < time.monotonic():
        kept = (time.monotonic() + KEPT_SECONDS, tuple(await queries.unusable_methods(tx)))
        _kept[tx.place] = kept
    return kept[1]


def forget() -> None:
    """Read again next time: this process has just learned something."""
    _kept.clear()


async def offers(tx: Tx, settings: Settings, *, amount_minor: int, currency: str, book: PolicyBook) -> list[Offer]:
    """Every method in the order in which buyers see them, with its provider, fee and refusal; for cash its switch alone."""
    found = await unusable(tx)
    return [
        offer_of(method, settings, found, amount_minor=amount_minor, currency=currency, book=book) for method in METHODS
    ]


def offer_of(
    method: PaymentMethod,
    settings: Settings,
    found: Sequence[Unusable],
    *,
    amount_minor: int,
    currency: str,
    book: PolicyBook,
) -> Offer:
    """One method for one sum; decided from what was read."""
    provider = provider_of(settings, method.code, currency=currency)
    fee = fee_of(str(method.kind), amount_minor=amount_minor, currency=currency, book=book)
    refusal = _refusal(method, provider, found)
    if not refusal and provider != PROVIDER_OF_COD:  # its limits are each shop's order's, which the checkout knows
        refusal = "" if _takes(method, amount_minor, currency=currency, book=book) else "closed"
    return Offer(method, provider or "", fee, refusal)


def _takes(method: PaymentMethod, amount_minor: int, *, currency: str, book: PolicyBook) -> bool:
    """Whether the sum lies within what the provider takes and, in rupiah, what the policy allows."""
    low, high = book.find("method.limits").value.get(str(method.kind), (0, amount_minor))
    is_allowed = currency != "IDR" or int(low) <= amount_minor <= int(high)
    return is_allowed and method.is_available_for(amount_minor, currency)


def _refusal(method: PaymentMethod, provider: str | None, found: Sequence[Unusable]) -> Refusal:
    if provider is None:
        return "not_set_up"
    for one in found:
        if one.method == method.code and one.is_off:
            return "off"
        if (
            (one.method, one.provider) == (method.code, provider)
            and one.hidden_until
            and clock.now() < one.hidden_until
        ):
            return "failing"
    return ""
