"""Which notice follows from which fact, for whom, and how it reads. Texts are made when read, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from etalase.foundation.deadlines.kinds import KINDS as CLOCKS
from etalase.foundation.deadlines.kinds import consequence
from etalase.foundation.facts import RecordedFact
from etalase.foundation.i18n import N_, Translator, format_date, format_datetime, format_money
from etalase.reactions.notifications import claims, money, wallets
from etalase.reactions.notifications.kinds import Audience, Category, Chosen, Kind


@dataclass(frozen=True, slots=True)
class Text:
    """A notice as it is read."""

    title: str
    body: str


REFUND: Final = ("refund_minor", N_("%(refund)s goes back to you."))
BUYER_REFUND: Final = ("refund_minor", N_("%(refund)s goes back to the buyer."))
NUMBER: Final = ("tracking_number", N_("Tracking number: %(tracking_number)s."))

KINDS: Final[Mapping[str, Kind]] = {
    "order.created": Kind(
        "buyer", N_("Store Update: Order Created"), N_("Your order at %(shop)s has been created: %(title)s.")
    ),
    "order.paid": Kind("buyer", N_("Payment received"), N_("%(shop)s has been told that your order is paid.")),
    "order.confirmed": Kind("buyer", N_("Order confirmed"), N_("%(shop)s has confirmed your order and is packing it.")),
    "order.shipped": Kind(
        "buyer", N_("Shipping arranged"), N_("%(shop)s hands your order to %(carrier)s."), more=(NUMBER,)
    ),
    "order.in_transit": Kind("buyer", N_("Your order is on its way"), N_("The carrier has collected your order.")),
    "order.delivered": Kind(
        "buyer", N_("Your order has arrived"), N_("Check what you received, then confirm receipt."),
    ),
    "order.completed": Kind("buyer", N_("Order completed"), N_("Thank you for shopping at %(shop)s.")),
    "order.reinstated": Kind(
        "buyer", N_("Order back on"), N_("Your payment came late, but there was still stock: the order goes on.")
    ),
    "order.cancelled_by_buyer": Kind("buyer", N_("Order cancelled"), N_("You cancelled this order."), more=(REFUND,)),
    "order.cancelled_by_seller": Kind(
        "buyer", N_("Order cancelled"), N_("%(shop)s cancelled this order."), more=(REFUND,)
    ),
    "order.cancelled_by_clock": Kind(
        "buyer", N_("Order cancelled"), N_("A deadline passed, so the order was cancelled."), more=(REFUND,)
    ),
    "order.cancelled_by_operator": Kind(
        "buyer", N_("Order cancelled"), N_("Etalase cancelled this order."), more=(REFUND,)
    ),
    "order.lines_cancelled": Kind(
        "buyer", N_("Part of your order cancelled"), N_("Pieces cancelled: %(units)s. The rest goes on."), more=(REFUND,)
    ),
    "cancellation.requested": Kind(
        "buyer", N_("Cancellation requested"), N_("%(shop)s has been asked to cancel your order.")
    ),
    "cancellation.rejected": Kind(
        "buyer", N_("Cancellation rejected"), N_("%(shop)s goes on with your order."),
        more=(("answer", N_("Their answer: %(answer)s")),),
    ),
    "refund.approved": Kind(
        "buyer", N_("Refund approved"), N_("%(amount)s is on its way back to you."),
        more=(("expected_until", N_("Expected by %(expected_until)s.")),),
    ),
    "refund.account_wanted": Kind(
        "buyer", N_("Which bank account?"),
        N_("%(amount)s goes back to you by bank transfer. Open the order and tell us your account."),
        more=(("expected_until", N_("Expected by %(expected_until)s.")),),
    ),
    "refund.done": Kind("buyer", N_("Refund sent"), N_("%(amount)s has been sent back to you.")),
    "refund.failed": Kind(
        "buyer", N_("Refund delayed"), N_("The payment method could not take it back. Open the order and tell us a bank account.")
    ),
    "transfer.rejected": Kind(
        "buyer", N_("Transfer not found yet"), N_("We could not find your transfer. The order still waits for it."),
        more=(("answer", N_("Our answer: %(answer)s")),),
    ),
    "parcel.delayed": Kind("buyer", N_("Your parcel is delayed"), N_("%(shop)s writes: %(note)s")),
    "parcel.renumbered": Kind(
        "buyer", N_("Tracking number corrected"), N_("The new tracking number is %(new_number)s (%(carrier)s).")
    ),
    "parcel.not_delivered": Kind(
        "buyer", N_("Delivery attempt failed"), N_("The carrier tries again."), more=(("reason", N_("Reason: %(reason)s.")),)
    ),
    "payment.reminder": Kind(
        "buyer", N_("Payment reminder"), N_("Pay for %(title)s by %(due_at)s, or the order is cancelled."), "system"
    ),
    "deadline.near": Kind(
        "buyer", N_("Deadline near"), N_("%(title)s: until %(due_at)s."), "system", (("consequence", "%(consequence)s"),)
    ),
    "return.requested": Kind(
        "buyer", N_("Return requested"), N_("%(shop)s has been asked. The clock on your request says when you will know.")
    ),
    "return.offered": Kind(
        "buyer", N_("You have an offer"), N_("%(shop)s offers %(amount)s (%(percent)s%%) if you keep the product.")
    ),
    "return.rejected": Kind(
        "buyer", N_("Return rejected"), N_("You can contest it before the clock runs out."),
        more=(("answer", N_("Their answer: %(answer)s")),),
    ),
    "return.approved": Kind(
        "buyer", N_("Return approved"), N_("Send the product back: get a label, or enter your own tracking number.")
    ),
    "return.label": Kind(
        "buyer", N_("Your return label is ready"), N_("Print it, or show the number at the counter of %(carrier)s."),
        more=(NUMBER,),
    ),
    "return.label_refused": Kind(
        "buyer", N_("No label this way"), N_("%(carrier)s can't take your return. Choose another way to send it back.")
    ),
    "return.came_back": Kind(
        "buyer", N_("Your return came back to you"), N_("The carrier could not deliver it to %(shop)s. Send it once more.")
    ),
    "return.received": Kind("buyer", N_("Your return has arrived"), N_("%(shop)s is checking what came back.")),
    "return.replacement_promised": Kind(
        "buyer", N_("A replacement is coming"), N_("%(shop)s sends you the product again.")
    ),
    "return.replacement_sent": Kind(
        "buyer", N_("Replacement sent"), N_("%(shop)s hands it to %(carrier)s."), more=(NUMBER,)
    ),
    "return.escalated": Kind("buyer", N_("Etalase decides"), N_("Etalase looks at what both sides say and show.")),
    "return.decided": Kind(
        "buyer", N_("Etalase has decided"), N_("The reason: %(words)s. Whoever lost may appeal once.")
    ),
    "return.appealed": Kind("buyer", N_("Appeal"), N_("Etalase looks at your return once more.")),
    "return.refunded": Kind("buyer", N_("Return settled"), N_("%(refund)s goes back to you.")),
    "return.settled": Kind("buyer", N_("Return settled"), N_("The replacement counts as received.")),
    "return.closed": Kind("buyer", N_("Return closed"), N_("Your request ended without a refund.")),
    "seller.return_requested": Kind(
        "seller", N_("A buyer wants to return"), N_("%(buyer)s: %(title)s. Please answer before the clock runs out.")
    ),
    "seller.return_offer_declined": Kind(
        "seller", N_("Offer not taken"), N_("%(buyer)s did not take your offer. Please answer the return again.")
    ),
    "seller.return_contested": Kind(
        "seller", N_("Rejection contested"), N_("%(buyer)s does not accept it. Please answer the return again.")
    ),
    "seller.return_sent_back": Kind(
        "seller", N_("A return is on its way"), N_("%(buyer)s has sent %(title)s back."), more=(NUMBER,)
    ),
    "seller.return_escalated": Kind("seller", N_("Etalase decides"), N_("Etalase looks at what both sides say and show.")),
    "seller.return_decided": Kind(
        "seller", N_("Etalase has decided"), N_("The reason: %(words)s. Whoever lost may appeal once.")
    ),
    "seller.return_appealed": Kind("seller", N_("Appeal"), N_("Etalase looks at the return of %(buyer)s once more.")),
    "seller.return_refunded": Kind("seller", N_("Return settled"), N_("%(refund)s goes back to the buyer.")),
    "seller.return_settled": Kind("seller", N_("Return settled"), N_("The replacement counts as received.")),
    "seller.return_closed": Kind("seller", N_("Return closed"), N_("The return of %(buyer)s ended without a refund.")),
    "case.message": Kind("buyer", N_("New message about your request"), N_("About %(title)s from %(shop)s.")),
    "seller.case_message": Kind("seller", N_("New message about a request"), N_("About %(title)s for %(buyer)s.")),
    "app.address_paused": Kind(
        "buyer", N_("An app's address is paused"),
        N_("%(app)s: %(address)s has failed for a day (%(error)s). Messages wait there until you resume it."), "system",
    ),
    "seller.order_new": Kind("seller", N_("New order"), N_("%(buyer)s ordered %(title)s. The payment is awaited.")),
    "seller.order_new_cod": Kind("seller", N_("New order"), N_("%(buyer)s ordered %(title)s, cash on delivery.")),
    "seller.order_paid": Kind("seller", N_("Order paid"), N_("%(buyer)s has paid for %(title)s.")),
    "seller.to_ship": Kind("seller", N_("Order ready to ship"), N_("Arrange shipping for %(title)s.")),
    "seller.order_reinstated": Kind(
        "seller", N_("Order back on"), N_("%(buyer)s paid late and there was still stock: please go on with the order.")
    ),
    "seller.delivered": Kind("seller", N_("Order delivered"), N_("%(buyer)s has received %(title)s.")),
    "seller.completed": Kind(
        "seller", N_("Order completed"), N_("The order of %(buyer)s is complete."),
        more=(("released_minor", N_("%(released)s is released to you.")),),
    ),
    "seller.cancelled_by_buyer": Kind(
        "seller", N_("Order cancelled by the buyer"), N_("%(buyer)s cancelled: %(title)s."), more=(BUYER_REFUND,)
    ),
    "seller.cancelled_by_clock": Kind(
        "seller", N_("Order cancelled"), N_("A deadline passed, so the order of %(buyer)s was cancelled."),
        more=(BUYER_REFUND,),
    ),
    "seller.lines_cancelled": Kind(
        "seller", N_("Part of an order cancelled"), N_("%(buyer)s cancelled some pieces: %(units)s."), more=(BUYER_REFUND,)
    ),
    "seller.cancellation_requested": Kind(
        "seller", N_("Cancellation requested by the buyer"), N_("%(buyer)s asks to cancel %(title)s. Please answer.")
    ),
    "seller.address_changed": Kind(
        "seller", N_("Address changed"), N_("%(buyer)s changed where the order goes. Check it before shipping.")
    ),
    "seller.reminded": Kind("seller", N_("The buyer is waiting"), N_("%(buyer)s asks you to ship %(title)s.")),
    "seller.not_delivered": Kind(
        "seller", N_("Delivery attempt failed"), N_("The carrier did not reach %(buyer)s."),
        more=(("reason", N_("Reason: %(reason)s.")),),
    ),
    "seller.booking_refused": Kind(
        "seller", N_("Carrier refused the booking"), N_("%(carrier)s does not take the parcel. Choose another way."),
        "system",
    ),
    "seller.deadline_near": Kind(
        "seller", N_("Deadline near"), N_("%(title)s: until %(due_at)s."), "system", (("consequence", "%(consequence)s"),)
    ),
    "seller.deadline_late": Kind(
        "seller", N_("Order is late"), N_("The time to ship %(title)s has passed. Ship it as soon as you can."), "system"
    ),
    **claims.KINDS,
    **money.KINDS,
    **wallets.KINDS,
}  # fmt: skip

CATEGORIES: Final[Mapping[Category, str]] = {"orders": N_("Orders"), "system": N_("System")}

ALWAYS: Final[Mapping[str, Chosen]] = {
    "order.paid": ("order.paid", "seller.order_paid"),
    "order.reinstated": ("order.reinstated", "seller.order_reinstated"),
    "order.in_transit": ("order.in_transit",),
    "order.delivered": ("order.delivered", "seller.delivered"),
    "order.completed": ("order.completed", "seller.completed"),
    "order.address_changed": ("seller.address_changed",),
    "order.seller_reminded": ("seller.reminded",),
    "cancellation.requested": ("cancellation.requested", "seller.cancellation_requested"),
    "cancellation.rejected": ("cancellation.rejected",),
    "parcel.booked": ("order.shipped",),
    "parcel.booking_refused": ("seller.booking_refused",),
    "parcel.number_corrected": ("parcel.renumbered",),
    "parcel.delay_noted": ("parcel.delayed",),
    "parcel.delivery_failed": ("parcel.not_delivered", "seller.not_delivered"),
    "app.address_paused": ("app.address_paused",),
    "return.requested": ("return.requested", "seller.return_requested"),
    "return.offered": ("return.offered",),
    "return.offer_declined": ("seller.return_offer_declined",),
    "return.rejected": ("return.rejected",),
    "return.contested": ("seller.return_contested",),
    "return.approved": ("return.approved",),
    "return.sent_back": ("seller.return_sent_back",),
    "return.came_back": ("return.came_back",),
    "return.received": ("return.received",),
    "return.replacement_promised": ("return.replacement_promised",),
    "return.replacement_sent": ("return.replacement_sent",),
    "return.escalated": ("return.escalated", "seller.return_escalated"),
    "return.decided": ("return.decided", "seller.return_decided"),
    "return.appealed": ("return.appealed", "seller.return_appealed"),
    "refund.done": ("refund.done",),
    "refund.failed": ("refund.failed",),
    **claims.ALWAYS,
    **money.ALWAYS,
    **wallets.ALWAYS,
    "transfer.proof_rejected": ("transfer.rejected",),
}


def _placed(data: Mapping[str, Any]) -> Chosen:
    return ("order.created", "seller.order_new_cod" if data.get("is_cod") else "seller.order_new")


def _confirmed(data: Mapping[str, Any]) -> Chosen:
    return ("order.confirmed", "seller.to_ship") if data.get("automatic") else ("order.confirmed",)


def _arranged(data: Mapping[str, Any]) -> Chosen:
    """A parcel that the carrier still has to number is told of when it has its number."""
    return ("order.shipped",) if data.get("tracking_number") or data.get("method") == "own_number" else ()


def _cancelled(data: Mapping[str, Any]) -> Chosen:
    by = {"buyer": "buyer", "seller": "seller", "operator": "operator"}.get(data.get("asked_by", ""), "clock")
    seller = {"buyer": ("seller.cancelled_by_buyer",), "seller": ()}.get(by, ("seller.cancelled_by_clock",))
    return (f"order.cancelled_by_{by}", *seller)


def _lines_cancelled(data: Mapping[str, Any]) -> Chosen:
    return (
        ("order.lines_cancelled", "seller.lines_cancelled")
        if data.get("asked_by") == "buyer"
        else ("order.lines_cancelled",)
    )


def _said(data: Mapping[str, Any]) -> Chosen:
    """Everybody is told but who said it."""
    return {"buyer": ("seller.case_message",), "seller": ("case.message",)}.get(
        data.get("author", ""), ("case.message", "seller.case_message")
    )


def _return_ended(data: Mapping[str, Any]) -> Chosen:
    state = data.get("state")
    if state == "withdrawn":
        return ("seller.return_closed",)
    name = "refunded" if state == "refunded" else "settled" if state == "settled" else "closed"
    return (f"return.{name}", f"seller.return_{name}")


def _label(data: Mapping[str, Any]) -> Chosen:
    """A buyer waits for the label; of replacements people are told once they are on their way."""
    return ("return.label",) if data.get("purpose") == "way_back" else ()


def _refused(data: Mapping[str, Any]) -> Chosen:
    return ("return.label_refused",) if data.get("purpose") == "way_back" else ("seller.booking_refused",)


def _refund_approved(data: Mapping[str, Any]) -> Chosen:
    """Where no provider sends it, the buyer is asked at once where it is to go."""
    return ("refund.account_wanted",) if data.get("by_hand") else ("refund.approved",)


def _near(data: Mapping[str, Any]) -> Chosen:
    return (
        ("payment.reminder",) if data.get("kind") == "payment.deadline" else ("deadline.near", "seller.deadline_near")
    )


def _fired(data: Mapping[str, Any]) -> Chosen:
    """Other clocks have consequences that are facts of their own."""
    return ("seller.deadline_late",) if data.get("kind") == "ship.sla" else ()


CHOICES: Final[Mapping[str, Callable[[Mapping[str, Any]], Chosen]]] = {
    "order.placed": _placed,
    "order.confirmed": _confirmed,
    "parcel.arranged": _arranged,
    "order.cancelled": _cancelled,
    "order.lines_cancelled": _lines_cancelled,
    "case.message_added": _said,
    "return.ended": _return_ended,
    "refund.approved": _refund_approved,
    "return_parcel.booked": _label,
    "return_parcel.refused": _refused,
    "deadline.near": _near,
    "deadline.fired": _fired,
    **claims.CHOICES,
    **money.CHOICES,
    **wallets.CHOICES,
}


def kinds_for(fact: RecordedFact) -> Chosen:
    """The notices that follow from a fact; none for one that nobody is told of."""
    choose = CHOICES.get(fact.name)
    return choose(fact.data) if choose else ALWAYS.get(fact.name, ())


def kinds_of(audience: Audience, category: Category | None = None) -> list[str]:
    """The kinds an inbox shows."""
    return [name for name, kind in KINDS.items() if kind.audience == audience and category in (None, kind.category)]


def text_of(kind: str, values: Mapping[str, Any], translator: Translator, *, zone: str) -> Text:
    """The notice in the reader's language and zone; of a kind that is no longer known nothing but its name is left."""
    found = KINDS.get(kind)
    if found is None:
        return Text(kind, "")
    spoken = _spoken(found, values, translator, zone=zone)
    parts = [found.body, *(more for key, more in found.more if spoken.get(key))]
    return Text(translator.gettext(found.title), " ".join(translator.gettext(part, **spoken) for part in parts))


def _spoken(kind: Kind, values: Mapping[str, Any], translator: Translator, *, zone: str) -> dict[str, Any]:
    """The values as words: sums with their currency, moments in the reader's zone, codes in the reader's language."""
    currency = values.get("currency") or "IDR"
    spoken = dict(values)
    for name in ("amount", "refund", "released", "claimed", "paid", "closing"):
        if (minor := values.get(f"{name}_minor")) is not None:
            spoken[name] = format_money(minor, currency, locale=translator.locale)
    for name in ("due_at", "expected_until", "until"):
        if values.get(name):
            spoken[name] = _moment(str(values[name]), translator.locale, zone)
    if (clock := values.get("kind", "")) in CLOCKS:
        spoken["consequence"] = translator.gettext(consequence(clock, kind.audience))
    if values.get("decision_text"):
        spoken["decision_text"] = translator.gettext(str(values["decision_text"])).rstrip(".")
    if values.get("failure"):
        spoken["failure"] = translator.gettext(str(values["failure"]))
    if values.get("reason"):
        spoken["reason"] = translator.gettext(str(values["reason"])).rstrip(".")
    return spoken


def _moment(text: str, locale: str, zone: str) -> str:
    moment = datetime.fromisoformat(text)
    is_day = "T" not in text
    return (
        format_date(moment.date(), locale=locale, zone=zone)
        if is_day
        else format_datetime(moment, locale=locale, zone=zone)
    )
