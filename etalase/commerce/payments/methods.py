"""The ways to pay, as data: what a buyer chooses from and between which amounts it works."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from etalase.foundation.i18n import N_
from etalase.foundation.policies.rules import PolicyBook


class MethodKind(StrEnum):
    """What a method is like for the buyer; deadlines and refund times go by it."""

    QRIS = "qris"
    VIRTUAL_ACCOUNT = "virtual_account"
    E_WALLET = "e_wallet"
    CARD = "card"
    MINIMARKET = "minimarket"
    BANK_TRANSFER = "bank_transfer"
    COD = "cod"
    WALLET = "wallet"


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """One way to pay; `name` is a brand or an English msgid, amounts are rupiah, both bounds included.

    Other currencies are taken where `is_international`, without bounds of ours: the provider has its own.
    """

    code: str
    name: str
    kind: MethodKind
    icon: str
    minimum_minor: int
    maximum_minor: int
    is_international: bool = False

    def is_available_for(self, amount_minor: int, currency: str = "IDR") -> bool:
        """Whether this amount can be paid so."""
        if currency != "IDR":
            return self.is_international and amount_minor > 0
        return self.minimum_minor <= amount_minor <= self.maximum_minor


class MethodNotKnown(LookupError):
    """No payment method has this code."""


# QRIS: Bank Indonesia allows Rp10,000,000 for one payment. Wallets: Rp20,000,000 is the largest balance of a verified
# account. Minimarkets: Rp5,000,000 is what a till takes. The rest follow the habits of Indonesian marketplaces.
METHODS: Final[tuple[PaymentMethod, ...]] = (
    PaymentMethod("qris", "QRIS", MethodKind.QRIS, "qris", 1_500, 10_000_000),
    PaymentMethod("bca_va", "BCA Virtual Account", MethodKind.VIRTUAL_ACCOUNT, "bank", 10_000, 50_000_000),
    PaymentMethod("mandiri_va", "Mandiri Virtual Account", MethodKind.VIRTUAL_ACCOUNT, "bank", 10_000, 50_000_000),
    PaymentMethod("bni_va", "BNI Virtual Account", MethodKind.VIRTUAL_ACCOUNT, "bank", 10_000, 50_000_000),
    PaymentMethod("bri_va", "BRI Virtual Account", MethodKind.VIRTUAL_ACCOUNT, "bank", 10_000, 50_000_000),
    PaymentMethod("gopay", "GoPay", MethodKind.E_WALLET, "wallet", 1_000, 20_000_000),
    PaymentMethod("ovo", "OVO", MethodKind.E_WALLET, "wallet", 1_000, 20_000_000),
    PaymentMethod("dana", "DANA", MethodKind.E_WALLET, "wallet", 1_000, 20_000_000),
    PaymentMethod("shopeepay", "ShopeePay", MethodKind.E_WALLET, "wallet", 1_000, 20_000_000),
    PaymentMethod(
        "card", N_("Credit or debit card"), MethodKind.CARD, "card", 10_000, 100_000_000, is_international=True
    ),
    PaymentMethod("indomaret", "Indomaret", MethodKind.MINIMARKET, "store", 10_000, 5_000_000),
    PaymentMethod("alfamart", "Alfamart", MethodKind.MINIMARKET, "store", 10_000, 5_000_000),
    PaymentMethod("bank_transfer", N_("Bank transfer"), MethodKind.BANK_TRANSFER, "bank", 10_000, 500_000_000),
    PaymentMethod("cod", N_("Cash on delivery"), MethodKind.COD, "cash", 50_000, 2_500_000),
)
# A verified wallet of e-money holds Rp20,000,000 at most (Bank Indonesia).
WALLET: Final = PaymentMethod("wallet", N_("Etalase wallet"), MethodKind.WALLET, "wallet", 1, 20_000_000)
"""The buyer's wallet. It is none of METHODS: no provider takes it, and who may pay with it goes by what is in it."""
_BY_CODE: Final = {method.code: method for method in (*METHODS, WALLET)}


def payment_method(code: str) -> PaymentMethod:
    """The method of that code, or MethodNotKnown."""
    try:
        return _BY_CODE[code]
    except KeyError:
        raise MethodNotKnown(code) from None


def chosen_method(code: str) -> PaymentMethod | None:
    """The method that a form names, or none when it names none of ours."""
    return _BY_CODE.get(code)


def methods_for(amount_minor: int, currency: str = "IDR") -> tuple[PaymentMethod, ...]:
    """The methods that take this amount, in the order a buyer sees them."""
    return tuple(method for method in METHODS if method.is_available_for(amount_minor, currency))


def fee_of(kind: str, *, amount_minor: int, currency: str, book: PolicyBook) -> int:
    """What the buyer pays for the method besides the amount, as the policies of the moment say; half a unit is rounded up.

    The flat part is in rupiah and is not charged in other currencies.
    """
    flat = int(book.find("method.fee").value.get(kind, 0)) if currency == "IDR" else 0
    rate = int(book.find("method.fee_rate").value.get(kind, 0))
    return flat + (amount_minor * rate + 5_000) // 10_000
