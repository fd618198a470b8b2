"""What an order is and where it may go: states, moves, tabs. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where an order stands; payment, parcels, refunds and cancellations each have an axis of their own."""

    UNPAID = "unpaid"
    NEW = "new"
    AWAITING_SHIPMENT = "awaiting_shipment"
    AWAITING_COLLECTION = "awaiting_collection"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """The ways an order goes from state to state."""

    PAY = "pay"
    CONFIRM = "confirm"
    ARRANGE = "arrange"
    UNARRANGE = "unarrange"
    COLLECT = "collect"
    DELIVER = "deliver"
    COMPLETE = "complete"
    CANCEL = "cancel"
    LOSE = "lose"
    REINSTATE = "reinstate"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a move leads where; `stamp` is the column that keeps the moment."""

    sources: tuple[State, ...]
    to: State
    stamp: str


S = State
TRANSITIONS: dict[Move, Transition] = {
    Move.PAY: Transition((S.UNPAID,), S.NEW, "paid_at"),
    Move.CONFIRM: Transition((S.NEW,), S.AWAITING_SHIPMENT, "confirmed_at"),
    Move.ARRANGE: Transition((S.AWAITING_SHIPMENT,), S.AWAITING_COLLECTION, "arranged_at"),
    Move.UNARRANGE: Transition((S.AWAITING_COLLECTION,), S.AWAITING_SHIPMENT, "updated_at"),
    Move.COLLECT: Transition((S.AWAITING_COLLECTION,), S.IN_TRANSIT, "collected_at"),
    Move.DELIVER: Transition((S.IN_TRANSIT,), S.DELIVERED, "delivered_at"),
    Move.COMPLETE: Transition((S.DELIVERED,), S.COMPLETED, "completed_at"),
    Move.CANCEL: Transition((S.UNPAID, S.NEW, S.AWAITING_SHIPMENT, S.AWAITING_COLLECTION), S.CANCELLED, "cancelled_at"),
    Move.LOSE: Transition((S.IN_TRANSIT,), S.CANCELLED, "cancelled_at"),
    Move.REINSTATE: Transition((S.CANCELLED,), S.NEW, "paid_at"),
}
STAMPS = ("paid_at", "confirmed_at", "arranged_at", "collected_at", "delivered_at", "completed_at", "cancelled_at")


def is_allowed(state: State, move: Move) -> bool:
    """Whether an order in `state` may make `move`."""
    return state in TRANSITIONS[move].sources


class Tab(StrEnum):
    """The tabs of the buyer's Order Center."""

    ALL = "all"
    UNPAID = "unpaid"
    WAITING = "waiting"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    CANCELLED = "cancelled"
    RETURNS = "returns"


BUYER_TABS: dict[Tab, tuple[State, ...]] = {
    Tab.ALL: tuple(State),
    Tab.UNPAID: (S.UNPAID,),
    Tab.WAITING: (S.NEW, S.AWAITING_SHIPMENT, S.AWAITING_COLLECTION),
    Tab.IN_TRANSIT: (S.IN_TRANSIT,),
    Tab.RECEIVED: (S.DELIVERED, S.COMPLETED),
    Tab.CANCELLED: (S.CANCELLED,),
    Tab.RETURNS: tuple(State),  # of any state, with money going back or a case
}


class SellerTab(StrEnum):
    """The tabs of the Seller Center's Orders."""

    ALL = "all"
    ACTION = "action"
    UNPAID = "unpaid"
    NEW = "new"
    READY = "ready"
    SHIPPING = "shipping"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


SELLER_TABS: dict[SellerTab, tuple[State, ...]] = {
    SellerTab.ALL: tuple(State),
    SellerTab.ACTION: tuple(State),  # of any state, with a clock that waits for the seller
    SellerTab.UNPAID: (S.UNPAID,),
    SellerTab.NEW: (S.NEW,),
    SellerTab.READY: (S.AWAITING_SHIPMENT,),
    SellerTab.SHIPPING: (S.AWAITING_COLLECTION, S.IN_TRANSIT, S.DELIVERED),
    SellerTab.COMPLETED: (S.COMPLETED,),
    SellerTab.CANCELLED: (S.CANCELLED,),
}

SELLER_CLOCKS = (
    "confirm.deadline", "ship.autocancel", "cancel.seller_response", "return.seller_review", "return.inspect", "return.replace",
    "claim.seller_response",
)  # fmt: skip
"""Clocks that wait for the seller to act; they make the list "Action needed"."""


class NotRead(Mapping[str, Any]):
    """In place of an order's policies where a list left them out: to ask for one is a mistake, never the default."""

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError(f"this order was read without its policies: {key}")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("this order was read without its policies")

    def __len__(self) -> int:
        raise RuntimeError("this order was read without its policies")


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands in its row."""

    shop_id: int
    id: int
    buyer_id: int
    purchase_id: int
    state: State
    payment_method: str
    is_cod: bool
    currency: str
    items_minor: int
    shipping_minor: int
    discount_minor: int
    insurance_minor: int
    total_minor: int
    refunded_minor: int
    units: int
    shop_name: str
    buyer_name: str
    address: dict[str, str]
    delivery: dict[str, Any]
    policies: Mapping[str, Any]
    buyer_note: str
    seller_note: str
    placed_at: datetime
    paid_at: datetime | None
    confirmed_at: datetime | None
    arranged_at: datetime | None
    collected_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str | None
    cancel_reason: str | None
    address_changed_at: datetime | None
    extended_at: datetime | None
    reminded_at: datetime | None
    hidden_at: datetime | None
    updated_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))
        if self.policies is None:
            object.__setattr__(self, "policies", NotRead())

    @property
    def is_paid(self) -> bool:
        """Whether the buyer's money is here (cash on delivery is not, until delivered)."""
        return self.paid_at is not None

    @property
    def is_insured(self) -> bool:
        """Whether the buyer bought insurance for the shipment."""
        return self.insurance_minor > 0

    @property
    def is_finished(self) -> bool:
        return self.state in (State.COMPLETED, State.CANCELLED)

    @property
    def kept_minor(self) -> int:
        """What the buyer pays in the end: the total less what went back."""
        return self.total_minor - self.refunded_minor


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line as it was called and priced when the order was placed."""

    shop_id: int
    id: int
    order_id: int
    product_id: int
    variant_id: int
    title: str
    variant_name: str
    seller_sku: str
    image_key: str | None
    unit_price_minor: int
    quantity: int
    cancelled_quantity: int
    weight_grams: int
    returned_quantity: int = 0
    part_refunded_minor: int = 0

    @property
    def open_quantity(self) -> int:
        """Units that are not cancelled."""
        return self.quantity - self.cancelled_quantity

    @property
    def gone_quantity(self) -> int:
        """Units that were cancelled, or given up after delivery."""
        return self.cancelled_quantity + self.returned_quantity

    @property
    def kept_quantity(self) -> int:
        """Units whose money has not gone back."""
        return self.quantity - self.gone_quantity

    @property
    def total_minor(self) -> int:
        return self.unit_price_minor * self.quantity


def can_change_address(order: Order) -> bool:
    """Once, before shipping is arranged, and never while the order ships nothing any more (R16.c)."""
    return order.address_changed_at is None and order.state in (State.UNPAID, State.NEW, State.AWAITING_SHIPMENT)


def can_remind(order: Order, *, now: datetime, interval_hours: int) -> bool:
    """A buyer may remind the seller of an order to be shipped, at most once an interval (R16.e)."""
    if order.state not in (State.NEW, State.AWAITING_SHIPMENT):
        return False
    return order.reminded_at is None or (now - order.reminded_at).total_seconds() >= interval_hours * 3600


def can_extend(order: Order) -> bool:
    """The buyer may put off automatic completion once (R18.d)."""
    return order.state is State.DELIVERED and order.extended_at is None


def counts_by_tab(by_state: dict[State, int], tabs: dict[Any, tuple[State, ...]]) -> dict[Any, int]:
    """Counters of tabs from counters of states."""
    return {tab: sum(by_state.get(state, 0) for state in states) for tab, states in tabs.items()}


def search_words(text: str, *, words_max: int = 8) -> str:
    """A safe tsquery from whatever was typed: every word must begin some word of the order; '' finds nothing to search."""
    words = "".join(c if c.isalnum() else " " for c in text[:200]).split()[:words_max]
    return " & ".join(f"{word}:*" for word in words)


NO_WORD = re.compile(r"[\W_]+")


def search_text(parts: Sequence[str]) -> str:
    """The text an order is found by: words only, so that numbers with dashes are found whole and in parts."""
    return " ".join(NO_WORD.sub(" ", part).strip() for part in parts)
