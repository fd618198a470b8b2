"""An order's facts in the buyer's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.foundation.facts import RecordedFact
from etalase.foundation.i18n import N_, Translator

WORDS: dict[str, tuple[str, str]] = {
    "order.placed": (N_("Order placed"), "receipt-text"),
    "order.paid": (N_("Payment received"), "wallet"),
    "order.reinstated": (N_("Paid late; the order goes on"), "check"),
    "order.confirmed": (N_("The seller confirmed the order"), "check"),
    "parcel.arranged": (N_("Shipping arranged"), "package"),
    "parcel.collected": (N_("The carrier has the parcel"), "truck"),
    "parcel.delivery_failed": (N_("A delivery attempt failed"), "triangle-alert"),
    "parcel.delivered": (N_("Parcel delivered"), "house"),
    "parcel.returned": (N_("The parcel went back to the seller"), "triangle-alert"),
    "parcel.lost": (N_("The carrier reports the parcel lost"), "triangle-alert"),
    "parcel.delay_noted": (N_("The seller told about a delay"), "clock"),
    "parcel.number_corrected": (N_("The tracking number was corrected"), "package"),
    "order.delivered": (N_("Everything delivered"), "check"),
    "order.completed": (N_("Order completed"), "check"),
    "order.cancelled": (N_("Order cancelled"), "x"),
    "order.lines_cancelled": (N_("Part of the order was cancelled"), "x"),
    "cancellation.requested": (N_("Cancellation requested"), "clock"),
    "cancellation.rejected": (N_("The seller can't cancel any more"), "x"),
    "cancellation.withdrawn": (N_("The cancellation request ended"), "x"),
    "order.address_changed": (N_("Address changed"), "map-pin"),
    "order.seller_reminded": (N_("You reminded the seller"), "bell"),
    "order.receipt_extended": (N_("You took more time to check"), "clock"),
    "claim.opened": (N_("Claim opened"), "package-x"),
    "claim.escalated": (N_("Customer service took over"), "users"),
    "claim.in_review": (N_("Evidence is complete"), "clock"),
    "claim.decided": (N_("The claim was decided"), "check"),
    "claim.appealed": (N_("The decision was appealed"), "users"),
    "claim.closed": (N_("Claim closed"), "check"),
    "return.requested": (N_("Return requested"), "undo-2"),
    "return.given": (N_("The seller takes it back without being asked"), "undo-2"),
    "return.offered": (N_("The seller made an offer"), "wallet"),
    "return.offer_declined": (N_("The offer lapsed"), "x"),
    "return.rejected": (N_("Return rejected"), "x"),
    "return.contested": (N_("Rejection contested"), "undo-2"),
    "return.approved": (N_("Return approved"), "check"),
    "return.sent_back": (N_("Sent back"), "truck"),
    "return.came_back": (N_("Your return came back to you"), "undo-2"),
    "return.received": (N_("Your return has arrived"), "house"),
    "return.replacement_promised": (N_("A replacement is coming"), "package"),
    "return.replacement_sent": (N_("Replacement sent"), "truck"),
    "return.escalated": (N_("Etalase was asked to decide"), "users"),
    "return.decided": (N_("Etalase has decided"), "check"),
    "return.appealed": (N_("Appeal"), "users"),
    "return.ended": (N_("Return ended"), "check"),
    "refund.approved": (N_("Refund approved"), "wallet"),
    "refund.done": (N_("Refund sent"), "wallet"),
    "refund.failed": (N_("The refund could not be sent; we are on it"), "triangle-alert"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    at: datetime
    description: str
    icon: str
    place: str = ""
    zone: str = ""


def events_of(facts: Sequence[RecordedFact], translator: Translator) -> list[Event]:
    """The facts a buyer cares about, newest first; what is the shop's own business is left out."""
    return [
        Event(fact.at, translator.gettext(WORDS[fact.name][0]), WORDS[fact.name][1])
        for fact in facts
        if fact.name in WORDS
    ]
