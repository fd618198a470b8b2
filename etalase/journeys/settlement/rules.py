"""How a completed order is shared, when, and in which steps a seller is paid. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from etalase.commerce.ledger.rules import Account
from etalase.foundation.money import allocate
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.policies.rules import PolicyBook, book_of

HUNDREDTHS: Final = 10_000
"""Rates are in hundredths of a percent."""
COMMISSION: Final = "commission.rate"
APPLIED: Final = (COMMISSION, "fee.order", "tax.withheld", "settle.period")
RETURN_WINDOW: Final = "return.window"
GRACE: Final = timedelta(hours=1)
"""How long after its last moment a period is closed: what was begun within it is written by then."""
WEEK: Final = timedelta(days=7)


class SettlementState(StrEnum):
    """Where an order's settlement stands."""

    WAITING = "waiting"
    SETTLED = "settled"


SETTLEMENT_MOVES: Final[Mapping[SettlementState, tuple[SettlementState, ...]]] = {
    SettlementState.WAITING: (SettlementState.SETTLED,),
    SettlementState.SETTLED: (),
}


@dataclass(frozen=True, slots=True)
class LineShare:
    """What commission is reckoned of on one line, at which rate (hundredths of a percent) of which version, and what it comes to."""

    order_line_id: int
    base_minor: int
    rate: int
    version: int
    commission_minor: int


@dataclass(frozen=True, slots=True)
class Shares:
    """How what waited for an order is shared; the parts sum to `pending_minor`, and `net_minor` may be negative."""

    pending_minor: int
    base_minor: int
    commission_minor: int
    fee_minor: int
    tax_minor: int
    shipping_minor: int
    lines: Sequence[LineShare] = ()
    """The commission line by line; sums to `commission_minor`."""

    @property
    def net_minor(self) -> int:
        """What becomes the seller's."""
        return self.pending_minor - self.commission_minor - self.fee_minor - self.tax_minor - self.shipping_minor

    @property
    def parts(self) -> dict[Account, int]:
        """By account of the ledger."""
        return {
            "seller_available": self.net_minor,
            "commission": self.commission_minor,
            "platform_fee": self.fee_minor,
            "tax": self.tax_minor,
            "shipping": self.shipping_minor,
        }


@dataclass(frozen=True, slots=True)
class SoldLine:
    """What commission goes by, of an order line: its price, and what of it has not gone back."""

    id: int
    product_id: int
    price_minor: int
    kept_minor: int


class Placed(Protocol):
    """What a settlement goes by, of an order."""

    @property
    def policies(self) -> Mapping[str, Any]: ...
    @property
    def placed_at(self) -> datetime: ...
    @property
    def delivered_at(self) -> datetime | None: ...
    @property
    def completed_at(self) -> datetime | None: ...


class Priced(Placed, Protocol):
    """An order with its shipping."""

    @property
    def shipping_minor(self) -> int: ...


def shares_of(order: Priced, lines: Sequence[SoldLine], *, pending_minor: int, carrier_minor: int) -> Shares:
    """Share what waits for a completed order, by the policies it was placed under.

    Commission and tax are of the goods: what is left of the price and what others added to it, without shipping. Commission is
    reckoned line by line and rounded down on each, tax once on the whole. The fee is due once an order was delivered, also when
    all of it went back later.
    """
    book = book_of(order.policies)
    base = max(0, pending_minor - order.shipping_minor)
    charged = commission_by_line(book, lines, base_minor=base)
    return Shares(
        pending_minor=pending_minor,
        base_minor=base,
        commission_minor=sum(line.commission_minor for line in charged),
        fee_minor=int(book.find("fee.order").value),
        tax_minor=base * int(book.find("tax.withheld").value) // HUNDREDTHS,
        shipping_minor=carrier_minor,
        lines=charged,
    )


def commission_by_line(book: PolicyBook, lines: Sequence[SoldLine], *, base_minor: int) -> list[LineShare]:
    """The commission of each line on its part of what it is reckoned of, by an order's own book.

    That is split in proportion to what is kept of the lines' prices (to their prices, if nothing is), to the last rupiah; each
    line's commission is rounded down.
    """
    weights = [line.kept_minor for line in lines]
    if not any(weights):
        weights = [max(1, line.price_minor) for line in lines]
    shares = []
    for line, base in zip(lines, allocate(base_minor, weights), strict=True):
        policy = book.find(COMMISSION, product_id=line.product_id)
        rate = int(policy.value)
        shares.append(LineShare(line.id, base, rate, policy.version, base * rate // HUNDREDTHS))
    return shares


def applied(order: Placed) -> dict[str, Any]:
    """The policies that a settlement goes by: key -> [version, value]."""
    book = book_of(order.policies)
    found = {key: book.find(key) for key in APPLIED}
    return {key: [policy.version, policy.value] for key, policy in found.items()}


@dataclass(frozen=True, slots=True)
class CompletedOrder:
    """What says when an order may be settled."""

    shop_id: int
    id: int
    currency: str
    policies: dict[str, Any]
    placed_at: datetime
    delivered_at: datetime | None
    completed_at: datetime | None


def release_due(order: Placed) -> datetime:
    """When a completed order may be settled: so many days after delivery, and not before the buyer can't return it."""
    book = book_of(order.policies)
    days = max(int(book.find("settle.period").value), _return_days(book))
    begun = order.delivered_at or order.completed_at or order.placed_at
    return max(begun + timedelta(days=days), order.completed_at or begun)


def _return_days(book: PolicyBook) -> int:
    if RETURN_WINDOW not in DEFAULTS:
        return 0
    value = book.find(RETURN_WINDOW).value
    return int(value) if isinstance(value, int) else max(int(days) for days in value.values())


def week_of(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The week, Monday to Sunday in the shop's zone, that a moment lies in: its first moment and the next week's, in UTC."""
    day = at.astimezone(ZoneInfo(zone)).date()
    monday = day - timedelta(days=day.weekday())
    ends = [datetime.combine(d, time(), ZoneInfo(zone)).astimezone(UTC) for d in (monday, monday + WEEK)]
    return ends[0], ends[1]


def is_over(until: datetime, *, now: datetime) -> bool:
    """Whether nothing can be written any more into a period that ended then."""
    return now >= until + GRACE
