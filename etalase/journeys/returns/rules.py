"""What a return is, where it may go, what happens when nobody acts, which reasons there are. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from etalase.commerce.evidence.rules import Proof
from etalase.commerce.orders.refunding import Worth, part_of_units, refund_of_units
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.foundation.i18n import N_
from etalase.foundation.policies.rules import book_of

Party = Literal["buyer", "seller", "operator", "carrier"]
OFFERS_MAX: Final = 3


class Kind(StrEnum):
    """What the buyer asks for."""

    REFUND_ONLY = "refund_only"
    RETURN_AND_REFUND = "return_and_refund"
    EXCHANGE = "exchange"
    RESHIP = "reship"

    @property
    def goes_back(self) -> bool:
        """Whether the goods are sent back."""
        return self in (Kind.RETURN_AND_REFUND, Kind.EXCHANGE)

    @property
    def is_replaced(self) -> bool:
        """Whether the shop sends something again instead of money."""
        return self in (Kind.EXCHANGE, Kind.RESHIP)


class ReturnState(StrEnum):
    """Where a return stands."""

    REQUESTED = "requested"
    OFFERED = "offered"
    REJECTED = "rejected"
    AWAITING_RETURN = "awaiting_return"
    RETURNING = "returning"
    RECEIVED = "received"
    REPLACING = "replacing"
    REPLACED = "replaced"
    ESCALATED = "escalated"
    DECIDED = "decided"
    APPEALED = "appealed"
    REFUNDED = "refunded"
    SETTLED = "settled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """The ways a return goes from state to state."""

    OFFER = "offer"
    DECLINE = "decline"
    REJECT = "reject"
    CONTEST = "contest"
    SEND_FOR = "send_for"
    SEND_BACK = "send_back"
    COME_BACK = "come_back"
    RECEIVE = "receive"
    PROMISE = "promise"
    REPLACE = "replace"
    SETTLE = "settle"
    ESCALATE = "escalate"
    DECIDE = "decide"
    APPEAL = "appeal"
    REFUND = "refund"
    CLOSE = "close"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a move leads where."""

    sources: tuple[ReturnState, ...]
    to: ReturnState


S = ReturnState
TRANSITIONS: Final[dict[Move, Transition]] = {
    Move.OFFER: Transition((S.REQUESTED,), S.OFFERED),
    Move.DECLINE: Transition((S.OFFERED,), S.REQUESTED),
    Move.REJECT: Transition((S.REQUESTED,), S.REJECTED),
    Move.CONTEST: Transition((S.REJECTED,), S.REQUESTED),
    Move.SEND_FOR: Transition((S.REQUESTED, S.ESCALATED, S.DECIDED, S.APPEALED), S.AWAITING_RETURN),
    Move.SEND_BACK: Transition((S.AWAITING_RETURN,), S.RETURNING),
    Move.COME_BACK: Transition((S.RETURNING,), S.AWAITING_RETURN),
    Move.RECEIVE: Transition((S.RETURNING,), S.RECEIVED),
    Move.PROMISE: Transition((S.REQUESTED, S.RECEIVED), S.REPLACING),
    Move.REPLACE: Transition((S.REPLACING,), S.REPLACED),
    Move.SETTLE: Transition((S.REPLACED,), S.SETTLED),
    Move.ESCALATE: Transition((S.REQUESTED, S.REJECTED, S.RECEIVED, S.REPLACED), S.ESCALATED),
    Move.DECIDE: Transition((S.ESCALATED,), S.DECIDED),
    Move.APPEAL: Transition((S.DECIDED,), S.APPEALED),
    Move.REFUND: Transition(
        (
            S.REQUESTED,
            S.OFFERED,
            S.RETURNING,
            S.RECEIVED,
            S.REPLACING,
            S.REPLACED,
            S.ESCALATED,
            S.DECIDED,
            S.APPEALED,
        ),
        S.REFUNDED,
    ),
    Move.CLOSE: Transition((S.REJECTED, S.AWAITING_RETURN, S.DECIDED, S.APPEALED), S.CLOSED),
    Move.WITHDRAW: Transition((S.REQUESTED, S.OFFERED, S.REJECTED, S.AWAITING_RETURN), S.WITHDRAWN),
}
ENDS: Final = (S.REFUNDED, S.SETTLED, S.CLOSED, S.WITHDRAWN)
WITH_OPERATOR: Final = (S.ESCALATED, S.APPEALED)
OPEN: Final = tuple(state for state in S if state not in ENDS)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who is waited for in a state, by which clock, and what the return does at zero (`at_zero`, for people)."""

    clock: str
    waits_for: Party
    at_zero: str


WAITING: Final[dict[ReturnState, Waiting]] = {
    S.REQUESTED: Waiting("return.seller_review", "seller", "approved as asked for"),
    S.OFFERED: Waiting("return.offer", "buyer", "the offer lapses; the seller answers again"),
    S.REJECTED: Waiting("return.resubmit", "buyer", "closed"),
    S.AWAITING_RETURN: Waiting("return.ship_back", "buyer", "closed"),
    S.RETURNING: Waiting("return.arrive", "carrier", "refunded"),
    S.RECEIVED: Waiting("return.inspect", "seller", "refunded, or to be replaced"),
    S.REPLACING: Waiting("return.replace", "seller", "refunded"),
    S.REPLACED: Waiting("return.replacement", "carrier", "refunded"),
    S.ESCALATED: Waiting("return.decision", "operator", "approved as asked for"),
    S.DECIDED: Waiting("return.appeal", "buyer", "the decision is carried out"),
    S.APPEALED: Waiting("return.decision", "operator", "the first decision is carried out"),
}
"""Every state that is not an end."""


def is_allowed(state: ReturnState, move: Move) -> bool:
    """Whether a return in `state` may make `move`."""
    return state in TRANSITIONS[move].sources


@dataclass(frozen=True, slots=True)
class Reason:
    """Why goods are returned; a fault of the shop's or the carrier's brings shipping back too, and the shop pays the way back."""

    label: str
    fault_of: Literal["shop", "buyer"]
    proof: Proof
    kinds: tuple[Kind, ...]

    @property
    def is_fault(self) -> bool:
        """Whether it lies with the shop or the carrier."""
        return self.fault_of == "shop"


_ANY: Final = (Kind.REFUND_ONLY, Kind.RETURN_AND_REFUND, Kind.EXCHANGE)
REASONS: Final[Mapping[str, Reason]] = {
    "missing": Reason(N_("Something is missing"), "shop", Proof.PHOTO, (Kind.REFUND_ONLY, Kind.RESHIP)),
    "damaged": Reason(N_("It arrived damaged"), "shop", Proof.PHOTO, (*_ANY, Kind.RESHIP)),
    "defective": Reason(N_("It does not work"), "shop", Proof.PHOTO_OR_VIDEO, _ANY),
    "wrong_product": Reason(N_("I got something else"), "shop", Proof.PHOTO, _ANY),
    "not_as_described": Reason(
        N_("It is not as described"), "shop", Proof.PHOTO, (Kind.REFUND_ONLY, Kind.RETURN_AND_REFUND)
    ),
    "expired": Reason(
        N_("It is expired or spoiled"), "shop", Proof.PHOTO, (Kind.REFUND_ONLY, Kind.RETURN_AND_REFUND, Kind.RESHIP)
    ),
    "counterfeit": Reason(
        N_("It looks counterfeit"), "shop", Proof.PHOTO, (Kind.REFUND_ONLY, Kind.RETURN_AND_REFUND)
    ),
    "does_not_fit": Reason(N_("It does not fit"), "buyer", Proof.NONE, (Kind.RETURN_AND_REFUND, Kind.EXCHANGE)),
    "changed_mind": Reason(N_("I don't need it any more"), "buyer", Proof.NONE, (Kind.RETURN_AND_REFUND,)),
}  # fmt: skip
REJECT_REASONS: Final[Mapping[str, str]] = {
    "not_shown": N_("The evidence does not show it"),
    "as_described": N_("It is as described"),
    "sent_complete": N_("Everything was sent"),
    "used": N_("It was used or damaged by the buyer"),
    "other": N_("Another reason"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "approved": N_("The seller approved."),
    "given": N_("The seller gave it back without being asked."),
    "silence": N_("The seller did not answer in time."),
    "offer": N_("The offer was accepted."),
    "not_arrived": N_("The parcel did not arrive in time."),
    "accepted": N_("The seller checked what came back."),
    "not_inspected": N_("The seller did not check in time."),
    "not_replaced": N_("The seller did not send a replacement in time."),
    "replaced": N_("The replacement has arrived."),
    "no_stock": N_("The shop could not send a replacement."),
    "replacement_late": N_("The replacement did not arrive in time."),
    "replacement_lost": N_("The replacement was lost on its way."),
    "replacement_returned": N_("The replacement could not be delivered and went back."),
    "lost_back": N_("The parcel was lost on its way back."),
    "undecided": N_("Etalase did not decide in time."),
    "decided": N_("Etalase decided."),
    "not_contested": N_("The rejection was not contested."),
    "not_sent_back": N_("It was not sent back in time."),
    "withdrawn": N_("The buyer took the request back."),
}
"""Why a return ended, by the code in its row."""


@dataclass(frozen=True, slots=True)
class Return:
    """A return as it stands in its row."""

    shop_id: int
    id: int
    order_id: int
    buyer_id: int
    kind: Kind
    state: ReturnState
    reason: str
    amount_minor: int
    offer_percent: int | None
    offers: int
    disputes: int
    answer: str
    carrier: str
    tracking_number: str
    sent_back_at: datetime | None
    received_at: datetime | None
    restock: bool | None
    new_carrier: str
    new_number: str
    escalated_by: str | None
    decision: str | None
    decision_percent: int | None
    decision_reason: str
    appealed_by: str | None
    outcome: str
    refund_minor: int
    requested_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
        object.__setattr__(self, "state", ReturnState(self.state))

    @property
    def is_open(self) -> bool:
        return self.state not in ENDS

    @property
    def is_fault(self) -> bool:
        """Whether the reason lies with the shop or the carrier."""
        return REASONS[self.reason].is_fault

    @property
    def is_back(self) -> bool:
        """Whether the shop has the goods again."""
        return self.received_at is not None

    @property
    def loser(self) -> Literal["buyer", "seller"] | None:
        """Who may appeal against the decision; nobody before there is one."""
        if self.decision is None:
            return None
        return "seller" if self.decision == "refund" else "buyer"


class NotReturnable(Exception):
    """Nothing of the order can be returned (now); `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


NOT_RETURNABLE: Final[Mapping[str, str]] = {
    "not_delivered": N_("The order has not arrived yet."),
    "excluded": N_("Products of this kind can't be returned."),
    "too_late": N_("The time to return is over."),
    "nothing_left": N_("All pieces are returned, cancelled or part of a request."),
    "too_often": N_("There have been too many requests for this product."),
}


def return_until(order: Order) -> datetime | None:
    """Until when a return can be asked for; none before delivery and for what can't be returned."""
    days = int(book_of(order.policies).find("return.window").value)
    return order.delivered_at + timedelta(days=days) if order.delivered_at and days else None


def why_not(order: Order, *, now: datetime) -> str | None:
    """Why nothing of the order can be returned at this moment (a key of NOT_RETURNABLE); none if it can.

    While the order has not completed (the buyer may have taken more time to check) the window stays open.
    """
    if order.state not in (State.DELIVERED, State.COMPLETED):
        return "not_delivered"
    until = return_until(order)
    if until is None:
        return "excluded"
    return "too_late" if order.state is State.COMPLETED and now > until else None


def returnable_units(lines: Sequence[OrderLine], held: Mapping[int, int]) -> dict[int, int]:
    """Line id -> units that can be returned: kept by the buyer and in no open request (`held`)."""
    left = {line.id: line.kept_quantity - held.get(line.id, 0) for line in lines}
    return {line_id: quantity for line_id, quantity in left.items() if quantity > 0}


def worth_of(
    order: Order, lines: Sequence[OrderLine], units: Mapping[int, int], *, reason: str, percent: int | None = None
) -> Worth:
    """What goes back for units of a return: all they are worth, or a part of it while the buyer keeps them."""
    if percent is not None:
        return part_of_units(order, lines, units, percent=percent)
    return refund_of_units(order, lines, units, with_shipping=REASONS[reason].is_fault)


ESCALATED_FROM: Final[Mapping[str, tuple[ReturnState, ...]]] = {
    "buyer": (S.REJECTED, S.REPLACED),
    "seller": (S.REQUESTED, S.RECEIVED),
}


def can_escalate(found: Return, party: Literal["buyer", "seller"]) -> bool:
    """Whether this side may ask the operator now: the buyer once the seller has refused, the seller who is to answer."""
    is_waiting_again = party == "buyer" and found.disputes > 0 and found.state is S.REQUESTED
    return found.state in ESCALATED_FROM[party] or is_waiting_again


def can_appeal(found: Return, party: str) -> bool:
    """Whether this side lost and may still appeal."""
    return found.state is S.DECIDED and found.loser == party
