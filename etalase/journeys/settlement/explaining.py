"""Explained money: from what the buyer paid to everyone's share, each line with its reason. Pure, but for `load`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from etalase.commerce.ledger import queries as ledger
from etalase.commerce.ledger.queries import WrittenEntry
from etalase.commerce.ledger.rules import ACCOUNT_LABELS, ACCOUNTS, PAID_IN, Account
from etalase.commerce.orders.rules import Order
from etalase.foundation.i18n import N_
from etalase.foundation.sql import Tx
from etalase.journeys.settlement import queries
from etalase.journeys.settlement.queries import ChargedLine, Settlement


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One line: what, why (msgids; `values` fill the reason), by which policy, how much."""

    label: str
    reason: str
    amount_minor: int
    policy: tuple[str, int] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One posting: when, what happened, and what it moved, by account."""

    at: datetime
    cause: str
    moved: Sequence[tuple[Account, int]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The price as it was agreed, the shares as they are (summing to zero with what the buyer paid), and the steps there."""

    order: Order
    price: Sequence[MoneyLine]
    shares: Sequence[MoneyLine]
    steps: Sequence[Step]
    settlement: Settlement | None
    commission: Sequence[ChargedLine] = ()
    """How the commission came about when the order was settled, line by line."""

    @property
    def price_minor(self) -> int:
        """What the lines of the price come to: what the buyer pays in the end."""
        return sum(line.amount_minor for line in self.price)

    @property
    def rest_minor(self) -> int:
        """What the shares sum to: nothing, or the books are wrong."""
        return sum(line.amount_minor for line in self.shares)


async def load(tx: Tx, order: Order) -> Explanation:
    """Explain the money of an order that the reader may see; three statements."""
    entries = await ledger.entries_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    settlement = await queries.settlement(tx, shop_id=order.shop_id, order_id=order.id)
    charged = await queries.lines_of_settlements(tx, shop_id=order.shop_id, order_ids=[order.id]) if settlement else {}
    return explain(order, entries, settlement, charged.get(order.id, ()))


def explain(
    order: Order,
    entries: Sequence[WrittenEntry],
    settlement: Settlement | None,
    commission: Sequence[ChargedLine] = (),
) -> Explanation:
    """The walk from the buyer's money to everyone's share."""
    balances: Counter[str] = Counter()
    for entry in entries:
        balances[entry.account] += entry.amount_minor
    shares = _shares(order, balances, settlement, commission)
    return Explanation(order, _price(order), shares, _steps(entries), settlement, commission)


def _price(order: Order) -> list[MoneyLine]:
    lines = [
        MoneyLine(N_("Products"), N_("The prices on the day of the order"), order.items_minor),
        MoneyLine(N_("Shipping"), N_("The delivery you see on the order"), order.shipping_minor),
        MoneyLine(N_("Insurance"), N_("The premium chosen at checkout"), order.insurance_minor),
        MoneyLine(N_("Discount"), N_("Given by the shop"), -order.discount_minor),
        MoneyLine(N_("Taken off"), N_("Cancelled or sent back"), -order.refunded_minor),
    ]
    return [line for line in lines if line.amount_minor]


REASONS: Final[Mapping[Account, str]] = {
    "escrow": N_("Held until the order is completed; then it is the seller's, else it goes back"),
    "seller_pending": N_("The order is completed; the seller gets it when the goods can't be sent back any more"),
    "seller_available": N_("What is left is the seller's"),
    "commission": N_("%(rate)s of the price of the goods"),
    "platform_fee": N_("For each delivered order"),
    "tax": N_("%(rate)s of the price of the goods, withheld for the tax office"),
    "shipping": N_("What carriers take for the parcels, by their rates"),
    "insurance": N_("The premium, less what the insurer paid"),
    "subsidy": N_("Added by the platform"),
    "carrier_receivable": N_("Made good by the carrier"),
}
LABELS: Final[Mapping[Account, str]] = {
    "escrow": N_("Held for the order"),
    "seller_pending": N_("Seller, not yet settled"),
    "seller_available": N_("Seller"),
}
POLICY_OF: Final[Mapping[Account, str]] = {
    "commission": "commission.rate",
    "platform_fee": "fee.order",
    "tax": "tax.withheld",
    "seller_pending": "settle.period",
}


RATE_REASONS: Final[Mapping[str, str]] = {
    "operator": N_("The rate for everybody"),
    "shop": N_("The rate agreed with the store"),
    "category": N_("The rate of the category %(category)s"),
    "product": N_("The rate of this product"),
}
"""Why a line goes by its rate, by what the rate was set for."""


def _shares(
    order: Order, balances: Mapping[str, int], settlement: Settlement | None, commission: Sequence[ChargedLine]
) -> list[MoneyLine]:
    paid = sum(balances.get(account, 0) for account in PAID_IN)
    lines = [MoneyLine(N_("Paid by the buyer"), N_("What arrived, less what went back"), -paid)] if paid else []
    for account in ACCOUNTS:
        amount = -balances.get(account, 0)
        if account not in PAID_IN and amount:
            lines.append(_share(account, amount, _policies(order, settlement, commission)))
    return lines


def _policies(order: Order, settlement: Settlement | None, commission: Sequence[ChargedLine]) -> Mapping[str, Any]:
    found = settlement.policies if settlement is not None and settlement.policies else order.policies
    rates = {(line.version, line.rate) for line in commission}
    if not rates:
        return found
    return {**found, "commission.rate": next(iter(rates)) if len(rates) == 1 else (0, None)}


def _share(account: Account, amount: int, policies: Mapping[str, Any]) -> MoneyLine:
    key = POLICY_OF.get(account, "")
    version, value = policies.get(key, (0, None))
    if account == "commission" and key in policies and value is None:
        return MoneyLine(_label(account), N_("Each line by its own rate, as listed below"), amount)
    policy = (key, int(version)) if key else None
    values = {"rate": f"{int(value) / 100:g}%"} if account in ("commission", "tax") and value is not None else {}
    reason = REASONS.get(account, "") if values or "%" not in REASONS.get(account, "") else N_("Kept by the platform")
    return MoneyLine(_label(account), reason, amount, policy, values)


def _label(account: Account) -> str:
    return LABELS.get(account, ACCOUNT_LABELS[account])


def _steps(entries: Sequence[WrittenEntry]) -> list[Step]:
    by_posting: dict[int, list[WrittenEntry]] = {}
    for entry in entries:
        by_posting.setdefault(entry.posting_id, []).append(entry)
    return [
        Step(found[0].at, found[0].cause, [(_account(entry), -entry.amount_minor) for entry in found])
        for found in by_posting.values()
    ]


def _account(entry: WrittenEntry) -> Account:
    return next(account for account in ACCOUNTS if account == entry.account)
