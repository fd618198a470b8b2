"""What clocks would have said to the moments at which people really acted, under one figure or another. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from etalase.commerce.payments.methods import payment_method
from etalase.foundation.deadlines import rules as due
from etalase.foundation.deadlines.rules import Due
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import book_of

REPLAYED: Final = (
    "payment.deadline",
    "payment.late_grace",
    "confirm.deadline",
    "ship.cutoff",
    "ship.sla",
    "ship.autocancel",
    "deliver.autocomplete",
    "deliver.extension",
)
"""Policies whose clocks can be reckoned again from the moments that an order keeps."""
SPAN: Final = timedelta(days=90)
ORDERS_MAX: Final = 2_000
SHOPS_MAX: Final = 400
EXAMPLES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class PastOrder:
    """The moments of an order, and what its clocks are reckoned from."""

    shop_id: int
    id: int
    shop_name: str
    state: str
    payment_method: str
    is_cod: bool
    currency: str
    total_minor: int
    zone: str
    handling_days: int
    policies: dict[str, Any]
    placed_at: datetime
    paid_at: datetime | None
    confirmed_at: datetime | None
    arranged_at: datetime | None
    collected_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    extended_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of a settled order: what was charged, and what it goes by."""

    shop_id: int
    shop_name: str
    order_id: int
    product_id: int
    category_id: int
    base_minor: int
    commission_minor: int
    order_base_minor: int
    fee_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the clocks made of an order: cancelled for a reason ('' if not), late, completed when."""

    cancelled: str = ""
    is_late: bool = False
    completed_at: datetime | None = None


@dataclass(slots=True)
class Tally:
    """The outcomes of many orders, counted."""

    orders: int = 0
    late: int = 0
    completed: int = 0
    refund_minor: int = 0
    cancelled: Counter[str] = field(default_factory=Counter)
    waiting: timedelta = timedelta(0)
    """From delivery to completion, over the orders that completed."""

    def add(self, order: PastOrder, outcome: Outcome) -> None:
        self.orders += 1
        self.late += outcome.is_late
        if outcome.cancelled:
            self.cancelled[outcome.cancelled] += 1
            self.refund_minor += order.total_minor if order.paid_at else 0
        if outcome.completed_at and order.delivered_at:
            self.completed += 1
            self.waiting += outcome.completed_at - order.delivered_at

    @property
    def days_to_complete(self) -> float:
        """Days from delivery to completion, on average."""
        return self.waiting / timedelta(days=1) / self.completed if self.completed else 0.0


@dataclass(frozen=True, slots=True)
class Example:
    """An order that would have fared otherwise."""

    order: PastOrder
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Replay:
    """The same orders under two figures."""

    before: Tally
    after: Tally
    examples: tuple[Example, ...]
    changed: int


def replay(
    orders: Iterable[PastOrder], *, key: str, values: tuple[Any, Any], calendars: Mapping[int, WorkingCalendar], now: datetime
) -> Replay:  # fmt: skip
    """Reckon the orders again under the first value and the second, all their other policies being as they were.

    Everybody is taken to have acted when they did; whom a clock had stopped is taken not to have acted at all.
    """

    def outcomes(order: PastOrder) -> tuple[Outcome, Outcome]:
        before, after = (
            outcome_of(order, {**order.policies, key: [0, value]}, calendar=calendars[order.shop_id], now=now)
            for value in values
        )
        return before, after

    tallies = Tally(), Tally()
    examples, changed = contrast(orders, outcomes, tallies)
    return Replay(*tallies, tuple(Example(*one) for one in examples), changed)


Past = TypeVar("Past")
Result = TypeVar("Result")
Past_contra = TypeVar("Past_contra", contravariant=True)
Result_contra = TypeVar("Result_contra", contravariant=True)


class Counting(Protocol[Past_contra, Result_contra]):
    """What adds up outcomes."""

    def add(self, past: Past_contra, outcome: Result_contra, /) -> None: ...


def contrast(
    happened: Iterable[Past],
    outcomes: Callable[[Past], tuple[Result, Result]],
    tallies: tuple[Counting[Past, Result], Counting[Past, Result]],
) -> tuple[list[tuple[Past, Result, Result]], int]:
    """Add each one's outcomes to the tallies of before and after; some that fared otherwise, and how many did."""
    examples, changed = list[tuple[Past, Result, Result]](), 0
    for past in happened:
        before, after = outcomes(past)
        tallies[0].add(past, before)
        tallies[1].add(past, after)
        if before != after:
            changed += 1
            if len(examples) < EXAMPLES_MAX:
                examples.append((past, before, after))
    return examples, changed


def outcome_of(order: PastOrder, policies: Mapping[str, Any], *, calendar: WorkingCalendar, now: datetime) -> Outcome:
    """What the clocks say to one order under these policies; the first that runs out decides."""
    book = book_of(policies)
    if not order.is_cod:
        limit = due.unpaid_due(order.placed_at, str(payment_method(order.payment_method).kind), book)
        is_late_money = order.paid_at is not None and due.accepts_late_payment(book)
        if limit and not is_late_money and _ran_out(limit, order, order.paid_at, reason="unpaid", now=now):
            return Outcome(cancelled="unpaid")
    start = order.placed_at if order.is_cod else order.paid_at
    if start is None:
        return Outcome()
    confirm = due.confirm_due(start, zone=order.zone, calendar=calendar, book=book)
    if _ran_out(confirm, order, order.confirmed_at, reason="not_confirmed", now=now):
        return Outcome(cancelled="not_confirmed")
    if order.confirmed_at is None:
        return Outcome()
    promise = {
        "paid_at": start, "zone": order.zone, "calendar": calendar, "book": book, "handling_days": order.handling_days
    }  # fmt: skip
    return _shipped(order, promise, now=now)


def _shipped(order: PastOrder, promise: dict[str, Any], *, now: datetime) -> Outcome:
    is_late = _ran_out(due.ship_due(**promise), order, order.collected_at, reason="", now=now)
    if _ran_out(due.autocancel_due(**promise), order, order.arranged_at, reason="not_arranged", now=now):
        return Outcome(cancelled="not_arranged", is_late=is_late)
    if order.arranged_at:
        collect = due.collect_due(order.arranged_at, **promise)
        if _ran_out(collect, order, order.collected_at, reason="not_collected", now=now):
            return Outcome(cancelled="not_collected", is_late=is_late)
    return Outcome(is_late=is_late, completed_at=_completed_at(order, promise["book"], now=now))


def _ran_out(limit: Due, order: PastOrder, acted_at: datetime | None, *, reason: str, now: datetime) -> bool:
    """Whether the clock reached zero before somebody acted, or the order ended otherwise."""
    ended = order.cancelled_at if order.cancelled_at and order.cancel_reason != reason else now
    return limit.due_at < (acted_at or ended)


def _completed_at(order: PastOrder, book: Any, *, now: datetime) -> datetime | None:
    if order.delivered_at is None:
        return None
    by_clock = _autocomplete(order, book)
    # Who confirmed before the order's own clock ran out did so of their own accord.
    was_buyer = order.completed_at is not None and order.completed_at < _autocomplete(order, book_of(order.policies))
    moment = min(order.completed_at, by_clock) if was_buyer and order.completed_at else by_clock
    return moment if moment <= now else None


def _autocomplete(order: PastOrder, book: Any) -> datetime:
    extension = timedelta(days=int(book.find("deliver.extension").value)) if order.extended_at else timedelta(0)
    assert order.delivered_at is not None  # noqa: S101 - asked before
    return due.autocomplete_due(order.delivered_at, book).due_at + extension


def per_shop(shops: Sequence[int]) -> int:
    """How many orders of each shop are looked at, so that all of them stay within the bound."""
    return max(1, ORDERS_MAX // max(1, len(shops)))
