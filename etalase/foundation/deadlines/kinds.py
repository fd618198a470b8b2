"""The kinds of clocks: what each is called, what happens at zero as either side reads it, and when both are told that it is near."""

from dataclasses import dataclass
from typing import Final, Literal

from etalase.foundation.i18n import N_

Audience = Literal["buyer", "seller"]
Actor = Literal["buyer", "seller", "carrier", "operator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockKind:
    """Texts are msgids. `waits_for` has to act; `near` are the parts of the whole run after which both sides are told."""

    label: str
    buyer: str
    seller: str
    outcome: str
    waits_for: Actor
    near: tuple[float, ...]


KINDS: Final[dict[str, ClockKind]] = {
    "payment.deadline": ClockKind(
        label=N_("Pay within"),
        buyer=N_("If it is not paid by then, the order is cancelled and the products go back on sale."),
        seller=N_("If the buyer does not pay by then, the order is cancelled and its stock is released."),
        outcome=N_("Not paid in time: the order was cancelled."),
        waits_for="buyer",
        near=(0.5, 0.9),
    ),
    "confirm.deadline": ClockKind(
        label=N_("Confirm within"),
        buyer=N_("If the seller does not confirm by then, the order is cancelled and any payment is returned to you."),
        seller=N_("If you do not confirm by then, the order is cancelled and any payment is returned to the buyer."),
        outcome=N_("Not confirmed in time: the order was cancelled."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "ship.sla": ClockKind(
        label=N_("Ship within"),
        buyer=N_("If the seller has not handed it to the carrier by then, the order counts as late."),
        seller=N_("If you have not handed it to the carrier by then, the order counts as late."),
        outcome=N_("Not shipped in time: the order counts as late."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "ship.autocancel": ClockKind(
        label=N_("Arrange shipping within"),
        buyer=N_(
            "If the seller does not arrange shipping by then, the order is cancelled and any payment is returned to you."
        ),
        seller=N_(
            "If you do not arrange shipping by then, the order is cancelled and any payment is returned to the buyer."
        ),
        outcome=N_("Shipping was not arranged in time: the order was cancelled."),
        waits_for="seller",
        near=(0.9,),
    ),
    "collect.autocancel": ClockKind(
        label=N_("Collected within"),
        buyer=N_(
            "If the carrier has not collected it by then, the order is cancelled and any payment is returned to you."
        ),
        seller=N_(
            "If the carrier has not collected it by then, the order is cancelled and any payment is returned to the buyer."
        ),
        outcome=N_("Not collected in time: the order was cancelled."),
        waits_for="carrier",
        near=(0.5, 0.9),
    ),
    "cancel.seller_response": ClockKind(
        label=N_("Answer the cancellation within"),
        buyer=N_("If the seller does not answer by then, your cancellation is approved."),
        seller=N_("If you do not answer by then, the cancellation is approved."),
        outcome=N_("Not answered in time: the cancellation was approved."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "deliver.autocomplete": ClockKind(
        label=N_("Completes in"),
        buyer=N_("Then the order completes by itself and the seller is paid."),
        seller=N_("Then the order completes by itself and the money is yours."),
        outcome=N_("The order completed by itself."),
        waits_for="buyer",
        near=(0.9,),
    ),
    "ship.own_courier_max": ClockKind(
        label=N_("Delivered within"),
        buyer=N_(
            "If the shop's courier has not delivered by then, the order is cancelled and any payment is returned to you."
        ),
        seller=N_(
            "If your courier has not delivered by then, the order is cancelled and any payment is returned to the buyer."
        ),
        outcome=N_("Not delivered in time: the order was cancelled."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "claim.seller_response": ClockKind(
        label=N_("Seller answers within"),
        buyer=N_("If the seller does not answer by then, your claim goes to customer service."),
        seller=N_("If you do not answer by then, the claim goes to customer service."),
        outcome=N_("The seller did not answer: the claim went to customer service."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "claim.evidence": ClockKind(
        label=N_("Evidence within"),
        buyer=N_("Until then you can show what proves your claim; then customer service decides."),
        seller=N_("Until then you can show what speaks against the claim; then customer service decides."),
        outcome=N_("The time for evidence was over: customer service decides."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "claim.decision": ClockKind(
        label=N_("Decided within"),
        buyer=N_("If customer service has not decided by then, your claim is granted."),
        seller=N_("If customer service has not decided by then, the buyer's claim is granted."),
        outcome=N_("Not decided in time: the claim was granted."),
        waits_for="operator",
        near=(),
    ),
    "claim.appeal": ClockKind(
        label=N_("Appeal within"),
        buyer=N_("If neither you nor the seller appeals by then, the decision takes effect."),
        seller=N_("If neither you nor the buyer appeals by then, the decision takes effect."),
        outcome=N_("Nobody appealed: the decision took effect."),
        waits_for="buyer",
        near=(0.5,),
    ),
    "claim.final": ClockKind(
        label=N_("Appeal decided within"),
        buyer=N_("If customer service has not decided by then, the first decision stands for you and the seller."),
        seller=N_("If customer service has not decided by then, the first decision stands for you and the buyer."),
        outcome=N_("The appeal was not decided in time: the first decision stands."),
        waits_for="operator",
        near=(),
    ),
    "return.seller_review": ClockKind(
        label=N_("Answer the return within"),
        buyer=N_("If the seller does not answer by then, your request is approved."),
        seller=N_("If you do not answer by then, the request is approved."),
        outcome=N_("Not answered in time: the return was approved."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "return.offer": ClockKind(
        label=N_("Answer the offer within"),
        buyer=N_("If you do not answer by then, the offer lapses and the seller answers again."),
        seller=N_("If the buyer does not answer by then, the offer lapses and you answer again."),
        outcome=N_("The offer was not answered in time."),
        waits_for="buyer",
        near=(0.5, 0.9),
    ),
    "return.resubmit": ClockKind(
        label=N_("Contest within"),
        buyer=N_("If you do not contest the rejection by then, the request is closed."),
        seller=N_("If the buyer does not contest the rejection by then, the request is closed."),
        outcome=N_("The rejection was not contested in time."),
        waits_for="buyer",
        near=(0.5, 0.9),
    ),
    "return.ship_back": ClockKind(
        label=N_("Send back within"),
        buyer=N_("If you do not send it back by then, the request is closed."),
        seller=N_("If the buyer does not send it back by then, the request is closed."),
        outcome=N_("Not sent back in time: the return was closed."),
        waits_for="buyer",
        near=(0.5, 0.9),
    ),
    "return.arrive": ClockKind(
        label=N_("Back at the seller within"),
        buyer=N_("If it has not arrived by then, you are refunded."),
        seller=N_("If it has not arrived by then, the buyer is refunded. Say so as soon as it arrives."),
        outcome=N_("The parcel did not arrive in time: the buyer was refunded."),
        waits_for="carrier",
        near=(0.9,),
    ),
    "return.inspect": ClockKind(
        label=N_("Check what came back within"),
        buyer=N_("If the seller does not check it by then, your request is approved."),
        seller=N_("If you do not check it by then, the request is approved."),
        outcome=N_("Not checked in time: the return was approved."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "return.replace": ClockKind(
        label=N_("Send the replacement within"),
        buyer=N_("If the carrier does not have it by then, you are refunded."),
        seller=N_("If the carrier does not have it by then, the buyer is refunded."),
        outcome=N_("No replacement was sent in time: the buyer was refunded."),
        waits_for="seller",
        near=(0.5, 0.9),
    ),
    "return.replacement": ClockKind(
        label=N_("Replacement arrives within"),
        buyer=N_("If it has not arrived by then, you are refunded."),
        seller=N_("If it has not arrived by then, the buyer is refunded."),
        outcome=N_("The replacement did not arrive in time: the buyer was refunded."),
        waits_for="carrier",
        near=(0.9,),
    ),
    "return.decision": ClockKind(
        label=N_("Etalase decides within"),
        buyer=N_(
            "If Etalase does not decide by then, the last word holds: the decision if there is one, otherwise your request."
        ),
        seller=N_(
            "If Etalase does not decide by then, the last word holds: the decision if there is one, otherwise the buyer's request."
        ),
        outcome=N_("Etalase did not decide in time."),
        waits_for="operator",
        near=(0.9,),
    ),
    "return.appeal": ClockKind(
        label=N_("Appeal within"),
        buyer=N_("If neither you nor the seller appeals by then, the decision is carried out."),
        seller=N_("If neither you nor the buyer appeals by then, the decision is carried out."),
        outcome=N_("The decision was carried out."),
        waits_for="buyer",
        near=(0.9,),
    ),
}


def label(kind: str) -> str:
    """The msgid that stands before the countdown; raises KeyError for an unknown kind."""
    return KINDS[kind].label


def consequence(kind: str, audience: Audience) -> str:
    """The msgid that says what happens at zero; raises KeyError for an unknown kind."""
    return KINDS[kind].buyer if audience == "buyer" else KINDS[kind].seller


def outcome(kind: str) -> str:
    """The msgid that says what happened at zero; raises KeyError for an unknown kind."""
    return KINDS[kind].outcome
