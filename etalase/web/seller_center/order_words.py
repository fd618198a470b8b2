"""Orders in the seller's words: tabs, states, what to do next, and what happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etalase.commerce.orders.rules import SellerTab, State
from etalase.foundation.deadlines import kinds
from etalase.foundation.facts import RecordedFact
from etalase.foundation.i18n import N_, Translator, format_money
from etalase.journeys.cancellations.rules import REASONS
from etalase.web.parcel_view import known_carrier

TAB_LABELS: dict[SellerTab, str] = {
    SellerTab.ALL: N_("All"),
    SellerTab.ACTION: N_("Action needed"),
    SellerTab.UNPAID: N_("Unpaid"),
    SellerTab.NEW: N_("New"),
    SellerTab.READY: N_("Ready to Ship"),
    SellerTab.SHIPPING: N_("In Shipping"),
    SellerTab.COMPLETED: N_("Completed"),
    SellerTab.CANCELLED: N_("Cancelled"),
}
STATE_LABELS: dict[State, str] = {
    State.UNPAID: N_("Unpaid"),
    State.NEW: N_("New"),
    State.AWAITING_SHIPMENT: N_("Ready to Ship"),
    State.AWAITING_COLLECTION: N_("Waiting for collection"),
    State.IN_TRANSIT: N_("In Shipping"),
    State.DELIVERED: N_("Delivered"),
    State.COMPLETED: N_("Completed"),
    State.CANCELLED: N_("Cancelled"),
}
TONES: dict[State, str] = {
    State.UNPAID: "neutral",
    State.NEW: "brand",
    State.AWAITING_SHIPMENT: "soon",
    State.AWAITING_COLLECTION: "calm",
    State.IN_TRANSIT: "calm",
    State.DELIVERED: "good",
    State.COMPLETED: "good",
    State.CANCELLED: "neutral",
}
NEXT_STEPS: dict[State, str] = {
    State.UNPAID: N_("The buyer has not paid yet. Do not ship anything."),
    State.NEW: N_("Check stock availability and order details, then confirm the order."),
    State.AWAITING_SHIPMENT: N_("Pack the order and arrange shipping."),
    State.AWAITING_COLLECTION: N_("Hand the parcel to the carrier."),
    State.IN_TRANSIT: N_("Follow the parcel, and tell the buyer about changes or delays."),
    State.DELIVERED: N_("Delivered. The order completes when the buyer confirms receipt, or by itself."),
    State.COMPLETED: N_("Completed. There is nothing left to do."),
    State.CANCELLED: N_("Cancelled. There is nothing left to do."),
}
ANSWER_FIRST = N_("The buyer asks to cancel. Approve or reject the request.")
REST_TO_SHIP = N_("Part of the order is packed. Arrange shipping for the rest.")

WORDS: dict[str, tuple[str, str]] = {
    "order.placed": (N_("Order placed"), "receipt-text"),
    "order.paid": (N_("Payment received"), "wallet"),
    "order.reinstated": (N_("Paid late; the order goes on"), "check"),
    "order.confirmed": (N_("Order confirmed"), "check"),
    "order.arranged": (N_("Everything is packed"), "package"),
    "order.in_transit": (N_("Everything is on its way"), "truck"),
    "order.delivered": (N_("Everything delivered"), "house"),
    "order.completed": (N_("Order completed"), "circle-check"),
    "order.cancelled": (N_("Order cancelled"), "circle-x"),
    "order.lines_cancelled": (N_("Part of the order was cancelled"), "circle-x"),
    "order.address_changed": (N_("Address changed"), "map-pin"),
    "order.seller_reminded": (N_("The buyer asks you to ship soon"), "bell"),
    "order.split": (N_("Split over several parcels"), "package"),
    "order.split_undone": (N_("To be sent in one parcel again"), "undo-2"),
    "order.combined": (N_("Combined with other orders of the buyer"), "package"),
    "order.uncombined": (N_("To be sent by itself again"), "undo-2"),
    "order.receipt_extended": (N_("The buyer took more time to check"), "clock"),
    "order.seller_note_changed": (N_("Own note changed"), "pencil"),
    "order.referenced": (N_("Another program noted its own number"), "barcode"),
    "order.settled": (N_("Your share of the money became available"), "banknote"),
    "order.hidden": (N_("The buyer took the order off the list"), "archive"),
    "cancellation.requested": (N_("The buyer asks to cancel"), "circle-alert"),
    "cancellation.rejected": (N_("Cancellation request rejected"), "circle-x"),
    "cancellation.withdrawn": (N_("The cancellation request ended"), "undo-2"),
    "parcel.arranged": (N_("Shipping arranged"), "package"),
    "parcel.printed": (N_("Label or packing slip printed"), "printer"),
    "parcel.booked": (N_("The carrier took the booking"), "package-check"),
    "parcel.booking_refused": (N_("Refused by the carrier"), "package-x"),
    "parcel.number_corrected": (N_("The tracking number was corrected"), "barcode"),
    "parcel.delay_noted": (N_("The buyer was told about a delay"), "clock"),
    "parcel.collected": (N_("The carrier has the parcel"), "truck"),
    "parcel.delivered": (N_("Parcel delivered"), "house"),
    "parcel.delivery_failed": (N_("A delivery attempt failed"), "triangle-alert"),
    "parcel.returned": (N_("The parcel came back to you"), "undo-2"),
    "parcel.lost": (N_("The carrier reports the parcel lost"), "package-x"),
    "parcel.cancelled": (N_("Parcel undone"), "undo-2"),
    "claim.opened": (N_("Claim opened"), "package-x"),
    "claim.escalated": (N_("Customer service took over"), "users"),
    "claim.in_review": (N_("Evidence is complete"), "clock"),
    "claim.decided": (N_("The claim was decided"), "check"),
    "claim.appealed": (N_("The decision was appealed"), "users"),
    "claim.closed": (N_("Claim closed"), "check"),
    "return_parcel.arranged": (N_("A parcel of the return is arranged"), "package"),
    "return_parcel.booked": (N_("The carrier took the booking"), "package-check"),
    "return_parcel.refused": (N_("Refused by the carrier"), "package-x"),
    "return_parcel.moved": (N_("The carrier reports about a parcel of the return"), "truck"),
    "return_parcel.cancelled": (N_("Parcel undone"), "undo-2"),
    "return.came_back": (N_("The way back failed; the buyer sends it once more"), "undo-2"),
    "return.requested": (N_("Return requested"), "undo-2"),
    "return.given": (N_("You take it back without being asked"), "undo-2"),
    "return.offered": (N_("You made an offer"), "banknote"),
    "return.offer_declined": (N_("The offer lapsed"), "circle-x"),
    "return.rejected": (N_("Return rejected"), "circle-x"),
    "return.contested": (N_("Rejection contested"), "undo-2"),
    "return.approved": (N_("Return approved"), "check"),
    "return.sent_back": (N_("Sent back by the buyer"), "truck"),
    "return.received": (N_("The return has arrived"), "house"),
    "return.replacement_promised": (N_("A replacement is to be sent"), "package"),
    "return.replacement_sent": (N_("Replacement sent"), "truck"),
    "return.escalated": (N_("Etalase was asked to decide"), "users"),
    "return.decided": (N_("Etalase has decided"), "check"),
    "return.appealed": (N_("Appeal"), "users"),
    "return.ended": (N_("Return ended"), "check"),
    "case.message_added": (N_("Message about a request"), "mail"),
    "refund.approved": (N_("Refund approved"), "banknote"),
    "refund.done": (N_("Refund sent"), "banknote"),
    "refund.failed": (N_("The refund could not be sent; we are on it"), "triangle-alert"),
    "refund.tried_again": (N_("The provider is asked once more for the refund"), "refresh-cw"),
    "refund.account_given": (N_("The buyer named a bank account for the refund"), "banknote"),
    "refund.paid_by_hand": (N_("The refund was transferred by hand"), "banknote"),
    "deadline.near": (N_("A deadline is near"), "timer"),
    "deadline.fired": (N_("A deadline has passed"), "hourglass"),
}
"""Every fact that can carry an order's number: its words and its icon."""

ACTORS = {
    "seller": N_("a colleague"),
    "buyer": N_("the buyer"),
    "operator": N_("Etalase"),
    "system": N_("automatically"),
    "carrier": N_("the carrier"),
    "provider": N_("the payment service"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    at: datetime
    description: str
    icon: str
    place: str = ""
    zone: str = ""


def events_of(facts: Sequence[RecordedFact], *, reader_id: int, zone: str, translator: Translator) -> list[Event]:
    """What happened, newest first, in the shop's local time and with who did it."""
    return [_event(fact, reader_id=reader_id, zone=zone, translator=translator) for fact in facts if fact.name in WORDS]


def _event(fact: RecordedFact, *, reader_id: int, zone: str, translator: Translator) -> Event:
    _ = translator.gettext
    words, icon = WORDS[fact.name]
    is_reader = fact.actor_kind == "seller" and fact.actor_id == reader_id
    who = _("you") if is_reader else _(ACTORS[fact.actor_kind])
    detail = DETAILS[fact.name](fact.data, translator) if fact.name in DETAILS else ""
    what = f"{_(words)}: {detail}" if detail else _(words)
    return Event(fact.at, f"{what} · {who}", icon, zone=zone)


def _reason(data: Mapping[str, Any], translator: Translator) -> str:
    reason = str(data.get("reason", ""))
    return translator.gettext(REASONS.get(reason, reason)) if reason else ""


def _units(data: Mapping[str, Any], translator: Translator) -> str:
    pieces = translator.ngettext("%(n)s piece", "%(n)s pieces", int(data.get("units", 0)))
    return ", ".join(filter(None, (pieces, _reason(data, translator))))


def _amount(data: Mapping[str, Any], translator: Translator) -> str:
    return format_money(int(data["amount_minor"]), str(data["currency"]), locale=translator.locale)


def _parcel(data: Mapping[str, Any], translator: Translator) -> str:
    carrier = translator.gettext(known_carrier(str(data.get("carrier", ""))).name)
    return " ".join(filter(None, (carrier, str(data.get("tracking_number") or ""))))


def _clock(data: Mapping[str, Any], translator: Translator) -> str:
    kind = str(data.get("kind", ""))
    return translator.gettext(kinds.label(kind)) if kind in kinds.KINDS else ""


def _outcome(data: Mapping[str, Any], translator: Translator) -> str:
    kind = str(data.get("kind", ""))
    return translator.gettext(kinds.outcome(kind)) if kind in kinds.KINDS else ""


def _said(field: str) -> Callable[[Mapping[str, Any], Translator], str]:
    return lambda data, _translator: str(data.get(field, ""))


DETAILS: dict[str, Callable[[Mapping[str, Any], Translator], str]] = {
    "order.paid": _amount,
    "order.cancelled": _reason,
    "order.lines_cancelled": _units,
    "cancellation.requested": _reason,
    "cancellation.rejected": _said("answer"),
    "parcel.arranged": _parcel,
    "parcel.booked": _parcel,
    "parcel.number_corrected": _said("new_number"),
    "parcel.delay_noted": _said("note"),
    "parcel.delivered": _said("received_by"),
    "refund.approved": _amount,
    "refund.done": _amount,
    "deadline.near": _clock,
    "deadline.fired": _outcome,
}
