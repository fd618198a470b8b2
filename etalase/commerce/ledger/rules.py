"""Accounts, entries and the rule that they balance. Pure.

Positive: we have more of it (money at a provider, what a courier owes us, what we spent). Negative: we owe it or earned it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from etalase.foundation.i18n import N_
from etalase.foundation.ids import PLATFORM

Account = Literal[
    "provider_clearing",
    "cod_receivable",
    "carrier_receivable",
    "bank",
    "subsidy",
    "provider_fee",
    "rounding",
    "escrow",
    "surplus",
    "seller_pending",
    "seller_available",
    "payout_clearing",
    "buyer_wallet",
    "wallet_held",
    "commission",
    "platform_fee",
    "shipping",
    "insurance",
    "tax",
]
ACCOUNTS: Final[tuple[Account, ...]] = get_args(Account)
ACCOUNT_LABELS: Final[Mapping[Account, str]] = {
    "provider_clearing": N_("Payment providers"),
    "cod_receivable": N_("Cash at couriers"),
    "carrier_receivable": N_("Owed by carriers"),
    "bank": N_("Bank"),
    "subsidy": N_("Paid by the platform"),
    "provider_fee": N_("Providers' fees"),
    "rounding": N_("Rounding"),
    "escrow": N_("Held for the order"),
    "surplus": N_("To be returned"),
    "seller_pending": N_("Seller, not yet settled"),
    "seller_available": N_("Seller, available"),
    "payout_clearing": N_("On its way to the seller's bank"),
    "buyer_wallet": N_("Buyer's wallet"),
    "wallet_held": N_("Buyer's wallet, set aside"),
    "commission": N_("Commission"),
    "platform_fee": N_("Order fee"),
    "shipping": N_("Carriers"),
    "insurance": N_("Insurance"),
    "tax": N_("Tax"),
}

Cause = Literal[
    "capture",
    "release",
    "refund",
    "surplus",
    "surplus refund",
    "difference",
    "parts used",
    "method fee",
    "refund by hand",
    "provider fee",
    "subsidy",
    "insurance premium",
    "insurance claim",
    "compensation",
    "settlement",
    "adjustment",
    "payout",
    "payout paid",
    "payout returned",
    "wallet credit",
    "wallet debit",
    "wallet hold",
    "wallet release",
    "wallet top-up",
    "wallet withdrawal",
    "withdrawal returned",
]

CAUSE_LABELS: Final[Mapping[str, str]] = {
    "capture": N_("The buyer paid"),
    "release": N_("The order was completed"),
    "refund": N_("Money went back to the buyer"),
    "surplus": N_("Too much arrived"),
    "surplus refund": N_("What was too much went back"),
    "difference": N_("A small difference was evened out"),
    "provider fee": N_("The payment provider took its fee"),
    "subsidy": N_("The platform paid a part"),
    "insurance premium": N_("The insurance began"),
    "insurance claim": N_("The insurer paid"),
    "compensation": N_("A loss was made good"),
    "settlement": N_("The order was settled"),
    "adjustment": N_("Adjusted by the operator"),
    "payout": N_("Paid out"),
    "payout paid": N_("The transfer left the bank"),
    "payout returned": N_("A transfer came back"),
    "wallet credit": N_("Money came into the wallet"),
    "wallet debit": N_("Money left the wallet"),
    "wallet hold": N_("Money was set aside"),
    "wallet release": N_("What was set aside can be spent again"),
    "wallet top-up": N_("Topped up"),
    "wallet withdrawal": N_("Withdrawn to the bank"),
    "withdrawal returned": N_("A withdrawal came back"),
}
TOTALLED: Final[frozenset[Account]] = frozenset({"seller_pending", "seller_available", "buyer_wallet", "wallet_held"})
"""Accounts that belong to somebody, with a running total."""
PAID_IN: Final[frozenset[Account]] = frozenset({"provider_clearing", "cod_receivable"})
"""Where a buyer's money for an order came in, and goes out again."""
REVERSED_WITH_REFUND: Final[tuple[Account, ...]] = ("commission", "tax")
"""What a seller was charged in proportion to the price, and gets back in proportion to a refund."""
SLOTS: Final = 16


class Unbalanced(ValueError):
    """The entries of a posting don't sum to zero."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting; `owner_id` is the account of the person whose wallet it is, else 0."""

    account: Account
    amount_minor: int
    owner_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Entries that belong together: one cause, one currency, one shop (or the platform), summing to zero."""

    cause: Cause
    currency: str
    entries: tuple[Entry, ...]
    at: datetime
    shop_id: int = PLATFORM
    order_id: int | None = None
    reference_id: int | None = None

    def __post_init__(self) -> None:
        check_balanced(self.entries)


TotalKey = tuple[int, str, int, str, int]
"""(shop_id, account, owner_id, currency, slot) of a running total."""


def check_balanced(entries: Sequence[Entry]) -> None:
    """Raises Unbalanced unless the entries sum to zero."""
    if sum(entry.amount_minor for entry in entries) != 0:
        raise Unbalanced(entries)


def moved(
    *, taken_from: Account, put_to: Account, amount_minor: int, from_owner: int = 0, to_owner: int = 0
) -> tuple[Entry, ...]:
    """The two entries of money that goes from one account to another; none for nothing."""
    if amount_minor == 0:
        return ()
    return Entry(put_to, amount_minor, to_owner), Entry(taken_from, -amount_minor, from_owner)


def split(*, from_account: Account, parts: Mapping[Account, int]) -> tuple[Entry, ...]:
    """The entries of what we owe in one account becoming owed in others; parts of nothing are left out."""
    owed = tuple(Entry(account, -amount) for account, amount in parts.items() if amount)
    total = sum(parts.values())
    return (Entry(from_account, total), *owed) if total else owed


def total_key(posting: Posting, entry: Entry) -> TotalKey | None:
    """The running total that the entry changes, or none. Wallets are kept whole under the platform."""
    if entry.account not in TOTALLED:
        return None
    shop_id = PLATFORM if entry.owner_id else posting.shop_id
    slot = ((posting.order_id or 0) >> 22) % SLOTS if entry.account == "seller_pending" else 0
    return shop_id, entry.account, entry.owner_id, posting.currency, slot


def refunded(balances: Mapping[str, int], amount_minor: int) -> tuple[Entry, ...]:
    """The entries of a refund, by what the order's accounts hold.

    What is still held goes first, then what the seller waits for. The rest was the seller's already and is taken back
    (the seller may come to owe it); of what the seller was charged in proportion to the price, the same proportion returns.
    """
    held = min(amount_minor, max(0, -balances.get("escrow", 0)))
    pending = min(amount_minor - held, max(0, -balances.get("seller_pending", 0)))
    back = amount_minor - held - pending
    taken: dict[Account, int] = {"escrow": held, "seller_pending": pending}
    settled = sum(balances.get(account, 0) for account in PAID_IN) - held - pending
    charged = _charges_back(balances, back=back, settled=settled)
    taken |= charged
    taken["seller_available"] = back - sum(charged.values())
    returned = tuple(Entry(account, amount) for account, amount in taken.items() if amount)
    return (Entry("provider_clearing", -amount_minor), *returned) if amount_minor else ()


def _charges_back(balances: Mapping[str, int], *, back: int, settled: int) -> dict[Account, int]:
    if back <= 0 or settled <= 0:
        return {}
    share = min(back, settled)
    return {account: max(0, -balances.get(account, 0)) * share // settled for account in REVERSED_WITH_REFUND}
