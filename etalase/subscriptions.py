"""What follows from what: facts and their reactions, clocks and their handlers, vendors' messages and what applies them.

Every reaction bears to be called again with the same fact: delivery is at least once, the effect exactly once.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from etalase.commerce.accounts import actions as accounts_actions
from etalase.commerce.accounts import facts as accounts
from etalase.commerce.apps import actions as apps_actions
from etalase.commerce.evidence import facts as evidence
from etalase.commerce.orders import facts as orders
from etalase.commerce.orders.search import gathering
from etalase.commerce.payments import facts as payments
from etalase.commerce.shipping import facts as shipping
from etalase.commerce.shipping import packing
from etalase.foundation.deadlines import facts as deadlines
from etalase.foundation.deadlines.sweep import Handler
from etalase.foundation.facts import Fact, RecordedFact
from etalase.foundation.inbound import actions as inbound
from etalase.foundation.inbound.actions import Applier
from etalase.foundation.sql import Db, Tx
from etalase.integrations.carriers import booking
from etalase.integrations.mail import outbox, password_reset
from etalase.integrations.payment_providers import settling
from etalase.journeys.auditing import actions as auditing
from etalase.journeys.cancellations import clocks
from etalase.journeys.checkout import cod
from etalase.reactions.notifications.actions import tell, tell_all

Reaction = Callable[[Db, RecordedFact], Awaitable[None]]
Together = Callable[[Tx, Sequence[RecordedFact]], Awaitable[None]]

SUBSCRIPTIONS: Final[Mapping[type[Fact], list[Reaction]]] = {
    orders.OrderPlaced: [tell],
    orders.OrderPaid: [tell],
    orders.OrderConfirmed: [tell],
    orders.OrderInTransit: [tell],
    orders.OrderDelivered: [tell, cod.collect],
    orders.OrderCompleted: [tell],
    orders.OrderReinstated: [tell],
    orders.OrderCancelled: [tell, cod.collect],
    orders.OrderLinesCancelled: [tell],
    orders.CancellationRequested: [tell],
    orders.CancellationRejected: [tell],
    orders.AddressChanged: [tell, packing.leave_shared_parcel],
    orders.SellerReminded: [tell],
    evidence.CaseMessageAdded: [tell],
    shipping.ParcelArranged: [tell, booking.book_parcel],
    shipping.ParcelBooked: [tell],
    shipping.BookingRefused: [tell],
    shipping.TrackingNumberCorrected: [tell, booking.book_parcel],
    shipping.ParcelCollected: [clocks.lapse_request],
    shipping.ParcelCancelled: [booking.cancel_booking],
    shipping.ParcelReturned: [clocks.parcel_failed],
    shipping.ParcelLost: [clocks.parcel_failed],
    shipping.DelayNoted: [tell],
    shipping.DeliveryFailed: [tell],
    payments.PaymentEnded: [settling.close_payment],
    payments.RefundApproved: [tell, settling.send_refund],
    payments.RefundDone: [tell],
    payments.RefundFailed: [tell],
    deadlines.DeadlineNear: [tell],
    deadlines.DeadlineFired: [tell],
    accounts.PasswordResetRequested: [password_reset.send],
}

DEADLINES: Final[Mapping[str, Handler]] = {
    "payment.deadline": clocks.cancel,
    "confirm.deadline": clocks.cancel,
    "ship.sla": clocks.mark_late,
    "ship.autocancel": clocks.cancel,
    "collect.autocancel": clocks.cancel,
    "ship.own_courier_max": clocks.give_up_own_courier,
    "cancel.seller_response": clocks.approve,
    "deliver.autocomplete": clocks.complete,
}

INBOUND: Final[Mapping[str, Applier]] = {
    "payments.sandbox": settling.apply_event,
    "carriers.sandbox": inbound.Together(booking.apply_tracking),
}

REPEATED: Final[Mapping[str, tuple[float, Callable[[Db], Awaitable[object]]]]] = {
    "payments nobody told us about": (30.0, settling.ask_undecided),
    "parcels nobody told us about": (60.0, booking.ask_again),
    "mail": (3.0, outbox.send_waiting),
    "words of orders": (10.0, gathering.gather_waiting),
    "words of orders that came late": (3600.0, gathering.check),
    "sessions and links nobody can use": (3600.0, accounts_actions.forget_expired),
    "codes and tokens nobody can use": (3600.0, apps_actions.forget_old),
    "audits": (3.0, auditing.look_after),
}
"""What is looked after every so many seconds, by name."""


def name_of(reaction: Reaction) -> str:
    """How a reaction is called in a job that waits; renaming one loses the jobs that wait for it."""
    return f"{reaction.__module__}.{reaction.__qualname__}"


REACTIONS: Final[Mapping[str, Reaction]] = {
    name_of(reaction): reaction for reactions in SUBSCRIPTIONS.values() for reaction in reactions
}
TOGETHER: Final[Mapping[str, Together]] = {name_of(tell): tell_all}
"""Reactions that write to our own database alone, in their form for many facts: the relay carries them out itself, in the
transaction in which it moves on. If that fails they become jobs like all others."""
LINES: Final[Mapping[str, list[str]]] = {
    fact.name: [name_of(reaction) for reaction in reactions] for fact, reactions in SUBSCRIPTIONS.items()
}
