"""Which providers this installation has, and which of them takes a method."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from etalase.commerce.payments.methods import METHODS, MethodKind
from etalase.commerce.payments.rules import PROVIDER_OF_COD, PROVIDER_OF_TRANSFERS
from etalase.foundation.money import EXPONENTS
from etalase.integrations.payment_providers.bank_transfer import client as bank_transfer
from etalase.integrations.payment_providers.midtrans import mapping as midtrans
from etalase.integrations.payment_providers.stripe import mapping as stripe
from etalase.integrations.payment_providers.xendit import mapping as xendit
from etalase.settings import Settings

SANDBOX: Final = "sandbox"
_BY_HAND: Final = (MethodKind.COD, MethodKind.BANK_TRANSFER)
_SANDBOX_METHODS: Final = frozenset(method.code for method in METHODS if method.kind not in _BY_HAND)

DEMO_ACCOUNTS: Final = "BCA 5270001234 Etalase Demo; Mandiri 1370009876543 Etalase Demo"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider can take."""

    methods: frozenset[str]
    currencies: frozenset[str]


OFFERS: Final[Mapping[str, Offer]] = {
    "midtrans": Offer(midtrans.METHODS, midtrans.CURRENCIES),
    "xendit": Offer(xendit.METHODS, xendit.CURRENCIES),
    "stripe": Offer(stripe.METHODS, stripe.CURRENCIES),
    PROVIDER_OF_TRANSFERS: Offer(bank_transfer.METHODS, bank_transfer.CURRENCIES),
    SANDBOX: Offer(_SANDBOX_METHODS, frozenset(EXPONENTS)),
    PROVIDER_OF_COD: Offer(frozenset({"cod"}), frozenset({"IDR"})),
}
"""Every provider, in the order in which they are asked for a method that `ETALASE_PAYMENT_ROUTES` does not name."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where buyers transfer to."""

    bank: str
    number: str
    holder: str


def set_up(settings: Settings) -> frozenset[str]:
    """The providers that this installation has keys for; cash on delivery needs none."""
    has = {
        "midtrans": settings.midtrans_server_key is not None,
        "xendit": settings.xendit_secret_key is not None,
        "stripe": settings.stripe_secret_key is not None,
        PROVIDER_OF_TRANSFERS: bool(bank_accounts(settings)),
        SANDBOX: settings.payment_url is not None or settings.is_demo,
        PROVIDER_OF_COD: True,
    }
    return frozenset(code for code, is_there in has.items() if is_there)


def provider_of(settings: Settings, method: str, *, currency: str = "IDR") -> str | None:
    """The provider that takes the method in this currency here; none if nobody does."""
    here = set_up(settings)
    able = [
        code
        for code, offer in OFFERS.items()
        if code in here and method in offer.methods and currency in offer.currencies
    ]
    wanted = routes(settings).get(method)
    if wanted is not None:
        return wanted if wanted in able else None
    return able[0] if able else None


def page_addresses(settings: Settings) -> list[str]:
    """Where the hosted pages of the providers are that are set up here: browsers are told that paying may lead there."""
    here = set_up(settings)
    pages = {
        SANDBOX: [settings.payment_url or ""],
        "midtrans": [settings.midtrans_snap_url],
        "xendit": ["https://checkout.xendit.co", "https://checkout-staging.xendit.co"],
        "stripe": ["https://checkout.stripe.com"],
    }
    return [address for code, addresses in pages.items() if code in here for address in addresses if address]


def routes(settings: Settings) -> dict[str, str]:
    """What `ETALASE_PAYMENT_ROUTES` says, method -> provider; ValueError for what names nothing of ours."""
    found = {}
    for pair in filter(str.strip, settings.payment_routes.split(",")):
        method, _, code = (side.strip() for side in pair.partition("="))
        if code not in OFFERS or method not in OFFERS[code].methods:
            raise ValueError(f"ETALASE_PAYMENT_ROUTES: {pair.strip()!r} is no method of a provider")
        found[method] = code
    return found


def bank_accounts(settings: Settings) -> tuple[BankAccount, ...]:
    """The accounts buyers transfer to; ValueError for a line that is not bank, number and holder."""
    said = settings.bank_accounts or (DEMO_ACCOUNTS if settings.is_demo else "")
    found = []
    for line in filter(str.strip, said.split(";")):
        bank, number, holder = (*line.split(maxsplit=2), "", "", "")[:3]
        if not (holder and number.isascii() and number.isdigit()):
            raise ValueError(f"ETALASE_BANK_ACCOUNTS: {line.strip()!r} is not bank, number and holder")
        found.append(BankAccount(bank, number, holder))
    return tuple(found)
