"""What follows from what: facts and their reactions, clocks and their handlers, vendors' messages and what applies them.

Every reaction bears to be called again with the same fact: delivery is at least once, the effect exactly once.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, Final

from etalase.commerce.accounts import actions as accounts_actions
from etalase.commerce.accounts import facts as accounts
from etalase.commerce.apps import actions as apps_actions
from etalase.commerce.apps import facts as apps
from etalase.commerce.catalog import facts as catalog
from etalase.commerce.evidence import facts as evidence
from etalase.commerce.orders import facts as orders
from etalase.commerce.orders.search import gathering
from etalase.commerce.payments import facts as payments
from etalase.commerce.payments.transfers import facts as transfers
from etalase.commerce.shipping import facts as shipping
from etalase.commerce.shipping import packing
from etalase.commerce.wallet import facts as wallet_facts
from etalase.commerce.wallet import topping_up, withdrawing
from etalase.foundation.deadlines import facts as deadlines
from etalase.foundation.deadlines.sweep import Handler
from etalase.foundation.facts import Fact, RecordedFact
from etalase.foundation.inbound import actions as inbound
from etalase.foundation.inbound.actions import Applier
from etalase.foundation.sql import Db, Tx
from etalase.integrations.carriers import booking
from etalase.integrations.mail import account_code, outbox, password_reset, seller_money
from etalase.integrations.payment_providers import settling
from etalase.integrations.webhooks import delivering
from etalase.journeys.auditing import actions as auditing
from etalase.journeys.cancellations import clocks
from etalase.journeys.checkout import cod
from etalase.journeys.claims import deciding as claims
from etalase.journeys.claims import facts as claims_facts
from etalase.journeys.payouts import facts as payouts
from etalase.journeys.returns import clocks as return_clocks
from etalase.journeys.returns import facts as returns
from etalase.journeys.returns import parcels as return_parcels
from etalase.journeys.settlement import actions as settlement
from etalase.journeys.settlement import adjusting
from etalase.journeys.settlement import facts as settlement_facts
from etalase.reactions.notifications.actions import tell, tell_all
from etalase.reactions.webhooks import actions as webhooks
from etalase.reactions.webhooks import facts as webhook_facts
from etalase.reactions.webhooks.actions import tell_apps, tell_apps_all
from etalase.reactions.webhooks.queries import listening_shops

Reaction = Callable[[Db, RecordedFact], Awaitable[None]]
Together = Callable[[Tx, Sequence[RecordedFact]], Awaitable[None]]

SUBSCRIPTIONS: Final[Mapping[type[Fact], list[Reaction]]] = {
    orders.OrderPlaced: [tell, tell_apps],
    orders.OrderPaid: [tell, tell_apps],
    orders.OrderConfirmed: [tell, tell_apps],
    orders.OrderArranged: [tell_apps],
    orders.OrderInTransit: [tell, tell_apps],
    orders.OrderDelivered: [tell, tell_apps, cod.collect],
    orders.OrderCompleted: [tell, tell_apps],
    orders.OrderReinstated: [tell, tell_apps],
    orders.OrderCancelled: [tell, tell_apps, cod.collect],
    orders.OrderLinesCancelled: [tell, tell_apps],
    orders.CancellationRequested: [tell, tell_apps],
    orders.CancellationRejected: [tell, tell_apps],
    orders.AddressChanged: [tell, tell_apps, packing.leave_shared_parcel],
    orders.CancellationWithdrawn: [tell_apps],
    orders.SellerReminded: [tell],
    evidence.CaseMessageAdded: [tell],
    returns.ReturnRequested: [tell, tell_apps],
    returns.ReturnGiven: [tell_apps],
    returns.ReturnOffered: [tell],
    returns.ReturnOfferDeclined: [tell],
    returns.ReturnRejected: [tell, tell_apps],
    returns.ReturnContested: [tell, tell_apps],
    returns.ReturnApproved: [tell, tell_apps],
    returns.ReturnSentBack: [tell, tell_apps],
    returns.ReturnCameBack: [tell, tell_apps],
    returns.ReturnReceived: [tell],
    returns.ReplacementPromised: [tell, tell_apps],
    returns.ReplacementSent: [tell],
    returns.ReturnEscalated: [tell, tell_apps],
    returns.ReturnDecided: [tell],
    returns.ReturnAppealed: [tell],
    returns.ReturnEnded: [tell, tell_apps],
    shipping.ParcelArranged: [tell, booking.book_parcel],
    shipping.ParcelBooked: [tell],
    shipping.BookingRefused: [tell],
    shipping.TrackingNumberCorrected: [tell, booking.book_parcel],
    shipping.ParcelCollected: [clocks.lapse_request],
    shipping.ParcelCancelled: [tell_apps, booking.cancel_booking],
    shipping.ParcelReturned: [clocks.parcel_failed],
    shipping.ParcelLost: [clocks.parcel_failed],
    shipping.ReturnParcelArranged: [booking.book_parcel],
    shipping.ReturnParcelBooked: [tell],
    shipping.ReturnParcelRefused: [tell],
    shipping.ReturnParcelMoved: [return_parcels.follow],
    shipping.ReturnParcelCancelled: [booking.cancel_booking],
    shipping.OrderSplit: [tell_apps],
    shipping.OrderSplitUndone: [tell_apps],
    shipping.OrderCombined: [tell_apps],
    shipping.OrderUncombined: [tell_apps],
    shipping.DelayNoted: [tell],
    shipping.DeliveryFailed: [tell],
    claims_facts.ClaimOpened: [tell],
    claims_facts.ClaimEscalated: [tell],
    claims_facts.ClaimInReview: [tell],
    claims_facts.ClaimDecided: [tell],
    claims_facts.ClaimAppealed: [tell],
    claims_facts.ClaimClosed: [tell],
    payments.PaymentEnded: [settling.close_payment],
    payments.RefundApproved: [tell, settling.send_refund],
    payments.RefundTriedAgain: [settling.send_refund],
    payments.RefundDone: [tell],
    payments.RefundFailed: [tell],
    transfers.ProofRejected: [tell],
    settlement_facts.StatementIssued: [tell, seller_money.send],
    settlement_facts.SellerMoneyAdjusted: [tell],
    settlement_facts.SellerInDebt: [tell, seller_money.send],
    payouts.PayoutApproved: [tell],
    payouts.PayoutPaid: [tell, seller_money.send],
    payouts.PayoutReturned: [tell, seller_money.send],
    payouts.BankAccountDecided: [tell],
    wallet_facts.WalletToppedUp: [tell],
    wallet_facts.WalletAccountEntered: [account_code.send],
    wallet_facts.WalletAccountVerified: [tell],
    wallet_facts.WithdrawalMoved: [tell],
    deadlines.DeadlineNear: [tell],
    deadlines.DeadlineFired: [tell],
    accounts.PasswordResetRequested: [password_reset.send],
    catalog.ProductCreated: [tell_apps],
    catalog.ProductActivated: [tell_apps],
    catalog.ProductDeactivated: [tell_apps],
    apps.AppDeauthorized: [tell_apps],
    webhook_facts.AddressPaused: [tell],
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
    "claim.seller_response": claims.at_zero,
    "claim.evidence": claims.at_zero,
    "claim.decision": claims.at_zero,
    "claim.appeal": claims.at_zero,
    "claim.final": claims.at_zero,
    "return.seller_review": return_clocks.run_out,
    "return.offer": return_clocks.run_out,
    "return.resubmit": return_clocks.run_out,
    "return.ship_back": return_clocks.run_out,
    "return.arrive": return_clocks.run_out,
    "return.inspect": return_clocks.run_out,
    "return.replace": return_clocks.run_out,
    "return.replacement": return_clocks.run_out,
    "return.decision": return_clocks.run_out,
    "return.appeal": return_clocks.run_out,
}

INBOUND: Final[Mapping[str, Applier]] = {
    **settling.APPLIERS,
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
    "top-ups that nobody paid": (10.0, topping_up.lapse),
    "withdrawals whose time is over": (10.0, withdrawing.run_out),
    "orders to be settled": (10.0, settlement.settle_due),
    "weeks of sellers": (60.0, settlement.issue_statements),
    "sellers who owe something": (60.0, adjusting.note_debts),
    "audits": (3.0, auditing.look_after),
    "messages to apps nobody asks for": (600.0, webhooks.forget_old),
}
"""What is looked after every so many seconds, by name."""

STANDING: Final[Mapping[str, Callable[[Db], Coroutine[Any, Any, None]]]] = {
    "messages to apps": delivering.keep_delivering
}
"""What goes on for as long as the worker does, by name."""


def name_of(reaction: Reaction) -> str:
    """How a reaction is called in a job that waits; renaming one loses the jobs that wait for it."""
    return f"{reaction.__module__}.{reaction.__qualname__}"


REACTIONS: Final[Mapping[str, Reaction]] = {
    name_of(reaction): reaction for reactions in SUBSCRIPTIONS.values() for reaction in reactions
}
TOGETHER: Final[Mapping[str, Together]] = {name_of(tell): tell_all, name_of(tell_apps): tell_apps_all}
"""Reactions that write to our own database alone, in their form for many facts: the relay carries them out itself, in the
transaction in which it moves on. If that fails they become jobs like all others."""
CONCERNED: Final[Mapping[str, Callable[[Tx, Sequence[int]], Awaitable[set[int]]]]] = {
    name_of(tell_apps): listening_shops
}
"""Reactions that most shops have nothing to do with: which of these shops do. Facts of others are not even read for them."""
LINES: Final[Mapping[str, list[str]]] = {
    fact.name: [name_of(reaction) for reaction in reactions] for fact, reactions in SUBSCRIPTIONS.items()
}
