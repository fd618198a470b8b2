"""Notices about a seller's money: statements, payouts, adjustments, a balance below nothing. Texts are msgids."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from etalase.foundation.i18n import N_
from etalase.reactions.notifications.kinds import Chosen, Kind

KINDS: Final[Mapping[str, Kind]] = {
    "seller.statement_issued": Kind(
        "seller", N_("Your weekly statement is ready"), N_("At the end of the week %(closing)s was available to you."), "system"
    ),
    "seller.payout_approved": Kind(
        "seller", N_("A payout is on its way"), N_("%(amount)s will be transferred to your bank account."), "system"
    ),
    "seller.payout_paid": Kind(
        "seller", N_("Paid out"), N_("%(amount)s was sent to your bank account."), "system"
    ),
    "seller.payout_returned": Kind(
        "seller", N_("A payout came back"),
        N_("Your bank did not take %(amount)s. It is available to you again; please check your bank account."), "system",
        more=(("failure", N_("The bank says: %(failure)s.")),),
    ),
    "seller.bank_account_verified": Kind(
        "seller", N_("Bank account verified"), N_("Payouts go to this account from now on."), "system"
    ),
    "seller.bank_account_refused": Kind(
        "seller", N_("Bank account refused"), N_("Please enter it again."), "system",
        more=(("refusal", N_("The reason: %(refusal)s.")),),
    ),
    "seller.money_given": Kind(
        "seller", N_("Etalase gave you money"), N_("%(amount)s. The reason: %(words)s"), "system"
    ),
    "seller.money_taken": Kind(
        "seller", N_("Etalase took money from your balance"), N_("%(amount)s. The reason: %(words)s"), "system"
    ),
    "seller.below_zero": Kind(
        "seller", N_("Your balance is below zero"),
        N_("%(amount)s more went back to buyers than you had available. Your next orders pay it; nothing is to do."), "system",
    ),
}  # fmt: skip

ALWAYS: Final[Mapping[str, Chosen]] = {
    "statement.issued": ("seller.statement_issued",),
    "payout.approved": ("seller.payout_approved",),
    "payout.paid": ("seller.payout_paid",),
    "payout.returned": ("seller.payout_returned",),
    "seller_money.below_zero": ("seller.below_zero",),
}


def _adjusted(data: Mapping[str, Any]) -> Chosen:
    return ("seller.money_taken",) if data.get("kind_of") == "debit" else ("seller.money_given",)


def _account_decided(data: Mapping[str, Any]) -> Chosen:
    return ("seller.bank_account_verified",) if data.get("is_verified") else ("seller.bank_account_refused",)


CHOICES: Final[Mapping[str, Callable[[Mapping[str, Any]], Chosen]]] = {
    "seller_money.adjusted": _adjusted,
    "bank_account.decided": _account_decided,
}
