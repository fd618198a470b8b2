"""Which rule applies now, which reasons there are, and what goes back. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from etalase.commerce.orders.refunding import refund_of_units
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.foundation.i18n import N_


class Rule(StrEnum):
    """What the buyer's cancel button does at this moment (R67)."""

    AT_ONCE = "at_once"
    ASKS_SELLER = "asks_seller"
    ANSWER_PENDING = "answer_pending"
    TOO_LATE = "too_late"
    FINISHED = "finished"


FREE_STATES: Mapping[str, tuple[State, ...]] = {
    "paid": (State.UNPAID,),
    "confirmed": (State.UNPAID, State.NEW),
    "arranged": (State.UNPAID, State.NEW, State.AWAITING_SHIPMENT),
    "collected": (State.UNPAID, State.NEW, State.AWAITING_SHIPMENT, State.AWAITING_COLLECTION),
}
ASKABLE = (State.NEW, State.AWAITING_SHIPMENT, State.AWAITING_COLLECTION)


def rule_for_buyer(
    order: Order, *, free_until: str, has_open_request: bool, has_collected_parcel: bool = False
) -> Rule:
    """The rule that applies now: free until the policy's step, then the seller is asked, and no longer after collection."""
    if order.is_finished:
        return Rule.FINISHED
    if has_open_request:
        return Rule.ANSWER_PENDING
    if has_collected_parcel or order.state not in (State.UNPAID, *ASKABLE):
        return Rule.TOO_LATE
    return Rule.AT_ONCE if order.state in FREE_STATES[free_until] else Rule.ASKS_SELLER


BUYER_REASONS: dict[str, str] = {
    "changed_mind": N_("I changed my mind"),
    "wrong_address": N_("The address is wrong"),
    "wrong_variant": N_("I chose the wrong variant or quantity"),
    "cheaper_elsewhere": N_("I found it cheaper elsewhere"),
    "payment_trouble": N_("I have trouble paying"),
    "too_slow": N_("Shipping takes too long"),
}
SELLER_REASONS: dict[str, str] = {
    "no_stock": N_("Out of stock"),
    "price_error": N_("The price was wrong"),
    "cannot_ship": N_("Can't be shipped to this address"),
    "damaged": N_("Damaged before shipping"),
    "buyer_asked": N_("The buyer asked for it"),
}
SYSTEM_REASONS: dict[str, str] = {
    "unpaid": N_("Not paid in time"),
    "not_confirmed": N_("The seller did not confirm in time"),
    "not_arranged": N_("The seller did not ship in time"),
    "not_collected": N_("The parcel was not handed over in time"),
    "not_delivered": N_("The parcel was not delivered in time"),
    "returned": N_("The parcel came back to the seller"),
    "lost": N_("The carrier lost the parcel"),
}
REASONS: dict[str, str] = {**BUYER_REASONS, **SELLER_REASONS, **SYSTEM_REASONS}

RESTOCKED: Mapping[str, bool] = {"no_stock": False, "damaged": False, "lost": False}
"""Whether cancelled units can be sold again, where the reason itself says no."""


def can_restock(reason: str) -> bool:
    """Whether units cancelled for this reason go back on sale unless the seller says otherwise."""
    return RESTOCKED.get(reason, True)


class TooManyUnits(ValueError):
    """More units than the order still has, or none at all."""


def chosen_units(
    lines: Sequence[OrderLine], wanted: Mapping[int, int] | None, *, free: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Line id -> units to cancel: all open ones, or those wanted; raises TooManyUnits.

    `free` narrows what can be chosen to units that lie in no parcel yet.
    """
    open_units = {line.id: line.open_quantity for line in lines if line.open_quantity > 0}
    if wanted is None:
        return open_units
    allowed = open_units if free is None else {line_id: free.get(line_id, 0) for line_id in open_units}
    chosen = {line_id: quantity for line_id, quantity in wanted.items() if quantity != 0}
    if not chosen or any(quantity < 0 or quantity > allowed.get(line_id, 0) for line_id, quantity in chosen.items()):
        raise TooManyUnits
    return chosen


def is_all_of(lines: Sequence[OrderLine], units: Mapping[int, int]) -> bool:
    """Whether nothing of the order is left without these units."""
    return all(line.open_quantity == units.get(line.id, 0) for line in lines)


def lie_free(units: Mapping[int, int], free: Mapping[int, int]) -> bool:
    """Whether none of the units has to be taken out of a parcel."""
    return all(quantity <= free.get(line_id, 0) for line_id, quantity in units.items())


def refund_of(order: Order, lines: Sequence[OrderLine], units: Mapping[int, int]) -> int:
    """What goes back for cancelled units, by the rule of `orders.refunding`; shipping comes with the last of them."""
    return refund_of_units(order, lines, units, with_shipping=True).total_minor
