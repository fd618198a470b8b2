"""Notices about claims: each step, for each side. Texts are msgids; moments and sums are filled in when read."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from etalase.foundation.i18n import N_
from etalase.reactions.notifications.kinds import Chosen, Kind

KINDS: Final[Mapping[str, Kind]] = {
    "claim.sent": Kind(
        "buyer", N_("Your claim was sent"), N_("%(shop)s has been told that you did not receive your order and is to answer.")
    ),
    "claim.insured": Kind("buyer", N_("Insurance claim received"), N_("Customer service looks at your claim for %(claimed)s.")),
    "claim.escalated": Kind(
        "buyer", N_("Customer service took over your claim"), N_("Show what proves it until %(until)s; then it is decided.")
    ),
    "claim.in_review": Kind("buyer", N_("Your claim is being decided"), N_("Customer service decides by %(until)s.")),
    "claim.granted": Kind(
        "buyer", N_("Claim decided for you"), N_("Reason: %(decision_text)s."),
        more=(("until", N_("The other side may appeal until %(until)s.")),),
    ),
    "claim.rejected": Kind(
        "buyer", N_("Claim refused"), N_("Reason: %(decision_text)s."),
        more=(("until", N_("You may appeal until %(until)s.")),),
    ),
    "claim.appealed": Kind("buyer", N_("Claim appealed"), N_("Customer service looks at the claim once more, finally.")),
    "claim.paid": Kind("buyer", N_("Claim closed"), N_("%(paid)s goes back to you.")),
    "claim.closed": Kind("buyer", N_("Claim closed"), N_("The order goes on as before.")),
    "seller.claim_sent": Kind(
        "seller", N_("The buyer did not receive an order"), N_("%(buyer)s says that %(title)s did not arrive. Please answer.")
    ),
    "seller.claim_insured": Kind(
        "seller", N_("Insurance claim received"), N_("Customer service looks at the claim for %(claimed)s.")
    ),
    "seller.claim_escalated": Kind(
        "seller", N_("Customer service took over a claim"), N_("Show the proof of delivery until %(until)s; then it is decided.")
    ),
    "seller.claim_in_review": Kind("seller", N_("A claim is being decided"), N_("Customer service decides by %(until)s.")),
    "seller.claim_granted": Kind(
        "seller", N_("Claim decided"), N_("It was decided for %(buyer)s. Reason: %(decision_text)s."),
        more=(("until", N_("You may appeal until %(until)s.")),),
    ),
    "seller.claim_rejected": Kind(
        "seller", N_("Claim decided"), N_("It was decided against %(buyer)s. Reason: %(decision_text)s."),
    ),
    "seller.claim_appealed": Kind(
        "seller", N_("Claim appealed"), N_("Customer service looks at the claim once more, finally.")
    ),
    "seller.claim_closed": Kind("seller", N_("Claim closed"), N_("The order of %(buyer)s goes on as before.")),
    "seller.claim_refunded": Kind("seller", N_("Claim closed"), N_("%(paid)s went back to %(buyer)s.")),
    "seller.claim_paid": Kind("seller", N_("Insurance paid"), N_("%(paid)s is credited to you.")),
    "seller.claim_refused": Kind("seller", N_("Insurance claim refused"), N_("Reason: %(decision_text)s.")),
}  # fmt: skip

ALWAYS: Final[Mapping[str, Chosen]] = {
    "claim.escalated": ("claim.escalated", "seller.claim_escalated"),
    "claim.in_review": ("claim.in_review", "seller.claim_in_review"),
    "claim.appealed": ("claim.appealed", "seller.claim_appealed"),
}


def _claim_opened(data: Mapping[str, Any]) -> Chosen:
    if data.get("kind") == "not_received":
        return ("claim.sent", "seller.claim_sent")
    return ("claim.insured",) if data.get("opened_by") == "buyer" else ("seller.claim_insured",)


def _claim_decided(data: Mapping[str, Any]) -> Chosen:
    word = "granted" if data.get("decision") == "grant" else "rejected"
    return (f"claim.{word}", f"seller.claim_{word}") if data.get("kind") == "not_received" else _insurance_decided(data)


def _insurance_decided(data: Mapping[str, Any]) -> Chosen:
    """What is paid is told of when it is paid."""
    if data.get("decision") == "grant":
        return ()
    return ("claim.rejected",) if data.get("opened_by") == "buyer" else ("seller.claim_refused",)


def _claim_closed(data: Mapping[str, Any]) -> Chosen:
    if data.get("kind") == "insurance":
        mine = data.get("opened_by") == "buyer"
        if not data.get("paid_minor"):
            return ()
        return ("claim.paid",) if mine else ("seller.claim_paid",)
    if data.get("paid_minor"):
        return ("claim.paid", "seller.claim_refunded")
    return ("claim.closed", "seller.claim_closed")


CHOICES: Final[Mapping[str, Callable[[Mapping[str, Any]], Chosen]]] = {
    "claim.opened": _claim_opened,
    "claim.decided": _claim_decided,
    "claim.closed": _claim_closed,
}
